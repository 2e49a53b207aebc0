//! Compares each reading with the ends of `i32`, as floats.

#[doc(inline)]
pub use contract::*;

#[cfg(not(target_arch = "wasm32"))]
use scalar as fast;
#[cfg(target_arch = "wasm32")]
use simd as fast;

/// The ends of `i32`.
const MIN: f32 = i32::MIN as f32;
const MAX: f32 = i32::MAX as f32;

/// The readings without their fractions, which are cut off towards zero.
///
/// # Errors
///
/// [`Lossy`] for the first reading that has no `i32`: NaN, or outside
/// -2^31..2^31. The largest `f32` inside is 2147483520.
pub fn checked(readings: &[f32]) -> Result<Vec<i32>, Lossy> {
    fast::checked(readings)
}

/// The readings without their fractions; what is outside `i32` becomes its
/// nearest end, and NaN becomes 0.
#[must_use]
pub fn saturating(readings: &[f32]) -> Vec<i32> {
    fast::saturating(readings)
}

/// The readings rounded as x86's `cvtps2dq` does it: to the nearest whole number,
/// ties to even. NaN and what is outside `i32` become `i32::MIN`.
#[must_use]
pub fn x86_round(readings: &[f32]) -> Vec<i32> {
    fast::x86_round(readings)
}

/// The nearest `f32` of each count, ties to even; of 0 it is plus zero.
#[must_use]
pub fn floats(counts: &[i32]) -> Vec<f32> {
    counts.iter().map(|&count| count as f32).collect()
}

/// The `f32` that is each count.
///
/// # Errors
///
/// [`Lossy`] with [`Reason::Rounded`] for the first count that no `f32` is. The
/// smallest such magnitude is 2^24 + 1.
pub fn exact_floats(counts: &[i32]) -> Result<Vec<f32>, Lossy> {
    each(counts, exact)
}

/// Compared as `f64`, which holds both. As `i32` they would be equal for
/// `i32::MAX`: its float is one more, and saturates back to it.
fn exact(count: i32) -> Result<f32, Reason> {
    let float = count as f32;
    if f64::from(float) == f64::from(count) {
        Ok(float)
    } else {
        Err(Reason::Rounded)
    }
}

/// The same without SIMD instructions: the same bits and the same errors.
pub mod scalar {
    use super::{Lossy, MAX, MIN, Reason, each};

    /// [`checked`](super::checked), one reading at a time.
    ///
    /// # Errors
    ///
    /// The same.
    pub fn checked(readings: &[f32]) -> Result<Vec<i32>, Lossy> {
        each(readings, whole)
    }

    /// [`saturating`](super::saturating), one reading at a time.
    #[must_use]
    pub fn saturating(readings: &[f32]) -> Vec<i32> {
        readings.iter().map(|&reading| reading as i32).collect()
    }

    /// [`x86_round`](super::x86_round), one reading at a time.
    #[must_use]
    pub fn x86_round(readings: &[f32]) -> Vec<i32> {
        readings.iter().map(|&reading| nearest(reading)).collect()
    }

    /// Comparisons with NaN are false, so NaN has a question of its own.
    pub(super) fn whole(reading: f32) -> Result<i32, Reason> {
        if reading.is_nan() {
            Err(Reason::NotANumber)
        } else if reading < MIN {
            Err(Reason::TooSmall)
        } else if reading > MAX {
            Err(Reason::TooLarge)
        } else {
            Ok(reading as i32)
        }
    }

    pub(super) fn nearest(reading: f32) -> i32 {
        if reading < MAX {
            reading.round_ties_even() as i32
        } else {
            i32::MIN
        }
    }
}

/// Four readings at a time.
#[cfg(target_arch = "wasm32")]
mod simd {
    use super::scalar::{self, nearest, whole};
    use super::{Lossy, MAX, MIN, load, map};
    use core::arch::wasm32::{
        f32x4_ge, f32x4_le, f32x4_lt, f32x4_nearest, f32x4_splat, i32x4_all_true, i32x4_splat,
        i32x4_trunc_sat_f32x4, v128_and, v128_bitselect,
    };

    /// Most slices have nothing to refuse. In one that has, the scalar path finds it.
    #[target_feature(enable = "simd128")]
    pub fn checked(readings: &[f32]) -> Result<Vec<i32>, Lossy> {
        if all_fit(readings) {
            Ok(saturating(readings))
        } else {
            scalar::checked(readings)
        }
    }

    #[target_feature(enable = "simd128")]
    pub fn saturating(readings: &[f32]) -> Vec<i32> {
        let convert = |lanes| i32x4_trunc_sat_f32x4(lanes);
        map(readings, convert, |reading| reading as i32)
    }

    #[target_feature(enable = "simd128")]
    pub fn x86_round(readings: &[f32]) -> Vec<i32> {
        let convert = |lanes| {
            let rounded = i32x4_trunc_sat_f32x4(f32x4_nearest(lanes));
            let below_max = f32x4_lt(lanes, f32x4_splat(MAX));
            v128_bitselect(rounded, i32x4_splat(i32::MIN), below_max)
        };
        map(readings, convert, nearest)
    }

    /// NaN is on neither side of anything, so it does not fit either.
    #[target_feature(enable = "simd128")]
    fn all_fit(readings: &[f32]) -> bool {
        let (quads, tail) = readings.as_chunks::<4>();
        let fits = |quad| {
            let lanes = load(quad);
            let from_min = f32x4_ge(lanes, f32x4_splat(MIN));
            i32x4_all_true(v128_and(from_min, f32x4_le(lanes, f32x4_splat(MAX))))
        };
        quads.iter().all(fits) && tail.iter().all(|&reading| whole(reading).is_ok())
    }
}
