//! Sums that do not depend on how they were cut into lanes.
//!
//! A SIMD sum adds the same numbers in another order, and floating-point
//! addition is not associative: four lanes of `f32` answer differently from
//! one, and neither answer is the sum. Here the result is *correctly rounded*:
//! it is the `f32` nearest to the exact sum of the inputs (ties to even), as if
//! the whole sum had been one operation. Two correctly rounded answers are the
//! same answer, so lanes, order, block size and engine no longer matter.
//!
//! 1. `simd` and `scalar` add a block in `f64` lanes and measure its size.
//! 2. `estimate` joins the blocks, bounds the error, and accepts the result
//!    only if the whole error interval rounds to one `f32`. Most data end here.
//! 3. `exact` adds without any rounding. It is slower, always right, and also
//!    knows infinities and NaN.
//!
//! Sources: Knuth, TAOCP vol. 2, 4.2.2 (two-sum); Ogita, Rump and Oishi,
//! "Accurate sum and dot product", SIAM J. Sci. Comput. 26 (2005); Neal, "Fast
//! exact summation using small and large superaccumulators", arXiv:1505.05571.

#[doc(inline)]
pub use contract::*;

mod compensated;
mod estimate;
mod exact;
mod scalar;
#[cfg(target_arch = "wasm32")]
mod simd;
mod variance;

use estimate::{BLOCK, Block, Estimate};
use exact::Exact;
#[cfg(not(target_arch = "wasm32"))]
use scalar as simd;
pub use variance::variance;

/// The sum of `values`, correctly rounded to `f32`.
///
/// Intermediate results cannot overflow or underflow. NaN, or infinities of
/// both signs, give NaN; infinities of one sign give that infinity. An empty
/// sum is 0.0, and so is every sum whose exact value is zero.
#[must_use]
#[allow(
    clippy::redundant_closure,
    reason = "on wasm the callee has a target feature, and only a closure can be passed"
)]
pub fn sum(values: &[f32]) -> f32 {
    sum_with(values, |block| simd::sum_block(block))
}

/// [`sum`] without SIMD instructions: the same bits, for every input.
#[must_use]
pub fn sum_scalar(values: &[f32]) -> f32 {
    sum_with(values, scalar::sum_block)
}

/// The dot product of `left` and `right`, correctly rounded to `f32`.
///
/// Products are exact, also where they would overflow or underflow in `f32`.
/// The rules for infinities, NaN and zero are those of [`sum`] over the products.
///
/// # Errors
///
/// [`LengthMismatch`] if the slices differ in length: the rest is never ignored.
#[allow(
    clippy::redundant_closure,
    reason = "on wasm the callee has a target feature, and only a closure can be passed"
)]
pub fn dot(left: &[f32], right: &[f32]) -> Result<f32, LengthMismatch> {
    dot_with(left, right, |left, right| simd::dot_block(left, right))
}

/// [`dot`] without SIMD instructions: the same bits, for every input.
///
/// # Errors
///
/// [`LengthMismatch`], as [`dot`].
pub fn dot_scalar(left: &[f32], right: &[f32]) -> Result<f32, LengthMismatch> {
    dot_with(left, right, scalar::dot_block)
}

fn sum_with(values: &[f32], sum_block: impl Fn(&[f32]) -> Block) -> f32 {
    let blocks = values.chunks(BLOCK).map(sum_block);
    Estimate::of(blocks)
        .rounded()
        .unwrap_or_else(|| Exact::sum(values).rounded())
}

fn dot_with(
    left: &[f32],
    right: &[f32],
    dot_block: impl Fn(&[f32], &[f32]) -> Block,
) -> Result<f32, LengthMismatch> {
    LengthMismatch::check(left, right)?;
    let pairs = left.chunks(BLOCK).zip(right.chunks(BLOCK));
    let blocks = pairs.map(|(left, right)| dot_block(left, right));
    Ok(Estimate::of(blocks)
        .rounded()
        .unwrap_or_else(|| Exact::dot(left, right).rounded()))
}
