//! A `fetch` of the spec's own, for thousands of requests without a network, and the count of what they leave.

use std::arch::wasm32::memory_size;
use std::pin::Pin;
use std::task::Poll;

use js_sys::{Function, Object, Promise, Uint8Array};
use wasm_bindgen::externref_heap_live_count;
use wasm_bindgen::prelude::*;

use super::clock::{First, now, race, sleep};
use super::hooks::{FetchHook, SpecController, SpecResponse, SpecStream, object};
use super::lab::field;

/// How often a round is run that counts.
const ROUNDS: usize = 10;
/// Requests in a round.
const CROWD: usize = 100;

/// What thousand requests left.
pub struct Left {
    /// Pages of 64 KiB by which memory has grown.
    pub pages: usize,
    /// JavaScript values that Rust code holds now, and did not hold before.
    pub values: u32,
}

/// What thousand requests leave, of which 100 at a time are run side by side. One round before them does not count.
pub async fn left_by_1000<F: Future>(what: &str, make: impl Fn() -> F) -> Left {
    side_by_side(what, &make).await;
    let before = (memory_size::<0>(), externref_heap_live_count());
    for _ in 0..ROUNDS {
        side_by_side(what, &make).await;
    }
    Left {
        pages: memory_size::<0>() - before.0,
        values: externref_heap_live_count().saturating_sub(before.1),
    }
}

async fn side_by_side<F: Future>(what: &str, make: impl Fn() -> F) {
    let mut crowd: Vec<Pin<Box<F>>> = (0..CROWD).map(|_| Box::pin(make())).collect();
    let mut all = std::future::poll_fn(|context| {
        crowd.retain_mut(|one| one.as_mut().poll(context).is_pending());
        if crowd.is_empty() {
            Poll::Ready(())
        } else {
            Poll::Pending
        }
    });
    let started = now();
    // In short waits, for one that is dropped keeps its own callbacks until its time is over.
    while let First::Right(()) = race(&mut all, sleep(10.0)).await {
        assert!(
            now() - started < 3_000.0,
            "{CROWD} requests at once, {what}: 3 s later not all of them had settled. Without a deadline on every phase, \
             the server decides how long you wait."
        );
    }
    // What was told to end, ends in a turn of its own.
    sleep(15.0).await;
}

/// Makes `fetch` take the request for `url`, and say nothing.
pub fn silent(url: &str) -> FetchHook {
    let url = url.to_owned();
    FetchHook::play(move |input, signal| (input == url).then(|| until_aborted(&signal)))
}

/// Makes `fetch` answer the request for `url` with headers and three bytes, and nothing more.
pub fn stalled(url: &str) -> FetchHook {
    let url = url.to_owned();
    FetchHook::play(move |input, signal| {
        (input == url).then(|| {
            let start = Closure::once_into_js(move |controller: SpecController| {
                controller.spec_enqueue(&Uint8Array::from(&b"012"[..]));
                let error: Function = field(&controller, "error").unchecked_into();
                on_abort(&signal, &error.bind0(&controller));
            });
            let body = SpecStream::spec_stream(&object([("start", start)]));
            let response: JsValue = SpecResponse::spec_new(&body, &Object::new()).into();
            Promise::resolve(&response)
        })
    })
}

/// A promise that is rejected when somebody aborts, and never settles otherwise.
fn until_aborted(signal: &JsValue) -> Promise {
    Promise::new(&mut |_resolve, reject| on_abort(signal, &reject))
}

/// Calls `tell` when `signal` aborts, as an engine does. Without a signal, nobody ever does.
fn on_abort(signal: &JsValue, tell: &Function) {
    if field(signal, "aborted").is_truthy() {
        let _ = tell.call0(&JsValue::UNDEFINED);
    } else if let Ok(listen) = field(signal, "addEventListener").dyn_into::<Function>() {
        let _ = listen.call2(signal, &JsValue::from_str("abort"), tell);
    }
}
