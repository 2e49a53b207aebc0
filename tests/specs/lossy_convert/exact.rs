//! The judge: conversions worked out on the bits of a float, in whole numbers
//! that never round. It knows nothing of `as`, of SIMD or of the engine.

use std::cmp::Ordering;

/// Why no `i32` stands for a float.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outside {
    NotANumber,
    TooSmall,
    TooLarge,
}

/// The whole number next to `float` on the way to zero.
pub fn truncated(float: f32) -> Result<i32, Outside> {
    whole(float, |_, _| false)
}

/// The whole number nearest to `float`; of two equally near, the even one.
pub fn nearest(float: f32) -> Result<i32, Outside> {
    whole(float, |below, rest| match rest {
        Ordering::Less => false,
        Ordering::Equal => below % 2 == 1,
        Ordering::Greater => true,
    })
}

/// The magnitude is cut to a whole number, and one more if `away` says so, which
/// gets that number and how the rest compares with a half.
fn whole(float: f32, away: impl Fn(u64, Ordering) -> bool) -> Result<i32, Outside> {
    let bits = float.to_bits();
    let biased = (bits >> 23 & 0xff) as i32;
    let fraction = u64::from(bits & 0x7f_ffff);
    let negative = bits >> 31 == 1;
    if biased == 0xff && fraction != 0 {
        return Err(Outside::NotANumber);
    }
    // The magnitude is significand * 2^exponent. An infinity looks like 2^128.
    let (significand, exponent) = match biased {
        0 => (fraction, -149),
        _ => (fraction | 1 << 23, biased - 150),
    };
    let outside = if negative {
        Outside::TooSmall
    } else {
        Outside::TooLarge
    };
    let magnitude = match exponent {
        0..=16 => significand << exponent,
        17.. => return Err(outside), // 2^40 or more
        _ => {
            let shift = exponent.unsigned_abs().min(32); // the significand has 24 bits
            let below = significand >> shift;
            let rest = significand & ((1 << shift) - 1);
            below + u64::from(away(below, rest.cmp(&(1 << (shift - 1)))))
        }
    };
    let value = if negative {
        -(magnitude as i64)
    } else {
        magnitude as i64
    };
    i32::try_from(value).map_err(|_| outside)
}

/// The `f32` nearest to `count`; of two equally near, the one with an even
/// significand.
pub fn float(count: i32) -> f32 {
    let magnitude = u64::from(count.unsigned_abs());
    if magnitude == 0 {
        return 0.0;
    }
    let length = u64::BITS - magnitude.leading_zeros();
    let dropped = length.saturating_sub(24);
    let kept = magnitude >> dropped;
    let rest = magnitude - (kept << dropped);
    // Twice the rest, as half of what was dropped need not be whole.
    let up = match (2 * rest).cmp(&(1 << dropped)) {
        Ordering::Less => 0,
        Ordering::Equal => kept % 2,
        Ordering::Greater => 1,
    };
    let significand = (kept + up) << (24 - length.min(24));
    // The significand's first bit adds one to the exponent, a carry adds another.
    let bits = (u64::from(length + 125) << 23) + significand;
    let sign = u32::from(count < 0) << 31;
    f32::from_bits(bits as u32 | sign)
}

/// Whether some `f32` is `count`: its bits from the first one to the last one are
/// 24 at most.
pub fn is_exact(count: i32) -> bool {
    let magnitude = count.unsigned_abs();
    magnitude == 0 || u32::BITS - magnitude.leading_zeros() - magnitude.trailing_zeros() <= 24
}
