//! Afterwards nothing is left

use super::{
    counting,
    engine::{Gc, not_proved},
    holding,
    load::{CAPTURE, CYCLES, Calls, Census, Growth, LastWord},
    stage::{KIND, Stage, fire},
    subscribed,
};
use crate::zone::{Subscription, subscribe};
use js_sys::WeakRef;
use wasm_bindgen_test::*;
use web_sys::EventTarget;

/// No event arrives after the subscription is dropped, and none finds a dead function.
#[wasm_bindgen_test]
fn no_event_arrives_after_the_drop() {
    let stage = Stage::open();
    let calls = Calls::default();
    drop(counting(&stage, &calls));
    (0..3).for_each(|_| stage.fire());
    assert!(
        calls.count() == 0,
        "the subscription was dropped, and its callback was called {} times all the same",
        calls.count(),
    );
    assert!(
        stage.errors() == 0,
        "the subscription was dropped, but its listener stayed: 3 events led to {} errors, and {}",
        stage.errors(),
        stage.last_error(),
    );
}

/// The listener is gone from the target when the subscription is dropped.
#[wasm_bindgen_test]
fn the_listener_goes_with_the_subscription() {
    let stage = Stage::open();
    let held: Vec<Subscription> = (0..5)
        .map(|_| counting(&stage, &Calls::default()))
        .collect();
    assert!(
        stage.attached() >= 1,
        "5 subscriptions live, and no listener is attached to their target"
    );
    drop(held);
    let left = stage.attached();
    assert!(
        left == 0,
        "5 subscriptions were dropped, and {left} listeners are still attached. Each costs time at \
         every event, and keeps a function alive in JavaScript."
    );
}

/// What the callback captured is freed with the subscription, not some day.
#[wasm_bindgen_test]
fn the_capture_goes_with_the_subscription() {
    let stage = Stage::open();
    let census = Census::default();
    let held: Vec<Subscription> = (0..5)
        .map(|_| holding(stage.target(), census.capture(64)))
        .collect();
    assert!(
        census.live() == 5,
        "5 subscriptions live, but {} of their captures: the closure was dropped while JavaScript \
         still has its function",
        census.live(),
    );
    drop(held);
    assert!(
        census.live() == 0,
        "5 subscriptions were dropped, and {} of their captures live on. A finalizer of JavaScript's \
         is no substitute: it runs late or never, and never in the middle of a task.",
        census.live(),
    );
}

/// A capture that fires an event when it is dropped finds its own listener gone, the others not.
#[wasm_bindgen_test]
fn a_capture_may_fire_when_it_is_dropped() {
    let stage = Stage::open();
    let calls = Calls::default();
    let other = counting(&stage, &calls);
    let last_word = LastWord;
    let subscription = subscribed(&stage, move |_| last_word.hear());
    LastWord::aim(stage.target());
    drop(subscription);
    assert!(
        !LastWord::heard_itself(),
        "a subscription was dropped, and its capture fired an event while it was freed. That called the \
         callback whose capture it is: a use after free. First the listener must go, then the closure."
    );
    assert!(
        calls.count() == 1 && stage.errors() == 0,
        "a capture fired an event while it was dropped with its subscription. Another subscription \
         heard {} of this 1 event, and {}. First the listener must go, then the closure.",
        calls.count(),
        stage.last_error(),
    );
    drop(other);
}

/// 6,000 subscriptions with 16 KiB each, one after the other, leave at most one page more,
/// and no values of JavaScript's held.
#[wasm_bindgen_test]
fn six_thousand_cycles_leave_memory_flat() {
    // A target that nobody watches: the stage's own notes would need memory too.
    let target = EventTarget::new().unwrap();
    let census = Census::default();
    let cycle = || drop(holding(&target, census.capture(CAPTURE)));
    (0..10).for_each(|_| cycle());
    let growth = Growth::since_now();
    // A design that leaks need not leak 94 MiB to be found out.
    let mut done = 0;
    while done < CYCLES && growth.pages() <= 64 {
        cycle();
        done += 1;
    }
    let grown = growth.pages();
    assert!(
        grown <= 1,
        "memory grew by {grown} pages of 64 KiB over {done} cycles of subscribing and \
         unsubscribing, with 16 KiB captured each time; {} captures live on. Linear memory never \
         shrinks: these pages are gone until the tab is closed.",
        census.live(),
    );
    let more = growth.held();
    assert!(
        more * 100 <= done,
        "after {done} cycles of subscribing and unsubscribing Rust holds {more} values of JavaScript's \
         more than before. Each is a value that JavaScript's collector may never take: a listener's \
         function, for instance."
    );
}

/// Thousands of targets, each with a kind of its own, are let go: nothing of them stays in memory.
#[wasm_bindgen_test]
fn thousands_of_targets_are_let_go() {
    let cycle = |number: usize| {
        let target = EventTarget::new().unwrap();
        let kind = format!("kind-{number:01000}");
        drop(subscribe(&target, &kind, |_| ()).unwrap());
    };
    (0..10).for_each(cycle);
    let growth = Growth::since_now();
    (10..CYCLES).for_each(cycle);
    let (grown, more) = (growth.pages(), growth.held());
    assert!(
        grown <= 1 && more * 100 <= CYCLES,
        "after {CYCLES} subscriptions, each to a target and a kind of its own and each dropped, memory \
         has grown by {grown} pages of 64 KiB, and Rust holds {more} values of JavaScript's more than \
         before. Whatever is kept for a target or a kind must go with its last subscription."
    );
}

/// Thousands of events leave nothing behind while a subscription stands.
#[wasm_bindgen_test]
fn thousands_of_events_are_let_go() {
    let target = EventTarget::new().unwrap();
    let calls = Calls::default();
    let subscription = {
        let calls = calls.clone();
        subscribe(&target, KIND, move |_| calls.add()).unwrap()
    };
    (0..3).for_each(|_| fire(&target));
    assert!(
        calls.count() == 3,
        "the first 3 of {CYCLES} events were fired while the subscription lived, and its callback was \
         called {} times",
        calls.count(),
    );
    let growth = Growth::since_now();
    (3..CYCLES).for_each(|_| fire(&target));
    let (grown, more) = (growth.pages(), growth.held());
    assert!(
        grown <= 1 && more * 100 <= CYCLES,
        "{CYCLES} events were fired at one subscription. Memory has grown by {grown} pages of 64 KiB, and \
         Rust holds {more} values of JavaScript's more. An event is its callback's; whoever keeps it, or \
         makes something anew for each, leaks while the subscription stands."
    );
    drop(subscription);
}

/// Live closures stay within 3% of the 100 that are subscribed, over 6,000 cycles.
#[wasm_bindgen_test]
fn live_closures_stay_within_3_percent() {
    const STANDING: usize = 100;
    let target = EventTarget::new().unwrap();
    let census = Census::default();
    let standing: Vec<Subscription> = (0..STANDING)
        .map(|_| holding(&target, census.capture(64)))
        .collect();
    for done in 1..=CYCLES {
        drop(holding(&target, census.capture(64)));
        if done % 500 == 0 {
            let live = census.live();
            assert!(
                live.abs_diff(STANDING) * 100 <= STANDING * 3,
                "{STANDING} subscriptions stand, and after {done} cycles of others there are {live} \
                 live closures: more than 3% off. Too few, and callbacks are dead that should be \
                 heard. Too many, and it leaks.",
            );
        }
    }
    drop(standing);
}

/// A real collection takes the targets whose subscriptions have ended.
#[wasm_bindgen_test]
async fn a_real_collection_takes_targets() {
    const ENDED: usize = 1_000;
    let Some(gc) = Gc::find() else {
        return not_proved();
    };
    let targets: Vec<WeakRef<EventTarget>> = (0..ENDED)
        .map(|_| {
            let target = EventTarget::new().unwrap();
            drop(subscribe(&target, KIND, |_| ()).unwrap());
            WeakRef::new(&target)
        })
        .collect();
    let there = || {
        targets
            .iter()
            .filter(|target| target.deref().is_some())
            .count()
    };
    for _ in 0..20 {
        gc.collect().await;
        if there() == 0 {
            break;
        }
    }
    assert!(
        there() == 0,
        "{ENDED} subscriptions have ended and nobody else has their targets, but after twenty real \
         collections {} of these are still there: a list or a map of JavaScript's holds them as firmly as \
         Rust would",
        there(),
    );
}
