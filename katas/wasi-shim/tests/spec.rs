use kata_wasi_shim as zone;
#[path = "../../../tests/specs/wasi_shim.rs"]
mod spec;

#[cfg(not(target_family = "wasm"))]
compile_error!("A spec runs in a browser, so it is built for wasm32-unknown-unknown.");
