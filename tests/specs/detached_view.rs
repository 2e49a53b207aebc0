//! What a codec between Rust's samples and JavaScript's bytes must do.
//!
//! Linear memory grows, and growth detaches every view of it: length 0, no bytes, no
//! exception. So what JavaScript keeps must be its own, and a length that JavaScript
//! reports is a claim to check, not a fact. How the bytes are copied is up to you.

#[path = "detached_view/expect.rs"]
mod expect;
#[path = "detached_view/memory.rs"]
mod memory;

#[path = "detached_view/keep.rs"]
mod keep;

#[path = "detached_view/lost.rs"]
mod lost;

#[path = "detached_view/room.rs"]
mod room;

#[path = "detached_view/bits.rs"]
mod bits;

#[path = "detached_view/flat.rs"]
mod flat;

use crate::zone;
use expect::hex;
use js_sys::Array;
use memory::{allocate_until_growth, blocks, pages};
use wasm_bindgen::prelude::*;
use wasm_bindgen_test::*;

wasm_bindgen_test_configure!(run_in_browser);

const MIB: usize = 1 << 20;

/// Four samples and the bytes that they are.
const SAMPLES: [f32; 4] = [1.0, 2.0, 3.0, -4.0];
const BYTES: [u8; 16] = [
    0x00, 0x00, 0x80, 0x3f, 0x00, 0x00, 0x00, 0x40, //
    0x00, 0x00, 0x40, 0x40, 0x00, 0x00, 0x80, 0xc0,
];

/// What the page draws: an encoded array over its life. Columns: the moment, pages of
/// memory, `byteLength`, the first 8 bytes (hexadecimal, or "nothing"). The first row is
/// what was meant.
#[wasm_bindgen]
pub fn show() -> Array {
    let rows = Array::new();
    let push = |moment: &str, length: u32, first: &[u8]| {
        let (pages, first) = (pages().into(), hex(first).into());
        rows.push(&Array::of4(&moment.into(), &pages, &length.into(), &first));
    };
    drop(blocks(256));
    push("meant", 16, &BYTES[..8]);
    let result = zone::encode(&SAMPLES);
    let look = |moment: &str| {
        let length = result.byte_length();
        let mut first = [0; 8];
        (0..length.min(8)).for_each(|i| first[i as usize] = result.get_index(i));
        push(moment, length, &first[..length.min(8) as usize]);
    };
    look("encoded");
    let later = blocks(64);
    look("64 allocations later");
    let ballast = allocate_until_growth(32 * MIB);
    look("grown by 32 MiB");
    drop((later, ballast));
    rows
}
