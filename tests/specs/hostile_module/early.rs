//! Before its first instruction

use super::guests::{ENDLESS_START, FRIEND, HUGE, LARGE_MEMORY, NOT_GRANTED, REFILL, padded};
use super::stage::{ends, limits, run};
use contract::End;
use wasm_bindgen_test::*;

/// A start function runs while the module is instantiated, before anybody has called anything. It runs on the same fuel.
#[wasm_bindgen_test]
async fn an_endless_start_function_runs_out_of_fuel() {
    let lesson = "To instantiate a module is to run its start function. What is set after that comes too late for it";
    ends(ENDLESS_START, &limits(), End::OutOfFuel, lesson).await;
}

/// A memory that is too large from the start is never made.
#[wasm_bindgen_test]
async fn a_memory_too_large_is_never_made() {
    let lesson = "A module says with how much memory it begins, and an engine makes that much before a function runs";
    ends(LARGE_MEMORY, &limits(), End::Memory, lesson).await;
}

/// What it imports and was not granted is refused by name, and nothing of it has run.
#[wasm_bindgen_test]
async fn what_was_not_granted_is_refused_by_name() {
    let (module, name) = ("host".to_owned(), "delete_all".to_owned());
    let lesson = "Whoever asks for it should learn what was refused";
    ends(
        NOT_GRANTED,
        &limits(),
        End::NotGranted { module, name },
        lesson,
    )
    .await;
}

/// No guest reaches its own limits: one that imports the counter of its fuel could fill it.
#[wasm_bindgen_test]
async fn no_guest_reaches_its_own_limits() {
    let (module, name) = ("limits".to_owned(), "fuel".to_owned());
    let lesson = "It writes into the counter that you look at. `meter` refuses that, for a module that it is given";
    ends(REFILL, &limits(), End::NotGranted { module, name }, lesson).await;
}

/// A module that is too large is not looked into: reading it takes time, and compiling it takes more.
#[wasm_bindgen_test]
async fn a_huge_module_is_not_read() {
    let came = run("a huge module", &padded(FRIEND, HUGE), &limits()).await;
    assert!(
        came == Err(End::TooLarge(HUGE)),
        "a huge module: its end is Err(TooLarge({HUGE})), and came {came:?}. Its length is known before anything is"
    );
    let size = limits().bytes + 1;
    let came = run("bytes that are no module", &vec![0; size], &limits()).await;
    assert!(
        came == Err(End::TooLarge(size)),
        "one byte too many, and no module: its end is Err(TooLarge({size})), and came {came:?}. First comes its length, and then \
         what stands in it"
    );
    let came = run("bytes that are no module", &[0; 8], &limits()).await;
    assert!(
        came == Err(End::Malformed),
        "eight bytes that are no module: their end is Err(Malformed), and came {came:?}"
    );
}
