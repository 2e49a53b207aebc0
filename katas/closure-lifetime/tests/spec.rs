use kata_closure_lifetime as zone;
#[path = "../../../tests/specs/closure_lifetime.rs"]
mod spec;

#[cfg(not(target_family = "wasm"))]
compile_error!("A spec runs in a browser, so it is built for wasm32-unknown-unknown.");
