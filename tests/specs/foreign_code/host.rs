//! The host that lends SHA-256, and one that is played.

use std::cell::Cell;

use js_sys::{Function, Object, Promise, Reflect, global};
use wasm_bindgen::prelude::*;

/// What the page's runner shows as "could not be judged here".
fn unjudged(why: &str) -> ! {
    panic!("could not be judged here: {why}")
}

#[wasm_bindgen]
extern "C" {
    /// A property's descriptor.
    type Descriptor;

    #[wasm_bindgen(method, setter)]
    fn set_configurable(this: &Descriptor, on: bool);

    #[wasm_bindgen(method, setter)]
    fn set_value(this: &Descriptor, value: &JsValue);

    #[wasm_bindgen(js_namespace = Object, js_name = getOwnPropertyDescriptor)]
    fn descriptor_of(object: &JsValue, name: &str) -> JsValue;

    #[wasm_bindgen(js_namespace = Object, js_name = defineProperty)]
    fn describe(object: &JsValue, name: &str, descriptor: &JsValue);

    #[wasm_bindgen(js_name = DOMException)]
    type SpecDomException;

    #[wasm_bindgen(constructor, js_class = DOMException)]
    fn new(message: &str, name: &str) -> SpecDomException;
}

/// An exception of the kind that Web APIs throw.
pub fn dom_exception(message: &str, name: &str) -> JsValue {
    SpecDomException::new(message, name).into()
}

/// A `digest` of the spec's: it gets the algorithm and the bytes.
type Digest = Closure<dyn FnMut(JsValue, JsValue) -> Result<JsValue, JsValue>>;

/// Until it is dropped, a property of the host's is another.
pub struct Played {
    object: JsValue,
    name: &'static str,
    before: JsValue,
    _digest: Option<Digest>,
}

impl Played {
    fn put(object: JsValue, name: &'static str, value: &JsValue) -> Self {
        let before = descriptor_of(&object, name);
        let descriptor: Descriptor = Object::new().unchecked_into();
        descriptor.set_configurable(true);
        descriptor.set_value(value);
        describe(&object, name, &descriptor);
        Self {
            object,
            name,
            before,
            _digest: None,
        }
    }

    /// A host without `crypto`.
    pub fn without_crypto() -> Self {
        Self::put(global().into(), "crypto", &JsValue::UNDEFINED)
    }

    /// A host whose `crypto.subtle` is this.
    pub fn subtle(value: &JsValue) -> Self {
        clear();
        Self::put(crypto(), "subtle", value)
    }

    /// A host whose `crypto.subtle.digest` does this.
    pub fn digest(
        answer: impl FnMut(JsValue, JsValue) -> Result<JsValue, JsValue> + 'static,
    ) -> Self {
        let digest = Digest::new(answer);
        let subtle = Object::new();
        let _ = Reflect::set(&subtle, &"digest".into(), digest.as_ref());
        let mut played = Self::subtle(&subtle);
        played._digest = Some(digest);
        played
    }

    /// A host whose `digest` throws what this makes.
    pub fn throws(make: impl Fn() -> JsValue + 'static) -> Self {
        Self::digest(move |_, _| Err(make()))
    }

    /// A host whose `digest` answers a promise that is rejected with what this makes.
    pub fn rejects(make: impl Fn() -> JsValue + 'static) -> Self {
        Self::digest(move |_, _| Ok(Promise::<JsValue>::reject(&make()).into()))
    }

    /// A host whose `digest` answers a promise of what this makes.
    pub fn answers(make: impl Fn() -> JsValue + 'static) -> Self {
        Self::digest(move |_, _| Ok(promise_of(&make())))
    }
}

impl Drop for Played {
    fn drop(&mut self) {
        if self.before.is_undefined() {
            let _ =
                Reflect::delete_property(self.object.unchecked_ref::<Object>(), &self.name.into());
        } else {
            describe(&self.object, self.name, &self.before);
        }
    }
}

fn promise_of(value: &JsValue) -> JsValue {
    let value = Cell::new(Some(value.clone()));
    let promise: Promise = Promise::new(&mut |resolve: Function, _reject: Function| {
        let _ = resolve.call1(&JsValue::UNDEFINED, &value.take().unwrap_or_default());
    });
    promise.into()
}

fn crypto() -> JsValue {
    Reflect::get(&global(), &"crypto".into()).unwrap_or_default()
}

/// What a failed test left in a browser where all tests share one page: a test that panics drops nothing.
fn clear() {
    let crypto = crypto();
    if crypto.is_object() {
        let _ = Reflect::delete_property(crypto.unchecked_ref::<Object>(), &"subtle".into());
    }
}

/// The host as it is, if it lends SHA-256 at all.
pub fn real() {
    clear();
    let subtle = Reflect::get(&crypto(), &"subtle".into()).unwrap_or_default();
    if !subtle.is_object() {
        unjudged(
            "this page is no secure context, so the host has no `crypto.subtle`. Open the book by https or \
             from the machine that serves it.",
        );
    }
}
