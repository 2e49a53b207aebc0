use solution_stale_buffer as zone;
#[path = "../../../tests/specs/stale_buffer.rs"]
mod spec;

#[cfg(not(target_family = "wasm"))]
compile_error!("A spec runs in a browser, so it is built for wasm32-unknown-unknown.");
