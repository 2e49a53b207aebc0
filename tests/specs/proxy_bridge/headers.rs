//! The headers: for the server, or for this connection only

use http::{HeaderMap, HeaderValue, Method, Request, Response, StatusCode, Version};
use wasm_bindgen_test::*;

use super::expect::{OWN, SERVER, UPSTREAM, add, api, bridge, request_with, route, sent, values};
use crate::zone::back;
use contract::{HOP_BY_HOP, Origin};

/// `Host` is the upstream's: a server with several names answers by it.
#[wasm_bindgen_test]
fn the_host_is_the_upstreams() {
    for headers in [
        &[][..],
        // Named as a hop's own, the old one would go, and the new one must not.
        &[("connection", "host")][..],
    ] {
        let sent = sent(&api(), request_with(headers));
        let hosts = values(sent.headers(), "host");
        assert!(
            hosts == [SERVER],
            "the upstream {SERVER} is asked for the host {hosts:?} when the request has {headers:?}: the name in Host is \
             the one that is asked, and here that is no longer the bridge"
        );
    }
    // With more routes than one, it is the host of the one that was taken.
    let two = bridge(&[("/other", "http://pages.example"), ("/api", UPSTREAM)]);
    let hosts = values(sent(&two, request_with(&[])).headers(), "host");
    assert!(
        hosts == [SERVER],
        "/api/users leads to {SERVER}, and is asked for the host {hosts:?}: that is the host of another route"
    );
}

/// `Origin` is the page's own and no business of a bridge: the server decides by it whom it trusts.
#[wasm_bindgen_test]
fn the_origin_stays_the_pages() {
    for origin in ["http://localhost:3000", "http://evil.example", "null"] {
        let sent = sent(&api(), request_with(&[("origin", origin)]));
        let origins = values(sent.headers(), "origin");
        assert!(
            origins == [origin],
            "the page's Origin was {origin}, and {origins:?} arrives: a bridge that writes the upstream's own origin there \
             makes every page look like one of its own, and the server's defence against forged requests is gone"
        );
    }
    let sent = sent(&api(), request_with(&[]));
    let origins = values(sent.headers(), "origin");
    assert!(
        origins.is_empty(),
        "the browser said no Origin, and {origins:?} arrives: that is made up"
    );
}

/// Where the configuration asks for it, `Origin` is rewritten: to the upstream's, and only if there was one.
#[wasm_bindgen_test]
fn the_origin_is_rewritten_when_asked() {
    let mut bridge = api();
    bridge.routes[0].origin = Origin::Upstream;
    for origin in [OWN, "http://localhost:3000", "null"] {
        let sent = sent(&bridge, request_with(&[("origin", origin)]));
        let origins = values(sent.headers(), "origin");
        assert!(
            origins == ["http://127.0.0.1:8080"],
            "the configuration asks for the upstream's origin, http://127.0.0.1:8080, and {origins:?} arrives: Host and \
             Origin are two headers, and an option that changes the first has not changed the second"
        );
    }
    let origins = values(sent(&bridge, request_with(&[])).headers(), "origin");
    assert!(
        origins.is_empty(),
        "the browser said no Origin, and {origins:?} arrives: rewriting is not adding"
    );
    let named = [("origin", OWN), ("connection", "origin")];
    let origins = values(sent(&bridge, request_with(&named)).headers(), "origin");
    assert!(
        origins.is_empty(),
        "`Connection` named Origin, so it was for the bridge alone, and {origins:?} arrives"
    );
    bridge.routes[0].upstream = "http://intern.example:80".parse().unwrap();
    let origins = values(
        sent(&bridge, request_with(&[("origin", OWN)])).headers(),
        "origin",
    );
    assert!(
        origins == ["http://intern.example"],
        "the upstream is http://intern.example:80, and {origins:?} arrives as the origin: an origin leaves out the port that \
         its scheme has anyway, and a server compares it as a text"
    );
    // Each route says so for itself.
    let mut two = contract::Bridge {
        routes: vec![
            route("/other", "http://pages.example"),
            route("/api", UPSTREAM),
        ],
        ..api()
    };
    two.routes[0].origin = Origin::Upstream;
    let origins = values(
        sent(&two, request_with(&[("origin", "null")])).headers(),
        "origin",
    );
    assert!(
        origins == ["null"],
        "another route asks for a rewritten origin, this one does not, and {origins:?} arrives"
    );
}

/// Headers for one connection end with it: all of `HOP_BY_HOP`, whether `Connection` names them or not.
#[wasm_bindgen_test]
fn hop_by_hop_headers_stay_here() {
    for name in HOP_BY_HOP {
        for value in ["close", "some, other; words=1"] {
            let sent = sent(
                &api(),
                request_with(&[(name.as_str(), value), (name.as_str(), "more")]),
            );
            let left = values(sent.headers(), name.as_str());
            assert!(
                left.is_empty(),
                "{name}: {} goes on to the upstream: it was said to the bridge, about the connection to the bridge",
                left.join(", ")
            );
        }
    }
}

/// What `Connection` names is for this connection, too: in any case, in several lines, between odd commas.
#[wasm_bindgen_test]
fn what_connection_names_stays_here() {
    for connection in [
        &["x-hop"][..],
        &["close, X-Hop"][..],
        &["keep-alive ,\tx-HOP\t, "][..],
        &["close", "x-hop"][..],
        &[",,x-hop,, no name at all"][..],
    ] {
        let mut headers = vec![("x-hop", "1"), ("x-hop", "2"), ("x-hope", "stays")];
        headers.extend(connection.iter().map(|value| ("connection", *value)));
        let sent = sent(&api(), request_with(&headers));
        let left = values(sent.headers(), "x-hop");
        assert!(
            left.is_empty(),
            "with `Connection: {}`, x-hop: {} goes on to the upstream: the sender has said that it ends here",
            connection.join("` and `Connection: "),
            left.join(", ")
        );
        assert!(
            values(sent.headers(), "x-hope") == ["stays"],
            "x-hope is not x-hop, and should go on"
        );
    }
    // A value that is no text still names what it names.
    let mut request = request_with(&[("x-hop", "1")]);
    let value = HeaderValue::from_bytes(b"x-hop, \xff").unwrap();
    request.headers_mut().append("connection", value);
    let left = values(sent(&api(), request).headers(), "x-hop");
    assert!(
        left.is_empty(),
        "`Connection: x-hop, \\xff` names x-hop, whatever else stands beside it, and x-hop goes on to the upstream"
    );
}

/// Answers have such headers, too: they end at the bridge on the way back.
#[wasm_bindgen_test]
fn hop_by_hop_headers_of_an_answer_stay_there() {
    let names = HOP_BY_HOP;
    let all: Vec<(&str, &str)> = names.iter().map(|name| (name.as_str(), "close")).collect();
    let mut answer = Response::new(());
    add(answer.headers_mut(), &all);
    add(
        answer.headers_mut(),
        &[("connection", "X-Hop"), ("x-hop", "1"), ("etag", "\"1\"")],
    );
    let back = back(answer);
    for (name, _) in all.iter().chain(&[("x-hop", "")]) {
        let left = values(back.headers(), name);
        assert!(
            left.is_empty(),
            "{name}: {} comes back to the page: the upstream said it to the bridge, about their connection",
            left.join(", ")
        );
    }
    assert!(
        values(back.headers(), "etag") == ["\"1\""],
        "the rest of an answer is for the page"
    );
}

/// A `Content-Length` beside `Transfer-Encoding` is void and goes no further, in either direction.
#[wasm_bindgen_test]
fn a_length_beside_chunks_is_dropped() {
    for (length, codings) in [
        ("4", &[b"chunked".as_slice()][..]),
        ("0", &[b"gzip, Chunked"]),
        // Whatever it says, and however: the next server may read it in another way.
        ("4", &[b"identity"]),
        ("4", &[b"gzip", b"chunked"]),
        ("4", &[b"\xffchunked"]),
    ] {
        let both = |headers: &mut HeaderMap| {
            add(headers, &[("content-length", length)]);
            for coding in codings {
                let coding = HeaderValue::from_bytes(coding).unwrap();
                headers.append("transfer-encoding", coding);
            }
        };
        let mut request = request_with(&[]);
        both(request.headers_mut());
        let mut answer = Response::new(());
        both(answer.headers_mut());
        for (way, headers) in [
            ("the upstream", sent(&api(), request).headers()),
            ("the page", back(answer).headers()),
        ] {
            let left = values(headers, "content-length");
            assert!(
                left.is_empty(),
                "content-length: {} reaches {way}, and beside it stood transfer-encoding: {}. Whoever believes the length \
                 takes the rest of a body in chunks for the next message. This is how requests are smuggled",
                left.join(", "),
                codings
                    .iter()
                    .map(|coding| coding.escape_ascii().to_string())
                    .collect::<Vec<_>>()
                    .join(" and transfer-encoding: ")
            );
        }
    }
    let length = [("content-length", "4")];
    let kept = sent(&api(), request_with(&length));
    assert!(
        values(kept.headers(), "content-length") == ["4"],
        "without chunks, content-length is what says where the body ends, and goes on"
    );
}

/// All else passes as it came: method, body, status, and every other header with each of its values.
#[wasm_bindgen_test]
fn all_else_passes_as_it_came() {
    let some = [
        ("cookie", "a=1"),
        ("cookie", "b=2"),
        ("accept", "text/html"),
        ("authorization", "Bearer t"),
        ("referer", "http://localhost:3000/page"),
        ("x-forwarded-for", "192.0.2.1"),
        ("set-cookie", "a=1; Path=/"),
        ("set-cookie", "b=2; Path=/api"),
        ("content-encoding", "gzip"),
        ("access-control-allow-origin", "*"),
        ("te-st", "not te"),
        ("trailer", "x-sum"),
        ("via", "1.1 another"),
    ];
    let raw = HeaderValue::from_bytes(b"caf\xe9").unwrap();
    let check = |headers: &HeaderMap, way: &str| {
        for (name, _) in some {
            let expected: Vec<_> = (some.iter())
                .filter(|(other, _)| *other == name)
                .map(|(_, value)| value.to_string())
                .collect();
            let found = values(headers, name);
            assert!(
                found == expected,
                "{name} was {expected:?}, and {found:?} reaches {way}: that is between the page and the server"
            );
        }
        assert!(
            headers.get("x-raw") == Some(&raw),
            "the value of x-raw is no text, and it does not reach {way} byte for byte: a header holds bytes"
        );
    };

    let mut request = Request::builder()
        .method(Method::PUT)
        .uri("/api/x")
        .body("body")
        .unwrap();
    add(request.headers_mut(), &[("host", OWN)]);
    add(request.headers_mut(), &some);
    *request.version_mut() = Version::HTTP_10;
    request.extensions_mut().insert("extension");
    request.headers_mut().append("x-raw", raw.clone());
    let request = sent(&api(), request);
    check(request.headers(), "the upstream");
    assert!(
        *request.method() == Method::PUT,
        "PUT arrives as {}",
        request.method()
    );
    assert!(
        request.version() == Version::HTTP_10,
        "HTTP/1.0 arrives as {:?}",
        request.version()
    );
    assert!(
        request.extensions().get() == Some(&"extension"),
        "an extension of the request is lost, such as the one by which a server waits for an upgrade"
    );
    assert!(*request.body() == "body", "the body is another");

    let mut answer = Response::builder()
        .status(StatusCode::IM_A_TEAPOT)
        .body("body")
        .unwrap();
    add(answer.headers_mut(), &some);
    answer.extensions_mut().insert("extension");
    answer.headers_mut().append("x-raw", raw.clone());
    let answer = back(answer);
    check(answer.headers(), "the page");
    assert!(
        answer.status() == StatusCode::IM_A_TEAPOT,
        "status 418 comes back as {}",
        answer.status()
    );
    assert!(
        answer.extensions().get() == Some(&"extension"),
        "an extension of the answer is lost, such as the one by which a client waits for an upgrade"
    );
    assert!(
        *answer.body() == "body",
        "the body of the answer is another"
    );
}
