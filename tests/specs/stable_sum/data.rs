//! Inputs with fixed seeds: the same on every engine, every day.

use super::exact::Exact;
use super::random::Random;

impl Random {
    /// A positive `f32` with a random significand, in `2^low..2^(high + 1)`.
    pub fn f32_between(&mut self, low: i32, high: i32) -> f32 {
        let exponent = low + self.below((high - low + 1) as usize) as i32;
        let fraction = (self.next() >> 41) as u32;
        f32::from_bits((((exponent + 127) as u32) << 23) | fraction)
    }

    /// `n` of them, with random signs.
    pub fn signed_f32s(&mut self, n: usize, low: i32, high: i32) -> Vec<f32> {
        (0..n)
            .map(|_| self.f32_between(low, high) * [1.0, -1.0][self.below(2)])
            .collect()
    }

    /// Up to 300 terms, up to sixty powers of two apart, from anywhere between the least normal
    /// `f32` and 2^113.
    pub fn any_f32s(&mut self) -> Vec<f32> {
        let n = 1 + self.below(300);
        let low = -126 + self.below(200) as i32;
        let high = (low + self.below(60) as i32).min(112);
        self.signed_f32s(n, low, high.max(low))
    }

    /// A number in `0.0..1.0` with 53 random bits.
    pub fn unit(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1u64 << 53) as f64
    }

    /// Fisher and Yates' shuffle.
    pub fn shuffle<T>(&mut self, items: &mut [T]) {
        for last in (1..items.len()).rev() {
            items.swap(last, self.below(last + 1));
        }
    }
}

/// In which order cancelling terms come.
#[derive(Clone, Copy, Debug)]
pub enum Order {
    /// Any order.
    Shuffled,
    /// First all positive terms, then all negative ones: the running sum climbs
    /// as high as it can, and rounds as badly as it can.
    Mountain,
    /// So many parts, as lanes may read them side by side. Each begins with 16 large terms, and beside
    /// one each of the others, which are all equal, is rounded to the same side: the errors add up.
    Ledge(usize),
}

/// `n` values, most of which cancel: their condition number, the sum of the
/// absolute values over the absolute value of the sum, is about `condition`. With
/// them comes their exact sum.
pub fn ill_conditioned(n: usize, condition: f64, order: Order, seed: u64) -> (Vec<f32>, Exact) {
    const CLOSING: usize = 2;
    let mut random = Random::new(seed);
    let up = n / 2;
    let mut values: Vec<f32> = match order {
        Order::Shuffled | Order::Mountain => (0..n - CLOSING)
            .map(|i| random.f32_between(-20, 20) * if i < up { 1.0 } else { -1.0 })
            .collect(),
        Order::Ledge(parts) => {
            let step = random.f32_between(0, 0);
            let is_large = |i: usize| i % (n / parts) < 16;
            (0..n - CLOSING)
                .map(|i| {
                    if is_large(i) {
                        random.f32_between(32, 32)
                    } else {
                        step
                    }
                })
                .collect()
        }
    };
    // Two terms bring the sum down to what the condition number asks for, but
    // for a rest that no f32 holds: the answer has to be rounded.
    let magnitude: f64 = values.iter().map(|x| f64::from(x.abs())).sum();
    // Where they go, and what the absolute values then add up to.
    let (top, magnitude) = match order {
        Order::Shuffled | Order::Mountain => (up, magnitude),
        Order::Ledge(_) => (values.len(), 2.0 * magnitude),
    };
    let wanted = magnitude / condition;
    let mut excess = Exact::sum(&values);
    excess.add(-wanted);
    for _ in 0..CLOSING {
        let closing = -excess.nearest();
        excess.add(f64::from(closing));
        values.insert(top, closing);
    }
    if let Order::Shuffled = order {
        random.shuffle(&mut values);
    }
    excess.add(wanted);
    (values, excess)
}

/// `n` pairs whose dot product has about that condition number. One product between 4 and 16 comes
/// for each four between -1 and -4: also who sorts them by size has to climb, and no two cancel.
pub fn ill_conditioned_dot(n: usize, condition: f64, seed: u64) -> (Vec<f32>, Vec<f32>) {
    const CLOSING: usize = 2;
    let mut random = Random::new(seed);
    let (mut left, mut right) = (Vec::new(), Vec::new());
    for i in 0..n - CLOSING {
        let (sign, rise) = if i < n / 5 { (1.0, 2) } else { (-1.0, 0) };
        let power = random.below(17) as i32 - 8;
        left.push(random.f32_between(power, power));
        right.push(sign * random.f32_between(rise - power, rise - power));
    }
    // As above, the rest is what two closing terms leave.
    let pairs = left.iter().zip(&right);
    let magnitude: f64 = pairs.map(|(&a, &b)| f64::from(a * b).abs()).sum();
    let mut excess = Exact::dot(&left, &right);
    excess.add(-magnitude / condition);
    for _ in 0..CLOSING {
        let closing = -excess.nearest();
        excess.add(f64::from(closing));
        left.push(closing);
        right.push(1.0);
    }
    (left, right)
}
