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

#[path = "stale_buffer/growth.rs"]
mod growth;

#[path = "stale_buffer/place.rs"]
mod place;

#[path = "stale_buffer/text.rs"]
mod text;

#[path = "stale_buffer/answers.rs"]
mod answers;

#[path = "stale_buffer/freed.rs"]
mod freed;

use expect::{start, write};
use guest::{Alloc, Recipe};
use js_sys::Array;
use probe::all_hex;
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
