//! The x86 columns of `lossy-convert`'s truth table, made anew by the processor at hand, and its
//! solution held to an exact reference on far more numbers than a browser has time for. (The scalar
//! path runs here; the spec shows in browsers that the SIMD path gives the same bits.)
//!
//! On a machine that is no x86-64 the tests in `x86` do not exist; `the_x86_columns_need_an_x86`
//! then says that nothing has checked them.
#![cfg(not(target_family = "wasm"))]
// In a test a panic is the verdict; helpers of tests are tests too.
#![allow(clippy::unwrap_used, clippy::expect_used)]

#[path = "../../../tests/specs/lossy_convert/exact.rs"]
mod exact;
#[allow(dead_code, reason = "the spec uses the rest")]
#[path = "../../../tests/specs/lossy_convert/table.rs"]
mod table;

use exact::Outside;
use solution_lossy_convert::{Lossy, Reason, checked, exact_floats, floats, saturating, x86_round};
use table::{COUNTS, NANS, ROWS};

/// How many bit patterns lie between two that are tried. A prime, so that all low bits take turns.
const STRIDE: usize = 997;

/// How many numbers a call converts.
const CHUNK: usize = 4096;

#[test]
fn the_table_is_right_about_rust() {
    for row in &ROWS {
        assert_eq!(row.float as i32, row.trunc_sat, "{} as i32", row.input);
        let read: f32 = row.input.parse().unwrap();
        let same = read.to_bits() == row.float.to_bits() || read.is_nan() && row.float.is_nan();
        assert!(same, "{} is read as {read}", row.input);
    }
    for row in &COUNTS {
        assert_eq!(row.count as f32, row.float, "{} as f32", row.count);
        assert_eq!(row.float as i32, row.back_on_wasm, "{} back", row.count);
    }
}

#[test]
fn one_float_in_997_converts_as_whole_numbers_say() {
    judge_floats((0..=u32::MAX).step_by(STRIDE).chain(NANS));
}

#[test]
fn one_count_in_997_converts_as_whole_numbers_say() {
    judge_counts((i32::MIN..=i32::MAX).step_by(STRIDE));
}

/// `cargo test --release --target host-tuple -p solution-lossy-convert --test native -- --ignored`
#[test]
#[ignore = "2^32 numbers take minutes, and that in a release build"]
fn every_float_converts_as_whole_numbers_say() {
    judge_floats(0..=u32::MAX);
}

/// The same for the way back.
#[test]
#[ignore = "2^32 numbers take minutes, and that in a release build"]
fn every_count_converts_as_whole_numbers_say() {
    judge_counts(i32::MIN..=i32::MAX);
}

fn judge_floats(bits: impl Iterator<Item = u32>) {
    in_chunks(bits.map(f32::from_bits), |readings| {
        let (clamped, rounded) = (saturating(readings), x86_round(readings));
        let checked = one_by_one(readings, checked);
        for (at, &reading) in readings.iter().enumerate() {
            let truncated = exact::truncated(reading);
            let right = match truncated {
                Ok(whole) => (Ok(whole), whole),
                Err(Outside::NotANumber) => (Err(Reason::NotANumber), 0),
                Err(Outside::TooSmall) => (Err(Reason::TooSmall), i32::MIN),
                Err(Outside::TooLarge) => (Err(Reason::TooLarge), i32::MAX),
            };
            let nearest = exact::nearest(reading).unwrap_or(i32::MIN);
            assert_eq!(
                (checked[at], clamped[at], rounded[at]),
                (right.0, right.1, nearest),
                "checked, saturating, x86_round of bits {:#010x}",
                reading.to_bits()
            );
        }
    });
}

fn judge_counts(counts: impl Iterator<Item = i32>) {
    in_chunks(counts, |counts| {
        let (rounded, exactly) = (floats(counts), one_by_one(counts, exact_floats));
        for (at, &count) in counts.iter().enumerate() {
            let right = exact::float(count);
            let right_exactly = match exact::is_exact(count) {
                true => Ok(right),
                false => Err(Reason::Rounded),
            };
            assert_eq!(
                (rounded[at], exactly[at]),
                (right, right_exactly),
                "floats, exact_floats of {count}"
            );
        }
    });
}

/// What `convert` says of each value. It stops at the first loss, so it is asked again from there.
fn one_by_one<A, B>(
    values: &[A],
    convert: fn(&[A]) -> Result<Vec<B>, Lossy>,
) -> Vec<Result<B, Reason>> {
    let mut answers = Vec::with_capacity(values.len());
    while answers.len() < values.len() {
        let rest = &values[answers.len()..];
        match convert(rest) {
            Ok(whole) => answers.extend(whole.into_iter().map(Ok)),
            Err(Lossy { index, reason }) => {
                let before =
                    convert(&rest[..index]).expect("nothing is lost before the first loss");
                answers.extend(before.into_iter().map(Ok));
                answers.push(Err(reason));
            }
        }
    }
    answers
}

fn in_chunks<T: Copy>(mut values: impl Iterator<Item = T>, mut judge: impl FnMut(&[T])) {
    let mut chunk = Vec::with_capacity(CHUNK);
    loop {
        chunk.clear();
        chunk.extend(values.by_ref().take(CHUNK));
        if chunk.is_empty() {
            return;
        }
        judge(&chunk);
    }
}

#[cfg(not(target_arch = "x86_64"))]
#[test]
#[ignore = "this machine is no x86-64: the x86 columns are those of the last run on one"]
fn the_x86_columns_need_an_x86() {}

#[cfg(target_arch = "x86_64")]
mod x86 {
    use super::*;
    use core::arch::x86_64::{
        __m128i, _mm_cvtepi32_ps, _mm_cvtps_epi32, _mm_cvttps_epi32, _mm_set1_epi32, _mm_setr_ps,
        _mm_storeu_ps, _mm_storeu_si128,
    };
    use std::hint::black_box;

    /// The instruction that rounds, on four lanes. Rust never changes the rounding mode.
    fn cvtps2dq([a, b, c, d]: [f32; 4]) -> [i32; 4] {
        // SAFETY: every x86-64 has SSE2.
        stored(unsafe { _mm_cvtps_epi32(black_box(_mm_setr_ps(a, b, c, d))) })
    }

    /// The instruction that truncates.
    fn cvttps2dq([a, b, c, d]: [f32; 4]) -> [i32; 4] {
        // SAFETY: every x86-64 has SSE2.
        stored(unsafe { _mm_cvttps_epi32(black_box(_mm_setr_ps(a, b, c, d))) })
    }

    /// The instruction for the way back.
    fn cvtdq2ps(count: i32) -> [f32; 4] {
        let mut lanes = [0.0; 4];
        // SAFETY: every x86-64 has SSE2; the array is valid for the 16 bytes
        // written, and this store needs no alignment.
        unsafe {
            let floats = _mm_cvtepi32_ps(black_box(_mm_set1_epi32(count)));
            _mm_storeu_ps(lanes.as_mut_ptr(), floats);
        }
        lanes
    }

    fn stored(whole: __m128i) -> [i32; 4] {
        let mut lanes = [0; 4];
        // SAFETY: the array is valid for the 16 bytes written, and this store
        // needs no alignment.
        unsafe { _mm_storeu_si128(lanes.as_mut_ptr().cast(), whole) };
        lanes
    }

    #[test]
    fn the_x86_columns_are_what_this_processor_answers() {
        for row in &ROWS {
            let lanes = [row.float; 4];
            assert_eq!(
                cvtps2dq(lanes),
                [row.cvtps2dq; 4],
                "cvtps2dq of {}",
                row.input
            );
            assert_eq!(
                cvttps2dq(lanes),
                [row.cvttps2dq; 4],
                "cvttps2dq of {}",
                row.input
            );
        }
        for bits in NANS {
            let lanes = [f32::from_bits(bits); 4];
            let both = (cvtps2dq(lanes), cvttps2dq(lanes));
            assert_eq!(
                both,
                ([i32::MIN; 4], [i32::MIN; 4]),
                "NaN with bits {bits:#010x}"
            );
        }
        for row in &COUNTS {
            let float = cvtdq2ps(row.count);
            assert_eq!(float, [row.float; 4], "cvtdq2ps of {}", row.count);
            let back = (cvtps2dq(float), cvttps2dq(float));
            let right = [row.back_on_x86; 4];
            assert_eq!(back, (right, right), "{} there and back", row.count);
        }
    }

    #[test]
    fn x86_round_is_this_processors_cvtps2dq_for_one_float_in_997() {
        compare((0..=u32::MAX).step_by(STRIDE));
    }

    /// As `every_float_converts_as_whole_numbers_say`, with the processor for a judge.
    #[test]
    #[ignore = "2^32 numbers take minutes, and that in a release build"]
    fn x86_round_is_this_processors_cvtps2dq_for_every_float() {
        compare(0..=u32::MAX);
    }

    fn compare(bits: impl Iterator<Item = u32>) {
        in_chunks(bits.map(f32::from_bits), |readings| {
            let rounded = x86_round(readings);
            let (quads, _) = readings.as_chunks::<4>();
            for (&quad, rounded) in quads.iter().zip(rounded.as_chunks::<4>().0) {
                assert_eq!(
                    *rounded,
                    cvtps2dq(quad),
                    "{:#010x?}",
                    quad.map(f32::to_bits)
                );
                let truncated = quad.map(|float| exact::truncated(float).unwrap_or(i32::MIN));
                assert_eq!(
                    truncated,
                    cvttps2dq(quad),
                    "{:#010x?}",
                    quad.map(f32::to_bits)
                );
            }
        });
    }
}
