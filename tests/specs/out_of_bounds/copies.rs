//! What the host copies itself

use super::SIZE;
use super::expect::{copies, copy, refuses_copy, tell};
use super::guest::STORE64;
use super::stage::stage;
use std::arch::wasm32::memory_size;
use wasm_bindgen_test::*;

/// A copy holds what stands in the memory, also when it is all of it.
#[wasm_bindgen_test]
fn a_copy_holds_what_is_there() {
    let stage = stage();
    for (addr, len) in [
        (0, 1),
        (0, 8),
        (1, 7),
        (12_345, 1000),
        (SIZE - 1, 1),
        (0, SIZE),
    ] {
        copies(&stage, addr, len);
    }
    super::expect::writes(&stage, STORE64, 100, 0x0102_0304_0506_0708);
    copies(&stage, 96, 16);
}

/// A copy is whole or refused: from JavaScript nothing traps, and what a view does not have is cut off or `undefined`.
#[wasm_bindgen_test]
fn a_copy_is_whole_or_refused() {
    let stage = stage();
    for (addr, len) in [
        (SIZE - 3, 4),
        (SIZE - 1, 2),
        (SIZE - 7, 8),
        (0, SIZE + 1),
        (1, SIZE),
        (SIZE - 1, 2 * SIZE),
        (SIZE, 1),
        (SIZE + 1, 4),
        (0x8000_0000, 4),
    ] {
        refuses_copy(&stage, addr, len, "not all of them are there");
    }
}

/// No bytes can be copied from any address up to the end, and at that end too.
#[wasm_bindgen_test]
fn no_bytes_lie_up_to_the_very_end() {
    let stage = stage();
    for addr in [0, 1, SIZE - 1, SIZE] {
        copies(&stage, addr, 0);
    }
    let why =
        "even where nothing is to be read, an address past the end is a fault, as in `memory.copy`";
    for addr in [SIZE + 1, 0x8000_0000, u32::MAX] {
        refuses_copy(&stage, addr, 0, why);
    }
}

/// Address and length cannot overflow: a copy that ends at 2^32 or past it is refused.
#[wasm_bindgen_test]
fn address_and_length_cannot_overflow() {
    let stage = stage();
    for (addr, len) in [
        (u32::MAX, 1),
        (u32::MAX, 2),
        (u32::MAX - 15, 16),
        (u32::MAX - 15, 17),
        (u32::MAX - 15, SIZE),
        (1, u32::MAX),
        (16, u32::MAX - 7),
        (SIZE - 1, u32::MAX - SIZE + 2),
        (SIZE - 1, u32::MAX - SIZE + 3),
        (u32::MAX, u32::MAX),
    ] {
        let why = "their end lies at 2^32 or past it, where a u32 begins at 0 again";
        refuses_copy(&stage, addr, len, why);
    }
}

/// A refusal costs nothing: the host makes no room for bytes that it will not get.
#[wasm_bindgen_test]
fn a_refused_copy_makes_no_room() {
    let stage = stage();
    let before = memory_size(0);
    for (addr, len) in [(0, 0x1000_0000), (1, 0x2000_0000), (0, u32::MAX)] {
        let answer = copy(&stage, addr, len);
        assert!(
            matches!(answer, Some(Err(_))),
            "a copy of {len} bytes from {addr} on was not refused: came {}",
            tell(&answer),
        );
        let grown = memory_size(0) - before;
        assert!(
            grown <= 16,
            "a copy of {len} bytes was refused, and yet the host's own memory has grown by {grown} pages. A guest that \
             names a length must not be able to exhaust its host: check first, then make room.",
        );
    }
}
