//! The experiment behind the page's picture: subscribe and unsubscribe, over and over, and
//! look at memory, at live closures and at the clock.

use js_sys::{Array, Function, Reflect};
use wasm_bindgen::prelude::*;
use web_sys::EventTarget;

use super::{
    engine::pause,
    holding,
    load::{CAPTURE, CYCLES, Calls, Census, pages},
    stage::{KIND, fire},
};
use crate::zone::{Subscription, subscribe};

/// Subscriptions that stand all the while. Each should have one live closure.
const STANDING: usize = 100;

/// Cycles without a pause. How long they take together is how long the page would stand still.
const BATCH: usize = 100;

/// Runs it. Rows are `sample`, cycles so far, pages more than at the start, live closures
/// and the milliseconds of the batch; and at the end `heard`, how many of the standing
/// callbacks heard an event.
pub async fn run() -> Array {
    let target = EventTarget::new().unwrap();
    let (census, calls) = (Census::default(), Calls::default());
    let standing: Vec<Subscription> = (0..STANDING)
        .map(|_| {
            let (capture, calls) = (census.capture(CAPTURE), calls.clone());
            subscribe(&target, KIND, move |_| {
                if capture.is_intact() {
                    calls.add();
                }
            })
            .unwrap()
        })
        .collect();
    let rows = Array::new();
    let start = pages();
    let sample = |cycles: usize, millis: f64| {
        let row: [JsValue; 5] = [
            "sample".into(),
            cycles.into(),
            (pages() - start).into(),
            census.live().into(),
            millis.into(),
        ];
        rows.push(&row.iter().collect::<Array>());
    };
    sample(0, 0.0);
    for batch in 1..=CYCLES / BATCH {
        let begins = now();
        (0..BATCH).for_each(|_| drop(holding(&target, census.capture(CAPTURE))));
        sample(batch * BATCH, now() - begins);
        pause(0).await;
    }
    fire(&target);
    rows.push(&Array::of2(&"heard".into(), &calls.count().into()));
    drop(standing);
    rows
}

/// Milliseconds, in steps of the engine's own: up to 1 ms if the page is not isolated.
fn now() -> f64 {
    let clock = Reflect::get(&js_sys::global(), &"performance".into()).unwrap();
    let now: Function = Reflect::get(&clock, &"now".into())
        .unwrap()
        .unchecked_into();
    now.call0(&clock).unwrap().as_f64().unwrap()
}
