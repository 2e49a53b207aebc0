//! A call leaves nothing behind

use super::SAMPLES;
use super::expect::{NO_ANSWER, outcome};
use super::memory::{detached, pages};
use crate::zone;
use js_sys::Uint8Array;
use wasm_bindgen::externref_heap_live_count;
use wasm_bindgen_test::*;

/// Encoding and decoding over and over leaves the memory as large as it was, and no values of
/// JavaScript's in Rust's hands.
#[wasm_bindgen_test]
fn ten_thousand_round_trips_leave_memory_flat() {
    let samples = [0.5; 128];
    let target = Uint8Array::new_with_length(512);
    stays_flat(10_000, "round trips of 512 bytes", move || {
        let _kept = (
            zone::encode(&samples),
            zone::encode_into(&samples, &target),
            zone::decode(&target),
        );
    });
}

/// So do calls that are refused.
#[wasm_bindgen_test]
fn refused_calls_leave_memory_flat() {
    let samples = [0.5; 128];
    let (short, cut) = (
        Uint8Array::new_with_length(511),
        Uint8Array::new_with_length(510),
    );
    let lost = detached();
    // Fewer: an engine takes its time to throw an error.
    stays_flat(2000, "refused calls of each kind", move || {
        let _refusals = (
            zone::encode_into(&samples, &short),
            zone::encode_into(&SAMPLES, &lost),
            zone::decode(&cut),
            zone::decode(&lost),
        );
    });
}

fn stays_flat(times: u32, what: &str, call: impl Fn() + 'static) {
    let grown = outcome(move || {
        (0..100).for_each(|_| call());
        let before = (pages(), externref_heap_live_count());
        (0..times).for_each(|_| call());
        (
            pages() - before.0,
            externref_heap_live_count().saturating_sub(before.1),
        )
    });
    let Some((grown, values)) = grown else {
        panic!("{times} {what}: {NO_ANSWER}");
    };
    assert!(
        values == 0,
        "{values} values of JavaScript's are left in wasm-bindgen's table after {times} {what}. As long as Rust \
         holds a value, the garbage collector must keep it.",
    );
    assert!(
        grown <= 1,
        "memory grew by {grown} pages of 64 KiB over {times} {what}. Memory that is never freed is a leak, \
         and linear memory never shrinks.",
    );
}
