//! The `cargo kata` command, as a library.
//!
//! One builder turns a zone and a `lib.rs` into a bundle that a browser can
//! run; one judge runs bundles in browsers and answers verdicts. Every command
//! is a few lines over these two.
#![cfg(not(target_family = "wasm"))]
#![warn(missing_docs)]

pub mod builder;
pub mod cli;
mod commands;
pub mod judge;
mod paths;
mod process;
mod toolchain;

pub use commands::run;
