use solution_blocked_loop as zone;
#[path = "../../../tests/specs/blocked_loop.rs"]
mod spec;

#[cfg(not(target_family = "wasm"))]
compile_error!("A spec runs in a browser, so it is built for wasm32-unknown-unknown.");
