use kata_silent_fetch as zone;
#[path = "../../../tests/specs/silent_fetch.rs"]
mod spec;

#[cfg(not(target_family = "wasm"))]
compile_error!("A spec runs in a browser, so it is built for wasm32-unknown-unknown.");
