//! Support for the tests of the book as a whole.
//!
//! [`repository`] runs `cargo kata` here or in a copy that a test may change,
//! [`http`] asks a server by hand, [`site`] builds and serves the static site as a plain file server would,
//! [`stand_in`] serves that site with a compiler that compiles nothing, and
//! [`page`] reads and clicks a chapter as a reader does, and [`editor`] writes on it.
#![cfg(not(target_family = "wasm"))]
#![warn(missing_docs)]
// Helpers of tests, where a panic is the verdict.
#![allow(clippy::unwrap_used, clippy::expect_used)]

pub mod editor;
pub mod http;
pub mod page;
pub mod repository;
pub mod site;
pub mod stand_in;
