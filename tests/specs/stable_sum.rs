//! A right `sum` answers the `f32` nearest to the exact sum; where that lies within a
//! sixth of an ulp of the middle between two, either will do. Whatever the order, the
//! lanes, the length, the alignment; with a condition number of up to 1e8, and beyond that in the
//! classic cases where everything large cancels. So does a right `dot`. A right
//! `variance` has a relative error below 1e-12. With SIMD or without, in one
//! browser or another, the bits are the same. Nothing is read but the slices.

#![allow(clippy::unwrap_used, clippy::expect_used)]

use js_sys::Array;
use wasm_bindgen::prelude::*;
use wasm_bindgen_test::*;

#[path = "stable_sum/contenders.rs"]
mod contenders;
#[path = "stable_sum/data.rs"]
mod data;
#[path = "stable_sum/exact.rs"]
mod exact;
#[path = "stable_sum/expect.rs"]
mod expect;
#[path = "stable_sum/measure.rs"]
mod measure;
#[path = "shared/memory_end.rs"]
mod memory_end;
#[path = "stable_sum/nist.rs"]
mod nist;
#[path = "shared/random.rs"]
mod random;

// The rules, in the order in which the page shows them.

#[path = "stable_sum/digits.rs"]
mod digits;

#[path = "stable_sum/lanes.rs"]
mod lanes;

#[path = "stable_sum/range.rs"]
mod range;

#[path = "stable_sum/dots.rs"]
mod dots;

#[path = "stable_sum/variances.rs"]
mod variances;

wasm_bindgen_test_configure!(run_in_dedicated_worker);

/// What the page draws: rows of data, n, algorithm, error in ulps, GB/s.
#[wasm_bindgen]
pub fn show() -> Array {
    measure::picture()
}

/// What `cargo kata bench` prints: rows of algorithm, GB/s, error in ulps.
#[wasm_bindgen]
pub fn bench() -> Array {
    measure::benchmark()
}
