//! The judge: a fixed-point number so long that nothing is ever rounded.
//!
//! It covers 2^-320 to 2^448: every `f32`, every product of two, millions of
//! them, and the squares of the `f64` in this spec. It is slow and simple, and
//! rounds by trying neighbours instead of by cutting bits, so that it shares no
//! idea (and no mistake) with a clever implementation.

/// Bits in a limb.
const LIMB: usize = 32;
/// Limb 0 counts units of `2^-POINT`.
const POINT: i32 = 320;
const LIMBS: usize = 24;

/// An exact sum. Limbs may overflow their 32 bits until [`Exact::carried`].
#[derive(Clone)]
pub struct Exact {
    limbs: [i64; LIMBS],
}

impl Exact {
    pub const ZERO: Self = Self { limbs: [0; LIMBS] };

    /// The exact sum of finite values.
    pub fn sum(values: &[f32]) -> Self {
        let mut sum = Self::ZERO;
        for &value in values {
            sum.add(f64::from(value));
        }
        sum
    }

    /// The exact sum of the absolute values.
    pub fn magnitude(values: &[f32]) -> Self {
        let mut sum = Self::ZERO;
        for &value in values {
            sum.add(f64::from(value.abs()));
        }
        sum
    }

    /// The exact dot product.
    pub fn dot(left: &[f32], right: &[f32]) -> Self {
        let mut sum = Self::ZERO;
        for (&a, &b) in left.iter().zip(right) {
            sum.add(f64::from(a) * f64::from(b)); // exact: 24 + 24 bits of 53
        }
        sum
    }

    /// Adds a finite value that has no bits below 2^-320.
    pub fn add(&mut self, value: f64) {
        let (integer, exponent) = split(value);
        self.add_scaled(integer, exponent, value.is_sign_negative());
    }

    /// Adds `a * b` without rounding.
    pub fn add_product(&mut self, a: f64, b: f64) {
        let ((a_integer, a_exponent), (b_integer, b_exponent)) = (split(a), split(b));
        let product = u128::from(a_integer) * u128::from(b_integer);
        let exponent = a_exponent + b_exponent;
        let negative = a.is_sign_negative() != b.is_sign_negative();
        self.add_scaled(product as u64, exponent, negative);
        self.add_scaled((product >> 64) as u64, exponent + 64, negative);
    }

    /// Adds `±integer * 2^exponent`.
    fn add_scaled(&mut self, integer: u64, exponent: i32, negative: bool) {
        if integer == 0 {
            return;
        }
        // Drop trailing zeros: they may lie below the point of limb 0.
        let zeros = integer.trailing_zeros();
        let (mut integer, bit) = (integer >> zeros, exponent + POINT + zeros as i32);
        assert!(
            bit >= 0,
            "the judge does not reach down to 2^{}",
            bit - POINT
        );
        let (mut limb, shift) = (bit as usize / LIMB, bit as usize % LIMB);
        while integer != 0 {
            let piece = (integer & 0xffff_ffff) << shift;
            let (low, high) = ((piece & 0xffff_ffff) as i64, (piece >> LIMB) as i64);
            self.limbs[limb] += if negative { -low } else { low };
            self.limbs[limb + 1] += if negative { -high } else { high };
            integer >>= LIMB;
            limb += 1;
        }
    }

    /// The same number with every limb in 0..2^32, but the last, which is signed.
    fn carried(&self) -> Self {
        let mut carried = self.clone();
        for limb in 0..LIMBS - 1 {
            let carry = carried.limbs[limb] >> LIMB;
            carried.limbs[limb] -= carry << LIMB;
            carried.limbs[limb + 1] += carry;
        }
        carried
    }

    fn negated(&self) -> Self {
        Self {
            limbs: self.limbs.map(|limb| -limb),
        }
    }

    /// -1, 0 or 1.
    fn sign(&self) -> i32 {
        let limbs = self.carried().limbs;
        if limbs[LIMBS - 1] < 0 {
            -1
        } else {
            i32::from(limbs.iter().any(|&limb| limb != 0))
        }
    }

    /// The sign of `self - other`.
    fn compared_to(&self, other: f64) -> i32 {
        let mut difference = self.clone();
        difference.add(-other);
        difference.sign()
    }

    /// The number as an `f64`, within an ulp or two.
    pub fn approximate(&self) -> f64 {
        if self.sign() < 0 {
            return -self.negated().approximate();
        }
        let limbs = self.carried().limbs;
        (0..LIMBS).fold(0.0, |sum, limb| {
            sum + limbs[limb] as f64 * 2f64.powi((LIMB * limb) as i32 - POINT)
        })
    }

    /// The nearest `f32`, ties to even, infinite beyond the range.
    pub fn nearest(&self) -> f32 {
        let mut nearest = self.approximate() as f32;
        loop {
            let odd = nearest.to_bits() & 1 == 1;
            let above = match nearest {
                f32::INFINITY => -1,
                _ => self.compared_to(midpoint(nearest, nearest.next_up())),
            };
            let below = match nearest {
                f32::NEG_INFINITY => 1,
                _ => self.compared_to(midpoint(nearest.next_down(), nearest)),
            };
            if above > 0 || (above == 0 && odd) {
                nearest = nearest.next_up();
            } else if below < 0 || (below == 0 && odd) {
                nearest = nearest.next_down();
            } else {
                return nearest;
            }
        }
    }

    /// How far `answer` is from the exact number, in ulps of the nearest `f32`.
    pub fn error_in_ulps(&self, answer: f32) -> f64 {
        if !answer.is_finite() {
            return f64::INFINITY;
        }
        let nearest = self.nearest().abs();
        let ulp = f64::from(nearest.next_up()) - f64::from(nearest);
        let mut difference = self.clone();
        difference.add(-f64::from(answer));
        difference.approximate().abs() / ulp
    }
}

/// `|value|` as `integer * 2^exponent`.
fn split(value: f64) -> (u64, i32) {
    assert!(value.is_finite(), "the judge adds finite numbers only");
    let bits = value.to_bits();
    let (exponent, fraction) = ((bits >> 52 & 0x7ff) as i32, bits & ((1 << 52) - 1));
    if exponent == 0 {
        (fraction, -1074)
    } else {
        (fraction | 1 << 52, exponent - 1075)
    }
}

/// Halfway between two neighbours, exactly. Infinity counts as 2^128, which is
/// where IEEE rounding puts it.
fn midpoint(low: f32, high: f32) -> f64 {
    let widen = |x: f32| match x {
        f32::INFINITY => 2f64.powi(128),
        f32::NEG_INFINITY => -(2f64.powi(128)),
        x => f64::from(x),
    };
    (widen(low) + widen(high)) / 2.0
}

/// How many `f32` lie from `a` to `b`: 0 if equal, 1 for neighbours. Two NaN are
/// equal, a NaN and a number could not be further apart, and zeros are one.
pub fn ulps_between(a: f32, b: f32) -> u64 {
    if a.is_nan() || b.is_nan() {
        return if a.is_nan() && b.is_nan() {
            0
        } else {
            u64::MAX
        };
    }
    let place = |x: f32| {
        let magnitude = i64::from(x.to_bits() & 0x7fff_ffff);
        if x.is_sign_negative() {
            -magnitude
        } else {
            magnitude
        }
    };
    place(a).abs_diff(place(b))
}
