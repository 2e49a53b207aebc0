use kata_same_bytes as zone;
#[path = "../../../tests/specs/same_bytes.rs"]
mod spec;

#[cfg(not(target_family = "wasm"))]
compile_error!("A spec runs in a browser, so it is built for wasm32-unknown-unknown.");
