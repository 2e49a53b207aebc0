//! What a subscription to JavaScript's events must do.
//!
//! It hears every event while it lives and none afterwards, and then nothing of it is
//! left: no listener, no closure, no capture. Its callback may do whatever a callback may
//! do, at any time: subscribe, unsubscribe, fire another event, panic.

#![allow(clippy::unwrap_used, clippy::expect_used)]

#[path = "closure_lifetime/experiment.rs"]
mod experiment;
#[path = "closure_lifetime/load.rs"]
mod load;
#[path = "closure_lifetime/stage.rs"]
mod stage;

use std::{
    cell::{Cell, RefCell},
    rc::Rc,
};

use crate::zone::{Subscription, subscribe};
use js_sys::{Array, Object};
use load::{AtTheEnd, CAPTURE, Calls, Capture, Census, pages};
use stage::{KIND, Stage, fire, fire_kind};
use wasm_bindgen::{externref_heap_live_count, prelude::*};
use wasm_bindgen_test::*;
use web_sys::{Event, EventTarget};

wasm_bindgen_test_configure!(run_in_dedicated_worker);

/// How often the tests of memory subscribe and unsubscribe.
const CYCLES: usize = 6_000;

// While it lives.

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

/// An event that a callback fires calls that same callback again.
#[wasm_bindgen_test]
fn an_event_fired_inside_a_callback_arrives() {
    let stage = Stage::open();
    let calls = Calls::default();
    let subscription = subscribed(&stage, {
        let (calls, target) = (calls.clone(), stage.target().clone());
        move |_| {
            calls.add();
            if calls.count() < 3 {
                fire(&target);
            }
        }
    });
    stage.fire();
    assert!(
        calls.count() == 3,
        "the callback fires the next event itself, until it has been called 3 times; it was called \
         {} times, and {}. A closure that is an FnMut to wasm-bindgen cannot be entered twice.",
        calls.count(),
        stage.last_error(),
    );
    drop(subscription);
}

// When it ends.

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
    // Only a subscription that stands is to fire, and only once: a function that is called while its
    // closure is being freed may free it a second time.
    let armed = Rc::new(Cell::new(false));
    let subscription = subscribed(&stage, {
        let (armed, target) = (Rc::clone(&armed), stage.target().clone());
        let capture = AtTheEnd(move || {
            if armed.take() {
                fire(&target);
            }
        });
        move |_| {
            let _held = &capture;
        }
    });
    armed.set(true);
    drop(subscription);
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
    let (before, held) = (pages(), externref_heap_live_count());
    // A design that leaks need not leak 94 MiB to be found out.
    let mut done = 0;
    while done < CYCLES && pages() - before <= 64 {
        cycle();
        done += 1;
    }
    let grown = pages() - before;
    assert!(
        grown <= 1,
        "memory grew by {grown} pages of 64 KiB over {done} cycles of subscribing and \
         unsubscribing, with 16 KiB captured each time; {} captures live on. Linear memory never \
         shrinks: these pages are gone until the tab is closed.",
        census.live(),
    );
    let more = externref_heap_live_count().saturating_sub(held);
    assert!(
        more as usize * 100 <= done,
        "after {done} cycles of subscribing and unsubscribing Rust holds {more} values of JavaScript's \
         more than before. Each is a value that JavaScript's collector may never take: a listener's \
         function, for instance."
    );
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

// Inside a callback.

/// A callback may end its own subscription; what it captured lasts until it returns.
#[wasm_bindgen_test]
fn unsubscribing_inside_the_callback_is_safe() {
    let stage = Stage::open();
    let (census, calls, intact) = (Census::default(), Calls::default(), Calls::default());
    let own = Rc::new(RefCell::new(None));
    let subscription = subscribed(&stage, {
        let (capture, calls, intact) = (census.capture(CAPTURE), calls.clone(), intact.clone());
        let own = Rc::clone(&own);
        move |_| {
            calls.add();
            drop::<Option<Subscription>>(own.take());
            // If the capture were freed by now, this would take its place.
            let _squatter = [(); 4].map(|()| vec![0_u8; CAPTURE]);
            if capture.is_intact() {
                intact.add();
            }
        }
    });
    own.replace(Some(subscription));
    stage.fire();
    stage.fire();
    assert!(
        calls.count() == 1,
        "the callback ended its own subscription in the first of 2 events, and was called {} times; \
         {}",
        calls.count(),
        stage.last_error(),
    );
    assert!(
        intact.count() == 1,
        "the callback ended its own subscription, and did not get to its end with what it had \
         captured; {}",
        stage.last_error(),
    );
    ended(&stage, &census, "a callback ended its own subscription");
}

/// A callback that was called again inside itself may end its subscription there: both calls come to
/// their end with what was captured.
#[wasm_bindgen_test]
fn unsubscribing_in_a_nested_call_is_safe() {
    let stage = Stage::open();
    let (census, calls, intact) = (Census::default(), Calls::default(), Calls::default());
    let own = Rc::new(RefCell::new(None));
    let subscription = subscribed(&stage, {
        let (capture, calls, intact) = (census.capture(CAPTURE), calls.clone(), intact.clone());
        let (own, target) = (Rc::clone(&own), stage.target().clone());
        move |_| {
            calls.add();
            match calls.count() {
                1 => fire(&target),
                _ => drop::<Option<Subscription>>(own.take()),
            }
            let _squatter = [(); 4].map(|()| vec![0_u8; CAPTURE]);
            if capture.is_intact() {
                intact.add();
            }
        }
    });
    own.replace(Some(subscription));
    stage.fire();
    assert!(
        (calls.count(), intact.count(), stage.errors()) == (2, 2, 0),
        "the callback fired an event that called it again, and the inner call ended the subscription. \
         Of 2 calls {} began, and {} came to their end with what was captured; {}",
        calls.count(),
        intact.count(),
        stage.last_error(),
    );
    ended(&stage, &census, "an inner call ended the subscription");
}

/// A callback may end another subscription, which then does not hear the event.
#[wasm_bindgen_test]
fn a_callback_may_end_another_subscription() {
    let stage = Stage::open();
    let (census, calls) = (Census::default(), Calls::default());
    let other = Rc::new(RefCell::new(None));
    let first = subscribed(&stage, {
        let (capture, other) = (census.capture(64), Rc::clone(&other));
        move |_| {
            drop::<Option<Subscription>>(other.take());
            assert!(capture.is_intact());
        }
    });
    other.replace(Some(subscribed(&stage, {
        let (capture, calls) = (census.capture(64), calls.clone());
        move |_| {
            calls.add();
            assert!(capture.is_intact());
        }
    })));
    stage.fire();
    assert!(
        calls.count() == 0 && stage.errors() == 0,
        "the first callback ended the second subscription, whose callback was called {} times in \
         the same event; {}",
        calls.count(),
        stage.last_error(),
    );
    drop(first);
    ended(&stage, &census, "a callback ended another subscription");
}

/// A callback may subscribe; the new one hears the next event.
#[wasm_bindgen_test]
fn subscribing_inside_the_callback_is_safe() {
    let stage = Stage::open();
    let (census, calls) = (Census::default(), Calls::default());
    let added = Rc::new(RefCell::new(Vec::new()));
    let first = subscribed(&stage, {
        let (capture, calls, target) = (census.capture(64), calls.clone(), stage.target().clone());
        let added = Rc::clone(&added);
        move |_| {
            assert!(capture.is_intact());
            let calls = calls.clone();
            let new = subscribe(&target, KIND, move |_| calls.add()).unwrap();
            added.borrow_mut().push(new);
        }
    });
    stage.fire();
    drop(first);
    let before = calls.count();
    stage.fire();
    assert!(
        calls.count() == before + 1,
        "a callback subscribed another, which was called {} times in the next event, not once; {}",
        calls.count() - before,
        stage.last_error(),
    );
    added.borrow_mut().clear();
    ended(&stage, &census, "a callback subscribed another");
}

/// A callback may own another subscription, which ends with it.
#[wasm_bindgen_test]
fn a_callback_may_own_a_subscription() {
    let stage = Stage::open();
    let census = Census::default();
    let inner = holding(stage.target(), census.capture(64));
    let outer = subscribed(&stage, {
        let capture = census.capture(64);
        move |_| {
            let _owned = &inner;
            assert!(capture.is_intact());
        }
    });
    stage.fire();
    drop(outer);
    ended(
        &stage,
        &census,
        "a subscription was dropped whose callback owned another",
    );
}

// When a callback panics.

/// A panic in one callback leaves the others working, in this event and in the next.
#[wasm_bindgen_test]
fn a_panic_leaves_the_others_working() {
    let stage = Stage::open();
    let calls = [Calls::default(), Calls::default()];
    let first = counting(&stage, &calls[0]);
    let panics = subscribed(&stage, |_| panic!("this callback panics on purpose"));
    let last = counting(&stage, &calls[1]);
    stage.fire();
    stage.fire();
    let counts = calls.each_ref().map(Calls::count);
    assert!(
        counts == [2, 2],
        "the callback between two others panicked in 2 events; the others were called {counts:?} \
         times, not [2, 2]; {}. A panic on this target is a trap: nothing is unwound, so whatever \
         was borrowed or locked above it stays so for ever.",
        stage.last_error(),
    );
    drop((first, panics, last));
}

/// After a panic in a callback one can still subscribe and unsubscribe, the panicking one too.
#[wasm_bindgen_test]
fn a_panic_leaves_subscribing_working() {
    let stage = Stage::open();
    let calls = Calls::default();
    let panics = subscribed(&stage, |_| panic!("this callback panics on purpose"));
    stage.fire();
    let later = counting(&stage, &calls);
    drop(panics);
    stage.fire();
    assert!(
        calls.count() == 1,
        "a subscription made after another's panic heard {} of 1 event; {}",
        calls.count(),
        stage.last_error(),
    );
    drop(later);
    let left = stage.attached();
    assert!(
        left == 0,
        "a callback had panicked, and its subscription was dropped, but {left} listeners are still \
         attached"
    );
}

/// After a panic in a callback the captures of all others still go with their subscriptions.
#[wasm_bindgen_test]
fn a_panic_leaves_no_other_capture_behind() {
    let stage = Stage::open();
    let census = Census::default();
    let earlier = holding(stage.target(), census.capture(64));
    let panics = subscribed(&stage, |_| panic!("this callback panics on purpose"));
    stage.fire();
    let later = holding(stage.target(), census.capture(64));
    stage.fire();
    drop((earlier, later));
    assert!(
        census.live() == 0,
        "a callback had panicked. Two other subscriptions were dropped after that, and {} of their \
         captures live on. A panic on this target unwinds nothing: what counts the running calls above \
         a callback never counts that call down.",
        census.live(),
    );
    drop(panics);
}

/// What the page draws: 6,000 cycles beside 100 standing subscriptions. Rows are (`sample`, cycles,
/// pages added, live closures, milliseconds of the last 100 cycles), and at the end (`heard`,
/// standing callbacks that heard an event).
#[wasm_bindgen]
pub async fn show() -> Array {
    experiment::run().await
}

// What the tests share.

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
