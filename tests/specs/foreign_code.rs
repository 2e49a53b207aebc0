//! What checksums must do in a browser.
//!
//! The processor here is WebAssembly's, whatever machine the browser runs on, and nobody supplies what
//! is not in the module but the host. CRC-32C is judged by published values and by a reference that goes
//! bit by bit; the host that lends SHA-256 is played where it has to misbehave.

#![allow(clippy::unwrap_used, clippy::expect_used)]

#[path = "foreign_code/expect.rs"]
mod expect;
#[path = "foreign_code/host.rs"]
mod host;
#[path = "foreign_code/reference.rs"]
mod reference;
#[path = "foreign_code/show.rs"]
mod show;

#[path = "foreign_code/values.rs"]
mod values;

#[path = "foreign_code/pieces.rs"]
mod pieces;

#[path = "foreign_code/digest.rs"]
mod digest;

#[path = "foreign_code/module.rs"]
mod module;

use wasm_bindgen_test::*;

wasm_bindgen_test_configure!(run_in_dedicated_worker);

const PAGE: usize = 1 << 16;
const MIB: usize = 1 << 20;

/// The size of linear memory, in pages.
fn pages() -> usize {
    core::arch::wasm32::memory_size(0)
}
