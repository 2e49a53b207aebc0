//! Each endpoint: what arrives, when, and how it ends.

use std::io::ErrorKind;
use std::net::TcpStream;
use std::time::{Duration, Instant};

use crate::client::{End, PATIENCE, addr_of, ask, bytes_of, get, info, lab, read, send};

/// Long enough to tell "nothing more comes" from "not yet" on a busy machine.
const A_WHILE: Duration = Duration::from_millis(1500);

#[test]
fn ok_answers_with_the_bytes_asked_for() {
    let lab = lab();
    let answer = get(lab.addr(), "/ok?bytes=12");
    assert_eq!(
        (answer.status, answer.body.as_str(), answer.end),
        (200, "012345678901", End::Closed)
    );
    assert_eq!(answer.header("Content-Length"), Some("12"));
    assert_eq!(
        get(lab.addr(), "/ok").body.len(),
        2,
        "two bytes unless asked otherwise"
    );
    assert_eq!(
        get(lab.addr(), "/ok?bytes=1048576").body.len(),
        1 << 20,
        "the most that can be asked for"
    );
}

#[test]
fn the_first_origin_is_readable_from_everywhere_and_never_cached() {
    let lab = lab();
    for target in [
        "/",
        "/info",
        "/ok",
        "/status/500",
        "/stall?bytes=x",
        "/nowhere",
        "/redirect-loop",
    ] {
        let answer = get(lab.addr(), target);
        assert_eq!(
            answer.header("Access-Control-Allow-Origin"),
            Some("*"),
            "{target}"
        );
        assert_eq!(
            answer.header("Cross-Origin-Resource-Policy"),
            Some("cross-origin"),
            "{target}"
        );
        assert_eq!(answer.header("Timing-Allow-Origin"), Some("*"), "{target}");
        assert_eq!(answer.header("Cache-Control"), Some("no-store"), "{target}");
        assert_eq!(answer.header("Connection"), Some("close"), "{target}");
    }
}

#[test]
fn the_root_says_what_this_is() {
    let lab = lab();
    let answer = get(lab.addr(), "/");
    assert_eq!(answer.status, 200);
    let info = info(&lab);
    for fault in info["plays"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|fault| fault.as_str())
    {
        // "refused" is a port, not a path: the text points to /info for it.
        assert!(
            answer.body.contains(&format!("/{fault}")) || fault == "refused",
            "{fault} is not explained"
        );
    }
}

#[test]
fn delay_answers_late() {
    let lab = lab();
    let start = Instant::now();
    let answer = get(lab.addr(), "/delay?ms=300&bytes=5");
    assert!(
        start.elapsed() >= Duration::from_millis(300),
        "it came after {:?}",
        start.elapsed()
    );
    assert_eq!(
        (answer.status, answer.body.as_str(), answer.end),
        (200, "01234", End::Closed)
    );
}

#[test]
fn status_answers_with_that_status() {
    let lab = lab();
    for status in [200, 204, 205, 304, 404, 418, 500, 503, 599] {
        let answer = get(lab.addr(), &format!("/status/{status}"));
        assert_eq!((answer.status, answer.end), (status, End::Closed));
        assert_eq!(
            answer.body.is_empty(),
            matches!(status, 204 | 205 | 304),
            "body of {status}: {:?}",
            answer.body
        );
    }
}

#[test]
fn silence_sends_nothing() {
    let lab = lab();
    let answer = read(ask(lab.addr(), "/silence"), A_WHILE);
    assert_eq!((answer.head.as_str(), answer.end), ("", End::Open));
}

#[test]
fn stall_sends_headers_and_some_bytes_and_then_nothing() {
    let lab = lab();
    let answer = read(ask(lab.addr(), "/stall?bytes=7"), A_WHILE);
    assert_eq!(
        (answer.status, answer.body.as_str(), answer.end),
        (200, "0123456", End::Open)
    );
    let promised: usize = answer.header("Content-Length").unwrap().parse().unwrap();
    assert!(
        promised > 7,
        "the client must have reason to wait, but was promised {promised}"
    );
    let answer = read(ask(lab.addr(), "/stall?bytes=0"), A_WHILE);
    assert_eq!(
        (answer.status, answer.body.as_str(), answer.end),
        (200, "", End::Open)
    );
}

#[test]
fn drip_sends_byte_by_byte() {
    let lab = lab();
    let start = Instant::now();
    let early = read(
        ask(lab.addr(), "/drip?every_ms=500&bytes=4"),
        Duration::from_millis(1250),
    );
    assert_eq!(early.end, End::Open, "after 1.25 of 2 seconds: {early:?}");
    assert_eq!(early.header("Content-Length"), Some("4"));
    assert!(
        early.body.len() < 3,
        "a byte each 500 ms is at most 2 by now, got {:?}",
        early.body
    );

    let start_of_next = start.elapsed();
    let whole = get(lab.addr(), "/drip?every_ms=50&bytes=6");
    assert_eq!((whole.body.as_str(), whole.end), ("012345", End::Closed));
    assert!(
        start.elapsed() - start_of_next >= Duration::from_millis(300),
        "six bytes, 50 ms before each"
    );
    assert_eq!(
        get(lab.addr(), "/drip?every_ms=50&bytes=0").end,
        End::Closed,
        "nothing to drip"
    );
}

#[test]
fn short_promises_more_than_it_sends() {
    let lab = lab();
    let answer = get(lab.addr(), "/short?promise=100&send=40");
    assert_eq!(answer.header("Content-Length"), Some("100"));
    assert_eq!(
        (answer.status, answer.body.len(), answer.end),
        (200, 40, End::Closed)
    );
}

#[test]
fn torn_breaks_off_in_a_chunk() {
    let lab = lab();
    let answer = get(lab.addr(), "/torn?bytes=10");
    assert_eq!(
        answer.header("Content-Length"),
        None,
        "no length is promised"
    );
    assert_eq!(answer.header("Transfer-Encoding"), Some("chunked"));
    // A chunk of eleven bytes, of which ten come; a whole body would end with a chunk of none.
    assert_eq!(
        (answer.status, answer.body.as_str(), answer.end),
        (200, "b\r\n0123456789", End::Closed)
    );
}

#[test]
fn garbled_ends_in_what_is_no_gzip() {
    let lab = lab();
    // More than one stored block holds.
    for bytes in [10, 70_000] {
        let (head, body) = bytes_of(lab.addr(), &format!("/garbled?bytes={bytes}"));
        assert!(head.contains("Content-Encoding: gzip"), "{head}");
        assert!(
            head.contains("Access-Control-Expose-Headers: Content-Encoding"),
            "a page of another origin must see that the length counts packed bytes: {head}"
        );
        assert!(
            head.contains(&format!("Content-Length: {}", body.len())),
            "the length is honest: {head}"
        );
        assert_eq!(body.get(..3), Some([0x1f, 0x8b, 8].as_slice()), "gzip");
        let digits = body.iter().filter(|byte| byte.is_ascii_digit()).count();
        assert!(
            digits >= bytes,
            "{digits} of {bytes} digits, stored as they are"
        );
        assert_eq!(body.last(), Some(&7), "a block of type 3, which is none");
    }
}

#[test]
fn redirect_leads_to_an_endpoint_with_its_parameters() {
    let lab = lab();
    let answer = get(lab.addr(), "/redirect?to=drip&every_ms=1&bytes=3&id=r");
    assert_eq!((answer.status, answer.end), (302, End::Closed));
    let there = answer
        .header("Location")
        .expect("a redirect has a Location");
    let answer = get(lab.addr(), there);
    assert_eq!((answer.status, answer.body.as_str()), (200, "012"));
    assert_eq!(
        crate::client::seen(&lab, "r", "finished"),
        2,
        "here and there"
    );
}

#[test]
fn redirect_loop_never_arrives() {
    let lab = lab();
    let mut target = "/redirect-loop?id=r".to_owned();
    for _ in 0..30 {
        let answer = get(lab.addr(), &target);
        assert_eq!(answer.status, 302, "{answer:?}");
        let next = answer
            .header("Location")
            .expect("a redirect has a Location")
            .to_owned();
        assert!(
            next.starts_with("/redirect-loop?") && next.contains("id=r"),
            "{next:?}"
        );
        assert_ne!(
            next, target,
            "a client may refuse an address that it comes from"
        );
        target = next;
    }
    assert_eq!(
        get(lab.addr(), "/redirect-loop?hop=4294967295").status,
        302,
        "the counter starts again"
    );
}

#[test]
fn reset_tears_the_connection_down_without_a_byte() {
    let lab = lab();
    let answer = get(lab.addr(), "/reset");
    assert_eq!((answer.head.as_str(), answer.end), ("", End::Reset));
}

#[test]
fn the_refusing_port_refuses_again_and_again() {
    let lab = lab();
    let refused = addr_of(info(&lab)["refused"].as_str().unwrap());
    for _ in 0..50 {
        let error =
            TcpStream::connect_timeout(&refused, PATIENCE).expect_err("nobody listens there");
        assert_eq!(error.kind(), ErrorKind::ConnectionRefused, "{error}");
    }
}

#[test]
fn the_second_origin_plays_the_same_and_permits_nothing() {
    let lab = lab();
    let info = info(&lab);
    assert_eq!(info["kind"], "server");
    assert_eq!(info["second"], lab.second_origin_url());
    let second = addr_of(&lab.second_origin_url());
    assert_ne!(second, lab.addr());
    for target in ["/ok?bytes=3&id=two", "/second-origin/ok?bytes=3&id=two"] {
        let answer = get(second, target);
        assert_eq!(
            (answer.status, answer.body.as_str()),
            (200, "012"),
            "{target}"
        );
        for line in answer.head.lines() {
            assert!(
                !line.starts_with("Access-Control") && !line.starts_with("Cross-Origin"),
                "{target} sent {line:?}"
            );
        }
    }
    // What arrived there can be read here: that is how a spec proves that an unreadable request was carried out.
    assert_eq!(crate::client::seen(&lab, "two", "finished"), 2);
}

#[test]
fn a_path_on_the_first_origin_leads_to_the_second() {
    let lab = lab();
    let answer = get(lab.addr(), "/second-origin/stall?bytes=3&id=x");
    assert_eq!(answer.status, 307);
    let expected = format!("{}/stall?bytes=3&id=x", lab.second_origin_url());
    assert_eq!(answer.header("Location"), Some(expected.as_str()));
    assert_eq!(
        get(lab.addr(), "/second-originals").status,
        404,
        "a prefix ends at a slash"
    );
}

/// What is read through the bridge was asked of the second origin, once.
#[test]
fn the_bridge_fetches_from_the_second_origin_and_from_nowhere_else() {
    let lab = lab();
    let answer = get(lab.addr(), "/bridge/ok?bytes=3&id=bridged");
    assert_eq!((answer.status, answer.body.as_str()), (200, "012"));
    assert_eq!(answer.header("Access-Control-Allow-Origin"), Some("*"));
    assert_eq!(crate::client::seen(&lab, "bridged", "requests"), 1);
    assert_eq!(get(lab.addr(), "/bridge/status/418").status, 418);
    assert_eq!(get(lab.addr(), "/bridge/reset").status, 502);
    // Neither by a glued address nor in a circle.
    for target in ["/bridge@127.0.0.1:1/ok", "/bridge", "/bridge/bridge/ok"] {
        assert_eq!(get(lab.addr(), target).status, 404, "{target}");
    }
}

#[test]
fn a_preflight_is_permitted_by_the_first_origin_alone() {
    let lab = lab();
    let preflight = b"OPTIONS /ok?id=p HTTP/1.1\r\nOrigin: http://page\r\nAccess-Control-Request-Method: PUT\r\n\r\n";
    let first = read(send(lab.addr(), preflight), PATIENCE);
    assert_eq!(first.status, 204);
    assert!(
        first
            .header("Access-Control-Allow-Methods")
            .unwrap()
            .contains("PUT"),
        "{first:?}"
    );
    assert_eq!(first.header("Access-Control-Allow-Headers"), Some("*"));
    let second = read(send(addr_of(&lab.second_origin_url()), preflight), PATIENCE);
    assert_eq!(second.status, 204);
    assert_eq!(second.header("Access-Control-Allow-Methods"), None);
    assert_eq!(crate::client::seen(&lab, "p", "preflights"), 2);
    assert_eq!(
        crate::client::seen(&lab, "p", "requests"),
        0,
        "a preflight is not the page's request"
    );
}

#[test]
fn other_methods_and_their_bodies_are_welcome() {
    let lab = lab();
    let body = "x".repeat(100_000);
    let post = format!(
        "POST /ok?bytes=4 HTTP/1.1\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    );
    let answer = read(send(lab.addr(), post.as_bytes()), PATIENCE);
    assert_eq!(
        (answer.status, answer.body.as_str(), answer.end),
        (200, "0123", End::Closed),
        "the body must not spoil it"
    );
    let answer = read(send(lab.addr(), b"BREW /ok HTTP/1.1\r\n\r\n"), PATIENCE);
    assert_eq!(answer.status, 405);
    assert!(answer.header("Allow").unwrap().contains("GET"));
}

#[test]
fn a_bad_parameter_is_named_with_its_range() {
    let lab = lab();
    for (target, words) in [
        (
            "/ok?bytes=1048577",
            "bytes: expected a whole number from 0 to 1048576",
        ),
        (
            "/ok?bytes=-1",
            "bytes: expected a whole number from 0 to 1048576",
        ),
        ("/delay", "ms: expected a whole number from 0 to 30000"),
        (
            "/delay?ms=30001",
            "ms: expected a whole number from 0 to 30000",
        ),
        (
            "/status/99",
            "status: expected a whole number from 200 to 599",
        ),
        (
            "/status/101",
            "status: expected a whole number from 200 to 599",
        ),
        (
            "/status/ok",
            "status: expected a whole number from 200 to 599",
        ),
        (
            "/stall?byte=1",
            "bytes: expected a whole number from 0 to 1048576, got nothing",
        ),
        (
            "/drip?bytes=1&every_ms=soon",
            "every_ms: expected a whole number from 0 to 30000",
        ),
        (
            "/drip?every_ms=1&bytes=99999999999999999999",
            "bytes: expected a whole number from 0 to 1048576",
        ),
        (
            "/short?promise=0&send=0",
            "promise: expected a whole number from 1 to 1048576",
        ),
        (
            "/short?promise=5&send=5",
            "send: expected a whole number from 0 to 4",
        ),
        (
            "/redirect-loop?hop=x",
            "hop: expected a whole number from 0 to 4294967295",
        ),
        (
            "/torn?bytes=1048577",
            "bytes: expected a whole number from 0 to 1048576",
        ),
        (
            "/garbled",
            "bytes: expected a whole number from 0 to 1048576",
        ),
        ("/redirect", "to: expected the name of an endpoint"),
        (
            "/redirect?to=//elsewhere.example",
            "to: expected the name of an endpoint",
        ),
        (
            "/redirect?to=\\elsewhere",
            "to: expected the name of an endpoint",
        ),
        ("/seen", "id: expected"),
        ("/silence?id=", "id: expected 1 to 128 characters"),
    ] {
        let answer = get(lab.addr(), target);
        assert_eq!(answer.status, 400, "{target} gave {answer:?}");
        assert!(
            answer.body.starts_with(words),
            "{target} gave {:?}",
            answer.body
        );
    }
    for target in [
        "/nowhere",
        "/ok/",
        "/status",
        "/status/200/x",
        "/OK",
        "//ok",
    ] {
        assert_eq!(get(lab.addr(), target).status, 404, "{target}");
    }
}
