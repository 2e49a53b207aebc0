//! Error and speed of the contenders: rows for the picture and the benchmark.

use core::hint::black_box;

use js_sys::Array;
use wasm_bindgen::prelude::*;

use super::contenders::{CONTENDERS, Sum};
use super::data::{Order, ill_conditioned};
use super::exact::Exact;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_namespace = performance)]
    fn now() -> f64;
}

/// Rows `[data, n, algorithm, error in ulps, GB/s]` for n = 2^8, 2^10 … 2^22.
///
/// `data` is "tenths" (n times 0.1) or "cancelling" (condition number 1e8, in
/// the order that climbs a mountain and comes down again).
pub fn picture() -> Array {
    let rows = Array::new();
    for n in (8..=22).step_by(2).map(|exponent| 1 << exponent) {
        let tenths = vec![0.1; n];
        let mut exact = Exact::ZERO;
        exact.add_product(f64::from(0.1f32), n as f64);
        add_rows(&rows, "tenths", &tenths, &exact);

        let (cancelling, exact) = ill_conditioned(n, 1e8, Order::Mountain, 22);
        add_rows(&rows, "cancelling", &cancelling, &exact);
    }
    rows
}

fn add_rows(rows: &Array, data: &str, values: &[f32], exact: &Exact) {
    for (name, sum) in CONTENDERS {
        let error = exact.error_in_ulps(sum(values));
        let speed = gigabytes_per_second(sum, values, 3.0);
        rows.push(&row([
            data.into(),
            (values.len() as f64).into(),
            name.into(),
            error.into(),
            speed.into(),
        ]));
    }
}

/// Rows `[algorithm, GB/s, error in ulps]`: 64 MiB, where memory sets the limit,
/// then 64 KiB, which stay in the cache. All but the last row of each size add
/// tenths; that one shows what `sum()` pays when its input cancels.
///
/// The algorithms take turns and the median turn counts, so that what else runs
/// on the machine neither slows one of them alone nor lets one be lucky.
pub fn benchmark() -> Array {
    const TURNS: usize = 9;
    let rows = Array::new();
    for (size, n) in [("64 MiB", 1 << 24), ("64 KiB", 1 << 14)] {
        let tenths = vec![0.1; n];
        let mut exact = Exact::ZERO;
        exact.add_product(f64::from(0.1f32), n as f64);
        let (cancelling, cancelled) = ill_conditioned(n, 1e8, Order::Mountain, 22);

        let mut entries: Vec<(String, Sum, &[f32], &Exact)> = CONTENDERS
            .map(|(name, sum)| (format!("{name}, {size}"), sum, &tenths[..], &exact))
            .into();
        let (name, sum) = CONTENDERS[CONTENDERS.len() - 1];
        let label = format!("{name} of cancelling terms, {size}");
        entries.push((label, sum, &cancelling, &cancelled));

        for &(_, sum, values, _) in &entries {
            gigabytes_per_second(sum, values, 60.0); // the engine optimises what runs long
        }
        let mut speeds = vec![Vec::new(); entries.len()];
        for _ in 0..TURNS {
            for (speeds, &(_, sum, values, _)) in speeds.iter_mut().zip(&entries) {
                speeds.push(gigabytes_per_second(sum, values, 15.0));
            }
        }
        for ((label, sum, values, exact), mut speeds) in entries.iter().zip(speeds) {
            speeds.sort_by(f64::total_cmp);
            let error = exact.error_in_ulps(sum(values));
            rows.push(&row([label.into(), speeds[TURNS / 2].into(), error.into()]));
        }
    }
    rows
}

/// Repeats `sum` for about `milliseconds`, well above any browser's clock step, and
/// once more: the better half counts, as the other may have been interrupted.
fn gigabytes_per_second(sum: Sum, values: &[f32], milliseconds: f64) -> f64 {
    let elapsed = |passes: u32| {
        let start = now();
        for _ in 0..passes {
            black_box(sum(black_box(values)));
        }
        now() - start
    };
    let mut passes = 1;
    let mut time = elapsed(passes);
    while time < milliseconds {
        passes *= 2;
        time = elapsed(passes);
    }
    let bytes = size_of_val(values) as f64 * f64::from(passes);
    bytes / time.min(elapsed(passes)) / 1e6
}

fn row<const N: usize>(cells: [JsValue; N]) -> Array {
    cells.into_iter().collect()
}
