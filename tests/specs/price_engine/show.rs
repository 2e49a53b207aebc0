//! What the page draws.

use super::expect::{SMALL, country, engine, lines};
use super::ledger::live;
use contract::parses;
use js_sys::{Array, Function, Reflect};
use wasm_bindgen::prelude::*;

/// Quotes between two samples.
const STEP: usize = 250;
const SAMPLES: usize = 12;

/// A shop's first 3,000 quotes. Columns: quotes so far, bytes more than at the start, times that rules were read, and
/// microseconds a quote since the last sample (0 in the first row).
#[wasm_bindgen]
pub fn show() -> Array {
    let engine = engine(SMALL);
    let (bytes, read) = (live().bytes, parses() - 1);
    let rows = Array::new();
    let mut micros = 0.0;
    for sample in 0..=SAMPLES {
        let row: [JsValue; 4] = [
            (sample * STEP).into(),
            (live().bytes.saturating_sub(bytes)).into(),
            (parses() - read).into(),
            micros.into(),
        ];
        rows.push(&row.iter().collect::<Array>());
        let begins = now();
        for _ in 0..STEP {
            let _ = engine.quote(country("DE"), lines(&[(1, 12), (2, 1), (3, 4)]));
        }
        micros = (now() - begins) * 1000.0 / STEP as f64;
    }
    rows
}

fn now() -> f64 {
    let clock = Reflect::get(&js_sys::global(), &"performance".into()).unwrap();
    let now: Function = Reflect::get(&clock, &"now".into())
        .unwrap()
        .unchecked_into();
    now.call0(&clock).unwrap().as_f64().unwrap()
}
