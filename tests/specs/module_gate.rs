//! What a gate for modules must do.
//!
//! The modules here are real, and of each it is known what it needs and where. What the gate answers is compared with that, in
//! every engine with the same values: among them are modules that two engines take and the third does not, and some that none
//! takes.

#![allow(clippy::unwrap_used, clippy::expect_used)]

#[path = "module_gate/expect.rs"]
mod expect;
#[path = "module_gate/guests.rs"]
mod guests;
#[path = "module_gate/make.rs"]
mod make;
#[path = "module_gate/samples.rs"]
mod samples;
#[path = "module_gate/show.rs"]
mod show;

#[path = "module_gate/named.rs"]
mod named;

#[path = "module_gate/engine.rs"]
mod engine;

#[path = "module_gate/itself.rs"]
mod itself;

#[path = "module_gate/limits.rs"]
mod limits;

#[path = "module_gate/broken.rs"]
mod broken;

use wasm_bindgen_test::*;

wasm_bindgen_test_configure!(run_in_dedicated_worker);
