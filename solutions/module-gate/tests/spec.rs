use solution_module_gate as zone;
#[path = "../../../tests/specs/module_gate.rs"]
mod spec;

#[cfg(not(target_family = "wasm"))]
compile_error!("A spec runs in a browser, so it is built for wasm32-unknown-unknown.");
