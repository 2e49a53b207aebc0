//! What a system must do that answers a guest's calls.
//!
//! Most rules ask the shim itself, with a memory that the test can see all of, a clock that stands still and
//! chance that can be foreseen. The last ones let whole programs run in this browser; the same programs run
//! natively under somebody else's system (`guests.rs` says how).

#![allow(clippy::unwrap_used, clippy::expect_used)]

#[path = "wasi_shim/expect.rs"]
mod expect;
#[path = "wasi_shim/guests.rs"]
mod guests;
#[path = "wasi_shim/reach.rs"]
mod reach;
#[path = "wasi_shim/show.rs"]
mod show;
#[path = "wasi_shim/stage.rs"]
mod stage;
#[path = "wasi_shim/vast.rs"]
mod vast;

#[path = "wasi_shim/texts.rs"]
mod texts;

#[path = "wasi_shim/output.rs"]
mod output;

#[path = "wasi_shim/growth.rs"]
mod growth;

#[path = "wasi_shim/claims.rs"]
mod claims;

#[path = "wasi_shim/program.rs"]
mod program;

use wasm_bindgen_test::*;

wasm_bindgen_test_configure!(run_in_dedicated_worker);

/// Bytes of a page, by which a memory grows.
const PAGE: u32 = 1 << 16;
