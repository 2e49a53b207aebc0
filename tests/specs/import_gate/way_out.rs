//! Looks for a way from an object to the whole page.

use std::collections::VecDeque;

use js_sys::{
    Object, Reflect, Set,
    WebAssembly::{Global, Memory, Table},
};
use wasm_bindgen::prelude::*;

use super::host::get;

/// How many objects are looked at.
const ENOUGH: u32 = 3_000;

/// The shortest way from an object, over properties and prototypes, to `globalThis` or to `Function`, which makes code
/// of text that sees `globalThis`. A memory, a table and a global are not looked into: they are what they are.
pub fn way_out(from: &JsValue, name: &str) -> Option<String> {
    let global: JsValue = js_sys::global().into();
    let function = get(&global, "Function");
    let seen = Set::new(&JsValue::UNDEFINED);
    let mut open = VecDeque::from([(from.clone(), name.to_owned())]);
    while let Some((value, way)) = open.pop_front() {
        let is_object = value.is_object() || value.is_function();
        if !is_object || seen.has(&value) || seen.size() > ENOUGH {
            continue;
        }
        if value == global || value == function {
            let found = if value == global {
                "globalThis"
            } else {
                "Function"
            };
            return Some(format!("{way} is {found}"));
        }
        seen.add(&value);
        let handle = value.is_instance_of::<Memory>()
            || value.is_instance_of::<Table>()
            || value.is_instance_of::<Global>();
        if handle {
            continue;
        }
        let object: &Object = value.unchecked_ref();
        let prototype = Object::get_prototype_of(object).into();
        open.push_back((prototype, format!("{way}.__proto__")));
        for key in Reflect::own_keys(object).unwrap().iter() {
            let place = Reflect::get_own_property_descriptor(object, &key).unwrap();
            let shown = key.as_string().unwrap_or_else(|| format!("{key:?}"));
            for part in ["value", "get", "set"] {
                if place.is_object() {
                    open.push_back((get(&place, part), format!("{way}.{shown}")));
                }
            }
        }
    }
    None
}
