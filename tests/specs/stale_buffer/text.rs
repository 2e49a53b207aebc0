//! What is sent is what arrives

use super::expect::{arrives, refuses_half, start};
use super::guest::{Alloc, Recipe};
use super::probe::{Books, books};
use super::{MIB, PLAIN, WIDE};
use js_sys::JsString;
use wasm_bindgen_test::*;

/// ASCII arrives, byte for byte.
#[wasm_bindgen_test]
fn plain_text_arrives() {
    let guest = start(Recipe::HONEST);
    for text in PLAIN {
        arrives(&guest, text);
    }
}

/// Characters of two, three and four bytes arrive whole.
#[wasm_bindgen_test]
fn text_beyond_ascii_arrives_whole() {
    let guest = start(Recipe::HONEST);
    for text in WIDE {
        arrives(&guest, text);
    }
}

/// A NUL is a character like any other, not the end of the text.
#[wasm_bindgen_test]
fn a_nul_inside_ends_nothing() {
    let guest = start(Recipe::HONEST);
    for text in ["\0", "before\0after", "\0\0 twice \0"] {
        arrives(&guest, text);
    }
}

/// Long texts arrive whole, wherever in them the surrogate pairs stand.
#[wasm_bindgen_test]
fn pairs_anywhere_in_a_long_text_arrive() {
    // Room for all of them, so that this is not about growth.
    let guest = start(Recipe {
        pages: 64,
        ..Recipe::HONEST
    });
    for (front, again) in [("x", "🦀"), ("é", "🦀"), ("日", "é🦀"), ("", "🦀日x")] {
        let text = front.to_string() + &again.repeat(MIB / 2 / again.len());
        arrives(&guest, &text);
    }
}

/// Half a surrogate pair has no UTF-8: it is a typed error that says where, never U+FFFD.
#[wasm_bindgen_test]
fn half_a_surrogate_pair_is_refused() {
    let cases: [(&[u16], u32); 9] = [
        (&[0xd83e], 0),
        (&[0xdd80], 0),
        (&[0x61, 0xd83e, 0x62], 1),
        (&[0xdd80, 0xd83e], 0),
        (&[0xd83e, 0xdd80, 0xd83e], 2),
        (&[0xe9, 0xd83e, 0xdd80, 0xd83e, 0xd83e, 0xdd80], 3),
        // A genuine U+FFFD in front is a character like any other.
        (&[0xfffd, 0xd83e], 1),
        (&[0xfffd, 0x61, 0xdd80, 0xfffd], 2),
        (&[0xd83e, 0xdd80, 0xfffd, 0xd83e], 3),
    ];
    for (units, at) in cases {
        let text = JsString::from_char_code(units);
        refuses_half(&text, at, &format!("the text {units:04x?}"));
    }
}

/// Half a pair far into a long text is refused too, at its own place.
#[wasm_bindgen_test]
fn half_a_pair_far_in_is_refused() {
    for at in [4095_u32, 4096, 16_383, 65_535, 65_536, 100_001] {
        let pairs = "🦀".repeat(at as usize / 2);
        let front = if at % 2 == 0 { pairs } else { pairs + "x" };
        for half in [0xd83e, 0xdd80] {
            let half = JsString::from_char_code(&[half]);
            let text = JsString::from(front.as_str()).concat(&half);
            refuses_half(&text, at, "a text that ends with half a pair");
            let text = text.concat(&JsString::from("x🦀"));
            refuses_half(&text, at, "a text that goes on after half a pair");
        }
    }
}

/// An empty text needs no room, whatever the guest would answer or do if it were asked for none.
#[wasm_bindgen_test]
fn an_empty_text_needs_no_room() {
    for alloc in [
        Alloc::Honest,
        Alloc::NullForNothing,
        Alloc::Answers(0),
        Alloc::Answers(u32::MAX),
        Alloc::Traps,
    ] {
        let guest = start(Recipe::with(alloc));
        arrives(&guest, "");
        let Books { bad_frees, .. } = books(&guest);
        assert!(
            bad_frees == 0,
            "an empty text led to {bad_frees} calls of `free` for a block that the guest does not \
             have. What was not allocated must not be freed."
        );
    }
}
