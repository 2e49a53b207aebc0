//! What the page draws: one timeline for each thing that a server can do.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;
use std::time::Duration;

use js_sys::{Array, Promise};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::future_to_promise;

use super::clock::{First, now, race, sleep};
use super::hooks::FetchHook;
use super::judge::name;
use super::lab::Lab;
use crate::zone::get;
use contract::{FetchError, Kind, Phase};

const BUDGET_MS: f64 = 500.0;
/// How long the picture waits for a request that does not end.
const PATIENCE_MS: f64 = 1_200.0;
/// Not an endpoint of the lab, but a port at which nobody listens.
const REFUSED: &str = "";

type Outcome = Result<Vec<u8>, FetchError>;

/// One thing that a server can do, and whether an outcome is the right one for it.
struct Case {
    name: &'static str,
    endpoint: &'static str,
    is_right: fn(&Outcome) -> bool,
}

const CASES: [Case; 7] = [
    Case {
        name: "an answer",
        endpoint: "/drip?every_ms=25&bytes=10",
        is_right: |outcome| matches!(outcome, Ok(body) if body.len() == 10),
    },
    Case {
        name: "status 500",
        endpoint: "/status/500",
        is_right: |outcome| is_error(outcome, Phase::Headers, |kind| *kind == Kind::Status(500)),
    },
    Case {
        name: "refused",
        endpoint: REFUSED,
        is_right: |outcome| {
            is_error(outcome, Phase::Headers, |kind| {
                matches!(kind, Kind::Network(_))
            })
        },
    },
    Case {
        name: "a body cut short",
        endpoint: "/short?promise=10&send=4",
        is_right: |outcome| {
            is_error(outcome, Phase::Body, |kind| {
                matches!(kind, Kind::Truncated { promised: 10, .. })
            })
        },
    },
    Case {
        name: "silence",
        endpoint: "/silence",
        is_right: |outcome| is_error(outcome, Phase::Headers, |kind| *kind == Kind::Timeout),
    },
    Case {
        name: "a stalled body",
        endpoint: "/stall?bytes=3",
        is_right: |outcome| is_error(outcome, Phase::Body, |kind| *kind == Kind::Timeout),
    },
    Case {
        name: "a slow drip",
        endpoint: "/drip?every_ms=100&bytes=50",
        is_right: |outcome| is_error(outcome, Phase::Body, |kind| *kind == Kind::Timeout),
    },
];

fn is_error(outcome: &Outcome, phase: Phase, is_kind: fn(&Kind) -> bool) -> bool {
    matches!(outcome, Err(error) if error.phase == phase && is_kind(&error.kind))
}

/// What the page draws. Columns: the case, the budget in ms, when the headers came in ms (-1: not
/// seen), when the request ended in ms (-1: it was still waiting after 1.2 s), what it came to in
/// words, and whether that is right. All requests run side by side.
#[wasm_bindgen]
pub async fn show() -> Result<Array, JsValue> {
    let lab = Lab::find().await;
    let headers_seen = Rc::new(RefCell::new(HashMap::new()));
    let _observer = FetchHook::observe({
        let seen = Rc::clone(&headers_seen);
        move |url| {
            seen.borrow_mut().insert(url.to_owned(), now());
        }
    });
    let runs: Array = CASES
        .iter()
        .filter_map(|case| {
            let target = match case.endpoint {
                REFUSED => lab.nobody()?,
                endpoint => lab.at(endpoint),
            };
            let seen = Rc::clone(&headers_seen);
            Some(future_to_promise(async move {
                Ok(timeline(case, &target.url, &seen).await.into())
            }))
        })
        .collect();
    Ok(Promise::all(&runs).await?.unchecked_into())
}

/// Runs one case and gives its row.
async fn timeline(case: &Case, url: &str, headers_seen: &RefCell<HashMap<String, f64>>) -> Array {
    let started = now();
    let work = get(url, Duration::from_millis(BUDGET_MS as u64));
    let (ended_at, words, right) = match race(work, sleep(PATIENCE_MS)).await {
        First::Left(outcome) => (now() - started, words(&outcome), (case.is_right)(&outcome)),
        First::Right(()) => (-1.0, "still waiting".to_owned(), false),
    };
    let headers_at = headers_seen
        .borrow()
        .get(url)
        .map_or(-1.0, |at| at - started);
    [
        JsValue::from(case.name),
        BUDGET_MS.into(),
        headers_at.into(),
        ended_at.into(),
        words.into(),
        right.into(),
    ]
    .into_iter()
    .collect()
}

fn words(outcome: &Outcome) -> String {
    match outcome {
        Ok(body) => format!("Ok, {} bytes", body.len()),
        Err(error) => match &error.kind {
            Kind::Timeout => format!("Timeout, {}", name(error.phase)),
            Kind::Network(_) => format!("Network error, {}", name(error.phase)),
            Kind::Truncated { promised, received } => {
                format!("Truncated, {received} of {promised} bytes")
            }
            Kind::Status(code) => format!("Status {code}"),
        },
    }
}
