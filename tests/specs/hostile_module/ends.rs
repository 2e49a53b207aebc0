//! Each ends in its own class

use super::guests::{
    DIVISION, GROWTH, LOOP, OUT_OF_BOUNDS, RECURSION, REENTRY, TABLE, UNREACHABLE,
};
use super::stage::{ends, limits};
use contract::End;
use wasm_bindgen_test::*;

/// An endless loop runs out of fuel: it counts its own instructions, and ends itself.
#[wasm_bindgen_test]
async fn an_endless_loop_runs_out_of_fuel() {
    let lesson = "It has spent 20 million instructions, and what is to notice that must be inside of it: nothing outside gets a turn";
    ends(LOOP, &limits(), End::OutOfFuel, lesson).await;
}

/// An endless recursion ends where the stack does, which the engine sees to.
#[wasm_bindgen_test]
async fn an_endless_recursion_exhausts_its_stack() {
    let lesson = "Every engine stops this by itself, with an error that is no trap";
    ends(RECURSION, &limits(), End::StackExhausted, lesson).await;
}

/// Growth beyond the limit ends the guest.
#[wasm_bindgen_test]
async fn growth_ends_at_the_limit() {
    let lesson = "It has grown past 16 pages. A module that names no maximum has that of the engine, which is gigabytes";
    ends(GROWTH, &limits(), End::Memory, lesson).await;
}

/// A table has a limit of its own: its elements are the engine's, and no page of memory counts them.
#[wasm_bindgen_test]
async fn a_table_has_a_limit_too() {
    let lesson = "It has grown past 1000 elements, of which each is memory that no page counts";
    ends(TABLE, &limits(), End::Table, lesson).await;
}

/// A read or write out of bounds, `unreachable` and a division by zero are traps: all that the engine stops by itself.
#[wasm_bindgen_test]
async fn a_trap_is_a_trap() {
    let lesson = "A trap ends the guest, and whoever called it goes on";
    for guest in [OUT_OF_BOUNDS, UNREACHABLE, DIVISION] {
        ends(guest, &limits(), End::Trapped, lesson).await;
    }
}

/// A host function that calls the guest back is not called from inside that call.
#[wasm_bindgen_test]
async fn the_host_is_not_reentered() {
    let lesson = "The host was called again while it was busy, fifty deep. Whoever holds a lock or a borrow there holds it still";
    ends(REENTRY, &limits(), End::Reentered, lesson).await;
}
