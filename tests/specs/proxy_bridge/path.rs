//! The path: as it was written, or not at all

use wasm_bindgen_test::*;

use super::expect::{api, bridge, is_refused, leads};
use super::{SEEDS, properties};
use contract::{Bridge, Refused};

/// Path and query arrive byte for byte, dots in names as well: what is decoded on the way means something else when it
/// arrives.
#[wasm_bindgen_test]
fn path_and_query_arrive_as_they_were_written() {
    for (rest, lesson) in [
        ("/a%2Fb", "%2F is a slash in a name, not between two names"),
        (
            "/what%3F",
            "%3F is a question mark in a name, and begins no query",
        ),
        ("/a%20b+c", "a plus is a plus in a path"),
        (
            "/%e4%BD%a0",
            "hexadecimal digits stay as they were written, too: signatures are computed over them",
        ),
        (
            "/%00%0d%0a",
            "encoded, these are harmless; decoded, they split a header",
        ),
        (
            "/a%25b/100%25",
            "%25 is a percent sign: decoded once too often, it begins a code of its own",
        ),
        ("/%zz%", "what is no code is no business of a bridge"),
        ("/~a;v=1,2/(b)'!$&*", "all this is allowed in a path"),
        ("/.well-known/x", "a name may begin with a dot"),
        ("/a..b/c.", "a name may hold dots"),
        ("/...", "three dots are a name"),
        ("/..a/a..", "only a whole segment of two dots leads up"),
        (
            "/%2ehidden",
            "an encoded dot is a dot in a name, like any other",
        ),
        ("/a%2Fb..%2Fc", "no segment here is `..`, decoded or not"),
        ("/;..", "what follows a `;` is a parameter"),
        (
            "/%252e%252e/x",
            "%25 is a percent sign: this is a name that reads %2e%2e, and must arrive as it is. Whoever decodes it makes dots of it",
        ),
        (
            "/%é/2%é",
            "a letter beyond ASCII is longer than a byte, and is no reason to panic",
        ),
        ("/x?", "an empty query is not the same as none"),
        ("/x?a=1&a=2&b", "every parameter, in its order"),
        (
            "/x?to=http://elsewhere/?a=b?c",
            "behind the first question mark, all is query",
        ),
        ("/x?q=%2F%3f+%26&up=../..", "nothing in a query is a path"),
    ] {
        let there = format!("http://127.0.0.1:8080/base{rest}");
        leads(&api(), &format!("/api{rest}"), &there, lesson);
    }
}

/// A `..` is refused, or else the path leads out of the upstream's base.
#[wasm_bindgen_test]
fn dot_segments_are_refused() {
    for target in [
        "/api/../admin",
        "/api/x/../../admin",
        "/api/..",
        "/api/../",
        "/api/..?x",
        "/api/x/..",
        "/api/./x",
        "/api/.",
    ] {
        let lesson = "the server behind the bridge may resolve it, and answer with what is not below /base. A browser has \
                      resolved its dots long before it asks";
        is_refused(&api(), target, Refused::DotSegment, lesson);
        is_refused(&no_base(), target, Refused::DotSegment, lesson);
    }
}

/// An upstream without a base. There is nothing to climb out of at first, but the server may have rules for some paths.
fn no_base() -> Bridge {
    bridge(&[("/api", "http://127.0.0.1:8080")])
}

/// Percent signs, backslashes and parameters do not hide a `..`: some server sees through each.
#[wasm_bindgen_test]
fn hidden_dot_segments_are_refused() {
    for (target, lesson) in [
        (
            "/api/%2e%2e/admin",
            "%2e is a dot, and the URL Standard calls this a double-dot segment",
        ),
        ("/api/%2E%2E/admin", "hexadecimal digits have two cases"),
        ("/api/.%2e/admin", "half of it is written out"),
        ("/api/%2e./admin", "half of it is written out"),
        ("/api/x/%2e", "a single dot can be encoded, too"),
        (
            "/api/..%2fadmin",
            "a server that decodes first sees a slash there, and resolves it",
        ),
        (
            "/api/x%2F..%2F..%2Fadmin",
            "a server that decodes first sees slashes there, and resolves them",
        ),
        ("/api/%2e%2e%2fadmin", "all of it is encoded"),
        (
            "/api/..\\admin",
            "some servers take a backslash for a slash",
        ),
        (
            "/api/..%5Cadmin",
            "some servers take an encoded backslash for a slash",
        ),
        (
            "/api/..;/admin",
            "servers that know parameters of a segment throw them away first",
        ),
        (
            "/api/..;a=b;c/admin",
            "servers that know parameters of a segment throw them away first",
        ),
        ("/api/%2e%2E;x/admin", "two disguises at once"),
    ] {
        is_refused(&api(), target, Refused::DotSegment, lesson);
        is_refused(&no_base(), target, Refused::DotSegment, lesson);
    }
}

/// Out of 3,000 random paths none leads out of `/base`, and none that is fine is refused.
#[wasm_bindgen_test]
fn no_random_path_leaves_the_base() {
    SEEDS.for_each(properties::a_path_stays_below_the_base);
}
