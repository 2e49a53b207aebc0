//! A right design lets its caller choose, and keeps its word bit for bit:
//! `checked` cuts off fractions and names the first value that has no `i32`, and
//! why; `saturating` clamps; `x86_round` answers what x86's `cvtps2dq` would.
//! `floats` rounds to the nearest `f32`, and `exact_floats` refuses to round. With
//! SIMD or without, at every length and in every lane, the answers are the same.

#![allow(clippy::unwrap_used, clippy::expect_used)]

use js_sys::{Array, Math};
use wasm_bindgen::prelude::*;
use wasm_bindgen_test::*;

use crate::zone::{self, Lossy, Reason};

#[path = "lossy_convert/engine.rs"]
mod engine;
#[path = "lossy_convert/exact.rs"]
mod exact;
#[path = "lossy_convert/expect.rs"]
mod expect;
#[path = "lossy_convert/floats.rs"]
mod floats;
#[path = "lossy_convert/picture.rs"]
mod picture;
#[path = "shared/random.rs"]
mod random;
#[path = "lossy_convert/table.rs"]
mod table;

use engine::Engine;
use expect::{
    Plain, expect_alike, expect_checked, expect_exact_floats, expect_floats, expect_saturating,
    expect_x86_round,
};
use random::Random;
use table::{COUNTS, NANS, ROWS};

wasm_bindgen_test_configure!(run_in_dedicated_worker);

/// What the page draws: one row for each number of the truth table, with a tag first.
#[wasm_bindgen]
pub fn show() -> Array {
    picture::rows()
}

/// The reference of this spec, which works on bits, agrees with the table.
#[wasm_bindgen_test]
fn the_judge_is_right_about_the_table() {
    for row in &ROWS {
        let truncated = exact::truncated(row.float);
        let judged = (
            truncated.ok(),
            truncated.unwrap_or(i32::MIN),
            exact::nearest(row.float).unwrap_or(i32::MIN),
        );
        assert_eq!(
            judged,
            (row.trunc, row.cvttps2dq, row.cvtps2dq),
            "the judge is wrong about {}",
            row.input
        );
    }
    for row in &COUNTS {
        let float = exact::float(row.count);
        let is_exact = f64::from(float) == f64::from(row.count);
        assert_eq!(
            (float.to_bits(), exact::is_exact(row.count)),
            (row.float.to_bits(), is_exact),
            "the judge is wrong about {}",
            row.count
        );
    }
}

/// The engine's own instructions do what the table says, with SIMD or without.
#[wasm_bindgen_test]
fn this_engine_converts_as_the_table_says() {
    let engine = Engine::here();
    for row in &ROWS {
        let input = row.input;
        let number: f64 = input.parse().expect("the table holds numbers");
        let float: f32 = input.parse().expect("the table holds numbers");
        for (reader, read) in [("Rust", float), ("Math.fround", Math::fround(number))] {
            assert!(
                read.to_bits() == row.float.to_bits() || read.is_nan() && row.float.is_nan(),
                "{reader} reads {input} as the f32 {}, not {}",
                Plain(read),
                Plain(row.float)
            );
        }
        assert_eq!(engine.trunc(float), row.trunc, "i32.trunc_f32_s of {input}");
        assert_eq!(float as i32, row.trunc_sat, "Rust's `as i32` of {input}");
        assert_eq!(
            engine::trunc_sat(float),
            [row.trunc_sat; 4],
            "i32x4.trunc_sat_f32x4_s of {input}"
        );
        assert_eq!(engine::or_zero(number), row.or_zero, "{input} | 0");
        if let Some(relaxed) = engine.relaxed(float) {
            assert!(
                relaxed == row.trunc_sat || row.trunc.is_none() && relaxed == i32::MIN,
                "i32x4.relaxed_trunc_f32x4_s of {input} is {relaxed}, and the standard allows \
                 nothing but {} and, outside i32, {}",
                row.trunc_sat,
                i32::MIN
            );
        }
    }
    for row in &COUNTS {
        let count = row.count;
        let (scalar, lanes) = (count as f32, engine::convert(count));
        assert_eq!(
            [scalar, lanes[0], lanes[1], lanes[2], lanes[3]].map(f32::to_bits),
            [row.float.to_bits(); 5],
            "f32.convert_i32_s of {count}, and f32x4.convert_i32x4_s in each lane"
        );
        assert_eq!(scalar as i32, row.back_on_wasm, "{count} there and back");
    }
}

/// `checked` answers where `i32.trunc_f32_s` does, and refuses where that traps.
#[wasm_bindgen_test]
fn checked_answers_where_the_instruction_would_not_trap() {
    for row in &ROWS {
        expect_checked(
            &format!("1 × {}", row.input),
            &[row.float],
            "Refuse what `i32.trunc_f32_s` traps on, and nothing else. `as i32` cannot fail: it makes \
             NaN 0, clamps the rest, and nobody is told.",
        );
    }
}

/// 2147483520 is the last float that fits, 2147483648 the first that does not.
#[wasm_bindgen_test]
fn the_edges_of_i32_lie_between_floats() {
    let lesson = "i32::MAX is no f32: `i32::MAX as f32` rounds up to 2147483648, so a comparison \
                  with it lets 2147483648 through. i32::MIN is an f32, and as good an answer as \
                  any other.";
    for edge in [2_147_483_648.0, -2_147_483_648.0f32] {
        for steps in 0..5 {
            let float = f32::from_bits(edge.to_bits() + steps - 2);
            for length in [1, 4, 5] {
                let case = format!("{length} × {}", Plain(float));
                expect_checked(&case, &vec![float; length], lesson);
            }
        }
    }
}

/// NaN has many bits and two signs, and no `i32`.
#[wasm_bindgen_test]
fn every_nan_is_refused() {
    for bits in NANS {
        for length in [1, 4, 7] {
            let mut readings = vec![20.5; length];
            readings[length - 1] = f32::from_bits(bits);
            expect_checked(
                &format!("a slice of {length}, NaN at its end"),
                &readings,
                "Every comparison with NaN is false, so two comparisons with the edges let it \
                 through, and `as` makes it 0: a broken probe that reads as a cold one.",
            );
        }
    }
}

/// Of many losses the first is named, with its own reason, in every place.
#[wasm_bindgen_test]
fn the_first_loss_is_named() {
    let losses = [f32::NAN, f32::INFINITY, -3e9];
    for length in 1..=67 {
        for place in 0..length {
            let mut readings = vec![20.5; length];
            let turns = losses.iter().cycle().skip(place % losses.len());
            for (later, loss) in readings[place..].iter_mut().zip(turns) {
                *later = *loss;
            }
            expect_checked(
                &format!("a slice of {length}, outside i32 from index {place} on"),
                &readings,
                "The caller needs to know which reading it was, to repair or to drop it.",
            );
        }
    }
}

/// A frame of any length converts like a short one, and a loss is named by its place in the frame.
#[wasm_bindgen_test]
fn a_long_frame_converts_to_its_end() {
    let lesson = "Whoever converts in blocks must count from the start of the frame, and convert the \
                  last block too.";
    let mut random = Random::new(70_001);
    let mut readings: Vec<f32> = (0..70_001).map(|_| random.inside()).collect();
    expect_checked("a frame of 70001", &readings, lesson);
    expect_saturating("a frame of 70001", &readings, lesson);
    expect_x86_round("a frame of 70001", &readings, lesson);
    // From the back to the front, so that each loss is the first one.
    for place in [70_000, 65_537, 65_536, 4_099, 1_024, 257, 128] {
        readings[place] = f32::NAN;
        let case = format!("a frame of 70001, NaN at index {place}");
        expect_checked(&case, &readings, lesson);
    }
    let mut counts: Vec<i32> = (0..70_001).map(|_| random.count() >> 8).collect();
    expect_floats("70001 counts", &counts, lesson);
    expect_exact_floats("70001 counts", &counts, lesson);
    for place in [70_000, 65_537, 4_099, 257] {
        counts[place] = 16_777_217;
        let case = format!("70001 counts, 16777217 at index {place}");
        expect_exact_floats(&case, &counts, lesson);
    }
}

/// `saturating` clamps to the ends of `i32` and makes NaN 0, as `as` does.
#[wasm_bindgen_test]
fn saturating_clamps_and_nan_becomes_zero() {
    let lesson = "Rust's `as`, `i32.trunc_sat_f32_s` and `i32x4.trunc_sat_f32x4_s` all do so.";
    for row in &ROWS {
        for length in 1..=5 {
            let case = format!("{length} × {}", row.input);
            expect_saturating(&case, &vec![row.float; length], lesson);
        }
    }
    for bits in NANS {
        expect_saturating("1 × NaN", &[f32::from_bits(bits)], lesson);
    }
}

/// `x86_round` answers what `cvtps2dq` does, to the bit: ties, edges, infinities, NaN.
#[wasm_bindgen_test]
fn x86_round_is_cvtps2dq() {
    let lesson = "cvtps2dq rounds to nearest, ties to even, and answers -2147483648 for whatever \
                  has no i32. It does not truncate, clamp or add a half.";
    for row in &ROWS {
        for length in 1..=5 {
            let case = format!("{length} × {}", row.input);
            expect_x86_round(&case, &vec![row.float; length], lesson);
        }
    }
    for bits in NANS {
        expect_x86_round("1 × NaN", &[f32::from_bits(bits)], lesson);
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

/// SIMD and scalar code give the same bits: lengths 0 to 67, each place, each alignment.
#[wasm_bindgen_test]
fn simd_equals_scalar_at_every_length_in_every_lane() {
    let mut random = Random::new(67);
    for length in 0..=67 {
        for offset in 0..4 {
            let floats: Vec<f32> = (0..offset + length).map(|_| random.inside()).collect();
            expect_alike(
                format_args!("{length} readings, {offset} into a buffer"),
                &floats[offset..],
            );
        }
        for place in 0..length {
            let mut readings: Vec<f32> = (0..length).map(|_| random.inside()).collect();
            for special in [
                2.5,
                f32::NAN,
                f32::INFINITY,
                -f32::INFINITY,
                2_147_483_648.0,
            ] {
                readings[place] = special;
                expect_alike(
                    format_args!("{length} readings, {} at index {place}", Plain(special)),
                    &readings,
                );
            }
        }
    }
}

/// `floats` rounds to the nearest `f32`, ties to even: 16777217 down, 16777219 up.
#[wasm_bindgen_test]
fn counts_become_the_nearest_float() {
    for row in &COUNTS {
        for length in 1..=5 {
            expect_floats(
                &format!("{length} × {}", row.count),
                &vec![row.count; length],
                "An f32 has 24 bits. A longer number goes to the nearer neighbour, and from the \
                 middle to the one whose last bit is 0.",
            );
        }
    }
}

/// A count that no `f32` is gets refused, i32::MAX with the rest.
#[wasm_bindgen_test]
fn exact_floats_refuses_what_it_would_round() {
    for row in &COUNTS {
        for length in 1..=5 {
            expect_exact_floats(
                &format!("{length} × {}", row.count),
                &vec![row.count; length],
                "An f32 has 24 bits. Going there and back as i32 does not show the loss in \
                 2147483647: it becomes 2147483648, and `as` clamps that to 2147483647 again.",
            );
        }
    }
}

/// What `exact_floats` lets out, `checked` brings back; what `floats` rounds past 2^31, it refuses.
#[wasm_bindgen_test]
fn what_goes_out_comes_back_or_is_refused() {
    for row in &COUNTS {
        let count = row.count;
        if let Ok(floats) = zone::exact_floats(&[count]) {
            let back = zone::checked(&floats);
            assert!(
                back == Ok(vec![count]),
                "exact_floats let {count} out as {}, and checked brought {back:?} back: exact \
                 means that nothing is lost on the way",
                Plain(floats[0])
            );
        }
        let floats = zone::floats(&[count]);
        let back = [zone::saturating(&floats)[0], zone::x86_round(&floats)[0]];
        assert!(
            back == [row.back_on_wasm, row.back_on_x86],
            "{count} becomes {} as a float. That comes back as {} with wasm's saturating \
             instruction and as {} with x86's, but saturating and x86_round answered {back:?}",
            Plain(row.float),
            row.back_on_wasm,
            row.back_on_x86
        );
    }
    let refused = Err(Lossy {
        index: 0,
        reason: Reason::TooLarge,
    });
    for count in [2_147_483_584, i32::MAX] {
        let answer = zone::checked(&zone::floats(&[count]));
        assert!(
            answer == refused,
            "{count} becomes 2147483648 as a float, which is above every i32, but checked answered \
             {answer:?}: the round trip looks clean and the number is another"
        );
    }
}

/// Readings of any bits convert as an exact reference in whole numbers says.
#[wasm_bindgen_test]
fn random_readings_convert_as_whole_numbers_say() {
    for seed in 0..4_000 {
        let mut random = Random::new(seed);
        let length = random.below(40);
        // Every other slice has nothing to refuse.
        let readings: Vec<f32> = match seed % 2 {
            0 => (0..length).map(|_| random.inside()).collect(),
            _ => (0..length).map(|_| random.float()).collect(),
        };
        let case = format!("seed {seed}, {length} readings");
        let lesson = "The judge takes the float's bits apart and never rounds.";
        expect_checked(&case, &readings, lesson);
        expect_saturating(&case, &readings, lesson);
        expect_x86_round(&case, &readings, lesson);
    }
}

/// Counts of any length in bits convert as an exact reference in whole numbers says.
#[wasm_bindgen_test]
fn random_counts_convert_as_whole_numbers_say() {
    for seed in 0..4_000 {
        let mut random = Random::new(seed);
        let length = random.below(40);
        // Every other slice has nothing to refuse.
        let counts: Vec<i32> = match seed % 2 {
            0 => (0..length).map(|_| random.count() >> 8).collect(),
            _ => (0..length).map(|_| random.count()).collect(),
        };
        let case = format!("seed {seed}, {length} counts");
        let lesson = "The judge counts the number's bits and never rounds.";
        expect_floats(&case, &counts, lesson);
        expect_exact_floats(&case, &counts, lesson);
    }
}
