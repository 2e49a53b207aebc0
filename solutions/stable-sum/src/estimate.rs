//! A fast sum that knows how wrong it may be.

use crate::compensated::Compensated;

/// Elements in a block: long enough to keep the lanes busy, short enough for a
/// small error, and 16 KiB, so that each quarter is as long as a page (see `simd`).
pub const BLOCK: usize = 4096;

/// How far a block's sum may be from the exact one, as a part of its magnitude.
///
/// A block is added in at least eight lanes, so a term passes at most 512
/// additions in its lane and 24 more while lanes and tail are joined. Each is off
/// by at most half an ulp, a part of 2^-53: together at most 536 * 2^-53 of the
/// magnitude. This is 512 * 2^-52, or 2^-43. The difference pays for the magnitude, which
/// is itself a rounded sum, and for the last additions in [`Estimate::rounded`].
const BLOCK_ERROR: f64 = 512.0 * f64::EPSILON;

/// What a kernel says of one block.
#[derive(Debug, Clone, Copy)]
pub struct Block {
    /// The sum of the terms, added in `f64`.
    pub sum: f64,
    /// The sum of their absolute values, to a part of 2^-14 or better.
    pub magnitude: f64,
}

/// The sum of many blocks, with a bound on its error.
#[derive(Debug, Default)]
pub struct Estimate {
    sum: Compensated,
    magnitude: f64,
}

impl Estimate {
    /// Joins blocks. Their sums are joined with compensation, so that the number
    /// of blocks does not enter the bound.
    pub fn of(blocks: impl Iterator<Item = Block>) -> Self {
        blocks.fold(Self::default(), |mut total, block| {
            total.sum.add(block.sum);
            total.magnitude += block.magnitude;
            total
        })
    }

    /// The correctly rounded sum, if the estimate is good enough to tell.
    ///
    /// The exact sum lies between `lower` and `upper`. Rounding is monotonic, so
    /// if both round to one `f32`, the exact sum rounds to it too. The answer is
    /// `None` for sums that nearly cancel, that lie on or beside a tie, or that
    /// hold an infinity or a NaN (no comparison with NaN is true). It is `None` too
    /// where a product of tiny terms may be a zero of either sign.
    pub fn rounded(&self) -> Option<f32> {
        let error = BLOCK_ERROR * self.magnitude;
        let lower = (self.sum.high + (self.sum.low - error)) as f32;
        let upper = (self.sum.high + (self.sum.low + error)) as f32;
        let one = lower == upper && lower.is_sign_negative() == upper.is_sign_negative();
        one.then_some(upper)
    }
}
