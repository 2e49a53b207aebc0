//! Samples of one thing, and how they are told.

use std::time::Duration;

/// Durations of one thing, measured in turn with others.
#[derive(Debug, Clone)]
pub struct Samples {
    pub name: String,
    seconds: Vec<f64>,
}

impl Samples {
    pub fn new(name: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            seconds: Vec::new(),
        }
    }

    pub fn add(&mut self, duration: Duration) {
        self.seconds.push(duration.as_secs_f64());
    }

    /// The median, in seconds; 0 without samples.
    pub fn median(&self) -> f64 {
        let mut sorted = self.seconds.clone();
        sorted.sort_by(f64::total_cmp);
        sorted.get(sorted.len() / 2).copied().unwrap_or(0.0)
    }

    fn bound(&self, fold: fn(f64, f64) -> f64, start: f64) -> f64 {
        self.seconds.iter().copied().fold(start, fold)
    }
}

/// Prints each median with its range, and its ratio to the last one.
pub fn print(samples: &[Samples]) {
    let base = samples.last().map_or(1.0, Samples::median);
    println!("{:<58} {:>8} {:>17} {:>7}", "", "median", "range", "ratio");
    for sample in samples {
        let (low, high) = (
            sample.bound(f64::min, f64::INFINITY),
            sample.bound(f64::max, 0.0),
        );
        println!(
            "{:<58} {:>6.3} s {low:>7.3} to {high:.3} s {:>6.2}x",
            sample.name,
            sample.median(),
            sample.median() / base
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_does_not_care_for_an_outlier() {
        let mut samples = Samples::new("x");
        for ms in [10, 12, 900, 11, 13] {
            samples.add(Duration::from_millis(ms));
        }
        assert!((samples.median() - 0.012).abs() < 1e-9);
    }
}
