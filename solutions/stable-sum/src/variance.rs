//! Variance by the corrected two-pass algorithm (Chan, Golub and LeVeque,
//! "Algorithms for computing the sample variance", 1983).

use crate::compensated::Compensated;

/// The sample variance of `values`: squared deviations from the mean, summed
/// and divided by `n - 1`. Accurate to a few ulps, whatever the mean.
///
/// NaN for fewer than two values, and if any value is infinite or NaN.
/// Intermediate results cannot overflow or underflow; the variance itself may.
#[must_use]
pub fn variance(values: &[f64]) -> f64 {
    let largest = values.iter().fold(0.0, |largest, x| x.abs().max(largest));
    if values.len() < 2 || !values.iter().all(|x| x.is_finite()) {
        return f64::NAN;
    }
    // A power of two brings the largest value near 1, so that squares are safe.
    // It rounds nothing but what is too small to matter beside the largest.
    let scale = power_of_two_near_inverse(largest);
    let scaled = || values.iter().map(|x| x * scale);

    let n = values.len() as f64;
    let rough_mean = scaled().collect::<Compensated>().value() / n;
    let deviation = |x: f64| x - rough_mean;
    let mean = rough_mean + scaled().map(deviation).collect::<Compensated>().value() / n;

    let rest: Compensated = scaled().map(|x| x - mean).collect();
    let squares: Compensated = scaled().map(|x| (x - mean) * (x - mean)).collect();
    // `mean` is rounded; the second term takes out what that adds.
    let squares = squares.value() - rest.value() * rest.value() / n;
    squares.max(0.0) / (n - 1.0) / scale / scale
}

/// A power of two, within a factor of four of `1 / largest` where that exists.
fn power_of_two_near_inverse(largest: f64) -> f64 {
    const FRACTION_BITS: u32 = f64::MANTISSA_DIGITS - 1;
    const LARGEST_EXPONENT: u64 = 2 * f64::MAX_EXP as u64 - 2;
    let exponent = largest.to_bits() >> FRACTION_BITS;
    let inverse = (LARGEST_EXPONENT - exponent).max(1);
    f64::from_bits(inverse << FRACTION_BITS)
}
