//! A sum without rounding: a very long binary number, added digit by digit.
//!
//! Every `f32`, and every product of two, is a small integer times a power of
//! two between 2^-298 and 2^208. [`Exact`] keeps one `i64` for each power and
//! adds the integer to the one where it belongs. That is a number in base two
//! whose digits may be large; [`Exact::settle`] carries until they are 0 or 1.
//! It is Neal's large superaccumulator with the carrying put off.

/// `digits[i]` counts units of `2^(i - SCALE)`.
const SCALE: usize = 300;

/// The digit of the least subnormal `f32`, 2^-149.
const LEAST_F32: usize = SCALE - 149;

/// Products reach up to digit 556; the rest is room for 2^80 of them.
const DIGITS: usize = 640;

/// Terms that may be added between two settlements. A product has 48 bits, so
/// a digit stays below 2^62, and below 2^63 together with a carry.
const TERMS_PER_SETTLEMENT: usize = 1 << 14;

/// Stored bits of an `f32` significand; the leading 1 is not stored.
const FRACTION_BITS: u32 = f32::MANTISSA_DIGITS - 1;

/// The exact sum of finite terms, and the IEEE sum of the others.
pub struct Exact {
    digits: [i64; DIGITS],
    special: f64,
}

impl Exact {
    const ZERO: Self = Self {
        digits: [0; DIGITS],
        special: 0.0,
    };

    /// The exact sum of `values`.
    pub fn sum(values: &[f32]) -> Self {
        let mut sum = Self::ZERO;
        for chunk in values.chunks(TERMS_PER_SETTLEMENT) {
            for &value in chunk {
                match split(value) {
                    Some((integer, power)) => sum.digits[power + SCALE / 2] += integer,
                    None => sum.special += f64::from(value),
                }
            }
            sum.settle();
        }
        sum
    }

    /// The exact sum of the products of `left` and `right`, pair by pair.
    pub fn dot(left: &[f32], right: &[f32]) -> Self {
        let mut sum = Self::ZERO;
        let chunks = left
            .chunks(TERMS_PER_SETTLEMENT)
            .zip(right.chunks(TERMS_PER_SETTLEMENT));
        for (left, right) in chunks {
            for (&a, &b) in left.iter().zip(right) {
                match (split(a), split(b)) {
                    (Some((a, a_power)), Some((b, b_power))) => {
                        sum.digits[a_power + b_power] += a * b;
                    }
                    _ => sum.special += f64::from(a) * f64::from(b),
                }
            }
            sum.settle();
        }
        sum
    }

    /// The nearest `f32`, ties to even.
    pub fn rounded(mut self) -> f32 {
        if self.special != 0.0 {
            return self.special as f32; // infinite or NaN
        }
        let sign = if self.digits[DIGITS - 1] < 0 {
            self.digits = self.digits.map(|digit| -digit);
            self.settle();
            -1.0
        } else {
            1.0
        };
        let Some(top) = self.digits.iter().rposition(|&digit| digit != 0) else {
            return 0.0;
        };
        // The last digit that an f32 of this size can hold.
        let last = LEAST_F32.max(top.saturating_sub(FRACTION_BITS as usize));
        let kept = self.digits[last..=top.max(last)]
            .iter()
            .rfold(0, |kept, digit| 2 * kept + digit);
        let half = self.digits[last - 1] == 1;
        let beyond_half = self.digits[..last - 1].contains(&1);
        let up = half && (beyond_half || kept % 2 == 1);
        // At most 2^24 times a power of two: exact as f64, and as f32 unless it
        // overflows, which rightly gives infinity.
        let magnitude = (kept + i64::from(up)) as f64 * power_of_two(last as i32 - SCALE as i32);
        (sign * magnitude) as f32
    }

    /// Carries until every digit is 0 or 1. The last one keeps the sign: it is
    /// negative exactly if the sum is, as in two's complement.
    fn settle(&mut self) {
        let mut carry = 0;
        for digit in &mut self.digits[..DIGITS - 1] {
            let value = *digit + carry;
            *digit = value & 1;
            carry = value >> 1;
        }
        self.digits[DIGITS - 1] += carry;
    }
}

/// A finite `value` as `integer * 2^(power - 150)`, with `power` in 1..=254.
fn split(value: f32) -> Option<(i64, usize)> {
    let bits = value.to_bits();
    let exponent = bits >> FRACTION_BITS & 0xff;
    if exponent == 0xff {
        return None;
    }
    let fraction = bits & ((1 << FRACTION_BITS) - 1);
    let leading = u32::from(exponent != 0) << FRACTION_BITS;
    let integer = i64::from(fraction | leading);
    let integer = if value.is_sign_negative() {
        -integer
    } else {
        integer
    };
    Some((integer, exponent.max(1) as usize))
}

/// `2^exponent`, for exponents of normal `f64`.
fn power_of_two(exponent: i32) -> f64 {
    const BIAS: i32 = f64::MAX_EXP - 1;
    f64::from_bits(((exponent + BIAS) as u64) << (f64::MANTISSA_DIGITS - 1))
}
