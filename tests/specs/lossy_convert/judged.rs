//! Numbers that nobody chose, and the judge

use js_sys::Math;
use wasm_bindgen_test::*;

use super::engine::{self, Engine};
use super::exact;
use super::expect::{
    Plain, expect_checked, expect_exact_floats, expect_floats, expect_saturating, expect_x86_round,
};
use super::random::Random;
use super::table::{COUNTS, ROWS};

/// Readings of any bits convert as an exact reference in whole numbers says.
#[wasm_bindgen_test]
fn random_readings_convert_as_whole_numbers_say() {
    for seed in 0..4_000 {
        let mut random = Random::new(seed);
        let length = random.below(68);
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
        let length = random.below(68);
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
