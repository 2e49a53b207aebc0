//! Inputs with fixed seeds: the same on every engine and natively, every day.

use super::random::Random;

impl Random {
    /// A number of any size: every length from 0 to 63 bits is as likely as the
    /// others, and one in eight is an end of the range or a multiple of half a unit.
    pub fn any_i64(&mut self) -> i64 {
        const EDGES: [i64; 8] = [
            i64::MIN,
            i64::MAX,
            i64::MIN + 1,
            0,
            1,
            -1,
            1_000_000,
            -1_000_000,
        ];
        match self.below(16) {
            0 => EDGES[self.below(8)],
            1 => (self.below(2_000) as i64 - 1_000) * 500_000,
            _ => {
                let bits = (self.next() >> 1) >> self.below(64);
                if self.below(2) == 0 {
                    bits as i64
                } else {
                    -(bits as i64)
                }
            }
        }
    }

    /// Two numbers of millionths whose product lies close to an end of the range: before
    /// it is divided, or after.
    pub fn pair_at_the_edge(&mut self) -> (i64, i64) {
        let end = i128::from([i64::MIN, i64::MAX][self.below(2)]);
        let end = end * [1, 1_000_000][self.below(2)];
        let left = (self.below_u64(1 << 62) >> self.below(60)).max(1) as i64;
        let right = end / i128::from(left) + i128::from(self.below_u64(5)) - 2;
        (left, i64::try_from(right).unwrap_or(i64::MAX))
    }

    /// The text of a decimal number, with its exact value as a fraction.
    pub fn decimal(&mut self) -> (String, i128, i128) {
        let places = self.below(16);
        let mut value = i128::from(self.any_i64()) * 10i128.pow(self.below(5) as u32);
        if self.below(2) == 0 {
            value += i128::from(self.any_i64());
        }
        if places == 0 {
            return (value.to_string(), value, 1);
        }
        let power = 10i128.pow(places as u32);
        let (whole, fraction) = (
            value.unsigned_abs() / power as u128,
            value.unsigned_abs() % power as u128,
        );
        let sign = if value < 0 { "-" } else { "" };
        (format!("{sign}{whole}.{fraction:0places$}"), value, power)
    }
}
