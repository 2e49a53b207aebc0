//! What a writer of strings into a guest's memory must do.
//!
//! The guest is foreign code with a memory of its own. Its `alloc` may grow that memory,
//! which detaches every view of it, and what `alloc` answers is a number that somebody
//! must check. The guests here keep books and post guards around their blocks; how the
//! bytes get in is up to you.

#![allow(clippy::unwrap_used, clippy::expect_used)]

#[path = "stale_buffer/expect.rs"]
mod expect;
#[path = "stale_buffer/guest.rs"]
mod guest;
#[path = "stale_buffer/probe.rs"]
mod probe;

use crate::zone::{Guest, GuestString, LoadError, WriteError};
use expect::{arrives, brief, holds, no_trace, outcome, refused, settled, start, tell, write};
use guest::{Alloc, Recipe};
use js_sys::{Array, JsString};
use probe::{Books, all_hex, books, damage, grow, snapshot};
use wasm_bindgen::prelude::*;
use wasm_bindgen_test::*;

wasm_bindgen_test_configure!(run_in_dedicated_worker);

const PAGE: u32 = 1 << 16;
const MIB: usize = 1 << 20;

/// Texts that are as long in UTF-8 as they are in UTF-16.
const PLAIN: [&str; 3] = ["a", "Hello, guest.", "\u{7f} ~ tab\t, newline\n"];

/// Texts that are longer in UTF-8.
const WIDE: [&str; 8] = [
    "é",
    "Zoë's café",
    "\u{80}\u{7ff}\u{800}\u{ffff}",
    "日本語",
    "\u{feff}a byte order mark is a character too",
    "\u{fffd}, and so is the replacement character",
    "🦀",
    "four bytes each: 🦀\u{10000}\u{10ffff}",
];

// What arrives.

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

/// An empty text needs no room, whatever the guest answers when it is asked for none.
#[wasm_bindgen_test]
fn an_empty_text_needs_no_room() {
    for alloc in [Alloc::Honest, Alloc::NullForNothing, Alloc::Answers(0)] {
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

/// A text of 1 MiB arrives, in a guest of one page that must grow for it.
#[wasm_bindgen_test]
fn a_mebibyte_arrives() {
    for text in ["x".repeat(MIB), "🦀".repeat(MIB / 4)] {
        arrives(&start(Recipe::HONEST), &text);
    }
}

/// Half a surrogate pair has no UTF-8: it is a typed error that says where, never U+FFFD.
#[wasm_bindgen_test]
fn half_a_surrogate_pair_is_refused() {
    let cases: [(&[u16], u32); 6] = [
        (&[0xd83e], 0),
        (&[0xdd80], 0),
        (&[0x61, 0xd83e, 0x62], 1),
        (&[0xdd80, 0xd83e], 0),
        (&[0xd83e, 0xdd80, 0xd83e], 2),
        (&[0xe9, 0xd83e, 0xdd80, 0xd83e, 0xd83e, 0xdd80], 3),
    ];
    for (units, at) in cases {
        let guest = start(Recipe::HONEST);
        let text = JsString::from_char_code(units);
        let answer = outcome(|| brief(guest.write(&text)));
        assert!(
            answer == Some(Err(WriteError::LoneSurrogate { at })),
            "half a surrogate pair: the text {units:04x?} has no UTF-8. Expected \
             Err(LoneSurrogate {{ at: {at} }}), came {}. A reader that gets U+FFFD instead cannot \
             tell that something was lost.",
            tell(&answer),
        );
    }
}

// Where it arrives.

/// No byte in front of the text or behind it is written.
#[wasm_bindgen_test]
fn the_guards_around_a_text_stand() {
    let guest = start(Recipe::HONEST);
    for text in PLAIN.iter().chain(&WIDE) {
        let held = write(&guest, text);
        if let Some(damage) = damage(&guest) {
            panic!(
                "outside of the block: after {text:?} was written, {damage}. The text is {} bytes of \
                 UTF-8, and {} units of UTF-16 in JavaScript; only one of them says how much room \
                 it needs.",
                text.len(),
                text.encode_utf16().count(),
            );
        }
        drop(held);
    }
}

/// Texts that are held at the same time keep their own bytes.
#[wasm_bindgen_test]
fn texts_that_are_held_together_keep_their_bytes() {
    let guest = start(Recipe::HONEST);
    let held: Vec<(&str, GuestString)> = PLAIN
        .iter()
        .chain(&WIDE)
        .cycle()
        .take(200)
        .map(|text| (*text, write(&guest, text)))
        .collect();
    for (text, string) in &held {
        holds(&guest, string, text);
    }
}

// When the memory grows.

/// A guest whose `alloc` grows its memory gets the text all the same.
#[wasm_bindgen_test]
fn growth_inside_alloc_is_survived() {
    for pages in [1, 16] {
        let guest = start(Recipe::with(Alloc::Growing(pages)));
        for text in ["first", "second", "third"] {
            arrives(&guest, text);
        }
    }
}

/// So does one that grows its memory by no pages, which may detach the old views too.
#[wasm_bindgen_test]
fn growth_by_no_pages_is_survived() {
    let guest = start(Recipe::with(Alloc::Growing(0)));
    for text in ["first", "second"] {
        arrives(&guest, text);
    }
}

/// And one whose memory grows between two texts.
#[wasm_bindgen_test]
fn growth_between_two_texts_is_survived() {
    let guest = start(Recipe::HONEST);
    let first = write(&guest, "first");
    for pages in [0, 1, 100] {
        grow(&guest, pages);
        arrives(&guest, "later");
    }
    holds(&guest, &first, "first");
}

// What the guest answers.

/// A block that reaches past the end of the memory is refused before a byte is written.
#[wasm_bindgen_test]
fn a_block_past_the_end_is_refused() {
    for (ptr, len) in [
        (PAGE - 15, 16),
        (PAGE - 1, 2),
        (PAGE - 1, 2 * PAGE),
        (PAGE, 1),
        (PAGE + 1, 1),
        (0x7fff_ffff, 16),
        (0x8000_0000, 16),
        (0xffff_0000, 16),
    ] {
        refused(ptr, len, "reaches past the end of the memory");
    }
}

/// A block that ends at 2^32 or past it is refused before a byte is written.
#[wasm_bindgen_test]
fn a_block_past_the_address_space_is_refused() {
    for (ptr, len) in [
        (0xffff_ffff, 1),
        (0xffff_fff0, 16),
        (0xffff_fff0, 32),
        (0xffff_ffff, PAGE),
    ] {
        refused(ptr, len, "reaches past 2^32, where a u32 begins at 0 again");
    }
}

/// A block that ends where the memory ends is used, to the last byte.
#[wasm_bindgen_test]
fn a_block_that_ends_with_the_memory_is_used() {
    let guest = start(Recipe::with(Alloc::Answers(PAGE - 16)));
    arrives(&guest, "sixteen bytes ok");
}

/// A guest without room is a typed error, and address 0 stays as it was.
#[wasm_bindgen_test]
fn a_guest_without_room_is_a_typed_error() {
    let full = Recipe {
        most: 2,
        ..Recipe::HONEST
    };
    for (recipe, bytes) in [(Recipe::with(Alloc::Answers(0)), 5), (full, 3 * PAGE)] {
        let guest = start(recipe);
        let before = snapshot(&guest);
        let text = "x".repeat(bytes as usize);
        let answer = outcome(|| brief(guest.write(&text.as_str().into())));
        assert!(
            answer == Some(Err(WriteError::NoRoom { bytes })),
            "`alloc` answered 0 for {bytes} bytes, which means that there is no room. Expected \
             Err(NoRoom {{ bytes: {bytes} }}), came {}.",
            tell(&answer),
        );
        no_trace(&guest, &before);
        let Books { bad_frees, .. } = books(&guest);
        assert!(
            bad_frees == 0,
            "`alloc` answered 0, so there is no block, and yet `free` was called. What was not \
             allocated must not be freed."
        );
    }
}

/// A guest that traps in `alloc` is a typed error, not an exception through Rust.
#[wasm_bindgen_test]
fn a_guest_that_traps_is_a_typed_error() {
    let guest = start(Recipe::with(Alloc::Traps));
    let answer = outcome(|| brief(guest.write(&"text".into())));
    assert!(
        answer == Some(Err(WriteError::Trapped)),
        "the guest's `alloc` trapped: expected Err(Trapped), came {}.",
        tell(&answer),
    );
}

/// A module that does not export what a guest must is a typed error at once.
#[wasm_bindgen_test]
fn a_module_that_is_no_guest_is_refused() {
    let exporting = |names| {
        let recipe = Recipe {
            names,
            ..Recipe::HONEST
        };
        recipe.module()
    };
    // `(module (import "a" "b" (func)))`
    const IMPORTS: &[u8] = b"\0asm\x01\0\0\0\x01\x04\x01\x60\0\0\x02\x07\x01\x01a\x01b\0\0";
    // `(module (func unreachable) (start 0))`
    const TRAPS: &[u8] =
        b"\0asm\x01\0\0\0\x01\x04\x01\x60\0\0\x03\x02\x01\0\x08\x01\0\x0a\x05\x01\x03\0\0\x0b";
    for (module, expected) in [
        // Go's compiler calls it `mem`, and a name that is not there is `undefined`, not an error.
        (
            exporting(["mem", "alloc", "free"]),
            LoadError::Missing("memory"),
        ),
        (
            exporting(["memory", "malloc", "free"]),
            LoadError::Missing("alloc"),
        ),
        (
            exporting(["memory", "alloc", "dealloc"]),
            LoadError::Missing("free"),
        ),
        (b"not wasm at all".to_vec(), LoadError::NotStarted),
        (IMPORTS.to_vec(), LoadError::NotStarted),
        (TRAPS.to_vec(), LoadError::NotStarted),
    ] {
        let answer = Guest::load(&module).map(|_| "a guest");
        assert!(
            answer == Err(expected),
            "expected Err({expected:?}), came {answer:?}"
        );
    }
}

// Who frees it.

/// Every block is freed once, when its text is dropped and not before.
#[wasm_bindgen_test]
fn every_block_is_freed_once() {
    let guest = start(Recipe::HONEST);
    let mut held = Vec::new();
    for round in 0..10 {
        held.extend(PLAIN.iter().chain(&WIDE).map(|text| write(&guest, text)));
        if round % 3 == 2 {
            let mut keep = [true, false].into_iter().cycle();
            held.retain(|_| keep.next().unwrap());
        }
    }
    let now = books(&guest);
    assert!(
        now.frees <= now.allocs - held.len() as u32,
        "{} texts are held, {} blocks were allocated, and {} of them are freed: a text that \
         somebody still holds was freed under them.",
        held.len(),
        now.allocs,
        now.frees,
    );
    drop(held);
    settled(&guest, "all texts that were written are dropped");
}

/// A text that is refused leaves no block behind.
#[wasm_bindgen_test]
fn a_refused_text_leaves_no_block() {
    let guest = start(Recipe::HONEST);
    let text = JsString::from_char_code(&[0x61, 0xd83e]);
    for _ in 0..10 {
        outcome(|| brief(guest.write(&text)));
    }
    settled(&guest, "a text without UTF-8 was written 10 times, in vain");
}

/// What the page draws: three texts in a guest, the third after its memory has grown. Columns:
/// the text, its units of UTF-16, pages of the guest, address, the bytes meant, and the
/// bytes from 4 in front of the text to 4 behind it (both hexadecimal).
#[wasm_bindgen]
pub fn show() -> Array {
    let calm = start(Recipe::HONEST);
    let growing = start(Recipe::with(Alloc::Growing(1)));
    [(&calm, "crab"), (&calm, "Zoë 🦀"), (&growing, "grown")]
        .into_iter()
        .map(|(guest, text)| {
            let string = write(guest, text);
            let there = probe::bytes(guest, string.ptr() - 4, 4 + string.len() + 4);
            let row: [JsValue; 6] = [
                text.into(),
                (text.encode_utf16().count() as u32).into(),
                probe::pages(guest).into(),
                string.ptr().into(),
                all_hex(text.as_bytes()).into(),
                all_hex(&there).into(),
            ];
            row.iter().collect::<Array>()
        })
        .collect()
}
