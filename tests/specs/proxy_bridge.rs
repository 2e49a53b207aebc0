//! What a bridge must do that lends its origin to one server and to no other.
//!
//! `forward` chooses the upstream by whole segments, changes neither path nor query on the way, refuses what could lead
//! out of the upstream's path or to another server, and keeps the headers of one connection on that connection. How it
//! does so is free. The last group asks a real browser what all this is good for.

#![allow(clippy::unwrap_used, clippy::expect_used)]

use wasm_bindgen_test::*;

#[path = "proxy_bridge/expect.rs"]
mod expect;
#[path = "proxy_bridge/lab.rs"]
mod lab;
#[path = "proxy_bridge/properties.rs"]
mod properties;
#[path = "shared/random.rs"]
mod random;
#[path = "proxy_bridge/show.rs"]
mod show;

// The groups, in the order in which they are best read.
#[path = "proxy_bridge/route.rs"]
mod route;

#[path = "proxy_bridge/path.rs"]
mod path;

#[path = "proxy_bridge/asked.rs"]
mod asked;

#[path = "proxy_bridge/headers.rs"]
mod headers;

#[path = "proxy_bridge/browser.rs"]
mod browser;

wasm_bindgen_test_configure!(run_in_dedicated_worker);

/// Random paths here; natively there is time for more.
const SEEDS: core::ops::Range<u64> = 0..3_000;
