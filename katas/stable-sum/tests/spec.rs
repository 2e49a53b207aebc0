use kata_stable_sum as zone;
#[path = "../../../tests/specs/stable_sum.rs"]
mod spec;

#[cfg(not(target_family = "wasm"))]
compile_error!("A spec runs in a browser, so it is built for wasm32-unknown-unknown.");
