use solution_shared_memory as zone;
#[path = "../../../tests/specs/shared_memory.rs"]
mod spec;

#[cfg(not(target_family = "wasm"))]
compile_error!("A spec runs in a browser, so it is built for wasm32-unknown-unknown.");
