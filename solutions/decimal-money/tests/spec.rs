use solution_decimal_money as zone;
#[path = "../../../tests/specs/decimal_money.rs"]
mod spec;

#[cfg(not(target_family = "wasm"))]
compile_error!("A spec runs in a browser, so it is built for wasm32-unknown-unknown.");
