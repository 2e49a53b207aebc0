//! An engine with other words: every call of a function gives the errors that come out of it another text.

use js_sys::{Array, Error, Function, JsString, Object, Proxy, Reflect};
use wasm_bindgen::prelude::*;

type Hook = Closure<dyn Fn(JsValue, Function, Array) -> Result<JsValue, JsValue>>;

/// Other words for as long as this lives. In between stands `Function.prototype.call`, through which the
/// contract calls the guest.
pub struct Translated {
    prototype: Object,
    original: JsValue,
    _hook: Hook,
}

impl Translated {
    pub fn begin(words: &'static str) -> Self {
        let function = Reflect::get(&js_sys::global(), &"Function".into()).unwrap();
        let prototype: Object = Reflect::get(&function, &"prototype".into())
            .unwrap()
            .unchecked_into();
        let original = Reflect::get(&prototype, &"call".into()).unwrap();
        let hook = Hook::new(move |_call, function: Function, arguments: Array| {
            let this = arguments.shift();
            Reflect::apply(&function, &this, &arguments).inspect_err(|thrown| {
                if let Some(error) = thrown.dyn_ref::<Error>() {
                    error.set_message(words);
                }
            })
        });
        let handler = Object::new();
        Reflect::set(&handler, &JsString::from("apply"), hook.as_ref()).unwrap();
        let translating = Proxy::new(&original, &handler);
        Reflect::set(&prototype, &"call".into(), &translating).unwrap();
        Self {
            prototype,
            original,
            _hook: hook,
        }
    }
}

impl Drop for Translated {
    fn drop(&mut self) {
        let _ = Reflect::set(&self.prototype, &"call".into(), &self.original);
    }
}
