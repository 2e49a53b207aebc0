//! A right design lets its caller choose, and keeps its word bit for bit:
//! `checked` cuts off fractions and names the first value that has no `i32`, and
//! why; `saturating` clamps; `x86_round` answers what x86's `cvtps2dq` would.
//! `floats` rounds to the nearest `f32`, and `exact_floats` refuses to round. With
//! SIMD or without, at every length and in every lane, the answers are the same, and
//! nothing is read or written beyond a slice.

#![allow(clippy::unwrap_used, clippy::expect_used)]

use js_sys::Array;
use wasm_bindgen::prelude::*;
use wasm_bindgen_test::*;

#[path = "lossy_convert/engine.rs"]
mod engine;
#[path = "lossy_convert/exact.rs"]
mod exact;
#[path = "lossy_convert/expect.rs"]
mod expect;
#[path = "lossy_convert/fences.rs"]
mod fences;
#[path = "lossy_convert/floats.rs"]
mod floats;
#[path = "shared/memory_end.rs"]
mod memory_end;
#[path = "lossy_convert/picture.rs"]
mod picture;
#[path = "shared/random.rs"]
mod random;
#[path = "lossy_convert/table.rs"]
mod table;

// The rules, in the order in which the page shows them.

#[path = "lossy_convert/refused.rs"]
mod refused;

#[path = "lossy_convert/rounded.rs"]
mod rounded;

#[path = "lossy_convert/lanes.rs"]
mod lanes;

#[path = "lossy_convert/back.rs"]
mod back;

#[path = "lossy_convert/judged.rs"]
mod judged;

wasm_bindgen_test_configure!(run_in_dedicated_worker);

/// What the page draws: one row for each number of the truth table, with a tag first.
#[wasm_bindgen]
pub fn show() -> Array {
    picture::rows()
}
