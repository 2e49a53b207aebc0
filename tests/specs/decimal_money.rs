//! A right `Decimal` holds what its text says, up to 28 digits, and `round` goes to
//! the nearest amount, ties as asked. A right `Money` is exact up to 28 digits:
//! it adds, splits, prints and parses without losing one, and answers a typed
//! error where it cannot. A right invoice rounds each line once, adds the lines
//! as printed, and rounds tax once for each rate. How numbers are held is free.
//! Beyond 38 digits a product may be exact or an overflow, but never rounded.

#![allow(clippy::unwrap_used, clippy::expect_used)]
#![allow(
    clippy::clone_on_copy,
    reason = "whether a number is `Copy` is up to the variant"
)]

use js_sys::Array;
use wasm_bindgen::prelude::*;
use wasm_bindgen_test::*;

#[path = "decimal_money/cases.rs"]
mod cases;
#[path = "decimal_money/draw.rs"]
mod draw;
#[path = "decimal_money/ends.rs"]
mod ends;
#[path = "decimal_money/exact.rs"]
mod exact;
#[path = "decimal_money/expect.rs"]
mod expect;
#[path = "decimal_money/intl.rs"]
mod intl;
#[path = "decimal_money/picture.rs"]
mod picture;
#[path = "decimal_money/properties.rs"]
mod properties;
#[path = "shared/random.rs"]
mod random;

// The groups, in the order in which they are best read.
#[path = "decimal_money/rounding.rs"]
mod rounding;

#[path = "decimal_money/parts.rs"]
mod parts;

#[path = "decimal_money/digits.rs"]
mod digits;

#[path = "decimal_money/text.rs"]
mod text;

wasm_bindgen_test_configure!(run_in_dedicated_worker);

/// Seeds of each property here; natively there is time for more.
const SEEDS: core::ops::Range<u64> = 0..400;

/// What the page draws: rows of task, digits of the numbers, percent of wrong answers.
#[wasm_bindgen]
pub fn show() -> Array {
    picture::rows()
}
