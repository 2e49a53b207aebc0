use solution_foreign_code as zone;
#[path = "../../../tests/specs/foreign_code.rs"]
mod spec;

#[cfg(not(target_family = "wasm"))]
compile_error!("A spec runs in a browser, so it is built for wasm32-unknown-unknown.");
