//! What the page draws: one request before and after the rules, and where some paths lead.

use http::{HeaderMap, Method};
use js_sys::Array;
use wasm_bindgen::prelude::*;

use super::expect::{OWN, add, api, asked, request, values};
use crate::zone::forward;

/// The request of a page, as its browser sends it.
const HEADERS: [(&str, &str); 7] = [
    ("origin", "http://localhost:3000"),
    ("cookie", "session=7"),
    ("connection", "keep-alive, x-trace"),
    ("keep-alive", "timeout=5"),
    ("x-trace", "hop 1"),
    ("te", "trailers"),
    ("accept", "application/json"),
];

/// Paths beside it, each with what is wrong with it.
const PATHS: [&str; 6] = [
    "/api/a%2Fb?c=%3F",
    "/apiary/x",
    "/api@evil.example/x",
    "/api/../admin",
    "/api/%2e%2e/admin",
    "http://evil.example/api/x",
];

/// Rows of three texts: the name of a header, or `path`; what came; and what is sent, with `(gone)` for a header that
/// is not, and `refused: ...` for a request that is not.
#[wasm_bindgen]
pub fn show() -> Array {
    let mut request = request("/api/users?page=2");
    *request.method_mut() = Method::GET;
    add(request.headers_mut(), &HEADERS);
    let before: Vec<(&str, String)> = std::iter::once(("host", OWN))
        .chain(HEADERS)
        .map(|(name, value)| (name, value.to_owned()))
        .collect();
    let came = request.uri().to_string();
    let (there, headers) = match forward(&api(), request) {
        Ok(sent) => (sent.uri().to_string(), sent.headers().clone()),
        Err(refused) => (format!("refused: {refused:?}"), HeaderMap::new()),
    };
    let rows = Array::new();
    let row = |name: &str, came: &str, sent: &str| {
        Array::of3(&name.into(), &came.into(), &sent.into()).into()
    };
    rows.push(&row("path", &came, &there));
    for (name, value) in &before {
        let left = values(&headers, name);
        let sent = if left.is_empty() {
            "(gone)".to_owned()
        } else {
            left.join(", ")
        };
        rows.push(&row(name, value, &sent));
    }
    for path in PATHS {
        let there = asked(&api(), path).unwrap_or_else(|refused| format!("refused: {refused:?}"));
        rows.push(&row("path", path, &there));
    }
    rows
}
