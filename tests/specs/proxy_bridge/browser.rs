//! In the browser: what a bridge is for

use wasm_bindgen::JsValue;
use wasm_bindgen_test::*;
use web_sys::RequestInit;

use super::expect::{bridge, request, sent};
use super::lab::{Lab, ask, fresh_id, text};

/// A request to another origin arrives although its answer cannot be read, and the server counts it. Only what no form
/// could send is asked about first, with `OPTIONS`.
#[wasm_bindgen_test]
async fn a_request_that_cannot_be_read_arrives() {
    let lab = Lab::find().await;
    for (method, body) in [("GET", None), ("POST", Some("text"))] {
        let init = RequestInit::new();
        init.set_method(method);
        if let Some(body) = body {
            // A plain text needs no permission, as a form needs none.
            init.set_body(&JsValue::from(body));
        }
        let id = fresh_id();
        let answer = ask(&format!("{}/ok?id={id}", lab.second), &init).await;
        assert!(
            answer.is_err(),
            "{method}: a page can read an origin that permits nothing"
        );
        let seen = lab.seen(&id).await;
        assert!(
            seen == (1.0, 0.0),
            "{method}: the server has seen {} requests and {} preflights, not 1 and 0: the browser hides the answer, and has \
             asked all the same",
            seen.0,
            seen.1
        );
    }
    for (method, kind) in [("PUT", "text/plain"), ("POST", "application/json")] {
        let init = RequestInit::new();
        init.set_method(method);
        init.set_body(&JsValue::from("{}"));
        let headers = web_sys::Headers::new().unwrap();
        headers.set("content-type", kind).unwrap();
        init.set_headers(&headers);
        let id = fresh_id();
        let answer = ask(&format!("{}/ok?id={id}", lab.second), &init).await;
        assert!(
            answer.is_err(),
            "{method} with {kind}: a page can read an origin that permits nothing"
        );
        let (requests, preflights) = lab.seen(&id).await;
        assert!(
            requests == 0.0 && preflights >= 1.0,
            "{method} with {kind}: the server has seen {requests} requests and {preflights} preflights, not 0 and 1 or more"
        );
    }
}

/// Through the bridge the same answer is readable, and there is nothing to ask permission for: the server sees one request
/// and no preflight.
#[wasm_bindgen_test]
async fn through_the_bridge_it_can_be_read() {
    let lab = Lab::find().await;
    let bridge = bridge(&[("/api", &lab.second)]);
    let id = fresh_id();
    let there = sent(&bridge, request(&format!("/api/ok?bytes=5&id={id}")));
    let (uri, second) = (there.uri(), &lab.second);
    let Some(path) = uri
        .to_string()
        .strip_prefix(second.as_str())
        .map(str::to_owned)
    else {
        panic!("the bridge leads to {uri}, not to {second}");
    };
    let body = match ask(&lab.bridged(&path), &RequestInit::new()).await {
        Ok(answer) => text(&answer).await.unwrap_or_default(),
        Err(error) => panic!("the bridged answer cannot be read: {error:?}"),
    };
    assert!(
        body == "01234",
        "for {uri} the server's five bytes are 01234, and {body:?} comes through the bridge"
    );
    let (requests, preflights) = lab.seen(&id).await;
    assert!(
        (requests, preflights) == (1.0, 0.0),
        "the server has seen {requests} requests and {preflights} preflights for {uri}, not 1 and 0"
    );
}
