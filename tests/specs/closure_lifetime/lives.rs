//! While it lives

use std::{cell::RefCell, rc::Rc};

use super::{
    counting,
    load::{Calls, Census},
    stage::{KIND, Stage, fire_kind},
    subscribed,
};
use crate::zone::{Subscription, subscribe};
use js_sys::Object;
use wasm_bindgen::prelude::*;
use wasm_bindgen_test::*;
use web_sys::{Event, EventTarget};

/// Every event arrives while the subscription lives.
#[wasm_bindgen_test]
fn events_arrive_while_the_subscription_lives() {
    let stage = Stage::open();
    let calls = Calls::default();
    let subscription = counting(&stage, &calls);
    (0..3).for_each(|_| stage.fire());
    assert!(
        calls.count() == 3,
        "3 events were fired while the subscription lived, and the callback was called {} times; \
         {}. A listener that throws does not tell whoever fires: its error goes to the console.",
        calls.count(),
        stage.last_error(),
    );
    drop(subscription);
}

/// Two subscriptions to the same events are two: each hears them, and each ends alone.
#[wasm_bindgen_test]
fn two_subscriptions_are_two() {
    let stage = Stage::open();
    let calls = [Calls::default(), Calls::default()];
    let [first, second] = calls.each_ref().map(|calls| counting(&stage, calls));
    stage.fire();
    drop(first);
    stage.fire();
    let counts = calls.map(|calls| calls.count());
    assert!(
        counts == [1, 2],
        "one event was fired for both subscriptions and one for the second alone; they were called \
         {counts:?} times, not [1, 2]; {}",
        stage.last_error(),
    );
    drop(second);
}

/// A subscription hears its own kind of event at its own target and no other, and gets the event
/// itself.
#[wasm_bindgen_test]
fn each_hears_its_own_kind_at_its_own_target() {
    const KINDS: [&str; 2] = [KIND, "tock"];
    let stages = [Stage::open(), Stage::open()];
    let places: Vec<(&Stage, &str)> = stages
        .iter()
        .flat_map(|stage| KINDS.map(|kind| (stage, kind)))
        .collect();
    let heard: Rc<RefCell<Vec<(usize, Event)>>> = Rc::default();
    let subscriptions: Vec<Subscription> = places
        .iter()
        .enumerate()
        .map(|(index, (stage, kind))| {
            let heard = Rc::clone(&heard);
            subscribe(stage.target(), kind, move |event| {
                heard.borrow_mut().push((index, event));
            })
            .unwrap()
        })
        .collect();
    for (index, (stage, kind)) in places.iter().enumerate() {
        let event = fire_kind(stage.target(), kind);
        let heard = heard.take();
        let who: Vec<usize> = heard.iter().map(|(who, _)| *who).collect();
        assert!(
            who == [index],
            "four subscriptions, to 2 kinds of event at 2 targets each. The event for subscription \
             {index} alone, a {kind:?}, was heard by {who:?}; {}",
            stage.last_error(),
        );
        assert!(
            heard[0].1 == event,
            "a callback was handed another event than the one that was fired, so it cannot stop it or \
             prevent its default"
        );
    }
    drop(subscriptions);
}

/// The callback has the event in its hands: what it prevents is prevented, and what it stops those
/// that subscribed later do not hear.
#[wasm_bindgen_test]
fn the_callback_may_prevent_and_stop_the_event() {
    let stage = Stage::open();
    let calls = Calls::default();
    let prevents = subscribed(&stage, |event| event.prevent_default());
    let event = fire_kind(stage.target(), KIND);
    assert!(
        event.default_prevented(),
        "the callback called `preventDefault`, and whoever fired the event is told that nobody did; {}. \
         A passive listener, and one that is called later, can prevent nothing.",
        stage.last_error(),
    );
    let stops = subscribed(&stage, |event| event.stop_immediate_propagation());
    let later = counting(&stage, &calls);
    stage.fire();
    assert!(
        calls.count() == 0,
        "a callback called `stopImmediatePropagation`, and one that subscribed later was called {} times \
         all the same",
        calls.count(),
    );
    drop((prevents, stops, later));
}

/// A target that is none is an error of JavaScript's, and nothing is left of the attempt.
#[wasm_bindgen_test]
fn what_is_no_target_is_an_error() {
    let census = Census::default();
    let capture = census.capture(64);
    let no_target: EventTarget = Object::new().unchecked_into();
    let answer = subscribe(&no_target, KIND, move |_| assert!(capture.is_intact()));
    assert!(
        answer.is_err(),
        "an object without `addEventListener` was subscribed to, and the answer was Ok"
    );
    assert!(
        census.live() == 0,
        "`subscribe` failed, and nobody has a subscription to drop, yet {} captures live on",
        census.live(),
    );
}
