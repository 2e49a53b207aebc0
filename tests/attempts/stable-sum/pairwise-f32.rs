//! Totals for a dashboard of sensor readings, added in halves of halves.

#[doc(inline)]
pub use contract::*;

/// The sum of `values`.
#[must_use]
pub fn sum(values: &[f32]) -> f32 {
    #[cfg(target_arch = "wasm32")]
    return pairwise(values, |run| simd::sum(run));
    #[cfg(not(target_arch = "wasm32"))]
    return sum_scalar(values);
}

/// [`sum`] without SIMD instructions.
#[must_use]
pub fn sum_scalar(values: &[f32]) -> f32 {
    pairwise(values, |run| run.iter().sum())
}

/// Splits down to short runs: the error then grows with the logarithm of n.
fn pairwise(values: &[f32], add_run: fn(&[f32]) -> f32) -> f32 {
    if values.len() <= 64 {
        return add_run(values);
    }
    let (left, right) = values.split_at(values.len() / 2);
    pairwise(left, add_run) + pairwise(right, add_run)
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
