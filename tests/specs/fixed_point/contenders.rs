//! Ways to add and to multiply, for the picture and the benchmark. None of them is judged.
//!
//! Each goes over the same numbers and gathers results in one accumulator, or in four
//! that take turns. That matters: a float addition takes several cycles, and with one
//! accumulator each has to wait for the one before.

use super::random::Random;
use crate::zone::Micros;
use contract::Rounding;

/// The numbers, as integers and as floats.
pub struct Operands {
    micros: Vec<(i64, i64)>,
    floats: Vec<(f64, f64)>,
}

impl Operands {
    /// How many pairs there are: few enough for the fastest cache.
    pub const COUNT: usize = 2_048;

    /// Amounts below 10,000 and factors below 100, of either sign. Their product fits
    /// an `i64` before it is divided.
    pub fn everyday() -> Self {
        Self::below(10_000_000_000, 100_000_000)
    }

    /// Numbers of about a million whose product does not fit before it is divided.
    pub fn wide() -> Self {
        let Self { micros, floats } = Self::below(1 << 40, 1 << 40);
        let apart = |value: i64| value + value.signum() * (1 << 40);
        let micros = micros.into_iter().map(|(a, b)| (apart(a), apart(b)));
        Self {
            micros: micros.collect(),
            floats,
        }
    }

    fn below(left: u64, right: u64) -> Self {
        let mut random = Random::new(6);
        let mut signed = |bound| random.below_u64(2 * bound) as i64 - bound as i64;
        let micros: Vec<_> = (0..Self::COUNT)
            .map(|_| (signed(left), signed(right)))
            .collect();
        let floats = micros
            .iter()
            .map(|&(a, b)| (a as f64 / 1e6, b as f64 / 1e6));
        Self {
            floats: floats.collect(),
            micros,
        }
    }
}

/// One way to do it.
pub struct Contender {
    /// "add" or "multiply".
    pub operation: &'static str,
    /// What does it.
    pub way: &'static str,
    /// How many accumulators.
    pub accumulators: u32,
    /// Goes once over all pairs; the result only proves that the work was done.
    pub run: fn(&Operands) -> i64,
}

/// What the rows call the operations of the variant under test.
pub const OWN: [&str; 4] = [
    "try_add",
    "try_mul, nearest",
    "try_mul, toward zero",
    "try_mul, down",
];

macro_rules! contenders {
    ($($operation:literal, $way:expr, $accumulators:literal, $field:ident, $step:expr;)*) => {
        [$(Contender {
            operation: $operation,
            way: $way,
            accumulators: $accumulators,
            run: |operands| gather::<_, _, $accumulators>(&operands.$field, $step),
        }),*]
    };
}

/// All of them, for operands whose products fit.
pub const CONTENDERS: [Contender; 15] = contenders! {
    "add", "f64", 1, floats, |sum: f64, (a, _)| sum + a;
    "add", "f64", 4, floats, |sum: f64, (a, _)| sum + a;
    "add", "naive i64", 1, micros, |sum: i64, (a, _)| sum.wrapping_add(a);
    "add", "naive i64", 4, micros, |sum: i64, (a, _)| sum.wrapping_add(a);
    "add", "i128", 1, micros, |sum: i128, (a, _)| sum + i128::from(a);
    "add", OWN[0], 1, micros, |sum: i64, (a, _)| own_sum(sum, a);
    "multiply", "f64", 1, floats, |sum: f64, (a, b)| sum + a * b;
    "multiply", "f64", 4, floats, |sum: f64, (a, b)| sum + a * b;
    "multiply", "naive i64", 1, micros, |sum: i64, (a, b)| sum.wrapping_add(a.wrapping_mul(b) / 1_000_000);
    "multiply", "naive i64", 4, micros, |sum: i64, (a, b)| sum.wrapping_add(a.wrapping_mul(b) / 1_000_000);
    "multiply", "i128", 1, micros, |sum: i64, (a, b)| sum.wrapping_add(through_i128(a, b));
    "multiply", OWN[1], 1, micros, |sum: i64, (a, b)| sum.wrapping_add(own(a, b, Rounding::NearestEven));
    "multiply", OWN[1], 4, micros, |sum: i64, (a, b)| sum.wrapping_add(own(a, b, Rounding::NearestEven));
    "multiply", OWN[2], 1, micros, |sum: i64, (a, b)| sum.wrapping_add(own(a, b, Rounding::TowardZero));
    "multiply", OWN[3], 1, micros, |sum: i64, (a, b)| sum.wrapping_add(own(a, b, Rounding::Floor));
};

/// Whether a contender is right about products that do not fit an `i64`.
pub fn is_for_wide(contender: &Contender) -> bool {
    contender.operation == "multiply" && (contender.way == "i128" || contender.way == OWN[1])
}

/// Folds with `N` accumulators by turns.
#[inline(always)]
fn gather<T: Copy, S: Sum, const N: usize>(items: &[T], step: impl Fn(S, T) -> S) -> i64 {
    let (groups, tail) = items.as_chunks::<N>();
    let mut sums = [S::default(); N];
    for group in groups {
        for (sum, &item) in sums.iter_mut().zip(group) {
            *sum = step(*sum, item);
        }
    }
    for &item in tail {
        sums[0] = step(sums[0], item);
    }
    sums.into_iter().fold(0, |all, sum| all ^ sum.trace())
}

/// What can be gathered.
trait Sum: Copy + Default {
    /// Something that depends on the value.
    fn trace(self) -> i64;
}

impl Sum for f64 {
    fn trace(self) -> i64 {
        self.to_bits() as i64
    }
}

impl Sum for i64 {
    fn trace(self) -> i64 {
        self
    }
}

impl Sum for i128 {
    fn trace(self) -> i64 {
        self as i64
    }
}

#[inline(always)]
fn through_i128(a: i64, b: i64) -> i64 {
    i64::try_from(i128::from(a) * i128::from(b) / 1_000_000).unwrap_or(i64::MAX)
}

#[inline(always)]
fn own(a: i64, b: i64, rounding: Rounding) -> i64 {
    let product = Micros::from_raw(a).try_mul(Micros::from_raw(b), rounding);
    product.map_or(i64::MAX, Micros::raw)
}

#[inline(always)]
fn own_sum(sum: i64, term: i64) -> i64 {
    let sum = Micros::from_raw(sum).try_add(Micros::from_raw(term));
    sum.map_or(i64::MAX, Micros::raw)
}
