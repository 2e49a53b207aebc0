//! What is no module

use contract::Malformed;
use wasm_bindgen_test::*;

use super::expect::{explained, print_of, refused};
use super::module::{PREAMBLE, bare, built};

/// A module that was cut off inside of a section is refused, wherever it was cut, and the section is named.
#[wasm_bindgen_test]
fn a_module_cut_short_is_refused() {
    let recipe = built("/home/ada/shop", "rustc 1.95.0");
    let whole = recipe.bytes();
    let mut borders = vec![PREAMBLE.len()];
    for section in recipe.sections() {
        borders.push(borders[borders.len() - 1] + section.len());
    }
    for end in 0..whole.len() {
        let what = format!("the first {end} of {} bytes", whole.len());
        let cut = &whole[..end];
        if end < PREAMBLE.len() {
            refused(cut, Malformed::Preamble, &what);
        } else if borders.contains(&end) {
            // Cut between two sections it may be a module: nothing in it says what is missing.
            print_of(cut, &what);
            explained(cut, &whole, &what);
        } else {
            let at = borders[borders.partition_point(|border| *border < end) - 1];
            refused(cut, Malformed::Truncated { at }, &what);
        }
    }
}

/// What never was a module is refused: nothing, the page that a server sent instead, a component, and sections out of order, twice, of an
/// unknown kind, without a name or with an endless length. Their place is named.
#[wasm_bindgen_test]
fn what_is_no_module_is_refused() {
    for (what, bytes) in [
        ("no bytes", &b""[..]),
        ("a web page", b"<!doctype html><title>404</title>"),
        ("a component", b"\0asm\x0d\0\x01\0"),
        ("version 2", b"\0asm\x02\0\0\0"),
        ("a text", b"(module)"),
    ] {
        refused(bytes, Malformed::Preamble, what);
    }
    // All of these stand behind the preamble and an empty section of types, so 11 is the next place.
    let at = 11;
    for (what, behind, expected) in [
        (
            "a second section of types",
            &[1, 1, 0][..],
            Malformed::Order { at },
        ),
        (
            "code, and then globals",
            &[10, 1, 0, 6, 1, 0],
            Malformed::Order { at: 14 },
        ),
        (
            "a tag behind a global",
            &[6, 1, 0, 13, 1, 0],
            Malformed::Order { at: 14 },
        ),
        (
            "a data count behind the code",
            &[10, 1, 0, 12, 1, 0],
            Malformed::Order { at: 14 },
        ),
        ("section 14", &[14, 1, 0], Malformed::Unknown { id: 14, at }),
        (
            "a name that is not UTF-8",
            &[0, 2, 1, 0xff],
            Malformed::Name { at },
        ),
        (
            "a name that is longer than its section",
            &[0, 2, 2, b'a'],
            Malformed::Name { at },
        ),
        (
            "a custom section without room for a name",
            &[0, 0],
            Malformed::Name { at },
        ),
        (
            "a length of six bytes",
            &[2, 0x80, 0x80, 0x80, 0x80, 0x80, 0],
            Malformed::Length { at: 12 },
        ),
        (
            "a length of 33 bits",
            &[2, 0xff, 0xff, 0xff, 0xff, 0x1f],
            Malformed::Length { at: 12 },
        ),
        (
            "a length of 4 GiB",
            &[2, 0xff, 0xff, 0xff, 0xff, 0x0f],
            Malformed::Truncated { at },
        ),
    ] {
        let bytes = [PREAMBLE, &[1, 1, 0], behind].concat();
        refused(&bytes, expected, what);
    }
    print_of(&bare().bytes(), "all kinds of sections, in their order");
}
