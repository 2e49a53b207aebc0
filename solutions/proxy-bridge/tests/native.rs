//! The rules of `proxy-bridge`, natively: the property of its spec over many more paths, and what configurations may say.
#![cfg(not(target_family = "wasm"))]
// In a test a panic is the verdict; helpers of tests are tests too.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use solution_proxy_bridge as zone;
use zone::{NotARoute, Prefix, Upstream};

#[allow(dead_code, reason = "the spec uses the rest")]
#[path = "../../../tests/specs/proxy_bridge/expect.rs"]
mod expect;
#[path = "../../../tests/specs/proxy_bridge/properties.rs"]
mod properties;
#[allow(dead_code, reason = "other specs use the rest")]
#[path = "../../../tests/specs/shared/random.rs"]
mod random;

#[test]
fn no_random_path_leaves_the_base() {
    (0..200_000).for_each(properties::a_path_stays_below_the_base);
}

#[test]
fn a_prefix_is_a_path_that_can_be_read_in_one_way() {
    for (text, kept) in [
        ("/", ""),
        ("/api", "/api"),
        ("/api/", "/api"),
        ("/a/b-c_d.e~f", "/a/b-c_d.e~f"),
    ] {
        assert_eq!(text.parse::<Prefix>().unwrap().as_str(), kept, "{text}");
    }
    for text in [
        "", "api", "//", "/api//", "/a//b", "/a/../b", "/.", "/a%2Fb", "/a?b", "/a#b", "/a b",
        "/a;b", "/é",
    ] {
        assert_eq!(text.parse::<Prefix>(), Err(NotARoute::Path), "{text}");
    }
}

#[test]
fn an_upstream_is_one_server_and_a_plain_path() {
    for (text, host, origin, base) in [
        (
            "http://127.0.0.1:8080/base",
            "127.0.0.1:8080",
            "http://127.0.0.1:8080",
            "/base",
        ),
        ("http://[::1]:8080", "[::1]:8080", "http://[::1]:8080", ""),
        (
            "http://intern.example/",
            "intern.example",
            "http://intern.example",
            "",
        ),
        (
            "http://intern.example:80/a/",
            "intern.example:80",
            "http://intern.example",
            "/a",
        ),
    ] {
        let upstream: Upstream = text.parse().unwrap();
        assert_eq!(upstream.host(), host, "{text}");
        assert_eq!(upstream.origin(), origin, "{text}");
        assert_eq!(upstream.base(), base, "{text}");
    }
    for text in [
        "",
        "/base",
        "127.0.0.1:8080",
        "https://intern.example",
        "ftp://intern.example",
        "http://",
        "http:///base",
        "http://user@intern.example",
        "http://user:secret@intern.example",
        "http://intern.example:99999",
        "http://intern.example:",
        "http://intern.example/?a",
        "http://intern.example/#a",
    ] {
        assert_eq!(text.parse::<Upstream>(), Err(NotARoute::Address), "{text}");
    }
    for text in [
        "http://intern.example/a/../b",
        "http://intern.example//",
        "http://intern.example/%2e%2e",
    ] {
        assert_eq!(text.parse::<Upstream>(), Err(NotARoute::Path), "{text}");
    }
}
