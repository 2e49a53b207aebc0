//! What the page draws: what the module asks of its host, and how fast three ways to a CRC-32C are here.

use std::hint::black_box;

use js_sys::Array;
use wasm_bindgen::prelude::*;

use super::PAGE;
use super::expect::outcome;
use super::module::imports;
use super::reference::{by_eight, by_table, noise, register, tables};
use crate::zone;
use contract::POLYNOMIAL;

/// A slice of time in milliseconds: long against the steps of the coarsest clock, which is 1 ms.
const LONG_ENOUGH: f64 = 24.0;
const SLICES: usize = 8;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_namespace = performance, js_name = now)]
    fn show_now() -> f64;
}

/// Rows are `import`, its JavaScript module, its name and its kind; `value` and what "123456789" comes to;
/// `speed`, the way and its bytes a second.
#[wasm_bindgen]
pub fn show() -> Array {
    let rows = Array::new();
    for import in imports(&wasm_bindgen::module()) {
        rows.push(&row([
            "import".into(),
            import.module.into(),
            import.name.into(),
            import.kind.into(),
        ]));
    }
    let value = outcome(|| zone::crc32c(b"123456789"));
    let value = value.map_or("a panic".into(), |value| format!("{value:#010x}"));
    rows.push(&row(["value".into(), value.into()]));

    let (bytes, tables) = (noise(PAGE), tables());
    let speeds = [
        (
            "bit by bit",
            speed(&bytes, |b| register(POLYNOMIAL, u32::MAX, b)),
        ),
        (
            "one table",
            speed(&bytes, |b| by_table(&tables, u32::MAX, b)),
        ),
        (
            "eight tables",
            speed(&bytes, |b| by_eight(&tables, u32::MAX, b)),
        ),
    ];
    for (way, speed) in speeds {
        rows.push(&row(["speed".into(), way.into(), speed.into()]));
    }
    rows
}

fn row<const N: usize>(cells: [JsValue; N]) -> Array {
    cells.iter().collect()
}

/// Bytes a second in the best of some slices of time: what else the machine does makes it slower, never faster.
fn speed(bytes: &[u8], checksum: impl Fn(&[u8]) -> u32) -> f64 {
    for _ in 0..16 {
        black_box(checksum(black_box(bytes)));
    }
    (0..SLICES)
        .map(|_| slice(bytes, &checksum))
        .fold(0.0, f64::max)
}

fn slice(bytes: &[u8], checksum: impl Fn(&[u8]) -> u32) -> f64 {
    let (started, mut rounds) = (show_now(), 0);
    loop {
        black_box(checksum(black_box(bytes)));
        rounds += 1;
        let ms = show_now() - started;
        if ms >= LONG_ENOUGH {
            return (rounds * bytes.len()) as f64 / ms * 1_000.0;
        }
    }
}
