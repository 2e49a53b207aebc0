//! The run that the page draws.

use js_sys::Array;
use wasm_bindgen::prelude::*;

use super::clock::{Heartbeat, alarm, ms, now};
use crate::zone::wait;

/// What the page draws: rows of (what, milliseconds since the start), where what
/// is `beat`, `wait begins` or `wait ends`.
#[wasm_bindgen]
pub async fn show() -> Array {
    let rows = Array::new();
    let heartbeat = Heartbeat::start();
    let start = now();
    let row = |what: &str, at: f64| {
        rows.push(&Array::of2(&what.into(), &(at - start).into()));
    };
    alarm(150).await;
    row("wait begins", now());
    wait(ms(400)).await;
    row("wait ends", now());
    alarm(150).await;
    for beat in heartbeat.times() {
        row("beat", beat);
    }
    rows
}
