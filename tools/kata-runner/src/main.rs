//! The runner that `cargo test` calls for every wasm test binary.
//!
//! The tests are run by the stock wasm-bindgen runner, which is a library in
//! here. Around it this program puts what the stock runner lacks: it takes the flags
//! of Rust's own tests, finds the browser, starts the lab beside the page, leaves no
//! process behind, passes nothing that did not run, and says what to do next when a
//! kata fails. The stock runner takes its settings from environment variables, so it
//! runs in a child process, which is this program again.

#[cfg(not(target_family = "wasm"))]
mod browser;
#[cfg(not(target_family = "wasm"))]
mod exercise;
#[cfg(not(target_family = "wasm"))]
mod flags;
#[cfg(not(target_family = "wasm"))]
mod libtest;
#[cfg(not(target_family = "wasm"))]
mod ports;
#[cfg(not(target_family = "wasm"))]
mod run;
#[cfg(not(target_family = "wasm"))]
mod settings;
#[cfg(not(target_family = "wasm"))]
mod spec;
#[cfg(not(target_family = "wasm"))]
mod transcript;
#[cfg(not(target_family = "wasm"))]
mod wishes;

#[cfg(not(target_family = "wasm"))]
fn main() -> std::process::ExitCode {
    run::main()
}

/// The workspace's default target is wasm; this tool has nothing to do there.
#[cfg(target_family = "wasm")]
fn main() {}
