//! What a call came to and what an array shows, as values and in words.

use contract::{DecodeError, EncodeError};
use js_sys::{Function, Uint8Array};
use std::cell::Cell;
use std::rc::Rc;
use wasm_bindgen::prelude::*;

/// What to say of a call that does not return.
pub const NO_ANSWER: &str = "no answer, but a panic or a JavaScript exception: it leaves Rust \
    without running a destructor, and no caller in Rust can handle it";

/// What a call answers; nothing if it panics or if an exception of JavaScript's flies
/// through it.
pub fn outcome<T: 'static>(call: impl FnOnce() -> T + 'static) -> Option<T> {
    let slot = Rc::new(Cell::new(None));
    let filled = Rc::clone(&slot);
    let call = Closure::once_into_js(move || filled.set(Some(call())));
    // A thrown exception is no answer, and an empty slot says so.
    let _ = call.unchecked_ref::<Function>().call0(&JsValue::UNDEFINED);
    slot.take()
}

/// What JavaScript reads in the array, byte by byte, now.
pub fn contents(array: &Uint8Array) -> Vec<u8> {
    let length = array.length();
    let mut bytes = Vec::with_capacity(length as usize);
    bytes.extend((0..length).map(|i| array.get_index(i)));
    bytes
}

pub fn hex(bytes: &[u8]) -> String {
    if bytes.is_empty() {
        return "nothing".into();
    }
    let pairs: Vec<String> = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    pairs.join(" ")
}

/// What `encode_into` came to, in words.
pub fn tell(outcome: &Option<Result<u32, EncodeError>>) -> String {
    match outcome {
        Some(answer) => format!("{answer:?}"),
        None => NO_ANSWER.into(),
    }
}

/// What `decode` came to, in words, however many samples it answered.
pub fn brief(outcome: &Option<Result<Vec<f32>, DecodeError>>) -> String {
    match outcome {
        Some(Ok(samples)) => {
            let first = &samples[..samples.len().min(4)];
            format!("Ok with {} samples that begin {first:?}", samples.len())
        }
        Some(Err(error)) => format!("Err({error:?})"),
        None => NO_ANSWER.into(),
    }
}

/// An array that belongs to JavaScript.
pub fn owned(bytes: &[u8]) -> Uint8Array {
    let array = Uint8Array::new_with_length(bytes.len() as u32);
    array.copy_from(bytes);
    array
}
