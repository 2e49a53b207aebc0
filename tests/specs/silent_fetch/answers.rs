//! Answers: what is fine stays fine

use std::cell::Cell;
use std::rc::Rc;
use std::time::Duration;

use js_sys::{Promise, TypeError, Uint8Array};
use wasm_bindgen::JsValue;
use wasm_bindgen_test::*;

use super::AMPLE;
use super::clock::{race, sleep};
use super::hooks::{FetchHook, object};
use super::judge::judge;
use super::lab::Lab;
use crate::zone::get;

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

/// A redirect leads to its answer: the browser follows it, and nobody else has to.
#[wasm_bindgen_test]
async fn a_redirect_leads_to_its_answer() {
    let lab = Lab::find().await;
    let body = judge(&lab.at("/redirect?to=ok&bytes=5"), AMPLE)
        .await
        .body();
    assert_eq!(
        body, b"01234",
        "what the server sends where the redirect leads"
    );
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
    // A browser may try again by itself when a connection breaks. Here there is none.
    let url = "https://spec.invalid/no-second-try";
    let asked = Rc::new(Cell::new(0));
    let _engine = FetchHook::play({
        let asked = Rc::clone(&asked);
        move |input, _signal| {
            (input == url).then(|| {
                asked.set(asked.get() + 1);
                Promise::reject(&TypeError::new("no connection"))
            })
        }
    });
    let _ = race(get(url, Duration::from_millis(AMPLE)), sleep(AMPLE as f64)).await;
    let requests = asked.get();
    assert!(
        requests == 1,
        "one call of get made {requests} requests when the first one failed: to ask twice is for the caller to decide"
    );
}
