use solution_lossy_convert as zone;
#[path = "../../../tests/specs/lossy_convert.rs"]
mod spec;

#[cfg(not(target_family = "wasm"))]
compile_error!("A spec runs in a browser, so it is built for wasm32-unknown-unknown.");
