//! Inputs with fixed seeds: the same on every engine, every day.

/// SplitMix64 (Steele, Lea and Flood 2014): integers only, so no engine can differ.
pub struct Random(u64);

impl Random {
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A whole number below `bound`.
    pub fn below(&mut self, bound: usize) -> usize {
        (self.next() % bound as u64) as usize
    }

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

    /// A number in `0.0..1.0` with 53 random bits.
    pub fn unit(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1u64 << 53) as f64
    }

    /// A few positive numbers of one size that sum to about `total`.
    fn survivors(&mut self, total: f64) -> Vec<f32> {
        let share = total / SURVIVORS as f64;
        (0..SURVIVORS)
            .map(|_| (share * (0.5 + self.unit())) as f32)
            .collect()
    }

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
    /// First all positive terms, then the rest, then all negative ones: the
    /// running sum climbs as high as it can, and rounds as badly as it can.
    Mountain,
}

/// How many terms of an ill-conditioned set do not cancel.
const SURVIVORS: usize = 8;

/// `n` values, most of which cancel: their condition number, the sum of the
/// absolute values over the absolute value of the sum, is about `condition`.
pub fn ill_conditioned(n: usize, condition: f64, order: Order, seed: u64) -> Vec<f32> {
    let mut random = Random::new(seed);
    let up: Vec<f32> = (0..(n - SURVIVORS) / 2)
        .map(|_| random.f32_between(-10, 10))
        .collect();
    let mut down: Vec<f32> = up.iter().map(|x| -x).collect();
    random.shuffle(&mut down);
    let climbed: f64 = up.iter().map(|&x| f64::from(x)).sum();
    let survivors = random.survivors(2.0 * climbed / condition);

    let mut values = [up, survivors, down].concat();
    if let Order::Shuffled = order {
        random.shuffle(&mut values);
    }
    values
}

/// `n` pairs whose dot product has about that condition number.
pub fn ill_conditioned_dot(n: usize, condition: f64, seed: u64) -> (Vec<f32>, Vec<f32>) {
    let mut random = Random::new(seed);
    let half = (n - SURVIVORS) / 2;
    let left = random.signed_f32s(half, -8, 8);
    let right = random.signed_f32s(half, -8, 8);
    let negative: Vec<f32> = right.iter().map(|x| -x).collect();
    let pairs = left.iter().zip(&right);
    let climbed: f64 = pairs.map(|(&a, &b)| f64::from(a * b).abs()).sum();
    let ones = random.survivors(SURVIVORS as f64);
    let survivors = random.survivors(2.0 * climbed / condition);
    (
        [left.clone(), ones, left].concat(),
        [right, survivors, negative].concat(),
    )
}
