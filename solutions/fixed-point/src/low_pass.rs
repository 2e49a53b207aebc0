//! A filter in binary fixed point: the same bits wherever it runs.

use super::Micros;
use fixed::types::{I32F32, I64F64};

/// A filter's share is not a number from 0 to 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a low-pass filter takes a share from 0 to 1 of each sample")]
pub struct InvalidShare;

/// A one-pole low-pass filter, also known as exponential smoothing.
///
/// Each output is the weighted mean `share * sample + (1 - share) * last output`,
/// computed exactly and then rounded once, to the nearest multiple of 2^-32, ties to
/// even. Integers have no other way to do that, so every machine answers the same
/// bits. The output before the first sample is 0.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LowPass {
    share: I32F32,
    state: I32F32,
}

impl LowPass {
    /// A filter that moves by `share` of the way to each sample. The share is rounded
    /// to the nearest multiple of 2^-32.
    ///
    /// # Errors
    ///
    /// [`InvalidShare`] if `share` is below 0 or above 1.
    pub fn new(share: Micros) -> Result<Self, InvalidShare> {
        let share = share.to_binary().map_err(|_| InvalidShare)?;
        if !(I32F32::ZERO..=I32F32::ONE).contains(&share) {
            return Err(InvalidShare);
        }
        Ok(Self {
            share,
            state: I32F32::ZERO,
        })
    }

    /// Takes a sample and answers the next output.
    pub fn smooth(&mut self, sample: I32F32) -> I32F32 {
        // `wide_mul` keeps all 64 places. A mean lies between its two numbers, so it
        // fits where they do. Their difference may not: it has 33 bits before the point.
        let rest = I32F32::ONE - self.share;
        let mean = self.share.wide_mul(sample) + rest.wide_mul(self.state);
        self.state = nearest(mean);
        self.state
    }
}

/// Rounds to 32 places, ties to even. The value lies in the range of `I32F32`.
fn nearest(value: I64F64) -> I32F32 {
    let units = (value << I32F32::FRAC_NBITS).round_ties_even();
    I32F32::from_bits(units.to_num())
}
