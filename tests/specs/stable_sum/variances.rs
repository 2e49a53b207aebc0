//! Variance

use wasm_bindgen_test::*;

use super::exact::Exact;
use super::expect::expect_variance;
use super::nist;
use super::random::Random;
use crate::zone;

/// Moving all values by a billion does not change how far apart they are.
#[wasm_bindgen_test]
fn variance_survives_a_large_offset() {
    for (n, offset) in [(2, 1e9), (999, 1e9), (20_000, 1e6), (20_000, -1e12)] {
        let mut random = Random::new(n as u64);
        let values: Vec<f64> = (0..n).map(|_| offset + random.unit()).collect();
        expect_variance(&format!("{n} values from {offset:e} to one above"), &values);
    }
}

/// One value far away from the others, and the first at that, costs no digit.
#[wasm_bindgen_test]
fn variance_survives_an_outlier() {
    for (place, seed) in [(0, 1), (1, 2), (19_999, 3)] {
        let mut random = Random::new(seed);
        let mut values: Vec<f64> = (0..20_000).map(|_| 1e6 + random.unit()).collect();
        values[place] = 0.0;
        let case = format!("20000 values near 1e6 but for a 0 at index {place}");
        expect_variance(&case, &values);
    }
}

/// Equal values have no variance; fewer than two have none to speak of.
#[wasm_bindgen_test]
fn variance_knows_its_edges() {
    for (n, values) in [
        (2, &[0.0, 0.1, 1e9 + 0.1, -3e-5][..]),
        (1_000, &[0.0, 0.1, 1e9 + 0.1, -3e-5]),
        (1_000_000, &[0.1, -3e-5]),
    ] {
        for &value in values {
            let variance = zone::variance(&vec![value; n]);
            assert!(
                (0.0..=1e-28 * value * value).contains(&variance),
                "{n} times {value} has variance 0, but the answer was {variance:e}: rounding must not \
                 invent one, and below zero there is no square root"
            );
        }
    }
    let mut late = vec![1.0; 10_000];
    late[9_999] = f64::NEG_INFINITY;
    for (case, values) in [
        ("no value", &[][..]),
        ("one value", &[1.0]),
        ("an infinity", &[1.0, f64::INFINITY, 2.0]),
        ("a NaN", &[1.0, f64::NAN, 2.0]),
        ("9999 ones and an infinity", &late),
    ] {
        let variance = zone::variance(values);
        assert!(
            variance.is_nan(),
            "the variance of {case} is NaN, but the answer was {variance}"
        );
    }
}

/// NIST's certified standard deviations, to the last digit that `f64` data allow.
#[wasm_bindgen_test]
fn variance_matches_nist() {
    for data in nist::datasets() {
        let mut sum = Exact::ZERO;
        data.values.iter().for_each(|&x| sum.add(x));
        let mean = sum.approximate() / data.values.len() as f64;
        assert!(
            (mean - data.mean).abs() <= 1e-14 * data.mean.abs(),
            "the spec's table of {} has mean {mean}, not {}",
            data.name,
            data.mean
        );
        let deviation = zone::variance(&data.values).sqrt();
        let digits = -((deviation - data.deviation).abs() / data.deviation).log10();
        assert!(
            digits >= data.digits,
            "the standard deviation of {} is certified as {}, but the variance answers \
             {deviation}: {:.1} digits agree, {} can. Subtracting two large squares leaves their \
             rounding errors: subtract the mean first",
            data.name,
            data.deviation,
            digits.max(0.0),
            data.digits
        );
        expect_variance(data.name, &data.values);
    }
}
