use kata_fixed_point as zone;
#[path = "../../../tests/specs/fixed_point.rs"]
mod spec;

#[cfg(not(target_family = "wasm"))]
compile_error!("A spec runs in a browser, so it is built for wasm32-unknown-unknown.");
