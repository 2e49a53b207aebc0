//! Cancelled for real: nothing is left

use std::time::Duration;

use js_sys::{Object, Uint8Array};
use wasm_bindgen::JsValue;
use wasm_bindgen_test::*;

use super::AMPLE;
use super::clock::{First, race, sleep};
use super::engine::{Left, left_by_1000, silent, stalled};
use super::hooks::{FetchHook, Timers, object};
use super::judge::judge;
use super::lab::Lab;
use crate::zone::get;
use contract::{Kind, Phase};

/// When the deadline passes in the body, the server sees the connection close.
#[wasm_bindgen_test]
async fn the_server_sees_a_stalled_request_end() {
    expect_closed_after_deadline("/stall?bytes=3").await;
}

/// When the deadline passes before the headers, the server sees the connection close: nobody works for nobody.
#[wasm_bindgen_test]
async fn the_server_sees_a_silent_request_end() {
    expect_closed_after_deadline("/delay?ms=3500").await;
}

/// The body of an answer that is no use is not read, and then the server must not go on sending it.
#[wasm_bindgen_test]
async fn an_error_status_ends_the_request() {
    let lab = Lab::find().await;
    let mut target = lab.at("/stall?bytes=3");
    target.name += ", here with status 500,";
    let _failing = FetchHook::restate(&target.url, 500);
    let judged = judge(&target, AMPLE).await;
    judged.expect("Status(500)", Phase::Headers, |kind| {
        *kind == Kind::Status(500)
    });
    if let Err(report) = lab.wait_until_closed(&target).await {
        panic!(
            "2 s after Status(500) the connection is still open on the server, which sees {report}. \
             A body that nobody reads holds its connection: end the request on every way out."
        );
    }
}

/// A future that is dropped takes its request with it, in either phase.
#[wasm_bindgen_test]
async fn dropping_the_future_ends_the_request() {
    let lab = Lab::find().await;
    for endpoint in ["/stall?bytes=3", "/delay?ms=3500"] {
        let target = lab.at(endpoint);
        let some_time_later = async {
            let asked = lab.wait_until_asked(&target).await;
            sleep(100.0).await;
            asked
        };
        // The race drops `get` when the request is under way.
        match race(get(&target.url, Duration::from_secs(60)), some_time_later).await {
            First::Left(outcome) => {
                panic!("{endpoint} has no answer yet, but there is {outcome:?}")
            }
            First::Right(asked) => asked.expect("the request must reach the server within 2 s"),
        }
        if let Err(report) = lab.wait_until_closed(&target).await {
            panic!(
                "{endpoint}: 2 s after the future was dropped the connection is still open on the server, which sees \
                 {report}. Dropping a future only ends the polling: something in it must abort the request."
            );
        }
    }
}

/// However a request ends, the timer of its deadline ends with it.
#[wasm_bindgen_test]
async fn no_timer_is_left_behind() {
    let lab = Lab::find().await;
    for endpoint in ["/ok", "/status/500", "/reset", "/short?promise=10&send=4"] {
        let timers = Timers::watch();
        let _ = judge(&lab.at(endpoint), AMPLE).await;
        assert!(
            timers.left() == 0,
            "{endpoint} has settled, but {} timer is still running: whoever starts a deadline must clear it",
            timers.left()
        );
    }
    // The deadline passes in the body; the future is dropped in the body; it is dropped before the headers.
    for (endpoint, budget, patience) in [
        ("/stall?bytes=3", 150, 600.0),
        ("/stall?bytes=3", 60_000, 200.0),
        ("/delay?ms=3500", 60_000, 50.0),
    ] {
        let timers = Timers::watch();
        let target = lab.at(endpoint);
        let _ = race(
            get(&target.url, Duration::from_millis(budget)),
            sleep(patience),
        )
        .await;
        assert!(
            timers.left() == 0,
            "{endpoint} with a budget of {budget} ms has timed out or was dropped, but {} timer is still running: \
             clear each one in a `Drop`",
            timers.left()
        );
    }
}

/// Thousands of requests that end by themselves leave memory as it was, and no JavaScript value alive.
#[wasm_bindgen_test]
async fn thousands_of_answers_leave_nothing_behind() {
    const PAGE: [u8; 1_000] = [b'x'; 1_000];
    type Body = fn() -> JsValue;
    let whole: Body = || Uint8Array::from(&PAGE[..]).into();
    let none: Body = || JsValue::NULL;
    let cases: [(&str, Body, Object); 3] = [
        ("all of them answered", whole, Object::new()),
        (
            "all of them with status 500",
            none,
            object([("status", 500)]),
        ),
        (
            "all of them cut short",
            whole,
            object([("headers", object([("content-length", "2000")]))]),
        ),
    ];
    for (what, body, init) in cases {
        let url = address(what);
        let _engine = FetchHook::answer(&url, body, init);
        let left = left_by_1000(what, || get(&url, Duration::from_millis(AMPLE))).await;
        must_be_nothing(what, &left);
    }
}

/// Thousands of requests that time out or are dropped leave memory as it was, and no JavaScript value alive.
#[wasm_bindgen_test]
async fn thousands_of_cancelled_requests_leave_nothing_behind() {
    for (what, play) in [
        (
            "to a server that is silent",
            silent as fn(&str) -> FetchHook,
        ),
        ("to a server that stalls", stalled),
    ] {
        let url = address(what);
        let _engine = play(&url);
        let timed = format!("{what}, with a budget of 5 ms");
        let left = left_by_1000(&timed, || get(&url, Duration::from_millis(5))).await;
        must_be_nothing(&timed, &left);

        let what = format!("{what}, dropped after 5 ms");
        let dropped = || race(get(&url, Duration::from_secs(60)), sleep(5.0));
        let left = left_by_1000(&what, dropped).await;
        must_be_nothing(&what, &left);
    }
}

fn must_be_nothing(what: &str, left: &Left) {
    let Left { pages, values } = left;
    assert!(
        *pages <= 2 && *values <= 20,
        "1,000 requests, {what}, left {pages} more pages of 64 KiB and {values} JavaScript values that Rust still holds: \
         something is kept for each of them. A closure that is forgotten, or one that waits for a promise which never \
         settles, is never freed"
    );
}

/// An address at which there is nobody but the spec's own engine.
fn address(what: &str) -> String {
    format!("https://spec.invalid/{}", what.replace(' ', "-"))
}

async fn expect_closed_after_deadline(endpoint: &str) {
    let lab = Lab::find().await;
    let target = lab.at(endpoint);
    let outcome = judge(&target, 200).await.outcome;
    assert!(
        outcome.is_err(),
        "{endpoint} has no whole answer within 200 ms, but there is {outcome:?}"
    );
    if let Err(report) = lab.wait_until_closed(&target).await {
        panic!(
            "2 s after the deadline the connection is still open on the server, which sees {report}. \
             To stop waiting is not to cancel: the browser wants to be told."
        );
    }
}
