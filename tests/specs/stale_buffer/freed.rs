//! Every block is freed, once

use core::arch::wasm32::memory_size;
use core::hint::black_box;

use super::expect::{NO_ANSWER, brief, holds, outcome, settled, start, write};
use super::guest::{Alloc, Recipe};
use super::probe::books;
use super::{PLAIN, WIDE};
use js_sys::JsString;
use wasm_bindgen::externref_heap_live_count;
use wasm_bindgen_test::*;

/// Every block is freed once, when its text is dropped and not before.
#[wasm_bindgen_test]
fn every_block_is_freed_once() {
    let guest = start(Recipe::HONEST);
    let mut held = Vec::new();
    for round in 0..10 {
        held.extend(PLAIN.iter().chain(&WIDE).map(|text| write(&guest, text)));
        if round % 3 == 2 {
            let mut keep = [true, false].into_iter().cycle();
            held.retain(|_| keep.next().unwrap());
        }
    }
    let now = books(&guest);
    assert!(
        now.frees <= now.allocs - held.len() as u32,
        "{} texts are held, {} blocks were allocated, and {} of them are freed: a text that \
         somebody still holds was freed under them.",
        held.len(),
        now.allocs,
        now.frees,
    );
    drop(held);
    settled(&guest, "all texts that were written are dropped");
}

/// A text that is refused leaves no block behind.
#[wasm_bindgen_test]
fn a_refused_text_leaves_no_block() {
    let guest = start(Recipe::HONEST);
    let text = JsString::from_char_code(&[0x61, 0xd83e]);
    for _ in 0..10 {
        outcome(|| brief(guest.write(&text)));
    }
    settled(&guest, "a text without UTF-8 was written 10 times, in vain");
}

/// A guest that traps in `free` does not throw through whoever drops the text.
#[wasm_bindgen_test]
fn a_guest_that_traps_in_free_is_let_go() {
    let guest = start(Recipe {
        free_traps: true,
        ..Recipe::HONEST
    });
    for text in ["first", "second"] {
        let held = write(&guest, text);
        holds(&guest, &held, text);
        let dropped = outcome(move || drop(held));
        assert!(
            dropped.is_some(),
            "the guest's `free` trapped, and dropping {text:?} came to {NO_ANSWER}. A guest that is broken \
             must not break its host."
        );
    }
}

/// Thousands of texts, written and refused, leave nothing behind in the host.
#[wasm_bindgen_test]
fn thousands_of_texts_leave_the_host_flat() {
    const ROUNDS: u32 = 1000;
    // Room for all of them, so that this is not about growth.
    let guest = start(Recipe {
        pages: 16,
        ..Recipe::HONEST
    });
    // None that traps: wasm-bindgen itself keeps a value for each exception of a call that answers one.
    let refusing = [0, u32::MAX].map(|address| start(Recipe::with(Alloc::Answers(address))));
    let sound = JsString::from("🦀".repeat(64));
    let half = sound.concat(&JsString::from_char_code(&[0xd83e]));
    let round = || {
        drop((guest.write(&sound), guest.write(&half)));
        refusing.iter().for_each(|guest| drop(guest.write(&sound)));
    };
    let measured = outcome(|| {
        (0..100).for_each(|_| round());
        // No free room is left in which a leak could hide.
        let full = memory_size(0);
        let mut _room = Vec::new();
        while memory_size(0) == full {
            _room.push(black_box(Vec::<u8>::with_capacity(4096)));
        }
        let before = (memory_size(0), externref_heap_live_count());
        (0..ROUNDS).for_each(|_| round());
        (
            memory_size(0) - before.0,
            externref_heap_live_count().saturating_sub(before.1),
        )
    });
    let Some((grown, values)) = measured else {
        panic!("{ROUNDS} rounds of four texts: {NO_ANSWER}");
    };
    assert!(
        values == 0,
        "{values} values of JavaScript's are left in wasm-bindgen's table after {ROUNDS} rounds of four texts. As long as Rust \
         holds a value, the garbage collector must keep it."
    );
    assert!(
        grown <= 1,
        "the host's own memory grew by {grown} pages of 64 KiB over {ROUNDS} rounds of four texts of 256 bytes. Memory that is \
         never freed is a leak, and linear memory never shrinks."
    );
}
