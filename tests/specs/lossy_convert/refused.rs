//! Refused: where, and why

use wasm_bindgen_test::*;

use super::expect::{IN_COMPANY, Plain, company, expect_checked, expect_exact_floats};
use super::table::{NANS, ROWS};

/// `checked` answers where `i32.trunc_f32_s` does, and refuses where that traps.
#[wasm_bindgen_test]
fn checked_answers_where_the_instruction_would_not_trap() {
    let lesson = "Refuse what `i32.trunc_f32_s` traps on, and nothing else. `as i32` cannot fail: it \
                  makes NaN 0, clamps the rest, and nobody is told.";
    for (length, lesson) in company(lesson) {
        for row in &ROWS {
            let case = format!("{length} × {}", row.input);
            expect_checked(&case, &vec![row.float; length], lesson);
        }
    }
}

/// 2147483520 is the last float that fits, 2147483648 the first that does not.
#[wasm_bindgen_test]
fn the_edges_of_i32_lie_between_floats() {
    let lesson = "i32::MAX is no f32: `i32::MAX as f32` rounds up to 2147483648, so a comparison \
                  with it lets 2147483648 through. i32::MIN is an f32, and as good an answer as \
                  any other.";
    for (length, lesson) in company(lesson) {
        for edge in [2_147_483_648.0, -2_147_483_648.0f32] {
            for steps in 0..5 {
                let float = f32::from_bits(edge.to_bits() + steps - 2);
                let case = format!("{length} × {}", Plain(float));
                expect_checked(&case, &vec![float; length], lesson);
            }
        }
    }
}

/// NaN has many bits and two signs, and no `i32`.
#[wasm_bindgen_test]
fn every_nan_is_refused() {
    let lesson = "Every comparison with NaN is false, so two comparisons with the edges let it \
                  through, and `as` makes it 0: a broken probe that reads as a cold one.";
    for (length, lesson) in company(lesson) {
        for bits in NANS {
            let mut readings = vec![20.5; length];
            readings[length - 1] = f32::from_bits(bits);
            let case = format!("a slice of {length}, NaN at its end");
            expect_checked(&case, &readings, lesson);
        }
    }
}

/// Of many losses the first is named, with its own reason, in every place.
#[wasm_bindgen_test]
fn the_first_loss_is_named() {
    let losses = [f32::NAN, f32::INFINITY, -3e9];
    for length in 1..=67 {
        for place in 0..length {
            let lesson = match length {
                1 => "The caller needs to know which reading it was, to repair or to drop it.",
                _ => IN_COMPANY,
            };
            let mut readings = vec![20.5; length];
            let turns = losses.iter().cycle().skip(place % losses.len());
            for (later, loss) in readings[place..].iter_mut().zip(turns) {
                *later = *loss;
            }
            let case = format!("a slice of {length}, outside i32 from index {place} on");
            expect_checked(&case, &readings, lesson);

            let mut counts = vec![20; length];
            counts[place..].fill(16_777_217);
            let case = format!("{length} counts, 16777217 from index {place} on");
            expect_exact_floats(&case, &counts, lesson);
        }
    }
}
