use solution_missing_std as zone;
#[path = "../../../tests/specs/missing_std.rs"]
mod spec;

#[cfg(not(target_family = "wasm"))]
compile_error!("A spec runs in a browser, so it is built for wasm32-unknown-unknown.");
