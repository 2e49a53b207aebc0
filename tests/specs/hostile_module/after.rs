//! Nothing is left

use std::future::poll_fn;
use std::pin::pin;
use std::task::Poll;
use std::time::Duration;

use super::guests::{FRIEND, WAIT, twelve};
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
    let limits = Limits {
        time: Duration::from_millis(150),
        ..limits()
    };
    let _ = run(WAIT.name, WAIT.bytes, &limits).await;
    alone("a guest that was late").await;
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
                        "a guest that keeps its host waiting for two and a half seconds: before anybody could drop its run, that \
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
