//! Speed of the contenders: rows for the picture and the benchmark.

use super::contenders::{CONTENDERS, Contender, Operands, is_for_wide};
use core::hint::black_box;
use js_sys::Array;
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_namespace = performance)]
    fn now() -> f64;
}

/// Rows `[operation, way, operands, accumulators, millions a second, is optimised]`.
pub fn picture() -> Array {
    rows(5, 8.0, |nanoseconds| 1e3 / nanoseconds)
}

/// Rows `[operation, way, operands, accumulators, nanoseconds, is optimised]`.
pub fn benchmark() -> Array {
    rows(15, 25.0, |nanoseconds| nanoseconds)
}

/// Measures all contenders, in rounds of about `milliseconds` for each.
///
/// They take turns and the best round counts. Whatever else runs on the machine can
/// only slow a round down, and over several rounds it does not hit one contender alone.
fn rows(rounds: u32, milliseconds: f64, figure: impl Fn(f64) -> f64) -> Array {
    let (everyday, wide) = (Operands::everyday(), Operands::wide());
    let mut entries: Vec<Entry> = CONTENDERS
        .iter()
        .map(|contender| Entry::new(contender, "everyday", &everyday, milliseconds))
        .collect();
    entries.extend(
        (CONTENDERS.iter().filter(|contender| is_for_wide(contender)))
            .map(|contender| Entry::new(contender, "wide", &wide, milliseconds)),
    );
    for _ in 0..rounds {
        entries.iter_mut().for_each(Entry::measure);
    }
    entries
        .iter()
        .map(|entry| entry.row(figure(entry.best)))
        .collect()
}

struct Entry<'a> {
    contender: &'a Contender,
    name: &'static str,
    operands: &'a Operands,
    /// How long a round takes at least.
    milliseconds: f64,
    passes: u32,
    /// Nanoseconds for one operation, in the best round so far.
    best: f64,
}

impl<'a> Entry<'a> {
    fn new(
        contender: &'a Contender,
        name: &'static str,
        operands: &'a Operands,
        milliseconds: f64,
    ) -> Self {
        let mut entry = Self {
            contender,
            name,
            operands,
            milliseconds,
            passes: 1,
            best: f64::INFINITY,
        };
        entry.measure(); // a long first round, so that the engine optimises
        entry.best = f64::INFINITY;
        entry
    }

    /// One round. It counts only if it was long enough for any browser's clock.
    fn measure(&mut self) {
        let mut elapsed = self.elapsed();
        while elapsed < self.milliseconds {
            self.passes *= 2;
            elapsed = self.elapsed();
        }
        let operations = f64::from(self.passes) * Operands::COUNT as f64;
        self.best = self.best.min(elapsed * 1e6 / operations);
    }

    fn elapsed(&self) -> f64 {
        let start = now();
        for _ in 0..self.passes {
            black_box((self.contender.run)(black_box(self.operands)));
        }
        now() - start
    }

    fn row(&self, figure: f64) -> Array {
        let cells: [JsValue; 6] = [
            self.contender.operation.into(),
            self.contender.way.into(),
            self.name.into(),
            self.contender.accumulators.into(),
            figure.into(),
            (!cfg!(debug_assertions)).into(),
        ];
        cells.into_iter().collect()
    }
}
