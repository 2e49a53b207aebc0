//! The spec's own way to the browser: clocks, a pause, and stand-ins for what it has.

use std::any::Any;
use std::future::poll_fn;
use std::pin::pin;
use std::task::Poll;
use std::time::Duration;

use js_sys::{Function, Object, Promise, Reflect};
use wasm_bindgen::closure::WasmClosure;
use wasm_bindgen::prelude::*;

/// Waits for so many milliseconds.
pub async fn pause(ms: f64) {
    let timer = Promise::new(&mut |resolve: Function, _| spec_later(&resolve, ms));
    let _ = timer.await;
}

/// How long an answer may take once the network's part is played: far longer than any machine needs.
const PATIENCE: f64 = 5_000.0;

/// What a future answers. It must answer.
pub async fn in_time<T>(what: &str, work: impl Future<Output = T>) -> T {
    let (mut work, mut clock) = (pin!(work), pin!(pause(PATIENCE)));
    poll_fn(|context| match work.as_mut().poll(context) {
        Poll::Pending if clock.as_mut().poll(context).is_ready() => panic!(
            "`{what}` has not answered within {} s, and the network had: what is never woken waits for ever",
            PATIENCE / 1000.0
        ),
        other => other,
    })
    .await
}

/// Milliseconds on the clock that is never set.
pub fn steady() -> f64 {
    spec_steady()
}

/// Milliseconds since 1970.
pub fn wall() -> f64 {
    spec_wall()
}

/// Milliseconds, as a `Duration` holds them.
pub fn ms(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1000.0
}

/// A property of an object, or of the global one; `undefined` if there is none.
pub fn field(object: &JsValue, name: &str) -> JsValue {
    Reflect::get(object, &name.into()).unwrap_or(JsValue::UNDEFINED)
}

/// A plain object with this one property.
pub fn object(name: &str, value: impl Into<JsValue>) -> Object {
    let object = Object::new();
    let set = Reflect::set(&object, &name.into(), &value.into());
    set.expect("a plain object takes properties");
    object
}

/// Stand-ins for properties of the browser's objects, until this is dropped.
#[derive(Default)]
pub struct StandIns {
    before: Vec<(JsValue, &'static str, JsValue)>,
    // Held for as long as JavaScript may call them.
    held: Vec<Box<dyn Any>>,
}

impl StandIns {
    /// Puts a function in the place of `object.name`.
    pub fn put<F: ?Sized + WasmClosure + 'static>(
        &mut self,
        object: &JsValue,
        name: &'static str,
        stand_in: Closure<F>,
    ) {
        self.replace(object, name, stand_in.as_ref());
        self.held.push(Box::new(stand_in));
    }

    /// Puts a value in the place of `object.name`. It hides what the object inherits, such as the getters
    /// of a worker's globals, and can be replaced itself.
    pub fn replace(&mut self, object: &JsValue, name: &'static str, value: &JsValue) {
        let own =
            Object::get_own_property_descriptor::<JsValue>(object.unchecked_ref(), &name.into());
        self.before.push((object.clone(), name, own));
        let property = object_with(value);
        Reflect::define_property::<JsValue>(object.unchecked_ref(), &name.into(), &property)
            .expect("the browser's objects take properties");
    }
}

fn object_with(value: &JsValue) -> Object {
    let property = object("value", value);
    for name in ["writable", "configurable", "enumerable"] {
        Reflect::set(&property, &name.into(), &true.into()).expect("a plain object");
    }
    property
}

impl Drop for StandIns {
    fn drop(&mut self) {
        for (object, name, own) in self.before.drain(..).rev() {
            let object: &Object = object.unchecked_ref();
            let _ = match own.dyn_ref::<Object>() {
                Some(own) => Reflect::define_property::<JsValue>(object, &name.into(), own),
                None => Reflect::delete_property::<JsValue>(object, &name.into()),
            };
        }
    }
}

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_name = setTimeout)]
    fn spec_later(callback: &Function, ms: f64);
    #[wasm_bindgen(js_namespace = performance, js_name = now)]
    fn spec_steady() -> f64;
    #[wasm_bindgen(js_namespace = Date, js_name = now)]
    fn spec_wall() -> f64;
}
