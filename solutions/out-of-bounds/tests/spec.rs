use solution_out_of_bounds as zone;
#[path = "../../../tests/specs/out_of_bounds.rs"]
mod spec;

#[cfg(not(target_family = "wasm"))]
compile_error!("A spec runs in a browser, so it is built for wasm32-unknown-unknown.");
