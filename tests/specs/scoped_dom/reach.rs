//! What a plugin reaches that follows a value: from property to property, own and
//! inherited ones, and through calls of those that are functions, as far as they lead.

use js_sys::{Array, Function, Object, Reflect, Set};
use wasm_bindgen::prelude::*;

/// So many objects are looked into. A handle that leads nowhere has far fewer.
const OBJECTS: usize = 300;

/// The way to the handle itself.
pub const HANDLE: &str = "handle";

/// And at so many items of a list, a map, or whatever can be iterated.
const ITEMS: usize = 20;

/// Constructors whose own and inherited properties are the language's. None of these knows a node, and
/// `Function` would make code of text.
const LANGUAGE: [&str; 3] = ["Object", "Function", "Array"];

/// What is not called: what frees an object of wasm-bindgen's.
const FREES: &str = "free";

/// The first way from a handle to a node or to the window, as JavaScript would write it, and
/// what is there. The shortest way, `handle`, is the value itself.
pub fn node(value: &JsValue) -> Option<(String, String)> {
    let seen = language();
    let mut waiting = vec![(value.clone(), HANDLE.to_owned())];
    let mut next = 0;
    while next < waiting.len().min(OBJECTS) {
        let (value, way) = waiting[next].clone();
        next += 1;
        if let Some(name) = page_part(&value) {
            return Some((way, name));
        }
        if let Some(answer) = called(&value, &JsValue::UNDEFINED).filter(|_| next == 1) {
            waiting.push((answer, format!("{way}()")));
        }
        // First what it contains: some of its functions may empty it.
        if let Ok(Some(items)) = js_sys::try_iter(&value) {
            for (index, item) in items.flatten().take(ITEMS).enumerate() {
                wait(&seen, &mut waiting, item, format!("[...{way}][{index}]"));
            }
        }
        let mut owner = value.clone();
        while let Ok(keys) = Reflect::own_keys(&owner) {
            for key in keys.iter() {
                // Asked of the value itself, so that inherited getters answer for it.
                let Ok(found) = Reflect::get(&value, &key) else {
                    continue;
                };
                if seen.has(&found) || !(found.is_object() || found.is_function()) {
                    continue;
                }
                let way = format!("{way}{}", step(&key));
                if key != FREES
                    && let Some(answer) = called(&found, &value)
                {
                    wait(&seen, &mut waiting, answer, format!("{way}()"));
                }
                wait(&seen, &mut waiting, found, way);
            }
            match Reflect::get_prototype_of(&owner) {
                Ok(prototype) => owner = prototype.into(),
                Err(_) => break,
            }
        }
    }
    None
}

/// What is not looked into.
fn language() -> Set {
    let seen = Set::new(&JsValue::UNDEFINED);
    for name in LANGUAGE {
        let constructor = Reflect::get(&js_sys::global(), &name.into()).unwrap();
        let prototype = Reflect::get(&constructor, &"prototype".into()).unwrap();
        for owner in [&constructor, &prototype] {
            seen.add(owner);
            for key in Reflect::own_keys(owner).unwrap().iter() {
                if let Ok(found) = Reflect::get(owner, &key) {
                    seen.add(&found);
                }
            }
        }
    }
    seen
}

/// Notes an object or a function that was not there before.
fn wait(seen: &Set, waiting: &mut Vec<(JsValue, String)>, found: JsValue, way: String) {
    if (found.is_object() || found.is_function()) && !seen.has(&found) {
        seen.add(&found);
        waiting.push((found, way));
    }
}

/// What a function answers that is called without arguments.
fn called(value: &JsValue, this: &JsValue) -> Option<JsValue> {
    let answer: Result<JsValue, JsValue> = value.dyn_ref::<Function>()?.call0(this);
    answer.ok()
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
