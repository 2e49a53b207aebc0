//! The one who is asked: this bridge, and nobody behind it

use http::header::HOST;
use http::{HeaderValue, Method, Request};
use wasm_bindgen_test::*;

use super::expect::{OWN, api, bridge, is_refused, request};
use crate::zone::forward;
use contract::Refused;

/// A target that names a server is refused: whoever answers it is an open proxy.
#[wasm_bindgen_test]
fn a_target_that_names_a_server_is_refused() {
    // With a route for every path, too: there it is easily let through.
    for bridge in [api(), bridge(&[("/", "http://127.0.0.1:8080")])] {
        for target in [
            "http://evil.example/api/x",
            "http://evil.example",
            "https://evil.example/api/x",
            "http://localhost:3000/api/x",
            "evil.example:443",
            "*",
        ] {
            let lesson = "a browser that asks this bridge sends a path. A whole address is for a forward proxy, which fetches \
                          from wherever a stranger likes";
            is_refused(&bridge, target, Refused::NotAPath, lesson);
        }
        let mut connect = request("evil.example:443");
        *connect.method_mut() = Method::CONNECT;
        assert!(
            forward(&bridge, connect).is_err(),
            "CONNECT evil.example:443 is let through: it asks for a tunnel to a stranger's server"
        );
    }
}

/// A `Host` that is not the bridge's own is refused: no host, two hosts, and a stranger's name that leads here.
#[wasm_bindgen_test]
fn a_foreign_host_is_refused() {
    let rebinding = "a page elsewhere can have its own name lead to this machine (DNS rebinding), and then the browser \
                     takes the answers for its own";
    let with = |hosts: &[&[u8]]| {
        let mut request = Request::builder().uri("/api/x").body(()).unwrap();
        for host in hosts {
            request
                .headers_mut()
                .append(HOST, HeaderValue::from_bytes(host).unwrap());
        }
        forward(&api(), request).map(|_| ())
    };
    for host in [
        "evil.example",
        "evil.example:3000",
        "localhost:3000.evil.example",
        "",
        "127.0.0.1:8080",
    ] {
        let outcome = with(&[host.as_bytes()]);
        assert!(
            outcome == Err(Refused::ForeignHost),
            "a request for the host {host:?} comes to {outcome:?}, not to ForeignHost: {rebinding}"
        );
    }
    let own = OWN.as_bytes();
    for (hosts, what) in [
        (&[][..], "no host at all"),
        (
            &[own, b"evil.example"][..],
            "two hosts, of which the first is ours",
        ),
        (
            &[b"evil.example", own][..],
            "two hosts, of which the second is ours",
        ),
        (&[own, own][..], "the same host twice"),
        (&[b"localhost\xff".as_slice()][..], "a host that is no text"),
    ] {
        let outcome = with(hosts);
        assert!(
            outcome == Err(Refused::ForeignHost),
            "a request with {what} comes to {outcome:?}, not to ForeignHost: two readers may take it for two servers"
        );
    }
    for host in [OWN, "127.0.0.1:3000"] {
        let outcome = with(&[host.as_bytes()]);
        assert!(
            outcome == Ok(()),
            "a request for the host {host} comes to {outcome:?}, but `is_own` says that this is the bridge"
        );
    }
}
