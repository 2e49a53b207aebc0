//! The route: whose path it is

use wasm_bindgen_test::*;

use super::expect::{SERVER, api, bridge, is_refused, leads};
use crate::zone::forward;
use contract::Refused;

/// A prefix ends where a segment ends: `/api` takes `/api/x` and `/api?x`, and leaves `/apiary/x` alone.
#[wasm_bindgen_test]
fn a_prefix_ends_at_a_segment() {
    let whole = "all that /api takes begins with the whole segment `api`";
    leads(&api(), "/api/x", "http://127.0.0.1:8080/base/x", whole);
    leads(
        &api(),
        "/api?x",
        "http://127.0.0.1:8080/base?x",
        "a query ends the path, and so it ends the segment",
    );
    for target in [
        "/apiary/x",
        "/api-v2/x",
        "/api.json",
        "/api%2Fx",
        "/api%20",
        "/api;v=2/x",
    ] {
        let lesson = "that is another segment, which only begins with the same letters. After the prefix comes a `/`, a `?` or nothing";
        is_refused(&api(), target, Refused::NoRoute, lesson);
    }
    for target in ["/API/x", "/%61pi/x", "/x/api", "//api/x", "/"] {
        is_refused(
            &api(),
            target,
            Refused::NoRoute,
            "a prefix is compared from the first byte, as it is written",
        );
    }
}

/// No path chooses the server: what follows the prefix in `/api@evil.example/` is no part of an address.
#[wasm_bindgen_test]
fn no_path_chooses_the_server() {
    // With and without a base, with and without a port: text can be glued to either.
    for upstream in [
        "http://127.0.0.1:8080",
        "http://intern.example",
        "http://127.0.0.1:8080/base",
    ] {
        let bridge = bridge(&[("/api", upstream)]);
        let server = bridge.routes[0].upstream.authority();
        for target in [
            "/api@evil.example/x",
            "/api:secret@evil.example/x",
            "/api.evil.example/x",
            "/api:81/x",
            "/api1/x",
            "/api//evil.example/x",
            "/api/http://evil.example/x",
            "/api/@evil.example/x",
            "/api?@evil.example/x",
            "/api/\\evil.example/x",
        ] {
            // To refuse it is right where it is not below /api; that is another rule.
            let Ok(sent) = forward(&bridge, super::expect::request(target)) else {
                continue;
            };
            let uri = sent.uri();
            let host = uri.host().unwrap_or("nobody");
            assert!(
                uri.authority() == Some(server),
                "{target} leads to {uri}: the server asked is {host}, not {server}. Whoever glues an address together as \
                 text lets the path write a part of it"
            );
            assert!(
                uri.scheme_str() == Some("http"),
                "{target} leads to {uri}, which is not http"
            );
        }
    }
}

/// The longest prefix wins, whatever the order of the routes is.
#[wasm_bindgen_test]
fn the_longest_prefix_wins() {
    let mut routes = [
        ("/", "http://pages.example"),
        ("/api", "http://127.0.0.1:8080/base"),
        ("/api/v2", "http://127.0.0.1:8082"),
        ("/api/v2/beta", "http://127.0.0.1:8083/b"),
    ];
    for turn in 0..2 * routes.len() {
        routes.rotate_left(1);
        if turn == routes.len() {
            routes.reverse();
        }
        let bridge = bridge(&routes);
        let lesson = "the most special route is the one that was meant, wherever it stands in the configuration";
        for (target, there) in [
            ("/api/v2/beta/x", "http://127.0.0.1:8083/b/x"),
            ("/api/v2/betas", "http://127.0.0.1:8082/betas"),
            ("/api/v2?x", "http://127.0.0.1:8082/?x"),
            ("/api/v20", "http://127.0.0.1:8080/base/v20"),
            ("/api/v1/v2", "http://127.0.0.1:8080/base/v1/v2"),
            ("/apiary", "http://pages.example/apiary"),
            ("/", "http://pages.example/"),
        ] {
            leads(&bridge, target, there, lesson);
        }
    }
}

/// Prefix out, base in, and between them and the rest there is one slash, or none if none was written.
#[wasm_bindgen_test]
fn the_base_takes_the_place_of_the_prefix() {
    let slashes = "the base takes the place of the prefix, and all that follows stays, slashes too";
    for (prefix, upstream, target, there) in [
        ("/api", "http://127.0.0.1:8080/base", "/api", "/base"),
        ("/api", "http://127.0.0.1:8080/base", "/api/", "/base/"),
        ("/api", "http://127.0.0.1:8080/base/", "/api/x", "/base/x"),
        ("/api/", "http://127.0.0.1:8080/base", "/api/x", "/base/x"),
        (
            "/api",
            "http://127.0.0.1:8080/base",
            "/api//x//",
            "/base//x//",
        ),
        (
            "/api",
            "http://127.0.0.1:8080/base",
            "/api/api/x",
            "/base/api/x",
        ),
        ("/api", "http://127.0.0.1:8080", "/api", "/"),
        ("/api", "http://127.0.0.1:8080", "/api/", "/"),
        ("/api", "http://127.0.0.1:8080", "/api?x=1", "/?x=1"),
        ("/api", "http://127.0.0.1:8080/", "/api//x", "//x"),
        ("/", "http://127.0.0.1:8080/base", "/x", "/base/x"),
        ("/", "http://127.0.0.1:8080/base", "/", "/base/"),
    ] {
        let there = format!("http://{SERVER}{there}");
        leads(&bridge(&[(prefix, upstream)]), target, &there, slashes);
    }
}
