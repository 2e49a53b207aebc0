//! Totals for a dashboard of sensor readings, with the compensation as printed.

#[doc(inline)]
pub use contract::*;

/// The sum of `values`.
#[must_use]
pub fn sum(values: &[f32]) -> f32 {
    #[cfg(target_arch = "wasm32")]
    return simd::sum(values);
    #[cfg(not(target_arch = "wasm32"))]
    return sum_scalar(values);
}

/// [`sum`] without SIMD instructions.
#[must_use]
pub fn sum_scalar(values: &[f32]) -> f32 {
    let (mut sum, mut lost) = (0.0, 0.0);
    for &value in values {
        lost += compensated_sum(sum, value);
        sum += value;
    }
    sum + lost
}

/// What the addition of `x` and `y` rounds away.
fn compensated_sum(x: f32, y: f32) -> f32 {
    (x + y) - (y + x)
}

/// The dot product of `left` and `right`.
///
/// # Errors
///
/// [`LengthMismatch`] if the slices differ in length.
pub fn dot(left: &[f32], right: &[f32]) -> Result<f32, LengthMismatch> {
    Ok(sum(&products(left, right)?))
}

/// [`dot`] without SIMD instructions.
///
/// # Errors
///
/// [`LengthMismatch`] if the slices differ in length.
pub fn dot_scalar(left: &[f32], right: &[f32]) -> Result<f32, LengthMismatch> {
    Ok(sum_scalar(&products(left, right)?))
}

/// The sample variance (divided by `n - 1`) of `values`, in two passes.
#[must_use]
pub fn variance(values: &[f64]) -> f64 {
    let n = values.len() as f64;
    let mean = values.iter().sum::<f64>() / n;
    if !mean.is_finite() {
        return f64::NAN;
    }
    let rest: f64 = values.iter().map(|x| x - mean).sum();
    let squares: f64 = values.iter().map(|x| (x - mean) * (x - mean)).sum();
    (squares - rest * rest / n).max(0.0) / (n - 1.0)
}

fn products(left: &[f32], right: &[f32]) -> Result<Vec<f32>, LengthMismatch> {
    LengthMismatch::check(left, right)?;
    Ok(left.iter().zip(right).map(|(a, b)| a * b).collect())
}

#[cfg(target_arch = "wasm32")]
mod simd {
    use core::arch::wasm32::{f32x4_add, f32x4_extract_lane, f32x4_splat, f32x4_sub, v128_load};

    /// Four running sums side by side, each with its compensation.
    #[target_feature(enable = "simd128")]
    pub fn sum(values: &[f32]) -> f32 {
        let (quads, tail) = values.as_chunks::<4>();
        let mut sums = f32x4_splat(0.0);
        let mut lost = f32x4_splat(0.0);
        for quad in quads {
            // SAFETY: the reference is valid for the 16 bytes read, and wasm
            // loads need no alignment.
            let x = unsafe { v128_load(quad.as_ptr().cast()) };
            let error = f32x4_sub(f32x4_add(sums, x), f32x4_add(x, sums));
            lost = f32x4_add(lost, error);
            sums = f32x4_add(sums, x);
        }
        let sums = f32x4_add(sums, lost);
        let body = f32x4_extract_lane::<0>(sums)
            + f32x4_extract_lane::<1>(sums)
            + f32x4_extract_lane::<2>(sums)
            + f32x4_extract_lane::<3>(sums);
        tail.iter().fold(body, |sum, x| sum + x)
    }
}
