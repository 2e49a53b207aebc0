//! The lab over real sockets: each endpoint, the counters, the limits, and clients that are up to no good.
#![cfg(not(target_family = "wasm"))]
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod client;
mod counters;
mod endpoints;
mod hostile;
mod limits;
