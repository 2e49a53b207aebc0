//! What a `get` must do that always ends.
//!
//! Whatever the server does, `get(url, budget)` settles within its budget, says
//! what went wrong, in which phase and after how long, and leaves nothing behind:
//! no open connection, no running timer. The server here is real and misbehaves
//! on request. Where a service worker plays it, the tests for which it is no match
//! say so.

#![allow(clippy::expect_used)]

use wasm_bindgen_test::*;

#[path = "silent_fetch/clock.rs"]
mod clock;
#[path = "silent_fetch/engine.rs"]
mod engine;
#[path = "silent_fetch/hooks.rs"]
mod hooks;
#[path = "silent_fetch/judge.rs"]
mod judge;
#[path = "silent_fetch/lab.rs"]
mod lab;
#[path = "silent_fetch/show.rs"]
mod show;

#[path = "silent_fetch/deadline.rs"]
mod deadline;

#[path = "silent_fetch/cancelled.rs"]
mod cancelled;

#[path = "silent_fetch/failures.rs"]
mod failures;

#[path = "silent_fetch/answers.rs"]
mod answers;

wasm_bindgen_test_configure!(run_in_dedicated_worker);

/// A budget that nothing here should ever spend.
const AMPLE: u64 = 5_000;
