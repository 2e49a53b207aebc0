//! What a right design must do.
//!
//! - A span lasts as long as the work: from its first poll to its answer, its drop or its panic.
//! - Its parent is who was running where it was made, however tasks take turns.
//! - It never says more than its clock can tell, and others can read it.
//!
//! How that is done is free. Time is judged by a clock that the spec turns, and with the browser's clock only by
//! what that clock itself read: no test asks how fast the machine is.

#![allow(clippy::unwrap_used, clippy::expect_used)]

use wasm_bindgen_test::*;

#[path = "trace_spans/scene.rs"]
mod scene;
#[path = "trace_spans/show.rs"]
mod show;

#[path = "trace_spans/time.rs"]
mod time;

#[path = "trace_spans/ends.rs"]
mod ends;

#[path = "trace_spans/panics.rs"]
mod panics;

#[path = "trace_spans/parents.rs"]
mod parents;

#[path = "trace_spans/export.rs"]
mod export;

wasm_bindgen_test_configure!(run_in_dedicated_worker);
