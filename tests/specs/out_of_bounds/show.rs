//! What the page draws.

use super::SIZE;
use super::expect::{copy, peek};
use super::guest::LOADS;
use super::stage::stage;
use contract::Fault;
use js_sys::Array;
use wasm_bindgen::prelude::*;

/// How many addresses on each side of the end.
const AROUND: u32 = 10;

/// Addresses around the end of a memory of one page, with each width. Columns: address, width, how the
/// guest's load ended, how the host's copy of as many bytes did, and how many bytes that has.
#[wasm_bindgen]
pub fn show() -> Array {
    let stage = stage();
    let mut rows = Vec::new();
    for addr in SIZE - AROUND..SIZE + AROUND {
        for load in LOADS {
            let copied = copy(&stage, addr, load.width);
            let bytes = match &copied {
                Some(Ok(bytes)) => bytes.len() as u32,
                _ => 0,
            };
            let row: [JsValue; 5] = [
                addr.into(),
                load.width.into(),
                word(peek(&stage, load, addr)).into(),
                word(copied).into(),
                bytes.into(),
            ];
            rows.push(row.iter().collect::<Array>());
        }
    }
    rows.into_iter().collect()
}

fn word<T>(answer: Option<Result<T, Fault>>) -> &'static str {
    match answer {
        Some(Ok(_)) => "ok",
        Some(Err(Fault::OutOfBounds { .. })) => "out of bounds",
        Some(Err(Fault::Trapped)) => "trapped",
        Some(Err(_)) => "something else",
        None => "panicked",
    }
}
