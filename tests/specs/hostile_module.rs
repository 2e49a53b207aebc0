//! What `run` must do with guests that mean harm, and with one that does not.
//!
//! The guests are real modules, in `guests.rs` as text. Whether any of them is left is seen by locks, which their workers hold
//! for as long as their threads live. How a host runs them is up to it; what they may take is not.

#![allow(clippy::unwrap_used, clippy::expect_used)]

#[path = "hostile_module/guests.rs"]
mod guests;
#[path = "hostile_module/show.rs"]
mod show;
#[path = "hostile_module/stage.rs"]
mod stage;

#[path = "hostile_module/friends.rs"]
mod friends;

#[path = "hostile_module/early.rs"]
mod early;

#[path = "hostile_module/ends.rs"]
mod ends;

#[path = "hostile_module/page.rs"]
mod page;

#[path = "hostile_module/after.rs"]
mod after;

use js_sys::Array;
use wasm_bindgen::prelude::*;
use wasm_bindgen_test::*;

wasm_bindgen_test_configure!(run_in_dedicated_worker);

/// What the page draws: a row for each of the twelve, of its name, its end, how it ended here, the milliseconds that this
/// took, and how long the page's heart stood still meanwhile.
#[wasm_bindgen]
pub async fn show() -> Array {
    show::rows().await
}

/// Five hundred guests in random order: how many ended otherwise than they should, the workers that are left, the pages
/// of memory that were added, the milliseconds in all, and the longest that the heart stood still.
#[wasm_bindgen]
pub async fn stress() -> Array {
    show::stress().await
}
