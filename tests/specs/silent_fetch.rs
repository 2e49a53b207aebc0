//! What a `get` must do that always ends.
//!
//! Whatever the server does, `get(url, budget)` settles within its budget, says
//! what went wrong, in which phase and after how long, and leaves nothing behind:
//! no open connection, no running timer. The server here is real and misbehaves
//! on request. Where a service worker plays it, the tests for which it is no match
//! say so.

#![allow(clippy::expect_used)]

use std::time::Duration;

use js_sys::Uint8Array;
use wasm_bindgen::JsValue;
use wasm_bindgen_test::*;

use crate::zone::{Kind, Phase, get};

#[path = "silent_fetch/clock.rs"]
mod clock;
#[path = "silent_fetch/hooks.rs"]
mod hooks;
#[path = "silent_fetch/judge.rs"]
mod judge;
#[path = "silent_fetch/lab.rs"]
mod lab;
#[path = "silent_fetch/show.rs"]
mod show;

use clock::{First, race, sleep};
use hooks::{FetchHook, Timers, broken_body, object};
use judge::{TRIES, judge};
use lab::{Lab, Target};

wasm_bindgen_test_configure!(run_in_dedicated_worker);

/// A budget that nothing here should ever spend.
const AMPLE: u64 = 5_000;

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

/// What a slow connection has used up is not given to the body again.
#[wasm_bindgen_test]
async fn one_budget_covers_both_phases() {
    expect_timeout_in_body("/drip?every_ms=50&bytes=40", 600, 300.0).await;
}

/// In Go a timeout of 0 means none. A budget of zero is spent before it is begun: `Timeout`.
#[wasm_bindgen_test]
async fn a_budget_of_zero_is_spent() {
    let lab = Lab::find().await;
    let judged = judge(&lab.at("/silence"), 0).await;
    judged.expect("Timeout", Phase::Headers, |kind| *kind == Kind::Timeout);
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

/// Nobody listens at that port: `Network`, long before the budget is spent.
#[wasm_bindgen_test]
async fn a_refused_connection_is_a_network_error() {
    let lab = Lab::find().await;
    let Some(nobody) = lab.nobody() else {
        panic!("needs the local server: a service worker cannot refuse a connection");
    };
    let judged = judge(&nobody, AMPLE).await;
    judged.expect("Network", Phase::Headers, |kind| {
        matches!(kind, Kind::Network(_))
    });
}

/// The server hangs up without a byte: `Network`.
#[wasm_bindgen_test]
async fn a_reset_connection_is_a_network_error() {
    let lab = Lab::find().await;
    let judged = judge(&lab.at("/reset"), AMPLE).await;
    judged.expect("Network", Phase::Headers, |kind| {
        matches!(kind, Kind::Network(_))
    });
}

/// Redirected for ever, the browser gives up by itself: `Network`.
#[wasm_bindgen_test]
async fn a_redirect_loop_is_a_network_error() {
    let lab = Lab::find().await;
    let judged = judge(&lab.at("/redirect-loop"), AMPLE).await;
    judged.expect("Network", Phase::Headers, |kind| {
        matches!(kind, Kind::Network(_))
    });
}

/// Ten bytes promised and four sent: `Truncated`, and never half an answer, however the engine shows it.
#[wasm_bindgen_test]
async fn a_short_body_is_truncated() {
    let lab = Lab::find().await;
    let expect_truncated = async |target: &Target| {
        let judged = judge(target, AMPLE).await;
        judged.expect("Truncated { promised: 10, .. }", Phase::Body, |kind| {
            // An engine may throw the last bytes away, so fewer than four is honest too.
            matches!(
                kind,
                Kind::Truncated {
                    promised: 10,
                    received: 0..=4
                }
            )
        });
    };
    expect_truncated(&lab.at("/short?promise=10&send=4")).await;
    // Four bytes and "done", or four bytes and an error: engines do one or the other. Here each of them does both.
    let done: fn() -> JsValue = || JsValue::from("0123");
    let broken: fn() -> JsValue = || broken_body(b"0123");
    for (name, body) in [
        (" that ends as if it were whole", done),
        (" that breaks off", broken),
    ] {
        let mut target = lab.at("/short?promise=10&send=4");
        target.name += name;
        let answer = object([("headers", object([("content-length", "10")]))]);
        let _engine = FetchHook::answer(&target.url, body, answer);
        expect_truncated(&target).await;
    }
}

/// 300, 404 and 500 are answers, but not the one that was asked for: `Status`.
#[wasm_bindgen_test]
async fn an_error_status_is_an_error() {
    let lab = Lab::find().await;
    for status in [300, 404, 500] {
        let judged = judge(&lab.at(&format!("/status/{status}")), AMPLE).await;
        judged.expect(&format!("Status({status})"), Phase::Headers, |kind| {
            *kind == Kind::Status(status)
        });
    }
}

/// A body in a hundred pieces arrives in one, byte for byte.
#[wasm_bindgen_test]
async fn an_answer_arrives_whole() {
    let lab = Lab::find().await;
    for bytes in [0, 1, 300_000] {
        let body = judge(&lab.at(&format!("/ok?bytes={bytes}")), AMPLE)
            .await
            .body();
        assert_eq!(body.len(), bytes, "the server sent {bytes} bytes");
        let wrong = body
            .iter()
            .zip(b"0123456789".iter().cycle())
            .position(|(a, b)| a != b);
        assert_eq!(
            wrong, None,
            "the server sends 0123456789 over and over; this byte is another"
        );
    }
}

/// A body is bytes, not text: none of them is changed, dropped or checked.
#[wasm_bindgen_test]
async fn bytes_stay_bytes() {
    // A byte order mark, a zero, a line end, half a character, and one that no UTF-8 has.
    const BYTES: [u8; 8] = [0xef, 0xbb, 0xbf, 0x00, b'\r', b'\n', 0xc3, 0xff];
    let lab = Lab::find().await;
    let target = lab.at("/ok");
    let _binary = FetchHook::answer(
        &target.url,
        || Uint8Array::from(&BYTES[..]).into(),
        object([("status", 200)]),
    );
    assert_eq!(
        judge(&target, AMPLE).await.body(),
        BYTES,
        "these bytes are no text: whoever decodes them as such gets others back"
    );
}

/// One call is one request: no probe before it, no silent second try behind it.
#[wasm_bindgen_test]
async fn one_call_is_one_request() {
    let lab = Lab::find().await;
    for endpoint in ["/ok", "/status/500", "/short?promise=10&send=4"] {
        let target = lab.at(endpoint);
        // `judge` would ask again if the machine is busy.
        let work = get(&target.url, Duration::from_millis(AMPLE));
        let _ = race(work, sleep(AMPLE as f64)).await;
        let requests = lab.seen(&target.id).await.requests;
        assert!(
            requests == 1.0,
            "one call of get made {requests} requests for {endpoint}: to ask twice is for the caller to decide"
        );
    }
}

/// 204 has no body at all, which is not the same as a broken one.
#[wasm_bindgen_test]
async fn an_answer_without_a_body_is_empty() {
    let lab = Lab::find().await;
    let target = lab.at("/status/204");
    assert_eq!(
        judge(&target, AMPLE).await.body(),
        b"",
        "204: done, nothing to send"
    );
    // Engines differ in whether `body` is null then; the Fetch standard says it is. Here it is.
    let _by_the_book = FetchHook::answer(&target.url, || JsValue::NULL, object([("status", 204)]));
    assert_eq!(
        judge(&target, AMPLE).await.body(),
        b"",
        "204 with a body that is null"
    );
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

/// `Content-Length` counts bytes on the wire: a compressed body that unpacks to fewer, or to more, is whole.
#[wasm_bindgen_test]
async fn a_compressed_body_is_not_truncated() {
    const DIGITS: &str = "0123456789012345678901234567890123456789";
    let lab = Lab::find().await;
    for (bytes, headers) in [
        // Four bytes become 24 in gzip. The browser unpacks them, but shows the headers as sent.
        (
            4,
            vec![("content-length", "24"), ("content-encoding", "gzip")],
        ),
        // Forty digits become 33. Another origin's content-encoding is hidden from a page.
        (40, vec![("content-length", "33")]),
    ] {
        let target = lab.at(&format!("/ok?bytes={bytes}"));
        let answer = object([("headers", object(headers))]);
        let _compressed = FetchHook::answer(&target.url, move || DIGITS[..bytes].into(), answer);
        let body = judge(&target, AMPLE).await.body();
        assert_eq!(
            body.len(),
            bytes,
            "bytes after the browser has unpacked them"
        );
    }
}

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

/// A budget longer than a browser's timer can count (2^31 ms, 24.8 days) is long, not over.
#[wasm_bindgen_test]
async fn thirty_days_are_not_over_at_once() {
    let lab = Lab::find().await;
    let thirty_days = Duration::from_secs(30 * 24 * 60 * 60);
    let target = lab.at("/delay?ms=100");
    match race(get(&target.url, thirty_days), sleep(AMPLE as f64)).await {
        First::Left(outcome) => assert!(
            outcome.is_ok(),
            "the answer takes 100 ms and had 30 days, but there is {outcome:?}"
        ),
        First::Right(()) => panic!("still waiting after 5 s for an answer that takes 100 ms"),
    }
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
    clock::both(short, long).await;
}
