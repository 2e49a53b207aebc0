//! Lane or tail, short or long

use contract::{Lossy, Reason};
use wasm_bindgen_test::*;

use super::expect::{
    CONVERSIONS, Plain, WAYS_BACK, expect_alike, expect_exact_floats, expectation, plain,
};
use super::fences;
use super::memory_end::MemoryEnd;
use super::random::Random;
use crate::zone;

/// Longer than any block: 2^20, and some, and a rest that fills no vector.
const FRAME: usize = (1 << 20) + (1 << 16) + 5;

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

/// A frame of a million values converts like a short one, and a loss is named by its place in the frame.
#[wasm_bindgen_test]
fn a_long_frame_converts_to_its_end() {
    let lesson = "Whoever converts in blocks must count from the start of the frame, and convert the \
                  last block too.";
    // Each value tells its place, and none is near a tie.
    let mut readings: Vec<f32> = (0..FRAME).map(|index| index as f32 + 0.25).collect();
    let mut counts: Vec<i32> = (0..FRAME as i32).collect();
    let case = format!("a frame of {FRAME}");
    let expect = expectation(&case, plain(&readings), Ok(counts.clone()), lesson);
    for (function, convert) in CONVERSIONS {
        expect.of(function, convert(&readings));
    }
    let floats = counts.iter().map(|&count| Plain(count as f32)).collect();
    let expect = expectation(&case, counts.clone(), Ok(floats), lesson);
    for (function, convert) in WAYS_BACK {
        expect.of(function, convert(&counts).map(|floats| plain(&floats)));
    }
    // One loss at a time: a second one would send `checked` on another way.
    for place in [257, 4_099, 65_537, 1_048_575, FRAME - 1] {
        let (reading, count) = (readings[place], counts[place]);
        readings[place] = f32::NAN;
        let case = format!("a frame of {FRAME}, NaN at index {place}");
        let lossy = Lossy {
            index: place,
            reason: Reason::NotANumber,
        };
        let expect = expectation(&case, plain(&readings), Err(lossy), lesson);
        expect.of("checked", zone::checked(&readings));
        expect.of("scalar::checked", zone::scalar::checked(&readings));
        for (function, answer, right) in [
            ("saturating", zone::saturating(&readings), 0),
            ("x86_round", zone::x86_round(&readings), i32::MIN),
        ] {
            let answer = answer.get(place).copied();
            assert!(
                answer == Some(right),
                "{function} of {case} must answer {right} there, but it was {answer:?}. {lesson}"
            );
        }
        readings[place] = reading;

        counts[place] = 16_777_217;
        let case = format!("{FRAME} counts, 16777217 at index {place}");
        expect_exact_floats(&case, &counts, lesson);
        counts[place] = count;
    }
}

/// Nothing behind a slice is read: one in the last bytes of memory converts like any other.
#[wasm_bindgen_test]
fn a_slice_at_the_end_of_memory_converts() {
    let lesson = "The values that are left over fill no vector: a vector load there reads what is \
                  not the slice's, and at the end of memory it traps.";
    let mut end = MemoryEnd::new();
    for length in 0..=67 {
        let readings: Vec<f32> = (0..length).map(|index| index as f32 + 0.25).collect();
        let counts: Vec<i32> = (0..length).collect();
        let case = format!("{length} values at the end of memory");
        let expect = expectation(&case, plain(&readings), Ok(counts.clone()), lesson);
        for (function, convert) in CONVERSIONS {
            let mut answer = Ok(Vec::new());
            let outcome = end.run(&readings, |slice| answer = convert(slice));
            expect_no_trap(function, &case, outcome, lesson);
            expect.of(function, answer);
        }
        let floats = counts.iter().map(|&count| Plain(count as f32)).collect();
        let expect = expectation(&case, counts.clone(), Ok(floats), lesson);
        for (function, convert) in WAYS_BACK {
            let mut answer = Ok(Vec::new());
            let outcome = end.run(&counts, |slice| answer = convert(slice));
            expect_no_trap(function, &case, outcome, lesson);
            expect.of(function, answer.map(|floats| plain(&floats)));
        }
        // The way on which a loss is found.
        let losses = vec![f32::NAN; length as usize];
        let outcome = end.run(&losses, |slice| drop(zone::checked(slice)));
        expect_no_trap(
            "checked",
            &format!("{length} losses at the end of memory"),
            outcome,
            lesson,
        );
    }
}

/// Nothing behind an answer is written, whatever its length.
#[wasm_bindgen_test]
fn no_byte_behind_an_answer_is_written() {
    let expect_whole = |function: &str, length: usize, before: usize| {
        assert!(
            fences::broken() == before,
            "{function} of {length} values wrote behind the end of a buffer, over what may be \
             another's. A vector store writes 16 bytes: store what is left over one by one, or make \
             room for a whole vector"
        );
    };
    for length in 0..=67 {
        // With nothing to refuse, and with a loss at the end.
        for last in [20.5, f32::NAN] {
            let mut readings = vec![20.5; length];
            if let Some(reading) = readings.last_mut() {
                *reading = last;
            }
            for (function, convert) in CONVERSIONS {
                let before = fences::broken();
                drop(convert(&readings));
                expect_whole(function, length, before);
            }
        }
        for last in [20, 16_777_217] {
            let mut counts = vec![20; length];
            if let Some(count) = counts.last_mut() {
                *count = last;
            }
            for (function, convert) in WAYS_BACK {
                let before = fences::broken();
                drop(convert(&counts));
                expect_whole(function, length, before);
            }
        }
    }
}

fn expect_no_trap(function: &str, case: &str, outcome: Result<(), String>, lesson: &str) {
    if let Err(words) = outcome {
        panic!("{function} of {case} was stopped by the engine ({words}). {lesson}");
    }
}
