//! What the browser itself knows of currencies and of decimal text.

use js_sys::{Array, Intl, Object, Reflect};
use wasm_bindgen::prelude::*;

/// How many digits after the point `Intl.NumberFormat` gives to a currency.
pub fn fraction_digits(code: &str) -> Option<f64> {
    let format = format(&[("style", "currency".into()), ("currency", code.into())]);
    let known = Reflect::get(&format.resolved_options(), &"maximumFractionDigits".into());
    known.unwrap().as_f64()
}

/// `text` with so many digits after the point, as `Intl.NumberFormat` shows it.
pub fn shown(text: &str, places: usize) -> Option<String> {
    let format = format(&[
        ("minimumFractionDigits", (places as f64).into()),
        ("useGrouping", false.into()),
    ]);
    let shown = format.format().call1(&JsValue::NULL, &text.into());
    shown.unwrap().as_string()
}

fn format(entries: &[(&str, JsValue)]) -> Intl::NumberFormat {
    let options = Object::new();
    for (key, value) in entries {
        Reflect::set(&options, &(*key).into(), value).unwrap();
    }
    Intl::NumberFormat::new(&Array::of1(&"en".into()), &options)
}
