//! What Rust holds of JavaScript's.

use js_sys::{Object, Reflect, WebAssembly::Table};
use wasm_bindgen::prelude::*;

/// How many references to `object` Rust holds. Whoever asks has one, and each clone is one more.
///
/// wasm-bindgen keeps the values of JavaScript's in a table, and what stands there the garbage
/// collector does not take.
pub fn by_rust(object: &Object) -> usize {
    let table: Table = Reflect::get(&wasm_bindgen::exports(), &"__wbindgen_externrefs".into())
        .expect("the exports are an object")
        .unchecked_into();
    (0..table.length())
        .filter(|index| {
            let value = table.get_raw(*index).unwrap_or_default();
            Object::is(&value, object)
        })
        .count()
}
