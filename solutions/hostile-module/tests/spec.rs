use solution_hostile_module as zone;
#[path = "../../../tests/specs/hostile_module.rs"]
mod spec;

#[cfg(not(target_family = "wasm"))]
compile_error!("A spec runs in a browser, so it is built for wasm32-unknown-unknown.");
