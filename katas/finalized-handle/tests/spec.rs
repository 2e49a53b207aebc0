use kata_finalized_handle as zone;
#[path = "../../../tests/specs/finalized_handle.rs"]
mod spec;

#[cfg(not(target_family = "wasm"))]
compile_error!("A spec runs in a browser, so it is built for wasm32-unknown-unknown.");
