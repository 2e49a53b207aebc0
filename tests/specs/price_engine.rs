//! What a shop's quote engine must do.
//!
//! Its prices are right to the last minor unit. It reads its rules once, leaves nothing behind for a
//! quote, and takes new rules at any time without mixing them with the old. The spec counts what is read
//! and what is allocated; how the engine keeps its rules is up to you.

#![allow(clippy::unwrap_used, clippy::expect_used)]

#[path = "price_engine/expect.rs"]
mod expect;
#[path = "price_engine/ledger.rs"]
mod ledger;
#[path = "shared/random.rs"]
mod random;
#[path = "price_engine/show.rs"]
mod show;
#[path = "price_engine/trace.rs"]
mod trace;

#[path = "price_engine/flat.rs"]
mod flat;

#[path = "price_engine/swap.rs"]
mod swap;

#[path = "price_engine/prices.rs"]
mod prices;

#[path = "price_engine/refused.rs"]
mod refused;

use wasm_bindgen_test::*;

wasm_bindgen_test_configure!(run_in_dedicated_worker);
