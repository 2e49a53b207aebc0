//! What right fixed-point arithmetic must do: compute the exact result, round it once,
//! in the direction asked for, and answer a typed error if it does not fit. That holds
//! for products, quotients, text and both conversions; over the whole range, below zero
//! too. And the filter's output is a matter of integers: the same bits everywhere.
//!
//! How you get there is up to you. The judge computes with 128-bit integers.

#![allow(clippy::unwrap_used)]

use js_sys::Array;
use wasm_bindgen::prelude::*;
use wasm_bindgen_test::*;

#[path = "fixed_point/cases.rs"]
mod cases;
#[path = "fixed_point/contenders.rs"]
mod contenders;
#[path = "fixed_point/data.rs"]
mod data;
#[path = "fixed_point/exact.rs"]
mod exact;
#[path = "fixed_point/expect.rs"]
mod expect;
#[path = "fixed_point/golden.rs"]
mod golden;
#[path = "fixed_point/measure.rs"]
mod measure;
#[path = "shared/random.rs"]
mod random;

// The groups, in the order in which they are best read.
#[path = "fixed_point/products.rs"]
mod products;

#[path = "fixed_point/text.rs"]
mod text;

#[path = "fixed_point/scales.rs"]
mod scales;

wasm_bindgen_test_configure!(run_in_dedicated_worker);

/// What the page draws: rows of operation, way, operands, accumulators, millions a second.
#[wasm_bindgen]
pub fn show() -> Array {
    measure::picture()
}

/// What `cargo kata bench fixed` prints and judges: rows of operation, way, operands,
/// accumulators, nanoseconds.
#[wasm_bindgen]
pub fn bench() -> Array {
    measure::benchmark()
}
