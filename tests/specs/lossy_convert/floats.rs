//! Floats and counts of every kind, from a seed.

use super::random::Random;

impl Random {
    /// A float from where conversions go wrong, or from anywhere.
    pub fn float(&mut self) -> f32 {
        match self.below(12) {
            0 => f32::from_bits(self.next() as u32),
            // A few steps around an edge of i32.
            1 => {
                let edge = [2_147_483_648.0, -2_147_483_648.0][self.below(2)];
                f32::from_bits(f32::to_bits(edge) + self.below(5) as u32 - 2)
            }
            // An infinity, or a NaN with any payload.
            2 => {
                let payload = (self.next() as u32 & 0x007f_ffff) * self.below(2) as u32;
                f32::from_bits(0x7f80_0000 | payload | (self.below(2) as u32) << 31)
            }
            _ => self.inside(),
        }
    }

    /// A float that truncates to an `i32`.
    pub fn inside(&mut self) -> f32 {
        match self.below(3) {
            // A tie, or next to one.
            0 => {
                let tie = self.below(1 << 22) as f32 + 0.5;
                let near = f32::from_bits(tie.to_bits() + self.below(3) as u32 - 1);
                self.signed(near)
            }
            // Any bits below 2^31.
            1 => {
                let magnitude = f32::from_bits(self.below(0x4f00_0000) as u32);
                self.signed(magnitude)
            }
            // A reading of everyday size.
            _ => {
                let thousandths = self.below(2_000_000) as f32;
                self.signed(thousandths / 1000.0)
            }
        }
    }

    /// A whole number of any length in bits, or one next to an end of `i32`.
    pub fn count(&mut self) -> i32 {
        match self.below(8) {
            0 => i32::MAX - self.below(200) as i32,
            1 => i32::MIN + self.below(200) as i32,
            _ => self.next() as i32 >> self.below(32),
        }
    }

    fn signed(&mut self, magnitude: f32) -> f32 {
        magnitude * [1.0, -1.0][self.below(2)]
    }
}
