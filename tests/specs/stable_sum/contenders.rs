//! Seven ways to add, for the picture and the benchmark. None of them is judged.

use core::arch::wasm32::{
    f32x4_add, f32x4_extract_lane, f32x4_splat, f64x2_add, f64x2_extract_lane,
    f64x2_promote_low_f32x4, f64x2_splat, v128_load, v128_load64_zero,
};

use crate::zone;

/// Adds a slice.
pub type Sum = fn(&[f32]) -> f32;

/// Name and function; the last is the `sum` of the variant under test.
pub const CONTENDERS: [(&str, Sum); 7] = [
    ("naive", naive),
    ("naive SIMD", |values| naive_simd(values)),
    ("pairwise", pairwise),
    ("Kahan", kahan),
    ("Neumaier", neumaier),
    ("f64 lanes", |values| f64_lanes(values)),
    ("sum()", zone::sum),
];

/// One accumulator, one element at a time.
fn naive(values: &[f32]) -> f32 {
    let mut sum = 0.0;
    for value in values {
        sum += value;
    }
    sum
}

/// Four vectors of four lanes.
#[target_feature(enable = "simd128")]
fn naive_simd(values: &[f32]) -> f32 {
    let (groups, tail) = values.as_chunks::<16>();
    let mut sums = [f32x4_splat(0.0); 4];
    for group in groups {
        for (sum, quad) in sums.iter_mut().zip(group.as_chunks::<4>().0) {
            // SAFETY: the reference is valid for the 16 bytes read, and wasm
            // loads need no alignment.
            *sum = f32x4_add(*sum, unsafe { v128_load(quad.as_ptr().cast()) });
        }
    }
    let quad = f32x4_add(f32x4_add(sums[0], sums[1]), f32x4_add(sums[2], sums[3]));
    f32x4_extract_lane::<0>(quad)
        + f32x4_extract_lane::<1>(quad)
        + f32x4_extract_lane::<2>(quad)
        + f32x4_extract_lane::<3>(quad)
        + naive(tail)
}

/// Halves of halves, down to short runs that are added with SIMD.
fn pairwise(values: &[f32]) -> f32 {
    if values.len() <= 512 {
        return naive_simd(values);
    }
    let (left, right) = values.split_at(values.len() / 2);
    pairwise(left) + pairwise(right)
}

/// Kahan 1965.
fn kahan(values: &[f32]) -> f32 {
    let (mut sum, mut lost) = (0.0, 0.0);
    for value in values {
        let term = value - lost;
        let next = sum + term;
        lost = (next - sum) - term;
        sum = next;
    }
    sum
}

/// Neumaier 1974: right also when the next term is larger than the sum.
fn neumaier(values: &[f32]) -> f32 {
    let (mut sum, mut lost) = (0.0f32, 0.0);
    for &value in values {
        let next = sum + value;
        lost += if sum.abs() >= value.abs() {
            (sum - next) + value
        } else {
            (value - next) + sum
        };
        sum = next;
    }
    sum + lost
}

/// Eight vectors of two `f64` lanes, rounded once at the end.
#[target_feature(enable = "simd128")]
fn f64_lanes(values: &[f32]) -> f32 {
    let (groups, tail) = values.as_chunks::<16>();
    let mut sums = [f64x2_splat(0.0); 8];
    for group in groups {
        for (sum, pair) in sums.iter_mut().zip(group.as_chunks::<2>().0) {
            // SAFETY: the reference is valid for the 8 bytes read, and wasm
            // loads need no alignment.
            let pair = unsafe { v128_load64_zero(pair.as_ptr().cast()) };
            *sum = f64x2_add(*sum, f64x2_promote_low_f32x4(pair));
        }
    }
    let mut total: f64 = tail.iter().map(|&value| f64::from(value)).sum();
    for sum in sums {
        total += f64x2_extract_lane::<0>(sum) + f64x2_extract_lane::<1>(sum);
    }
    total as f32
}
