//! Converts first and looks for the answers that saturation gives.

#[doc(inline)]
pub use contract::*;

#[cfg(not(target_arch = "wasm32"))]
use scalar as fast;
#[cfg(target_arch = "wasm32")]
use simd as fast;

/// 2^31, the least float above every `i32`. `i32::MAX` itself is no `f32`:
/// `i32::MAX as f32` is this number too.
const END: f32 = 2_147_483_648.0;

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
    use super::{END, Lossy, Reason, each};

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

    /// Whatever saturates ends up at an end of `i32`.
    pub(super) fn whole(reading: f32) -> Result<i32, Reason> {
        match reading as i32 {
            0 if reading.is_nan() => Err(Reason::NotANumber),
            i32::MIN => Err(Reason::TooSmall),
            i32::MAX => Err(Reason::TooLarge),
            whole => Ok(whole),
        }
    }

    /// Where `as` saturates to `MIN` it agrees with x86. NaN is not below `END`.
    pub(super) fn nearest(reading: f32) -> i32 {
        if reading < END {
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
    use super::{END, Lossy, load, map};
    use core::arch::wasm32::{
        f32x4_eq, f32x4_lt, f32x4_nearest, f32x4_splat, i32x4_all_true, i32x4_ne, i32x4_splat,
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
            let below_end = f32x4_lt(lanes, f32x4_splat(END));
            v128_bitselect(rounded, i32x4_splat(i32::MIN), below_end)
        };
        map(readings, convert, nearest)
    }

    #[target_feature(enable = "simd128")]
    fn all_fit(readings: &[f32]) -> bool {
        let (quads, tail) = readings.as_chunks::<4>();
        let fits = |quad| {
            let lanes = load(quad);
            let converted = i32x4_trunc_sat_f32x4(lanes);
            let above_min = i32x4_ne(converted, i32x4_splat(i32::MIN));
            let below_max = i32x4_ne(converted, i32x4_splat(i32::MAX));
            let numbers = f32x4_eq(lanes, lanes);
            i32x4_all_true(v128_and(numbers, v128_and(above_min, below_max)))
        };
        quads.iter().all(fits) && tail.iter().all(|&reading| whole(reading).is_ok())
    }
}
