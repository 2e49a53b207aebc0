//! Random numbers from a seed: the same in every engine, natively, and every day.
//!
//! Specs add what their zone draws in an `impl Random` of their own.

/// SplitMix64 (Steele, Lea and Flood 2014): integers only, so no engine can differ.
pub struct Random(u64);

impl Random {
    /// A failed test prints its seed: the same seed gives the same case again.
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// 64 random bits.
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A whole number below `bound`, which is not 0.
    pub fn below_u64(&mut self, bound: u64) -> u64 {
        self.next() % bound
    }

    /// A whole number below `bound`, which is not 0: an index, or a length.
    pub fn below(&mut self, bound: usize) -> usize {
        self.below_u64(bound as u64) as usize
    }
}
