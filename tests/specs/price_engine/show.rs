//! What the page draws.

use super::expect::{SMALL, country, engine, lines};
use super::ledger::live;
use contract::parses;
use js_sys::{Array, Function, Reflect};
use wasm_bindgen::prelude::*;

/// Quotes between two samples.
const STEP: usize = 250;
const SAMPLES: usize = 12;

/// Milliseconds that the time of a quote is taken over: many steps of the coarsest clock, which is one of 1 ms.
const SPAN: f64 = 50.0;
/// Steps of quotes in that time, at most.
const MOST: usize = 10_000;

/// A shop's first 3,000 quotes. Columns: quotes so far, bytes more than at the start, times that rules were read, and in
/// the last row the microseconds of a quote, from more quotes after these.
#[wasm_bindgen]
pub fn show() -> Array {
    let engine = engine(SMALL);
    let (bytes, read) = (live().bytes, parses() - 1);
    let step = || {
        for _ in 0..STEP {
            let _ = engine.quote(country("DE"), lines(&[(1, 12), (2, 1), (3, 4)]));
        }
    };
    let rows = Array::new();
    for sample in 0..=SAMPLES {
        if sample > 0 {
            step();
        }
        let row: [JsValue; 4] = [
            (sample * STEP).into(),
            (live().bytes.saturating_sub(bytes)).into(),
            (parses() - read).into(),
            if sample == SAMPLES {
                micros(step).into()
            } else {
                "".into()
            },
        ];
        rows.push(&row.iter().collect::<Array>());
    }
    rows
}

/// How long one of the quotes takes of which a step makes so many.
fn micros(step: impl Fn()) -> f64 {
    let (begins, mut steps) = (now(), 0);
    while steps < MOST && now() - begins < SPAN {
        step();
        steps += 1;
    }
    (now() - begins) * 1000.0 / (steps * STEP) as f64
}

fn now() -> f64 {
    let clock = Reflect::get(&js_sys::global(), &"performance".into()).unwrap();
    let now: Function = Reflect::get(&clock, &"now".into())
        .unwrap()
        .unchecked_into();
    now.call0(&clock).unwrap().as_f64().unwrap()
}
