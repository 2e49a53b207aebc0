//! Failures: each has its kind and phase

use wasm_bindgen::JsValue;
use wasm_bindgen_test::*;

use super::AMPLE;
use super::hooks::{FetchHook, broken_body, object};
use super::judge::judge;
use super::lab::{Lab, Target};
use contract::{Kind, Phase};

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

/// Nobody listens at that port, or the answer is not for us to read: `Network`, long before the budget is spent.
#[wasm_bindgen_test]
async fn a_refused_connection_is_a_network_error() {
    let lab = Lab::find().await;
    // The second origin sends no CORS headers.
    for target in [lab.refusing(), lab.at("/second-origin/ok?bytes=5")] {
        let judged = judge(&target, AMPLE).await;
        judged.expect("Network", Phase::Headers, is_network);
    }
}

/// What is no address, or none that `fetch` takes, is a `Network` error like the others, and no panic.
#[wasm_bindgen_test]
async fn an_address_that_is_none_is_a_network_error() {
    for address in [
        "http://[",
        "https://",
        "http://two words/",
        "http://user:secret@127.0.0.1/",
    ] {
        let target = Target {
            url: address.to_owned(),
            name: format!("{address:?}"),
            id: String::new(),
        };
        let judged = judge(&target, AMPLE).await;
        judged.expect("Network", Phase::Headers, is_network);
    }
}

/// The server hangs up without a byte: `Network`.
#[wasm_bindgen_test]
async fn a_reset_connection_is_a_network_error() {
    let lab = Lab::find().await;
    let judged = judge(&lab.at("/reset"), AMPLE).await;
    judged.expect("Network", Phase::Headers, is_network);
}

/// Redirected for ever, the browser gives up by itself: `Network`.
#[wasm_bindgen_test]
async fn a_redirect_loop_is_a_network_error() {
    let lab = Lab::find().await;
    let judged = judge(&lab.at("/redirect-loop"), AMPLE).await;
    judged.expect("Network", Phase::Headers, is_network);
}

/// A body that breaks off without a length, or is no gzip although it says so: `Network` while waiting for the body.
#[wasm_bindgen_test]
async fn a_broken_body_is_a_network_error() {
    let lab = Lab::find().await;
    for endpoint in ["/torn?bytes=4", "/garbled?bytes=60000"] {
        let judged = judge(&lab.at(endpoint), AMPLE).await;
        judged.expect("Network", Phase::Body, is_network);
    }
    // The length of a compressed body counts other bytes: that fewer came says nothing.
    for (name, headers) in [
        (" without a length", vec![("content-type", "text/plain")]),
        (
            " in gzip",
            vec![("content-length", "24"), ("content-encoding", "gzip")],
        ),
    ] {
        let mut target = lab.at("/torn?bytes=4");
        target.name += name;
        let answer = object([("headers", object(headers))]);
        let _engine = FetchHook::answer(&target.url, || broken_body(b"0123"), answer);
        let judged = judge(&target, AMPLE).await;
        judged.expect("Network", Phase::Body, is_network);
    }
}

fn is_network(kind: &Kind) -> bool {
    matches!(kind, Kind::Network(_))
}
