//! Rounded or clamped, as asked

use wasm_bindgen_test::*;

use super::expect::{company, expect_saturating, expect_x86_round};
use super::table::{NANS, ROWS};
use crate::zone;

/// `x86_round` answers what `cvtps2dq` does, to the bit: ties, edges, infinities, NaN.
#[wasm_bindgen_test]
fn x86_round_is_cvtps2dq() {
    let lesson = "cvtps2dq rounds to nearest, ties to even, and answers -2147483648 for whatever \
                  has no i32. It does not truncate, clamp or add a half.";
    for (length, lesson) in company(lesson) {
        for row in &ROWS {
            let case = format!("{length} × {}", row.input);
            expect_x86_round(&case, &vec![row.float; length], lesson);
        }
        for bits in NANS {
            let case = format!("{length} × NaN");
            expect_x86_round(&case, &vec![f32::from_bits(bits); length], lesson);
        }
    }
}

/// A reading becomes the same number wherever it stands in the slice.
#[wasm_bindgen_test]
fn five_equal_readings_round_alike() {
    let answer = zone::x86_round(&[2.5; 5]);
    assert!(
        answer == [2; 5],
        "x86_round(&[2.5; 5]) answered {answer:?}. cvtps2dq rounds 2.5 to the even neighbour, 2. \
         Four readings fill a SIMD vector, the fifth goes another way: f32x4_nearest rounds ties to \
         even, and f32::round away from zero"
    );
}

/// `saturating` clamps to the ends of `i32` and makes NaN 0, as `as` does.
#[wasm_bindgen_test]
fn saturating_clamps_and_nan_becomes_zero() {
    let lesson = "Rust's `as`, `i32.trunc_sat_f32_s` and `i32x4.trunc_sat_f32x4_s` all do so.";
    for (length, lesson) in company(lesson) {
        for row in &ROWS {
            let case = format!("{length} × {}", row.input);
            expect_saturating(&case, &vec![row.float; length], lesson);
        }
        for bits in NANS {
            let case = format!("{length} × NaN");
            expect_saturating(&case, &vec![f32::from_bits(bits); length], lesson);
        }
    }
}
