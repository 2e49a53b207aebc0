//! What a right design must do.

use crate::zone;
use contract::HALF;
use wasm_bindgen::prelude::*;
use wasm_bindgen_test::*;

wasm_bindgen_test_configure!(run_in_dedicated_worker);

/// The rule that this test pins down, in one line.
#[wasm_bindgen_test]
fn doubles_a_number() {
    assert_eq!(zone::double(HALF), 42, "2 * 21 is 42");
}

/// What the page draws: input, output.
#[wasm_bindgen]
pub fn show() -> js_sys::Array {
    let row = js_sys::Array::of2(&HALF.into(), &zone::double(HALF).into());
    js_sys::Array::of1(&row)
}
