//! What the parts of an app's start must do in a browser.
//!
//! Each of them needs something that only a host can know or do. The browser is such a
//! host, and std has no way to it; so the spec plays the browser's part, now and then,
//! and looks at what is asked of it. Which binding you take is up to you. A last rule
//! holds the chapter's table of what std does here against your browser.

#![allow(clippy::unwrap_used, clippy::expect_used)]

use wasm_bindgen_test::*;

#[path = "missing_std/clock.rs"]
mod clock;

#[path = "missing_std/session.rs"]
mod session;

#[path = "missing_std/config.rs"]
mod config;

#[path = "missing_std/lines.rs"]
mod lines;

#[path = "missing_std/table.rs"]
mod table;

#[path = "missing_std/calls.rs"]
mod calls;
#[path = "missing_std/fresh.rs"]
mod fresh;
#[path = "missing_std/played.rs"]
mod played;
#[path = "missing_std/stage.rs"]
mod stage;

wasm_bindgen_test_configure!(run_in_dedicated_worker);
