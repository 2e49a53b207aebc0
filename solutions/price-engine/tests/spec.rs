use solution_price_engine as zone;
#[path = "../../../tests/specs/price_engine.rs"]
mod spec;

#[cfg(not(target_family = "wasm"))]
compile_error!("A spec runs in a browser, so it is built for wasm32-unknown-unknown.");
