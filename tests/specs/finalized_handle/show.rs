//! Rows for the picture: what becomes of handles while garbage is made.

use super::engine::{Gc, pause};
use super::shelf::Shelf;
use crate::zone::Pool;
use js_sys::{Array, ArrayBuffer, FinalizationRegistry, Object};
use std::rc::Rc;
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_namespace = performance)]
    fn now() -> f64;
}

/// Handles that are opened at the start.
const OPENED: usize = 1_000;
/// How many of them are closed, and how many are kept. The rest are forgotten.
const CLOSED: usize = 300;
const KEPT: usize = 100;

/// How long garbage is made, in milliseconds.
const LIMIT: f64 = 2_500.0;

/// Rows `[milliseconds, live, closed, finalized, resources out]`.
pub async fn rows() -> Array {
    let shelf = Rc::new(Shelf::default());
    let pool = Pool::new(shelf.clone(), FinalizationRegistry::new);
    let mut kept: Vec<Object> = (0..OPENED).map(|_| pool.open()).collect();
    for handle in kept.drain(..CLOSED) {
        pool.close(&handle);
    }
    kept.truncate(KEPT);

    let rows = Array::new();
    let start = now();
    let gc = Gc::find();
    loop {
        let counts = pool.counts();
        let elapsed = now() - start;
        let cells = [
            elapsed,
            counts.live as f64,
            counts.closed as f64,
            counts.finalized as f64,
            shelf.taken() as f64,
        ];
        rows.push(&cells.into_iter().map(JsValue::from).collect::<Array>());
        if elapsed > LIMIT {
            break;
        }
        match &gc {
            Some(gc) if elapsed > LIMIT / 4.0 => gc.collect().await,
            _ => make_garbage(),
        }
        pause(50).await;
    }
    drop(kept);
    rows
}

/// Large and small objects that nobody holds, so that the engine finds a reason to collect.
fn make_garbage() {
    for _ in 0..4 {
        ArrayBuffer::new(4 << 20);
    }
    for _ in 0..20_000 {
        Object::new();
    }
}
