//! What a client of a worker must do.
//!
//! Every value that the engine can clone arrives equal, whatever cannot be sent is named, and what
//! is listed moves. Each call gets its own answer or its own error, also when the worker crashes, and
//! the worker ends with its client.

#![allow(clippy::unwrap_used, clippy::expect_used)]

#[path = "worker_message/survives.rs"]
mod survives;

#[path = "worker_message/refused.rs"]
mod refused;

#[path = "worker_message/moved.rs"]
mod moved;

#[path = "worker_message/answers.rs"]
mod answers;

#[path = "worker_message/ends.rs"]
mod ends;

#[path = "worker_message/describe.rs"]
mod describe;
#[path = "worker_message/show.rs"]
mod show;
#[path = "worker_message/stage.rs"]
mod stage;

use crate::zone::Client;
use js_sys::Array;
use wasm_bindgen::prelude::*;
use wasm_bindgen_test::*;

wasm_bindgen_test_configure!(run_in_dedicated_worker);

/// What the page draws: rows are (`move` or `copy`, bytes, milliseconds for which the sender stood still,
/// milliseconds until the answer).
#[wasm_bindgen]
pub async fn show() -> Array {
    show::run().await
}

/// A client whose worker runs this handler.
fn client(handler: &str) -> Client {
    Client::new(handler).expect("workers may start here")
}
