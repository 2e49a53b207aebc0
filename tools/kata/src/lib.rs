//! The `cargo kata` command, as a library.
//!
//! `kata_builder` turns a zone and a `lib.rs` into a bundle that a browser can
//! run; `kata_judge` runs bundles in browsers and answers verdicts. Every command
//! is a few lines over these two.
#![cfg(not(target_family = "wasm"))]
#![warn(missing_docs)]

pub mod cli;
mod commands;

pub use commands::run;
