//! The block kernels in plain Rust: for targets without SIMD, and to check
//! that with it the bits are the same.

use crate::estimate::Block;

/// Independent accumulators, so that one addition need not wait for the last.
const LANES: usize = 16;

/// Adds a block of at most [`BLOCK`](crate::estimate::BLOCK) values.
pub fn sum_block(values: &[f32]) -> Block {
    let (groups, tail) = values.as_chunks::<LANES>();
    let mut sums = [0.0; LANES];
    let mut magnitudes = [0.0; LANES];
    for group in groups {
        for lane in 0..LANES {
            sums[lane] += f64::from(group[lane]);
            magnitudes[lane] += group[lane].abs();
        }
    }
    Block {
        sum: sums
            .into_iter()
            .chain(tail.iter().map(|&x| f64::from(x)))
            .sum(),
        magnitude: magnitudes
            .into_iter()
            .chain(tail.iter().map(|x| x.abs()))
            .map(f64::from)
            .sum(),
    }
}

/// Adds the products of two blocks of one length. In `f64` they are exact.
pub fn dot_block(left: &[f32], right: &[f32]) -> Block {
    let mut sums = [0.0; LANES];
    let mut magnitudes = [0.0; LANES];
    for (left, right) in left.chunks(LANES).zip(right.chunks(LANES)) {
        for (lane, (&a, &b)) in left.iter().zip(right).enumerate() {
            let product = f64::from(a) * f64::from(b);
            sums[lane] += product;
            magnitudes[lane] += product.abs();
        }
    }
    Block {
        sum: sums.into_iter().sum(),
        magnitude: magnitudes.into_iter().sum(),
    }
}
