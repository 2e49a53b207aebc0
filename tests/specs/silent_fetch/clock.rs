//! Time for the spec: a clock, a sleep, and a race between two futures.
//!
//! A test may not hang, whatever the code under test does. So nothing is awaited
//! bare: it is raced against a timer of the spec's own.

use std::cell::Cell;
use std::pin::pin;
use std::task::Poll;

use js_sys::{Function, Promise};
use wasm_bindgen::prelude::*;

thread_local! {
    /// Set while the spec itself starts a timer, so that `hooks` does not count it.
    static OWN: Cell<bool> = const { Cell::new(false) };
}

/// Is the timer that is being started one of the spec's own?
pub fn is_own_timer() -> bool {
    OWN.get()
}

/// Waits for `ms` milliseconds.
pub async fn sleep(ms: f64) {
    let timer = Promise::new(&mut |resolve: Function, _reject: Function| {
        OWN.set(true);
        spec_set_timeout(&resolve, ms);
        OWN.set(false);
    });
    let _ = timer.await;
}

/// Waits until `ms` milliseconds are over, and then as long again as this machine was late.
///
/// On a busy machine every timer of an event loop comes late together. A deadline
/// is held against this one, so that it is not blamed for the machine.
pub async fn fair_sleep(ms: f64) {
    let started = now();
    sleep(ms).await;
    sleep(now() - started - ms).await;
}

/// Which of two futures was ready first.
pub enum First<A, B> {
    Left(A),
    Right(B),
}

/// Runs both futures until one is ready, then drops the other. On a tie the left one wins.
pub async fn race<A: Future, B: Future>(left: A, right: B) -> First<A::Output, B::Output> {
    let (mut left, mut right) = (pin!(left), pin!(right));
    std::future::poll_fn(|context| {
        if let Poll::Ready(output) = left.as_mut().poll(context) {
            return Poll::Ready(First::Left(output));
        }
        right.as_mut().poll(context).map(First::Right)
    })
    .await
}

/// Runs both futures to their end, side by side.
pub async fn both(left: impl Future<Output = ()>, right: impl Future<Output = ()>) {
    let (mut left, mut right) = (pin!(left), pin!(right));
    let (mut left_runs, mut right_runs) = (true, true);
    std::future::poll_fn(|context| {
        left_runs = left_runs && left.as_mut().poll(context).is_pending();
        right_runs = right_runs && right.as_mut().poll(context).is_pending();
        if left_runs || right_runs {
            Poll::Pending
        } else {
            Poll::Ready(())
        }
    })
    .await;
}

/// Milliseconds on a clock that is never set back.
pub fn now() -> f64 {
    spec_now()
}

// An import is named after its package, which the spec shares with the code under test, and its
// signature. A name of its own keeps it from clashing with the same import there.
#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_name = setTimeout)]
    fn spec_set_timeout(callback: &Function, milliseconds: f64) -> JsValue;
    #[wasm_bindgen(js_namespace = performance, js_name = now)]
    fn spec_now() -> f64;
}
