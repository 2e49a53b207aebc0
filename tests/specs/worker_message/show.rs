//! The experiment behind the page's picture: buffers of growing size go to a worker, listed and not.

use super::{
    client,
    stage::{list, spec_now},
};
use js_sys::{Array, Uint8Array};
use std::future::poll_fn;
use std::pin::pin;
use wasm_bindgen::prelude::*;

/// What each size is sent in all, at least, so that clocks with steps of a millisecond can tell.
const TOTAL: u32 = 64 << 20;
const MOST: u32 = 32;

/// Rows are `move` or `copy`, bytes, milliseconds for which this thread stood still, and milliseconds
/// until the answer, both for one call.
pub async fn run() -> Array {
    let client = client("(value) => value.byteLength");
    let rows = Array::new();
    // The first call waits until the worker has started.
    let _ = client.call(&JsValue::from(""), &Array::new()).await;
    for exponent in [16, 18, 20, 22, 24, 26] {
        let bytes = 1_u32 << exponent;
        let times = (TOTAL / bytes).clamp(1, MOST);
        for mode in ["move", "copy"] {
            let (mut blocked, mut total) = (0.0, 0.0);
            for _ in 0..times {
                let filled = Uint8Array::new_with_length(bytes);
                // An engine may not have real memory behind a buffer until it is written.
                filled.fill(1, 0, bytes);
                let transfer = match mode {
                    "move" => Array::of1(&filled.buffer()),
                    _ => Array::new(),
                };
                let mut call = pin!(client.call(&filled, &transfer));
                let start = spec_now();
                let mut first = None;
                let answer = poll_fn(|context| {
                    let poll = call.as_mut().poll(context);
                    first.get_or_insert_with(|| spec_now() - start);
                    poll
                })
                .await;
                if answer.is_err() {
                    return rows;
                }
                blocked += first.unwrap_or_default();
                total += spec_now() - start;
            }
            let each = f64::from(times);
            rows.push(&list([
                mode.into(),
                bytes.into(),
                (blocked / each).into(),
                (total / each).into(),
            ]));
        }
    }
    rows
}
