//! Rounds to nearest as everybody learns it: add a half, cut off the rest.

#[cfg(not(target_arch = "wasm32"))]
use scalar as fast;
#[cfg(target_arch = "wasm32")]
use simd as fast;

/// 2^31, the least float above every `i32`. `i32::MAX` itself is no `f32`:
/// `i32::MAX as f32` is this number too.
const END: f32 = 2_147_483_648.0;

/// A value that the other type cannot hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the value at index {index} {reason}")]
pub struct Lossy {
    /// Where it is: the first such value in the slice.
    pub index: usize,
    /// What would be lost.
    pub reason: Reason,
}

/// What a conversion would lose.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Reason {
    /// The float is NaN, of any sign and payload.
    #[error("is not a number")]
    NotANumber,
    /// The float is below -2^31, or minus infinity.
    #[error("is below -2147483648")]
    TooSmall,
    /// The float is 2^31 or more, or infinity.
    #[error("is above 2147483647")]
    TooLarge,
    /// The whole number needs more than the 24 bits of an `f32`.
    #[error("lies between two floats")]
    Rounded,
}

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

/// The nearest `f32` of each count, ties to even.
#[must_use]
pub fn floats(counts: &[i32]) -> Vec<f32> {
    fast::floats(counts)
}

/// The `f32` that is each count.
///
/// # Errors
///
/// [`Lossy`] with [`Reason::Rounded`] for the first count that no `f32` is. The
/// smallest such magnitude is 2^24 + 1.
pub fn exact_floats(counts: &[i32]) -> Result<Vec<f32>, Lossy> {
    fast::exact_floats(counts)
}

/// The same without SIMD instructions: the same bits, for every input.
pub mod scalar {
    use super::{END, Lossy, Reason};

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

    /// [`floats`](super::floats), one count at a time.
    #[must_use]
    pub fn floats(counts: &[i32]) -> Vec<f32> {
        counts.iter().map(|&count| count as f32).collect()
    }

    /// [`exact_floats`](super::exact_floats), one count at a time.
    ///
    /// # Errors
    ///
    /// The same.
    pub fn exact_floats(counts: &[i32]) -> Result<Vec<f32>, Lossy> {
        each(counts, exact)
    }

    /// Comparisons with NaN are false, so NaN has a question of its own.
    pub(super) fn whole(reading: f32) -> Result<i32, Reason> {
        if reading.is_nan() {
            Err(Reason::NotANumber)
        } else if reading < -END {
            Err(Reason::TooSmall)
        } else if reading >= END {
            Err(Reason::TooLarge)
        } else {
            Ok(reading as i32)
        }
    }

    pub(super) fn nearest(reading: f32) -> i32 {
        if reading < END {
            reading.round() as i32
        } else {
            i32::MIN
        }
    }

    /// Compared as `f64`, which holds both. As `i32` they would be equal for
    /// `i32::MAX`: its float is one more, and saturates back to it.
    pub(super) fn exact(count: i32) -> Result<f32, Reason> {
        let float = count as f32;
        if f64::from(float) == f64::from(count) {
            Ok(float)
        } else {
            Err(Reason::Rounded)
        }
    }

    fn each<A: Copy, B>(
        values: &[A],
        convert: impl Fn(A) -> Result<B, Reason>,
    ) -> Result<Vec<B>, Lossy> {
        let convert = |(index, &value)| convert(value).map_err(|reason| Lossy { index, reason });
        values.iter().enumerate().map(convert).collect()
    }
}

/// Four values at a time. Only these functions use SIMD (`#[target_feature]`), so
/// the rest of the crate needs no compiler flags.
#[cfg(target_arch = "wasm32")]
mod simd {
    use super::scalar::{self, exact, nearest, whole};
    use super::{END, Lossy};
    use core::arch::wasm32::{
        f32x4_add, f32x4_convert_i32x4, f32x4_ge, f32x4_lt, f32x4_splat, i32x4_all_true, i32x4_eq,
        i32x4_splat, i32x4_trunc_sat_f32x4, v128, v128_and, v128_bitselect, v128_load, v128_or,
        v128_store,
    };

    /// Most slices have nothing to refuse. In one that has, the scalar path finds it.
    #[target_feature(enable = "simd128")]
    pub fn checked(readings: &[f32]) -> Result<Vec<i32>, Lossy> {
        let inside = |lanes| {
            let from_start = f32x4_ge(lanes, f32x4_splat(-END));
            v128_and(from_start, f32x4_lt(lanes, f32x4_splat(END)))
        };
        if all(readings, inside, |reading| whole(reading).is_ok()) {
            Ok(saturating(readings))
        } else {
            scalar::checked(readings)
        }
    }

    #[target_feature(enable = "simd128")]
    pub fn saturating(readings: &[f32]) -> Vec<i32> {
        map(
            readings,
            |lanes| i32x4_trunc_sat_f32x4(lanes),
            |one| one as i32,
        )
    }

    #[target_feature(enable = "simd128")]
    pub fn x86_round(readings: &[f32]) -> Vec<i32> {
        let convert = |lanes| {
            let sign = v128_and(lanes, f32x4_splat(-0.0));
            let half = v128_or(f32x4_splat(0.5), sign);
            let rounded = i32x4_trunc_sat_f32x4(f32x4_add(lanes, half));
            let below_end = f32x4_lt(lanes, f32x4_splat(END));
            v128_bitselect(rounded, i32x4_splat(i32::MIN), below_end)
        };
        map(readings, convert, nearest)
    }

    #[target_feature(enable = "simd128")]
    pub fn floats(counts: &[i32]) -> Vec<f32> {
        map(counts, |lanes| f32x4_convert_i32x4(lanes), |one| one as f32)
    }

    /// There and back is the same, and the float was not `END`, where back saturates.
    #[target_feature(enable = "simd128")]
    pub fn exact_floats(counts: &[i32]) -> Result<Vec<f32>, Lossy> {
        let unchanged = |lanes| {
            let floats = f32x4_convert_i32x4(lanes);
            let back = i32x4_eq(i32x4_trunc_sat_f32x4(floats), lanes);
            v128_and(back, f32x4_lt(floats, f32x4_splat(END)))
        };
        if all(counts, unchanged, |count| exact(count).is_ok()) {
            Ok(floats(counts))
        } else {
            scalar::exact_floats(counts)
        }
    }

    /// What a lane holds. Four are 16 bytes, and all bits are some value.
    trait Lane: Copy + Default {}
    impl Lane for f32 {}
    impl Lane for i32 {}

    /// Converts four at a time, and what does not fill a vector one by one.
    #[target_feature(enable = "simd128")]
    fn map<A: Lane, B: Lane>(
        values: &[A],
        four: impl Fn(v128) -> v128,
        one: impl Fn(A) -> B,
    ) -> Vec<B> {
        let mut converted = vec![B::default(); values.len()];
        let (quads, tail) = values.as_chunks();
        let (quads_out, tail_out) = converted.as_chunks_mut();
        for (quad, out) in quads.iter().zip(quads_out) {
            store(out, four(load(quad)));
        }
        for (&value, out) in tail.iter().zip(tail_out) {
            *out = one(value);
        }
        converted
    }

    /// Whether `four` sets every lane and `one` answers yes for the rest.
    #[target_feature(enable = "simd128")]
    fn all<A: Lane>(values: &[A], four: impl Fn(v128) -> v128, one: impl Fn(A) -> bool) -> bool {
        let (quads, tail) = values.as_chunks();
        quads.iter().all(|quad| i32x4_all_true(four(load(quad))))
            && tail.iter().all(|&value| one(value))
    }

    #[inline]
    #[target_feature(enable = "simd128")]
    fn load<A: Lane>(quad: &[A; 4]) -> v128 {
        // SAFETY: the reference is valid for the 16 bytes read (a `Lane` has
        // four), and wasm loads need no alignment.
        unsafe { v128_load(quad.as_ptr().cast()) }
    }

    #[inline]
    #[target_feature(enable = "simd128")]
    fn store<B: Lane>(quad: &mut [B; 4], lanes: v128) {
        // SAFETY: the reference is valid for the 16 bytes written (a `Lane` has
        // four, and all bits are a value of it), and wasm stores need no alignment.
        unsafe { v128_store(quad.as_mut_ptr().cast(), lanes) }
    }
}
