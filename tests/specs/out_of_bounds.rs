//! What a host must do that looks into a guest and says how that ended.
//!
//! The guest is a real module with one page of memory, in `guest.rs` as text. What it does at the
//! memory's end is the engine's affair, and the same in all; how your host foresees or
//! explains it is up to you.

#![allow(clippy::unwrap_used, clippy::expect_used)]

#[path = "out_of_bounds/expect.rs"]
mod expect;
#[path = "out_of_bounds/guest.rs"]
mod guest;
#[path = "out_of_bounds/show.rs"]
mod show;
#[path = "out_of_bounds/stage.rs"]
mod stage;
#[path = "out_of_bounds/translated.rs"]
mod translated;

#[path = "out_of_bounds/edges.rs"]
mod edges;

#[path = "out_of_bounds/copies.rs"]
mod copies;

#[path = "out_of_bounds/growth.rs"]
mod growth;

#[path = "out_of_bounds/afterwards.rs"]
mod afterwards;

#[path = "out_of_bounds/kinds.rs"]
mod kinds;

use wasm_bindgen_test::*;

wasm_bindgen_test_configure!(run_in_dedicated_worker);

/// How many bytes a guest of one page has.
const SIZE: u32 = contract::PAGE;
