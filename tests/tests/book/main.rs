//! The book as its readers have it: the static site and the local server in real browsers, the
//! command line, and stock Cargo.
//!
//! All in one program: most tests wait for a browser or a compiler half of the time, and another
//! one uses what they leave of the machine.
#![cfg(not(target_family = "wasm"))]
// In a test a panic is the verdict; helpers of tests are tests too.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod accessibility;
mod built_elsewhere;
mod chapters;
mod claims;
mod cli;
mod compile_service;
mod copies;
mod door;
mod forwarded;
mod grade;
mod hostile_module;
mod hosts;
mod import_gate;
mod isolation;
mod keys;
mod machines;
mod pages;
mod proxy;
mod search;
mod serve;
mod service_worker;
mod sight;
mod silence;
mod start;
mod stock;
mod store;
mod tabs;
mod watch;
mod weight;
mod workbench;
mod writing;
