//! A sensor's readings as whole counts, and back, four at a time.
//!
//! A slice may have any length and stand anywhere in memory: each value becomes the
//! same in every place of it. Nothing beside it is read, and nothing beside the answer written.

#[doc(inline)]
pub use contract::*;

#[cfg(not(target_arch = "wasm32"))]
use scalar as fast;
#[cfg(target_arch = "wasm32")]
use simd as fast;

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

fn exact(count: i32) -> Result<f32, Reason> {
    Ok(count as f32)
}

/// The same without SIMD instructions: the same bits and the same errors.
pub mod scalar {
    use super::{Lossy, Reason, each};

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

    fn whole(reading: f32) -> Result<i32, Reason> {
        Ok(reading as i32)
    }

    pub(super) fn nearest(reading: f32) -> i32 {
        reading.round() as i32
    }
}

/// Four readings at a time.
#[cfg(target_arch = "wasm32")]
mod simd {
    use super::scalar::nearest;
    use super::{Lossy, map};
    use core::arch::wasm32::{f32x4_nearest, i32x4_trunc_sat_f32x4};

    #[target_feature(enable = "simd128")]
    pub fn checked(readings: &[f32]) -> Result<Vec<i32>, Lossy> {
        Ok(saturating(readings))
    }

    #[target_feature(enable = "simd128")]
    pub fn saturating(readings: &[f32]) -> Vec<i32> {
        let convert = |lanes| i32x4_trunc_sat_f32x4(lanes);
        map(readings, convert, |reading| reading as i32)
    }

    #[target_feature(enable = "simd128")]
    pub fn x86_round(readings: &[f32]) -> Vec<i32> {
        let convert = |lanes| i32x4_trunc_sat_f32x4(f32x4_nearest(lanes));
        map(readings, convert, nearest)
    }
}
