use kata_detached_view as zone;
#[path = "../../../tests/specs/detached_view.rs"]
mod spec;

#[cfg(not(target_family = "wasm"))]
compile_error!("A spec runs in a browser, so it is built for wasm32-unknown-unknown.");
