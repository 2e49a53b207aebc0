//! What is given in `lossy-convert`: the error, and the way through a slice.

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

/// Converts values one by one, up to the first that has no answer.
///
/// # Errors
///
/// [`Lossy`] with the index of that value, and with the reason that `convert` gave.
pub fn each<A: Copy, B>(
    values: &[A],
    convert: impl Fn(A) -> Result<B, Reason>,
) -> Result<Vec<B>, Lossy> {
    let convert = |(index, &value)| convert(value).map_err(|reason| Lossy { index, reason });
    values.iter().enumerate().map(convert).collect()
}

#[cfg(target_arch = "wasm32")]
pub use quads::{load, map};

/// Four values side by side. Only these functions use SIMD (`#[target_feature]`), so
/// the rest of the crate needs no compiler flags.
#[cfg(target_arch = "wasm32")]
mod quads {
    use core::arch::wasm32::{v128, v128_load, v128_store};

    /// Converts readings four at a time with `four`, and those that are left over,
    /// which fill no vector, one by one with `one`.
    #[target_feature(enable = "simd128")]
    pub fn map(
        readings: &[f32],
        four: impl Fn(v128) -> v128,
        one: impl Fn(f32) -> i32,
    ) -> Vec<i32> {
        let mut counts = vec![0; readings.len()];
        let (quads, tail) = readings.as_chunks::<4>();
        let (quads_out, tail_out) = counts.as_chunks_mut::<4>();
        for (quad, out) in quads.iter().zip(quads_out) {
            store(out, four(load(quad)));
        }
        for (&reading, out) in tail.iter().zip(tail_out) {
            *out = one(reading);
        }
        counts
    }

    /// Four readings as the lanes of a vector.
    #[inline]
    #[must_use]
    #[target_feature(enable = "simd128")]
    pub fn load(quad: &[f32; 4]) -> v128 {
        // SAFETY: the reference is valid for the 16 bytes read, and wasm loads need
        // no alignment.
        unsafe { v128_load(quad.as_ptr().cast()) }
    }

    #[inline]
    #[target_feature(enable = "simd128")]
    fn store(quad: &mut [i32; 4], lanes: v128) {
        // SAFETY: the reference is valid for the 16 bytes written, any bits are an
        // `i32`, and wasm stores need no alignment.
        unsafe { v128_store(quad.as_mut_ptr().cast(), lanes) }
    }
}
