use solution_scoped_dom as zone;
#[path = "../../../tests/specs/scoped_dom.rs"]
mod spec;

#[cfg(not(target_family = "wasm"))]
compile_error!("A spec runs in a browser, so it is built for wasm32-unknown-unknown.");
