//! Watching what the code under test does with the browser.
//!
//! A hook puts a function of the spec in front of a global one, such as `fetch`,
//! until it is dropped. It passes on whatever is not meant for it: a test that
//! fails on wasm drops nothing, and the tests after it must not suffer.

#![allow(clippy::expect_used)]

use std::cell::RefCell;
use std::rc::Rc;

use js_sys::{Function, JsString, Object, Promise, Reflect, TypeError, Uint8Array};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::future_to_promise;

use super::clock::{is_own_timer, now, sleep};
use super::lab::field;

type Replacement = dyn Fn(JsValue, JsValue) -> Result<JsValue, JsValue>;

/// A global function that is replaced for as long as this lives.
struct Hook {
    name: &'static str,
    original: Function,
    _replacement: Closure<Replacement>,
}

impl Hook {
    /// Puts `replace(original)` in the place of the global function `name`.
    fn install<F>(name: &'static str, replace: impl FnOnce(Function) -> F) -> Self
    where
        F: Fn(JsValue, JsValue) -> Result<JsValue, JsValue> + 'static,
    {
        let original: Function = field(&js_sys::global(), name).unchecked_into();
        let replacement = Closure::<Replacement>::new(replace(original.clone()));
        set_global(name, replacement.as_ref());
        Self {
            name,
            original,
            _replacement: replacement,
        }
    }
}

impl Drop for Hook {
    fn drop(&mut self) {
        set_global(self.name, &self.original);
    }
}

fn set_global(name: &str, value: &JsValue) {
    Reflect::set(&js_sys::global(), &JsString::from(name), value)
        .expect("globals of a worker can be replaced");
}

fn call(function: &Function, first: &JsValue, second: &JsValue) -> Result<JsValue, JsValue> {
    function.call2(&js_sys::global(), first, second)
}

/// Counts timers that were started and neither fired nor cleared.
pub struct Timers {
    running: Rc<RefCell<Vec<Running>>>,
    _hooks: [Hook; 4],
}

struct Running {
    id: JsValue,
    due: f64,
}

impl Timers {
    pub fn watch() -> Self {
        let running = Rc::<RefCell<Vec<Running>>>::default();
        let start = |repeats: bool| {
            let running = Rc::clone(&running);
            move |original: Function| {
                move |callback: JsValue, ms: JsValue| {
                    let id = call(&original, &callback, &ms)?;
                    if !is_own_timer() {
                        let wait = if repeats {
                            f64::INFINITY
                        } else {
                            ms.as_f64().unwrap_or(0.0)
                        };
                        running.borrow_mut().push(Running {
                            id: id.clone(),
                            due: now() + wait,
                        });
                    }
                    Ok(id)
                }
            }
        };
        let clear = || {
            let running = Rc::clone(&running);
            move |original: Function| {
                move |id: JsValue, rest: JsValue| {
                    running.borrow_mut().retain(|timer| timer.id != id);
                    call(&original, &id, &rest)
                }
            }
        };
        let hooks = [
            Hook::install("setTimeout", start(false)),
            Hook::install("clearTimeout", clear()),
            Hook::install("setInterval", start(true)),
            Hook::install("clearInterval", clear()),
        ];
        Self {
            running,
            _hooks: hooks,
        }
    }

    /// How many timers are still to come.
    pub fn left(&self) -> usize {
        let now = now();
        self.running
            .borrow()
            .iter()
            .filter(|timer| timer.due > now)
            .count()
    }
}

/// `fetch`, seen from outside.
pub struct FetchHook {
    _hook: Hook,
}

impl FetchHook {
    /// Makes the request for `url` wait before it sets out, as a slow connection would.
    pub fn delay(url: &str, ms: f64) -> Self {
        let url = url.to_owned();
        Self::install(move |original, input, init| {
            if address(&input) != url {
                return pass_on(&original, &input, &init);
            }
            future_to_promise(async move {
                sleep(ms).await;
                pass_on(&original, &input, &init).await
            })
        })
    }

    /// Answers each request for `url` with such a body and these fields of a `ResponseInit`.
    pub fn answer(url: &str, body: impl Fn() -> JsValue + 'static, init: Object) -> Self {
        let url = url.to_owned();
        Self::install(move |original, input, options| {
            if address(&input) == url {
                let response: JsValue = SpecResponse::spec_new(&body(), &init).into();
                return Promise::resolve(&response);
            }
            pass_on(&original, &input, &options)
        })
    }

    /// Asks `play`, which gets the address and the signal of each request, for a promise in the place of the answer's.
    pub fn play(play: impl Fn(&str, JsValue) -> Option<Promise> + 'static) -> Self {
        Self::install(move |original, input, init| {
            // In the options, or in a `Request`.
            let holder = if init.is_object() { &init } else { &input };
            let signal = field(holder, "signal");
            play(&address(&input), signal).unwrap_or_else(|| pass_on(&original, &input, &init))
        })
    }

    /// Gives the answer for `url` another status. Its body stays the one that the server sends, and
    /// it is held on to, so that no garbage collection ends a request that nobody else has ended.
    pub fn restate(url: &str, status: u16) -> Self {
        let url = url.to_owned();
        let held = Rc::<RefCell<Vec<JsValue>>>::default();
        Self::install(move |original, input, options| {
            if address(&input) != url {
                return pass_on(&original, &input, &options);
            }
            let held = Rc::clone(&held);
            future_to_promise(async move {
                let response = pass_on(&original, &input, &options).await?;
                let body = field(&response, "body");
                held.borrow_mut().extend([response, body.clone()]);
                let init = object([("status", status)]);
                Ok(SpecResponse::spec_new(&body, &init).into())
            })
        })
    }

    /// Tells `arrived(url)` when the headers of an answer have come.
    pub fn observe(arrived: impl Fn(&str) + 'static) -> Self {
        let arrived = Rc::new(arrived);
        Self::install(move |original, input, init| {
            let arrived = Rc::clone(&arrived);
            future_to_promise(async move {
                let response = pass_on(&original, &input, &init).await?;
                arrived(&address(&input));
                Ok(response)
            })
        })
    }

    fn install(hook: impl Fn(Function, JsValue, JsValue) -> Promise + 'static) -> Self {
        Self {
            _hook: Hook::install("fetch", |original| {
                move |input, init| Ok(hook(original.clone(), input, init).into())
            }),
        }
    }
}

/// `fetch` takes an address, or a `Request` that holds one.
fn address(input: &JsValue) -> String {
    input
        .as_string()
        .or_else(|| field(input, "url").as_string())
        .unwrap_or_default()
}

/// Calls the real `fetch`.
fn pass_on(original: &Function, input: &JsValue, init: &JsValue) -> Promise {
    call(original, input, init).map_or_else(|error| Promise::reject(&error), JsCast::unchecked_into)
}

/// A plain object with these properties.
pub fn object(properties: impl IntoIterator<Item = (&'static str, impl Into<JsValue>)>) -> Object {
    let object = Object::new();
    for (name, value) in properties {
        Reflect::set(&object, &JsString::from(name), &value.into())
            .expect("a plain object takes anything");
    }
    object
}

/// A body that breaks off after `bytes`, as Chromium and Firefox show it.
pub fn broken_body(bytes: &'static [u8]) -> JsValue {
    let mut rest = Some(bytes);
    // Each call wants one chunk. An error throws away what has not been read yet, so it comes in a call of its own.
    let pull = Closure::<dyn FnMut(SpecController)>::new(move |controller: SpecController| {
        match rest.take() {
            Some(bytes) => controller.spec_enqueue(&Uint8Array::from(bytes)),
            None => controller.spec_error(&TypeError::new("network error")),
        }
    });
    SpecStream::spec_stream(&object([("pull", pull.into_js_value())])).into()
}

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_name = Response)]
    pub type SpecResponse;
    #[wasm_bindgen(constructor, js_class = "Response")]
    pub fn spec_new(body: &JsValue, init: &Object) -> SpecResponse;
    #[wasm_bindgen(js_name = ReadableStream)]
    pub type SpecStream;
    #[wasm_bindgen(constructor, js_class = "ReadableStream")]
    pub fn spec_stream(source: &Object) -> SpecStream;
    pub type SpecController;
    #[wasm_bindgen(method, js_name = enqueue)]
    pub fn spec_enqueue(this: &SpecController, chunk: &Uint8Array);
    #[wasm_bindgen(method, js_name = error)]
    fn spec_error(this: &SpecController, why: &JsValue);
}
