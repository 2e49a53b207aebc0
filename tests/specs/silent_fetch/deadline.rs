//! The deadline: one budget for everything

use std::time::Duration;

use wasm_bindgen_test::*;

use super::AMPLE;
use super::clock::{First, both, race, sleep};
use super::hooks::FetchHook;
use super::judge::{TRIES, judge, judge_late};
use super::lab::Lab;
use crate::zone::get;
use contract::{Kind, Phase};

/// A server that takes the request and says nothing: `Timeout` while waiting for the headers.
#[wasm_bindgen_test]
async fn silence_ends_at_the_deadline() {
    let lab = Lab::find().await;
    let judged = judge(&lab.at("/silence"), 250).await;
    judged.expect("Timeout", Phase::Headers, |kind| *kind == Kind::Timeout);
}

/// Headers at once, three bytes, then nothing: `Timeout` while waiting for the body.
#[wasm_bindgen_test]
async fn a_stalled_body_ends_at_the_deadline() {
    expect_timeout_in_body("/stall?bytes=3", 250, 0.0).await;
}

/// A byte now and then is progress, but no answer: the budget is for the whole body.
#[wasm_bindgen_test]
async fn a_slow_drip_ends_at_the_deadline() {
    expect_timeout_in_body("/drip?every_ms=50&bytes=24", 500, 0.0).await;
}

/// What a slow connection or a redirect has used up is not given to the body again.
#[wasm_bindgen_test]
async fn one_budget_covers_both_phases() {
    expect_timeout_in_body("/drip?every_ms=50&bytes=40", 600, 300.0).await;
    expect_timeout_in_body("/redirect?to=drip&every_ms=50&bytes=40", 500, 0.0).await;
}

/// In Go a timeout of 0 means none. A budget of zero is spent before it is begun: `Timeout`.
#[wasm_bindgen_test]
async fn a_budget_of_zero_is_spent() {
    let lab = Lab::find().await;
    let judged = judge(&lab.at("/silence"), 0).await;
    judged.expect("Timeout", Phase::Headers, |kind| *kind == Kind::Timeout);
}

/// A deadline ends its own request and no other.
#[wasm_bindgen_test]
async fn two_requests_keep_their_own_deadlines() {
    let lab = Lab::find().await;
    let (slow, quick) = (lab.at("/delay?ms=3500"), lab.at("/delay?ms=400"));
    let short = async {
        judge(&slow, 150)
            .await
            .expect("Timeout", Phase::Headers, |kind| *kind == Kind::Timeout);
    };
    let long = async {
        let body = judge(&quick, AMPLE).await.body();
        assert_eq!(
            body.len(),
            2,
            "the longer budget must get its answer, whole"
        );
    };
    both(short, long).await;
}

/// An answer that takes two thirds of the budget is in time.
#[wasm_bindgen_test]
async fn an_answer_just_inside_the_budget_is_in_time() {
    let lab = Lab::find().await;
    for endpoint in ["/delay?ms=400", "/drip?every_ms=40&bytes=10"] {
        let mut tries = 0;
        let outcome = loop {
            tries += 1;
            let outcome = judge(&lab.at(endpoint), 600).await.outcome;
            // A busy machine may be late once. A budget that is cut short is short each time.
            if tries == TRIES || outcome.is_ok() {
                break outcome;
            }
        };
        assert!(
            outcome.is_ok(),
            "{endpoint} needs 400 ms and had 600, but {TRIES} times out of {TRIES} it came to {outcome:?}"
        );
    }
}

/// A budget longer than a browser's timer can count (2^31 ms, 24.8 days) is long, not over: 30 days, and for ever.
#[wasm_bindgen_test]
async fn thirty_days_are_not_over_at_once() {
    let lab = Lab::find().await;
    let thirty_days = Duration::from_secs(30 * 24 * 60 * 60);
    // What does not fit into 31, 32, 33 or 64 bits must not come out as a few milliseconds.
    let bits = |bits: u32| {
        let ms = (1_u128 << bits) + 10;
        Duration::from_secs((ms / 1_000) as u64) + Duration::from_millis((ms % 1_000) as u64)
    };
    for budget in [
        thirty_days,
        bits(31),
        bits(32),
        bits(33),
        bits(64),
        Duration::MAX,
    ] {
        let target = lab.at("/delay?ms=100");
        match race(get(&target.url, budget), sleep(AMPLE as f64)).await {
            First::Left(outcome) => assert!(
                outcome.is_ok(),
                "the answer takes 100 ms and had {budget:?}, but there is {outcome:?}: a timer takes a signed 32-bit \
                 number of milliseconds, and what does not fit wraps around"
            ),
            First::Right(()) => panic!("still waiting after 5 s for an answer that takes 100 ms"),
        }
    }
}

/// A future does nothing before its first poll: neither the request nor its time begins.
#[wasm_bindgen_test]
async fn nothing_begins_before_the_first_poll() {
    let lab = Lab::find().await;
    let target = lab.at("/stall?bytes=3");
    let unused = get(&target.url, Duration::from_millis(AMPLE));
    sleep(100.0).await;
    let requests = lab.seen(&target.id).await.requests;
    drop(unused);
    assert!(
        requests == 0.0,
        "nobody has polled the future, and it has made {requests} requests: who wants it to begin polls it"
    );
    // It lies about for longer than its budget is.
    let judged = judge_late(&lab.at("/stall?bytes=3"), 250, 400.0).await;
    judged.expect("Timeout", Phase::Body, |kind| *kind == Kind::Timeout);
}

/// Runs a request that sets out after `connecting_ms`, gets its headers in time, and not its body.
async fn expect_timeout_in_body(endpoint: &str, budget_ms: u64, connecting_ms: f64) {
    let lab = Lab::find().await;
    let mut tries = 0;
    let judged = loop {
        tries += 1;
        let target = lab.at(endpoint);
        let _slow_connection = FetchHook::delay(&target.url, connecting_ms);
        let judged = judge(&target, budget_ms).await;
        // A busy machine may be late even with the headers. A wrong phase is wrong each time.
        if tries == TRIES || judged.phase() != Some(Phase::Headers) {
            break judged;
        }
    };
    judged.expect("Timeout", Phase::Body, |kind| *kind == Kind::Timeout);
}
