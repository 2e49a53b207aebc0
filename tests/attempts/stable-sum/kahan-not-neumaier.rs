//! Totals for a dashboard of sensor readings: Kahan's algorithm, in `f64`.

#[doc(inline)]
pub use contract::*;

/// The sum of `values`.
#[must_use]
pub fn sum(values: &[f32]) -> f32 {
    #[cfg(target_arch = "wasm32")]
    return finite_or(simd::sum(values), values);
    #[cfg(not(target_arch = "wasm32"))]
    return sum_scalar(values);
}

/// [`sum`] without SIMD instructions.
#[must_use]
pub fn sum_scalar(values: &[f32]) -> f32 {
    let mut sum = Kahan::default();
    values.iter().for_each(|&x| sum.add(f64::from(x)));
    finite_or(sum.value(), values)
}

/// The dot product of `left` and `right`.
///
/// # Errors
///
/// [`LengthMismatch`] if the slices differ in length.
pub fn dot(left: &[f32], right: &[f32]) -> Result<f32, LengthMismatch> {
    dot_scalar(left, right)
}

/// [`dot`] without SIMD instructions.
///
/// # Errors
///
/// [`LengthMismatch`] if the slices differ in length.
pub fn dot_scalar(left: &[f32], right: &[f32]) -> Result<f32, LengthMismatch> {
    LengthMismatch::check(left, right)?;
    let products = || (left.iter().zip(right)).map(|(&a, &b)| f64::from(a) * f64::from(b));
    let mut sum = Kahan::default();
    products().for_each(|product| sum.add(product));
    let sum = sum.value();
    // Infinity minus infinity in the correction: IEEE's answer is the plain sum's.
    Ok(if sum.is_nan() {
        products().sum::<f64>()
    } else {
        sum
    } as f32)
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

/// Infinity minus infinity in the correction: IEEE's answer is the plain sum's.
fn finite_or(sum: f64, values: &[f32]) -> f32 {
    if sum.is_nan() {
        values.iter().map(|&x| f64::from(x)).sum::<f64>() as f32
    } else {
        sum as f32
    }
}

/// A running sum and what its last addition rounded away (Kahan 1965).
#[derive(Default)]
struct Kahan {
    sum: f64,
    lost: f64,
}

impl Kahan {
    fn add(&mut self, term: f64) {
        let term = term - self.lost;
        let sum = self.sum + term;
        self.lost = (sum - self.sum) - term;
        self.sum = sum;
    }

    fn value(self) -> f64 {
        self.sum - self.lost
    }
}

#[cfg(target_arch = "wasm32")]
mod simd {
    use core::arch::wasm32::{
        f64x2_add, f64x2_extract_lane, f64x2_promote_low_f32x4, f64x2_splat, f64x2_sub,
        v128_load64_zero,
    };

    use super::Kahan;

    /// Kahan's algorithm in two lanes.
    #[target_feature(enable = "simd128")]
    pub fn sum(values: &[f32]) -> f64 {
        let (pairs, tail) = values.as_chunks::<2>();
        let mut sums = f64x2_splat(0.0);
        let mut lost = f64x2_splat(0.0);
        for pair in pairs {
            // SAFETY: the reference is valid for the 8 bytes read, and wasm
            // loads need no alignment.
            let term = f64x2_promote_low_f32x4(unsafe { v128_load64_zero(pair.as_ptr().cast()) });
            let term = f64x2_sub(term, lost);
            let next = f64x2_add(sums, term);
            lost = f64x2_sub(f64x2_sub(next, sums), term);
            sums = next;
        }
        let mut total = Kahan::default();
        total.add(f64x2_extract_lane::<0>(sums));
        total.add(f64x2_extract_lane::<1>(sums));
        total.add(-f64x2_extract_lane::<0>(lost));
        total.add(-f64x2_extract_lane::<1>(lost));
        tail.iter().for_each(|&x| total.add(f64::from(x)));
        total.value()
    }
}
