//! What a fingerprint of modules must do.
//!
//! The modules here are small and real: the engine accepts each of them. Two builds of one source differ in custom
//! sections that describe the build. All else decides what a module does, and must not change unseen.

#![allow(clippy::unwrap_used, clippy::expect_used)]

#[path = "same_bytes/expect.rs"]
mod expect;
#[path = "same_bytes/module.rs"]
mod module;
#[path = "same_bytes/show.rs"]
mod show;

#[path = "same_bytes/elsewhere.rs"]
mod elsewhere;

#[path = "same_bytes/counts.rs"]
mod counts;

#[path = "same_bytes/custom.rs"]
mod custom;

#[path = "same_bytes/explained.rs"]
mod explained;

#[path = "same_bytes/refused.rs"]
mod refused;

use wasm_bindgen_test::*;

wasm_bindgen_test_configure!(run_in_dedicated_worker);
