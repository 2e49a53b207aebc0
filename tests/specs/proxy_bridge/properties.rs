//! What holds for every path, for one seed each. The spec tries some thousand seeds in the browser, and
//! `solutions/proxy-bridge/tests/native.rs` many more natively.

use http::Uri;

use super::expect::{api, asked};
use super::random::Random;

/// What paths are made of, the dangerous and the harmless.
const PIECES: [&str; 26] = [
    "/",
    "/",
    "/",
    "/",
    "..",
    "..",
    ".",
    "%2e",
    "%2E%2e",
    "%252e",
    "%2f",
    "%2F",
    "%5c",
    "\\",
    ";",
    ";a=..",
    "a",
    "api",
    "base",
    "...",
    "@evil.example",
    ":81",
    "%25",
    "?",
    "?b=/../",
    "//evil.example",
];

/// A path that begins with `/api` leads below the base with nothing changed, or is refused for a reason.
#[track_caller]
pub fn a_path_stays_below_the_base(seed: u64) {
    let mut random = Random::new(seed);
    let mut rest = String::new();
    for _ in 0..=random.below(7) {
        rest += PIECES[random.below(PIECES.len())];
    }
    let target = format!("/api{rest}");
    // What is no target for the library that reads requests never comes this far.
    if target.parse::<Uri>().is_err() {
        return;
    }
    let is_below = rest.starts_with(['/', '?']);
    let there = format!("http://127.0.0.1:8080/base{rest}");
    let is_fine = is_below && !climbs(rest.split('?').next().unwrap_or_default());
    match asked(&api(), &target) {
        Ok(asked) => {
            assert!(
                is_fine,
                "seed {seed}: {target} leads to {asked}, and should be refused: {}",
                if is_below {
                    "one of its segments can be read as `.` or `..`"
                } else {
                    "it is not below /api"
                }
            );
            assert!(
                asked == there,
                "seed {seed}: {target} leads to {asked}, not to {there}"
            );
        }
        Err(refused) => assert!(
            !is_fine,
            "seed {seed}: {target} is refused as {refused:?}, but no segment of it is `.` or `..`"
        ),
    }
}

/// Reads a path byte by byte, as the server that sees most in it: does it meet a segment `.` or `..`?
fn climbs(path: &str) -> bool {
    let bytes = path.as_bytes();
    let mut segment = Vec::new();
    let mut in_parameter = false;
    let mut at = 0;
    while at <= bytes.len() {
        let code = bytes.get(at..at + 3).map(<[u8]>::to_ascii_lowercase);
        let (byte, width) = match code.as_deref() {
            Some(b"%2e") => (b'.', 3),
            Some(b"%2f") => (b'/', 3),
            Some(b"%5c") => (b'\\', 3),
            _ => (bytes.get(at).copied().unwrap_or(b'/'), 1),
        };
        at += width;
        match byte {
            b'/' | b'\\' => {
                if segment == b"." || segment == b".." {
                    return true;
                }
                segment.clear();
                in_parameter = false;
            }
            b';' => in_parameter = true,
            _ if !in_parameter => segment.push(byte),
            _ => {}
        }
    }
    false
}
