//! What the tests expect of a gate, with words that say why.

use std::{
    future::poll_fn,
    pin::{Pin, pin},
    task::Poll,
};

use contract::{GateError, Grants, Import, Kind, Refusal};
use js_sys::{Promise, WebAssembly::Instance};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;

use super::plugin::Wish;
use crate::zone::Gate;

/// What `start` came to.
pub type Answer = Result<Instance, GateError>;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_name = setTimeout)]
    fn import_gate_later(callback: &JsValue, milliseconds: i32);
}

/// How long a start may take: far longer than any machine needs.
const PATIENCE: i32 = 6_000;

/// What `start` answers. It must answer, whatever the plugin is.
pub async fn start(gate: &Gate, wasm: &[u8], grants: &Grants) -> Answer {
    in_time(gate.start(wasm, grants)).await
}

/// What a future answers, within [`PATIENCE`].
pub async fn in_time<T>(work: impl Future<Output = T>) -> T {
    before(&mut clock(), work).await
}

/// A clock that runs out after [`PATIENCE`]. Until then it is kept, also if nobody waits for it any more.
pub fn clock() -> Pin<Box<dyn Future<Output = ()>>> {
    Box::pin(sleep(PATIENCE))
}

/// What a future answers before this clock runs out.
pub async fn before<T>(
    clock: &mut (impl Future<Output = ()> + Unpin),
    work: impl Future<Output = T>,
) -> T {
    let mut work = pin!(work);
    poll_fn(|context| match work.as_mut().poll(context) {
        Poll::Pending if Pin::new(&mut *clock).poll(context).is_ready() => {
            panic!("`start` has not answered within {} s", PATIENCE / 1000)
        }
        other => other,
    })
    .await
}

/// What two futures answer that run at the same time.
pub async fn both<A, B>(one: impl Future<Output = A>, other: impl Future<Output = B>) -> (A, B) {
    let (mut one, mut other) = (pin!(one), pin!(other));
    let (mut first, mut second) = (None, None);
    poll_fn(|context| {
        if first.is_none()
            && let Poll::Ready(answer) = one.as_mut().poll(context)
        {
            first = Some(answer);
        }
        if second.is_none()
            && let Poll::Ready(answer) = other.as_mut().poll(context)
        {
            second = Some(answer);
        }
        match (first.take(), second.take()) {
            (Some(one), Some(other)) => Poll::Ready((one, other)),
            unfinished => {
                (first, second) = unfinished;
                Poll::Pending
            }
        }
    })
    .await
}

/// Waits for the first of two futures.
pub async fn first(one: impl Future<Output = ()>, other: impl Future<Output = ()>) {
    let (mut one, mut other) = (pin!(one), pin!(other));
    poll_fn(|context| match one.as_mut().poll(context) {
        Poll::Pending => other.as_mut().poll(context),
        ready => ready,
    })
    .await;
}

/// Lets other tasks run for so long.
pub async fn sleep(milliseconds: i32) {
    let timer = Promise::new(&mut |resolve, _reject| import_gate_later(&resolve, milliseconds));
    JsFuture::from(timer).await.unwrap();
}

/// Asserts that a plugin starts that there is no reason to refuse.
#[track_caller]
pub fn started(answer: Answer, what: &str) -> Instance {
    answer.unwrap_or_else(|error| {
        panic!("{what}: all that it asks for is granted, and yet `start` answered Err({error:?})")
    })
}

/// Asserts that a plugin is refused because of these imports: each with the kind of what is granted under its names.
#[track_caller]
pub fn refused(answer: Answer, expected: &[(Wish, Option<Kind>)], why: &str) {
    let expected: Vec<Refusal> = expected
        .iter()
        .map(|((module, name, kind), granted)| Refusal {
            import: Import {
                module: (*module).to_owned(),
                name: (*name).to_owned(),
                kind: *kind,
            },
            granted: *granted,
        })
        .collect();
    match answer {
        Err(GateError::Refused(refusals)) => assert!(
            refusals == expected,
            "{why} It is refused, but not for this. Expected [{}], came [{}].",
            lines(&expected),
            lines(&refusals),
        ),
        other => panic!(
            "{why} Expected Refused: {}. {}.",
            lines(&expected),
            tell(&other)
        ),
    }
}

fn lines(refusals: &[Refusal]) -> String {
    let lines: Vec<String> = refusals.iter().map(Refusal::to_string).collect();
    lines.join(", ")
}

/// What `start` came to, in words.
pub fn tell(answer: &Answer) -> String {
    match answer {
        Ok(_) => "Instead, the plugin was started".into(),
        Err(GateError::NotStarted(words)) => {
            format!("Instead came NotStarted, in the engine's words: {words:?}")
        }
        Err(error) => format!("Instead came Err({error:?})"),
    }
}
