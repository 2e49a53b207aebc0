//! Totals for a dashboard of sensor readings, four lanes at a time.
//!
//! A slice may have any length and stand anywhere in memory; nothing beside it is read.

#[doc(inline)]
pub use contract::*;

/// The sum of `values`: the `f32` nearest to the exact sum. (Where that lies within
/// a sixth of an ulp, the distance to the next `f32`, of the middle between two, either will do.)
///
/// Partial sums may leave the range of `f32`; a sum beyond it is infinite. NaN, or
/// infinities of both signs, give NaN; infinities of one sign give that infinity. A sum of
/// zero is a zero of either sign, and so is an empty one.
#[must_use]
pub fn sum(values: &[f32]) -> f32 {
    #[cfg(target_arch = "wasm32")]
    return simd::sum(values);
    #[cfg(not(target_arch = "wasm32"))]
    return sum_scalar(values);
}

/// [`sum`] without SIMD instructions: the same bits, unless it is zero or NaN.
#[must_use]
pub fn sum_scalar(values: &[f32]) -> f32 {
    values.iter().sum()
}

/// The dot product of `left` and `right`: [`sum`] of the exact products, which need
/// not be in the range of `f32`.
///
/// # Errors
///
/// [`LengthMismatch`] if the slices differ in length.
pub fn dot(left: &[f32], right: &[f32]) -> Result<f32, LengthMismatch> {
    Ok(sum(&products(left, right)?))
}

/// [`dot`] without SIMD instructions: the same bits, unless it is zero or NaN.
///
/// # Errors
///
/// [`LengthMismatch`] if the slices differ in length.
pub fn dot_scalar(left: &[f32], right: &[f32]) -> Result<f32, LengthMismatch> {
    Ok(sum_scalar(&products(left, right)?))
}

/// The sample variance (divided by `n - 1`) of `values`, to twelve digits.
///
/// It is never below zero; of equal values it is at most 1e-28 of their square. NaN for
/// fewer than two values, and if one of them is infinite or NaN.
#[must_use]
pub fn variance(values: &[f64]) -> f64 {
    let n = values.len() as f64;
    let sum: f64 = values.iter().sum();
    let squares: f64 = values.iter().map(|x| x * x).sum();
    (squares - sum * sum / n) / (n - 1.0)
}

fn products(left: &[f32], right: &[f32]) -> Result<Vec<f32>, LengthMismatch> {
    LengthMismatch::check(left, right)?;
    Ok(left.iter().zip(right).map(|(a, b)| a * b).collect())
}

#[cfg(target_arch = "wasm32")]
mod simd {
    use core::arch::wasm32::{f32x4_add, f32x4_extract_lane, f32x4_splat, v128_load};

    /// Four running sums side by side, joined at the end.
    #[target_feature(enable = "simd128")]
    pub fn sum(values: &[f32]) -> f32 {
        let (quads, tail) = values.as_chunks::<4>();
        let mut lanes = f32x4_splat(0.0);
        for quad in quads {
            // SAFETY: the reference is valid for the 16 bytes read, and wasm
            // loads need no alignment.
            lanes = f32x4_add(lanes, unsafe { v128_load(quad.as_ptr().cast()) });
        }
        let body = f32x4_extract_lane::<0>(lanes)
            + f32x4_extract_lane::<1>(lanes)
            + f32x4_extract_lane::<2>(lanes)
            + f32x4_extract_lane::<3>(lanes);
        tail.iter().fold(body, |sum, x| sum + x)
    }
}
