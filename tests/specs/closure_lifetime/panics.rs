//! When a callback panics

use std::{cell::RefCell, rc::Rc};

use super::{
    counting, ended, holding,
    load::{Calls, Census},
    stage::{Stage, fire_kind},
    subscribed,
};
use crate::zone::{Subscription, subscribe};
use wasm_bindgen_test::*;

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

/// A callback that panicked hears the next event.
#[wasm_bindgen_test]
fn a_callback_that_panicked_hears_the_next_event() {
    let stage = Stage::open();
    let calls = Calls::default();
    let subscription = subscribed(&stage, {
        let calls = calls.clone();
        move |_| {
            calls.add();
            assert!(calls.count() != 1, "this callback panics on purpose");
        }
    });
    (0..3).for_each(|_| stage.fire());
    assert!(
        calls.count() == 3,
        "a callback panicked in the first of 3 events, its subscription lives, and it was called {} times; \
         {}. Whatever is marked, locked or taken out while a callback runs stays so after a panic.",
        calls.count(),
        stage.last_error(),
    );
    drop(subscription);
}

/// A panic in a nested call leaves the outer one at work, and its capture with it.
#[wasm_bindgen_test]
fn a_panic_in_a_nested_call_leaves_the_outer_one_at_work() {
    let stage = Stage::open();
    let (census, intact) = (Census::default(), Calls::default());
    let own = Rc::new(RefCell::new(None));
    let outer = subscribed(&stage, {
        let (capture, intact) = (census.capture(64), intact.clone());
        let (own, target) = (Rc::clone(&own), stage.target().clone());
        move |_| {
            fire_kind(&target, "nested");
            drop::<Option<Subscription>>(own.take());
            let _squatter = [(); 4].map(|()| vec![0_u8; 64]);
            if capture.is_intact() {
                intact.add();
            }
        }
    });
    own.replace(Some(outer));
    let panics = subscribe(stage.target(), "nested", |_| {
        panic!("this callback panics on purpose")
    })
    .unwrap();
    stage.fire();
    assert!(
        intact.count() == 1,
        "a callback fired an event whose callback panicked, and ended its own subscription after that. It \
         did not come to its end with what it had captured; {}",
        stage.last_error(),
    );
    drop(panics);
    ended(&stage, &census, "a nested call had panicked");
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
