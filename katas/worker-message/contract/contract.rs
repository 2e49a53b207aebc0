//! What is given, and what a `Client` must keep to.
//!
//! A `Client` owns a worker. `call(value, transfer)` sends it a value and answers what the worker's
//! handler makes of it, or a [`CallError`].
//!
//! - What the engine can clone arrives equal, there and back: `Map`, `Set`, `Date`, `BigInt`, `NaN`,
//!   typed arrays, cycles and whatever else [structured clone] knows. What is listed in `transfer` is
//!   not copied: it moves, and the sender's buffer is detached.
//! - Every call settles. What cannot be sent is an error of this call at once, and disturbs no other
//!   call. If the value is at fault, nothing has moved.
//! - Calls run side by side. Each gets its own answer, in whatever order answers come. If it is
//!   dropped while it waits, its answer goes nowhere. A getter in the value runs while it is sent, and may
//!   make a call, too.
//! - An error in the worker that nobody catches is a crash. All calls that wait for this worker end with
//!   [`CallError::Crashed`] and none is sent again: nobody knows how far it had come, and what was moved
//!   is gone. The worker is ended for good, and the next call finds a new one. A call starts one
//!   worker at most. Beside the first, no worker starts unless there is a call for it.
//! - A call that has settled leaves nothing behind. When the client is dropped its worker ends, whatever it
//!   is doing.
//!
//! [structured clone]: https://html.spec.whatwg.org/multipage/structured-data.html

use js_sys::{
    Array, ArrayBuffer, Boolean, Date, Error, JsString, Map, Number, Object, Reflect, RegExp, Set,
};
use wasm_bindgen::prelude::*;
use web_sys::{Blob, ErrorEvent, MessageEvent, Url, Worker};

/// Why a call has no answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CallError {
    /// Something in the value cannot be cloned: a function, a symbol, a `WeakMap`, a `Promise`, a
    /// buffer that is detached, an object whose getter throws. Nothing was sent.
    #[error("{path} cannot be cloned")]
    NotCloneable {
        /// Where it is, as JavaScript writes it, from `value` on: `value.steps[2].done`, or
        /// `value["on click"]`. `.keys()[0]` and `.values()[0]` count entries of a `Map` or a `Set`.
        /// Of what is nested too deep for this engine, it is the way to a part that still is.
        path: String,
    },
    /// The value is fine, but something in the list cannot move: it is detached, listed twice, the
    /// memory of a wasm module, or no [transferable object] at all. Nothing was sent, but what stands
    /// before it in the list may be lost, in Chromium and Firefox. The text is the engine's own, for logs
    /// only.
    ///
    /// [transferable object]: https://developer.mozilla.org/en-US/docs/Web/API/Web_Workers_API/Transferable_objects
    #[error("cannot be moved: {0}")]
    NotTransferable(String),
    /// The handler threw, or its answer cannot be cloned. The worker is fine.
    #[error("the worker refused: {0}")]
    Refused(String),
    /// The worker could not start, or crashed before it answered.
    #[error("the worker crashed: {0}")]
    Crashed(String),
}

/// What comes from a worker.
#[derive(Debug)]
pub enum Event {
    /// The answer to the message with this id: a value, or [`CallError::Refused`].
    Answer {
        /// The id that the message had.
        id: u32,
        /// What the handler made of it.
        outcome: Result<JsValue, CallError>,
    },
    /// An error in the worker that nobody caught. The worker goes on with its next message as if nothing
    /// had happened, but whoever waited for what broke waits for ever.
    Crash(CallError),
}

/// The worker's side. [`start`] appends `serve(` the handler `)`.
const SERVE: &str = r#"
"use strict";
function serve(handler) {
  const words = (error) => {
    try {
      return String(error);
    } catch {
      return "an error without words";
    }
  };
  self.onmessage = async ({ data: { id, value } }) => {
    const moved = [];
    try {
      const answer = await handler(value, (...these) => moved.push(...these));
      self.postMessage({ id, value: answer }, moved);
    } catch (error) {
      self.postMessage({ id, error: words(error) });
    }
  };
}
"#;

/// Starts a worker that answers each message with `handler(value, move)`.
///
/// `handler` is a JavaScript function in source, such as `(value) => value`. It may be async. What it
/// passes to its second argument moves with the answer and is not copied. The worker runs until it is
/// terminated: dropping a [`Worker`] in Rust lets go of a handle, as in JavaScript.
///
/// # Errors
/// [`CallError::Crashed`] where workers or `blob:` addresses are forbidden. What is wrong with the
/// script shows later, as [`Event::Crash`].
pub fn start(handler: &str) -> Result<Worker, CallError> {
    let script = format!("{SERVE}serve({handler});\n");
    let start = || {
        let blob = Blob::new_with_str_sequence(&Array::of1(&script.into()))?;
        let url = Url::create_object_url_with_blob(&blob)?;
        let worker = Worker::new(&url);
        // The worker has its script, and a page that starts many must not keep them all.
        Url::revoke_object_url(&url)?;
        worker
    };
    start().map_err(|error| CallError::Crashed(words(&error)))
}

/// `{ id, value }`, as the worker expects a message.
#[must_use]
pub fn message(id: u32, value: &JsValue) -> JsValue {
    let entries = [
        Array::of2(&"id".into(), &id.into()),
        Array::of2(&"value".into(), value),
    ];
    Object::from_entries(&entries.iter().collect::<Array>()).map_or(JsValue::UNDEFINED, Into::into)
}

/// Calls `on_event` for whatever comes from `worker`, until the [`Listener`] is dropped. It may be dropped
/// inside the call.
pub fn listen(worker: &Worker, on_event: impl Fn(Event) + Clone + 'static) -> Listener {
    let on_message = on_event.clone();
    let message = Closure::<dyn Fn(MessageEvent)>::new(move |event: MessageEvent| {
        if let Some(event) = answer(&event.data()) {
            on_message(event);
        }
    });
    let on_error = on_event.clone();
    let error = Closure::<dyn Fn(web_sys::Event)>::new(move |event: web_sys::Event| {
        // Or the error goes on to whoever owns this thread, and then to the console.
        event.prevent_default();
        let words = event.dyn_ref::<ErrorEvent>().map(ErrorEvent::message);
        on_error(crash(words.filter(|words| !words.is_empty())));
    });
    let unread = Closure::<dyn Fn(web_sys::Event)>::new(move |_| {
        on_event(crash(Some("it sent what cannot be read here".to_owned())));
    });
    worker.set_onmessage(Some(message.as_ref().unchecked_ref()));
    worker.set_onerror(Some(error.as_ref().unchecked_ref()));
    worker.set_onmessageerror(Some(unread.as_ref().unchecked_ref()));
    Listener {
        worker: worker.clone(),
        _message: message,
        _errors: [error, unread],
    }
}

/// Hears what comes from a worker for as long as it lives. The worker does not end with it.
#[must_use = "a listener hears nothing once it is dropped"]
#[derive(Debug)]
pub struct Listener {
    worker: Worker,
    _message: Closure<dyn Fn(MessageEvent)>,
    _errors: [Closure<dyn Fn(web_sys::Event)>; 2],
}

impl Drop for Listener {
    fn drop(&mut self) {
        self.worker.set_onmessage(None);
        self.worker.set_onerror(None);
        self.worker.set_onmessageerror(None);
    }
}

fn crash(words: Option<String>) -> Event {
    let words = words.unwrap_or_else(|| "its script did not load".to_owned());
    Event::Crash(CallError::Crashed(words))
}

/// What the worker answers; `None` for whatever else it has posted, as a library in it may.
fn answer(data: &JsValue) -> Option<Event> {
    let field = |name: &str| Reflect::get(data, &name.into()).unwrap_or_default();
    // JavaScript's numbers have no other type, and this one was a u32.
    let number = field("id").as_f64()?;
    let id = number as u32;
    if f64::from(id) != number {
        return None;
    }
    let outcome = match field("error").as_string() {
        Some(words) => Err(CallError::Refused(words)),
        None => Ok(field("value")),
    };
    Some(Event::Answer { id, outcome })
}

/// What was wrong with a message that `postMessage` refused with `error`. Engines do not say where: this
/// goes and looks.
#[must_use]
pub fn refusal(error: &JsValue, value: &JsValue, transfer: &Array) -> CallError {
    match culprit(value, transfer) {
        Some(path) => CallError::NotCloneable { path },
        None if transfer.length() == 0 => CallError::NotCloneable {
            path: "value".to_owned(),
        },
        None => CallError::NotTransferable(words(error)),
    }
}

/// A value that was met, and how: as a part of an earlier one.
struct Met {
    value: JsValue,
    whole: usize,
    step: String,
}

/// The path to the first part of `root` that cannot be cloned. Each object is looked at once, so
/// cycles end, and on a stack of its own, so depth is no matter.
fn culprit(root: &JsValue, transfer: &Array) -> Option<String> {
    let (mut met, mut wholes) = (Vec::<Met>::new(), Vec::new());
    let seen = Set::new(&JsValue::UNDEFINED);
    let mut open = vec![Met {
        value: root.clone(),
        whole: 0,
        step: "value".to_owned(),
    }];
    while let Some(next) = open.pop() {
        let (at, value) = (met.len(), next.value.clone());
        met.push(next);
        if value.is_symbol() || value.is_function() {
            return Some(path(&met, at));
        }
        if !value.is_object() || seen.has(&value) || transfer.includes(&value, 0) {
            continue;
        }
        seen.add(&value);
        let parts = match parts(&value) {
            Ok(parts) => parts,
            Err(step) => return Some(path(&met, at) + &step),
        };
        if parts.is_empty() && !clones(&value) {
            return Some(path(&met, at));
        }
        wholes.push(at);
        open.extend(parts.into_iter().rev().map(|(step, value)| Met {
            value,
            whole: at,
            step,
        }));
    }
    // No part is to blame, so something whole is: a `Proxy`, or a `Promise` with properties.
    let alone = |&at: &usize| {
        let value = &met[at].value;
        !clones(value) && parts(value).is_ok_and(|parts| parts.iter().all(|(_, part)| clones(part)))
    };
    wholes.into_iter().find(alone).map(|at| path(&met, at))
}

fn path(met: &[Met], mut at: usize) -> String {
    let mut steps = vec![met[at].step.as_str()];
    while at != 0 {
        at = met[at].whole;
        steps.push(&met[at].step);
    }
    steps.into_iter().rev().collect()
}

/// What structured clone looks at inside an object, each with its step of the path.
///
/// # Errors
/// The step to a part that cannot be read.
fn parts(value: &JsValue) -> Result<Vec<(String, JsValue)>, String> {
    let is_one = value.is_instance_of::<ArrayBuffer>()
        || ArrayBuffer::is_view(value)
        || value.is_instance_of::<Error>()
        || value.is_instance_of::<Date>()
        || value.is_instance_of::<RegExp>()
        || value.is_instance_of::<Boolean>()
        || value.is_instance_of::<Number>()
        || value.is_instance_of::<JsString>();
    // Properties that were added to such a value stay here.
    if is_one {
        return Ok(Vec::new());
    }
    let numbered = |name: &str, parts: &Array| -> Vec<(String, JsValue)> {
        let numbered = parts.iter().enumerate();
        numbered
            .map(|(at, part)| (format!(".{name}()[{at}]"), part))
            .collect()
    };
    if value.is_instance_of::<Map>() {
        let entries = listed(value).map_err(|_| String::new())?;
        let part = |at: u32| -> Array {
            entries
                .iter()
                .map(|entry| Array::from(&entry).get(at))
                .collect()
        };
        let mut all = numbered("keys", &part(0));
        all.extend(numbered("values", &part(1)));
        return Ok(all);
    }
    if value.is_instance_of::<Set>() {
        let entries = listed(value).map_err(|_| String::new())?;
        return Ok(numbered("values", &entries));
    }
    let is_list = Array::is_array(value);
    let keys = own_keys(value).map_err(|_| String::new())?;
    keys.iter()
        .map(|key| {
            let step = step(&String::from(JsString::from(key.clone())), is_list);
            match Reflect::get(value, &key) {
                Ok(part) => Ok((step, part)),
                Err(_) => Err(step),
            }
        })
        .collect()
}

/// `.name`, `["other name"]` or `[7]`.
fn step(key: &str, is_list: bool) -> String {
    let is_letter = |letter: char| letter.is_alphabetic() || letter == '_' || letter == '$';
    let is_name = key.starts_with(is_letter) && key.chars().all(|c| is_letter(c) || c.is_numeric());
    if is_name {
        format!(".{key}")
    } else if is_list && key.parse::<u32>().is_ok() {
        format!("[{key}]")
    } else {
        format!("[{key:?}]")
    }
}

fn clones(value: &JsValue) -> bool {
    structured_clone(value).is_ok()
}

fn words(error: &JsValue) -> String {
    let error = error.dyn_ref::<Error>().map(Error::message);
    error.map_or_else(|| "no words".to_owned(), String::from)
}

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_name = structuredClone, catch)]
    fn structured_clone(value: &JsValue) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(js_namespace = Array, js_name = from, catch)]
    fn listed(value: &JsValue) -> Result<Array, JsValue>;
    #[wasm_bindgen(js_namespace = Object, js_name = keys, catch)]
    fn own_keys(value: &JsValue) -> Result<Array, JsValue>;
}
