//! Inside a callback

use std::{cell::RefCell, rc::Rc};

use super::{
    ended, holding,
    load::{CAPTURE, Calls, Census},
    stage::{KIND, Stage, fire, fire_kind},
    subscribed,
};
use crate::zone::{Subscription, subscribe};
use wasm_bindgen_test::*;

/// How many calls are under way at once in the tests of nesting.
const DEEP: u32 = 24;

/// An event that a callback fires calls that same callback again, 24 deep, and has been delivered when
/// firing returns.
#[wasm_bindgen_test]
fn an_event_fired_inside_a_callback_arrives() {
    let stage = Stage::open();
    let (calls, late) = (Calls::default(), Calls::default());
    let subscription = subscribed(&stage, {
        let (calls, late, target) = (calls.clone(), late.clone(), stage.target().clone());
        move |_| {
            calls.add();
            let before = calls.count();
            if before < DEEP {
                fire(&target);
                if calls.count() == before {
                    late.add();
                }
            }
        }
    });
    stage.fire();
    assert!(
        calls.count() == DEEP && stage.errors() == 0,
        "the callback fires the next event itself, until it has been called {DEEP} times; it was called \
         {} times, and {}. A closure that is an FnMut to wasm-bindgen cannot be entered twice.",
        calls.count(),
        stage.last_error(),
    );
    assert!(
        late.count() == 0,
        "{} events that the callback fired had not been delivered when `dispatchEvent` returned. Whoever \
         fires an event looks at the outcome next: whether its default was prevented, for instance. A \
         queue delivers too late for that.",
        late.count(),
    );
    drop(subscription);
}

/// Callbacks that call each other, 24 deep, all come to their end, though the innermost ends them all.
#[wasm_bindgen_test]
fn a_chain_of_callbacks_may_be_ended_from_its_end() {
    let stage = Stage::open();
    let (census, calls, intact) = (Census::default(), Calls::default(), Calls::default());
    let all = Rc::new(RefCell::new(Vec::<Subscription>::new()));
    for link in 1..=DEEP {
        let subscription = subscribe(stage.target(), &format!("{KIND}-{link}"), {
            let (capture, calls, intact) = (census.capture(64), calls.clone(), intact.clone());
            let (all, target) = (Rc::clone(&all), stage.target().clone());
            move |_| {
                calls.add();
                match link {
                    DEEP => drop(all.take()),
                    _ => drop(fire_kind(&target, &format!("{KIND}-{}", link + 1))),
                }
                let _squatter = [(); 4].map(|()| vec![0_u8; 64]);
                if capture.is_intact() {
                    intact.add();
                }
            }
        });
        all.borrow_mut().push(subscription.unwrap());
    }
    fire_kind(stage.target(), &format!("{KIND}-1"));
    assert!(
        (calls.count(), intact.count(), stage.errors()) == (DEEP, DEEP, 0),
        "{DEEP} callbacks, each of which fires the event of the next, and the last ends all subscriptions. \
         {} of them began, and {} came to their end with what was captured; {}",
        calls.count(),
        intact.count(),
        stage.last_error(),
    );
    ended(
        &stage,
        &census,
        "the last callback of a chain ended them all",
    );
}

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
