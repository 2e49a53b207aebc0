//! The block kernels with 128-bit SIMD.
//!
//! Only these functions use it (`#[target_feature]`), so the rest of the crate
//! needs no compiler flags. All browsers have had it since Safari 16.4 (2023).

use core::arch::wasm32::{
    f32x4_add, f32x4_extract_lane, f32x4_splat, f64x2_abs, f64x2_add, f64x2_extract_lane,
    f64x2_mul, f64x2_promote_low_f32x4, f64x2_splat, u32x4_splat, v128, v128_and, v128_load,
    v128_load64_zero,
};

use crate::estimate::Block;

/// Adds a block of at most [`BLOCK`](crate::estimate::BLOCK) values.
///
/// It reads the four quarters of the block side by side. In a full block each is
/// as long as a page of memory, and processors fetch ahead page by page: from
/// four at once, more is under way while the lanes are busy. (Blom, Rietveld and
/// van Nieuwpoort, "Multi-strided access patterns to boost hardware prefetching",
/// ICPE 2025.)
#[target_feature(enable = "simd128")]
pub fn sum_block(values: &[f32]) -> Block {
    let (quads, _) = values.as_chunks::<4>();
    let quarter = quads.len() / 4;
    let (first, rest) = quads.split_at(quarter);
    let (second, rest) = rest.split_at(quarter);
    let (third, fourth) = rest.split_at(quarter);
    let tail = &values[16 * quarter..];

    let mut sums = [[f64x2_splat(0.0); 2]; 4];
    let mut magnitudes = [f32x4_splat(0.0); 4];
    // What `f32x4_abs` does, with one mask for all: in WebKitGTK 2.50 it makes
    // data in the cache add a quarter faster, and elsewhere it costs nothing.
    let without_sign = u32x4_splat(i32::MAX as u32);
    for (((a, b), c), d) in first.iter().zip(second).zip(third).zip(fourth) {
        for (lane, quad) in [a, b, c, d].into_iter().enumerate() {
            for (sum, pair) in sums[lane].iter_mut().zip(quad.as_chunks().0) {
                *sum = f64x2_add(*sum, load_f64x2(pair));
            }
            let magnitude = v128_and(load_f32x4(quad), without_sign);
            magnitudes[lane] = f32x4_add(magnitudes[lane], magnitude);
        }
    }
    let mut block = Block {
        sum: sums
            .as_flattened()
            .iter()
            .map(|&pair| add_f64x2(pair))
            .sum(),
        magnitude: magnitudes.into_iter().map(|quad| add_f32x4(quad)).sum(),
    };
    for &value in tail {
        block.sum += f64::from(value);
        block.magnitude += f64::from(value.abs());
    }
    block
}

/// Adds the products of two blocks of one length. In `f64` they are exact.
#[target_feature(enable = "simd128")]
pub fn dot_block(left: &[f32], right: &[f32]) -> Block {
    let (left_groups, left_tail) = left.as_chunks::<8>();
    let (right_groups, right_tail) = right.as_chunks::<8>();
    let mut sums = [f64x2_splat(0.0); 4];
    let mut magnitudes = [f64x2_splat(0.0); 4];
    for (left, right) in left_groups.iter().zip(right_groups) {
        let pairs = left.as_chunks().0.iter().zip(right.as_chunks().0);
        for (lane, (a, b)) in pairs.enumerate() {
            let product = f64x2_mul(load_f64x2(a), load_f64x2(b));
            sums[lane] = f64x2_add(sums[lane], product);
            magnitudes[lane] = f64x2_add(magnitudes[lane], f64x2_abs(product));
        }
    }
    let mut block = Block {
        sum: sums.into_iter().map(|pair| add_f64x2(pair)).sum(),
        magnitude: magnitudes.into_iter().map(|pair| add_f64x2(pair)).sum(),
    };
    for (&a, &b) in left_tail.iter().zip(right_tail) {
        let product = f64::from(a) * f64::from(b);
        block.sum += product;
        block.magnitude += product.abs();
    }
    block
}

/// Two neighbours, widened. Engines do both in one instruction, which is why
/// it beats loading four and shuffling.
#[inline]
#[target_feature(enable = "simd128")]
fn load_f64x2(pair: &[f32; 2]) -> v128 {
    // SAFETY: the reference is valid for the 8 bytes read, and wasm loads need
    // no alignment.
    f64x2_promote_low_f32x4(unsafe { v128_load64_zero(pair.as_ptr().cast()) })
}

#[inline]
#[target_feature(enable = "simd128")]
fn load_f32x4(quad: &[f32; 4]) -> v128 {
    // SAFETY: the reference is valid for the 16 bytes read, and wasm loads need
    // no alignment.
    unsafe { v128_load(quad.as_ptr().cast()) }
}

#[inline]
#[target_feature(enable = "simd128")]
fn add_f64x2(pair: v128) -> f64 {
    f64x2_extract_lane::<0>(pair) + f64x2_extract_lane::<1>(pair)
}

#[inline]
#[target_feature(enable = "simd128")]
fn add_f32x4(quad: v128) -> f64 {
    f64::from(f32x4_extract_lane::<0>(quad))
        + f64::from(f32x4_extract_lane::<1>(quad))
        + f64::from(f32x4_extract_lane::<2>(quad))
        + f64::from(f32x4_extract_lane::<3>(quad))
}
