//! What the page draws: one request before and after the rules, and where some targets lead.

use http::HeaderMap;
use js_sys::Array;
use wasm_bindgen::prelude::*;

use super::expect::{OWN, add, asked, bridge, request, values};
use crate::zone::forward;

/// What is shown for a header that does not go on, and what is right for it.
const GONE: &str = "(gone)";
/// What is shown for a request that does not go on.
const REFUSED: &str = "refused";

/// The headers of a page's request, as its browser sends them, and what is right to send on.
const HEADERS: [(&str, &str, &str); 6] = [
    ("host", OWN, "127.0.0.1:8080"),
    ("origin", "http://localhost:3000", "http://localhost:3000"),
    ("cookie", "session=7", "session=7"),
    ("connection", "keep-alive, x-trace", GONE),
    ("keep-alive", "timeout=5", GONE),
    ("x-trace", "hop 1", GONE),
];

/// Targets, and where it is right to lead them. The first one has the headers above.
const TARGETS: [(&str, &str); 7] = [
    ("/api/users?page=2", "http://127.0.0.1:8080/users?page=2"),
    ("/docs/a%2Fb", "http://127.0.0.1:8080/public/a%2Fb"),
    ("/apiary/x", REFUSED),
    ("/api@evil.example/x", REFUSED),
    ("/docs/../x", REFUSED),
    ("/docs/%2e%2e/x", REFUSED),
    ("http://evil.example/api/x", REFUSED),
];

/// Rows: the name of a header, or `target`; what came; what is sent, `(gone)` or `refused`; and whether that is right.
#[wasm_bindgen]
pub fn show() -> Array {
    let bridge = bridge(&[
        ("/api", "http://127.0.0.1:8080"),
        ("/docs", "http://127.0.0.1:8080/public"),
    ]);
    let rows = Array::new();
    let push = |name: &str, came: &str, sent: &str, right: &str| {
        let row: [JsValue; 4] = [
            name.into(),
            came.into(),
            sent.into(),
            (sent == right).into(),
        ];
        rows.push(&row.into_iter().collect::<Array>());
    };
    for (target, right) in TARGETS {
        let sent = asked(&bridge, target).unwrap_or_else(|_| REFUSED.to_owned());
        push("target", target, &sent, right);
    }
    let mut request = request(TARGETS[0].0);
    let others: Vec<_> = (HEADERS.iter().skip(1))
        .map(|(name, came, _)| (*name, *came))
        .collect();
    add(request.headers_mut(), &others);
    let headers =
        forward(&bridge, request).map_or_else(|_| HeaderMap::new(), |sent| sent.headers().clone());
    for (name, came, right) in HEADERS {
        let left = values(&headers, name);
        let sent = if left.is_empty() {
            GONE.to_owned()
        } else {
            left.join(", ")
        };
        push(name, came, &sent, right);
    }
    rows
}
