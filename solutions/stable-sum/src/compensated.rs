//! A sum of `f64` that remembers what each addition rounded away.

/// `a + b` as a rounded sum and the exact error of that rounding (Knuth).
///
/// Exact for all finite inputs whose sum does not overflow. The compiler may
/// not simplify it: Rust never reorders floating-point arithmetic.
fn two_sum(a: f64, b: f64) -> (f64, f64) {
    let sum = a + b;
    let b_in_sum = sum - a;
    let a_in_sum = sum - b_in_sum;
    (sum, (a - a_in_sum) + (b - b_in_sum))
}

/// A sum as accurate as if it were kept in twice the precision of `f64`
/// (Neumaier 1974; "Sum2" of Ogita, Rump and Oishi 2005).
#[derive(Debug, Clone, Copy, Default)]
pub struct Compensated {
    /// What plain addition gives.
    pub high: f64,
    /// What plain addition lost.
    pub low: f64,
}

impl Compensated {
    /// Adds one term.
    pub fn add(&mut self, term: f64) {
        let (high, lost) = two_sum(self.high, term);
        self.high = high;
        self.low += lost;
    }

    /// The sum, rounded once.
    pub fn value(self) -> f64 {
        self.high + self.low
    }
}

impl FromIterator<f64> for Compensated {
    fn from_iter<I: IntoIterator<Item = f64>>(terms: I) -> Self {
        let mut sum = Self::default();
        for term in terms {
            sum.add(term);
        }
        sum
    }
}
