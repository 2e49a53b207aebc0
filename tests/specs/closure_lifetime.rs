//! What a subscription to JavaScript's events must do.
//!
//! It hears every event while it lives and none afterwards, and then nothing of it is
//! left: no listener, no closure, no capture. Its callback may do whatever a callback may
//! do, at any time: subscribe, unsubscribe, fire another event, panic.

#![allow(clippy::unwrap_used, clippy::expect_used)]

#[path = "closure_lifetime/lives.rs"]
mod lives;

#[path = "closure_lifetime/afterwards.rs"]
mod afterwards;

#[path = "closure_lifetime/inside.rs"]
mod inside;

#[path = "closure_lifetime/panics.rs"]
mod panics;

#[path = "shared/engine.rs"]
mod engine;
#[path = "closure_lifetime/experiment.rs"]
mod experiment;
#[path = "closure_lifetime/load.rs"]
mod load;
#[path = "closure_lifetime/stage.rs"]
mod stage;

use crate::zone::{Subscription, subscribe};
use js_sys::Array;
use load::{Calls, Capture, Census};
use stage::{KIND, Stage};
use wasm_bindgen::prelude::*;
use wasm_bindgen_test::*;
use web_sys::{Event, EventTarget};

wasm_bindgen_test_configure!(run_in_dedicated_worker);

/// What the page draws: 6,000 cycles beside 100 standing subscriptions. Rows are (`sample`, cycles,
/// pages added, live closures, milliseconds of the last 100 cycles), and at the end (`heard`,
/// standing callbacks that heard an event).
#[wasm_bindgen]
pub async fn show() -> Array {
    experiment::run().await
}

fn subscribed(stage: &Stage, on_event: impl Fn(Event) + 'static) -> Subscription {
    subscribed_to(stage.target(), on_event)
}

fn subscribed_to(target: &EventTarget, on_event: impl Fn(Event) + 'static) -> Subscription {
    subscribe(target, KIND, on_event).unwrap_or_else(|thrown| {
        panic!("the target is a real event target, but `subscribe` answered {thrown:?}");
    })
}

/// A subscription that counts its events.
fn counting(stage: &Stage, calls: &Calls) -> Subscription {
    let calls = calls.clone();
    subscribed(stage, move |_| calls.add())
}

/// A subscription that holds something.
fn holding(target: &EventTarget, capture: Capture) -> Subscription {
    subscribed_to(target, move |_| assert!(capture.is_intact()))
}

/// Asserts that nothing is left of any subscription.
fn ended(stage: &Stage, census: &Census, what: &str) {
    let (listeners, captures) = (stage.attached(), census.live());
    assert!(
        (listeners, captures) == (0, 0),
        "{what}: all subscriptions have ended, but {listeners} listeners are still attached and \
         {captures} captures live on; {}",
        stage.last_error(),
    );
}
