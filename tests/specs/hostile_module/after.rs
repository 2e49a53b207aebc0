//! Nothing is left

use std::future::poll_fn;
use std::pin::pin;
use std::task::Poll;
use std::time::Duration;

use super::guests::{FRIEND, LOOP, WAIT, laden, twelve};
use super::stage::{PATIENCE, alone, answers, limits, run, running, spec_now};
use crate::zone;
use contract::Limits;
use wasm_bindgen_test::*;

/// Twelve guests that mean harm, and after each a friend, who notices nothing.
#[wasm_bindgen_test]
async fn a_friend_runs_right_after_each() {
    for (name, module, end) in twelve() {
        let came = run(name, &module, &limits()).await;
        assert!(
            came == Err(end.clone()),
            "{name}: its end is Err({end:?}), and came {came:?}. A friend was to run after it"
        );
        let lesson = format!("Right before it ran {name}");
        answers(FRIEND, &limits(), 42, &lesson).await;
    }
}

/// When a run has settled its worker ends, whether the guest answered, trapped, ran out of something or was late.
#[wasm_bindgen_test]
async fn no_worker_outlives_its_run() {
    for (name, module, _) in twelve() {
        let _ = run(name, &module, &limits()).await;
        alone(name).await;
    }
    let _ = run(FRIEND.name, FRIEND.bytes, &limits()).await;
    alone(FRIEND.name).await;
    // It spins for some hundred milliseconds, and nothing but the clock is to end it.
    let limits = Limits {
        fuel: u64::MAX,
        time: Duration::from_millis(30),
        ..limits()
    };
    let _ = run(LOOP.name, LOOP.bytes, &limits).await;
    alone("a guest that was late").await;
}

/// When a run has settled no memory of its guest's is left. So a page may run as many as it likes.
#[wasm_bindgen_test]
async fn no_memory_outlives_its_run() {
    let guest = laden(FRIEND, 60_000);
    let pages = || core::arch::wasm32::memory_size(0);
    let mut before = 0;
    for round in 0..12 {
        // What is made once has been made by then.
        if round == 2 {
            before = pages();
        }
        let came = run("a friend with much data", &guest, &limits()).await;
        assert!(
            came == Ok(42),
            "a friend with 60,000 bytes of data: its answer is 42, and came {came:?}"
        );
    }
    let added = pages() - before;
    assert!(
        added <= 2,
        "10 guests of 60 KB have run, one after the other, and since then this module has {added} more pages of memory, of 64 KiB \
         each. What was made of a guest is not needed when it has ended"
    );
}

/// A run that is dropped, because nobody waits for it any more, takes its worker with it.
#[wasm_bindgen_test]
async fn a_run_that_is_dropped_takes_its_worker_along() {
    {
        let limits = limits();
        let mut work = pin!(zone::run(WAIT.bytes, &limits));
        let start = spec_now();
        while spec_now() - start < f64::from(PATIENCE) {
            let mut count = pin!(running());
            let count = poll_fn(|context| {
                if let Poll::Ready(came) = work.as_mut().poll(context) {
                    panic!(
                        "a guest that keeps its host waiting for a second and a half: before anybody could drop its run, that \
                         was over, and came {came:?}"
                    );
                }
                count.as_mut().poll(context)
            })
            .await;
            if count > 0 {
                break;
            }
        }
    }
    alone("a run that was dropped").await;
}
