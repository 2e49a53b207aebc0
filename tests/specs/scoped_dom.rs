//! What a part of the page must be for a plugin: a garden with a fence.
//!
//! The plugin asks a `Scope` and gets handles. The page lives on around it, moves things,
//! and even moves the mark. How a handle is made and how the fence is watched is up to you.

#![allow(clippy::unwrap_used, clippy::expect_used)]

#[path = "scoped_dom/handles.rs"]
mod handles;

#[path = "scoped_dom/fence.rs"]
mod fence;

#[path = "scoped_dom/selectors.rs"]
mod selectors;

#[path = "scoped_dom/changes.rs"]
mod changes;

#[path = "scoped_dom/model.rs"]
mod model;
#[path = "scoped_dom/page.rs"]
mod page;
#[path = "shared/random.rs"]
mod random;
#[path = "scoped_dom/reach.rs"]
mod reach;
#[path = "scoped_dom/show.rs"]
mod show;
#[path = "scoped_dom/spy.rs"]
mod spy;
#[path = "scoped_dom/tables.rs"]
mod tables;

use js_sys::Array;
use wasm_bindgen::prelude::*;
use wasm_bindgen_test::*;

wasm_bindgen_test_configure!(run_in_browser);

/// What the page draws: ways over the fence. Rows are the way, whether it led out, and what
/// came of it.
#[wasm_bindgen]
pub fn show() -> Array {
    show::rows()
}
