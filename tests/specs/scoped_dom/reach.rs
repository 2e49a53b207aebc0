//! What a plugin reaches that follows a value: from property to property, own and
//! inherited ones, as far as they lead.

use js_sys::{Array, Function, Object, Reflect, Set};
use wasm_bindgen::prelude::*;

/// So many objects are looked into. A handle that leads nowhere has far fewer.
const OBJECTS: usize = 2_000;

/// The first way from a value to a node or to the window, as JavaScript would write it, and
/// what is there. An empty way is the value itself.
pub fn node(value: &JsValue) -> Option<(String, String)> {
    let seen = Set::new(&JsValue::UNDEFINED);
    let mut waiting = vec![(value.clone(), String::new())];
    let mut next = 0;
    while next < waiting.len().min(OBJECTS) {
        let (value, way) = waiting[next].clone();
        next += 1;
        if !(value.is_object() || value.is_function()) || seen.has(&value) {
            continue;
        }
        seen.add(&value);
        if let Some(name) = page_part(&value) {
            return Some((way, name));
        }
        let mut owner = value.clone();
        while owner.is_object() || owner.is_function() {
            let Ok(keys) = Reflect::own_keys(&owner) else {
                break;
            };
            for key in keys.iter() {
                // As on the value itself, so that inherited getters answer for it.
                if let Ok(found) = Reflect::get(&value, &key) {
                    waiting.push((found, format!("{way}{}", step(&key))));
                }
            }
            let Ok(prototype) = Reflect::get_prototype_of(&owner) else {
                break;
            };
            waiting.push((prototype.clone().into(), format!("{way}.__proto__")));
            owner = prototype.into();
        }
    }
    None
}

/// What the page calls this, if it is a node or the window.
fn page_part(value: &JsValue) -> Option<String> {
    let global = js_sys::global();
    if js_sys::Object::is(value, &global) {
        return Some("the window".into());
    }
    // Not `instanceof`, which asks the value.
    let get = |owner: &JsValue, name: &str| Reflect::get(owner, &name.into()).unwrap();
    let prototype: Object = get(&get(&global, "Node"), "prototype").unchecked_into();
    let property = Reflect::get_own_property_descriptor(&prototype, &"nodeName".into()).unwrap();
    let getter: Function = get(&property, "get").unchecked_into();
    let name = Reflect::apply(&getter, value, &Array::new()).ok()?;
    Some(format!("the node {}", name.as_string().unwrap_or_default()))
}

fn step(key: &JsValue) -> String {
    match key.as_string() {
        Some(name) => format!(".{name}"),
        None => format!("[{}]", String::from(Object::from(key.clone()).to_string())),
    }
}
