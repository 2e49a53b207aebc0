//! The text lands in its own block

use std::collections::HashSet;

use super::expect::{holds, settled, start, write};
use super::guest::Recipe;
use super::probe::{books, bytes, damage, hex};
use super::{PLAIN, WIDE};
use crate::zone::GuestString;
use wasm_bindgen_test::*;

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

/// Texts that are held at the same time have blocks of their own and keep their bytes, equal texts too.
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
    let places: HashSet<u32> = held.iter().map(|(_, string)| string.ptr()).collect();
    assert!(
        places.len() == held.len(),
        "{} texts are held, at {} addresses: equal texts share a block. The guest may write in one of them, \
         and each is freed by its own.",
        held.len(),
        places.len(),
    );
    for (text, string) in &held {
        holds(&guest, string, text);
    }
}

/// The guest is asked once for each text, for the length of its UTF-8, and gets the same length back.
#[wasm_bindgen_test]
fn the_guest_is_asked_for_the_exact_length() {
    let guest = start(Recipe::HONEST);
    for text in PLAIN.iter().chain(&WIDE) {
        let before = books(&guest);
        let held = write(&guest, text);
        let now = books(&guest);
        let (calls, asked) = (now.allocs - before.allocs, now.asked - before.asked);
        assert!(
            (calls, asked as usize) == (1, text.len()),
            "{text:?} is {} bytes of UTF-8, and {} units of UTF-16: `alloc` was called {calls} times, for \
             {asked} bytes in all. Fewer do not do, and more are the guest's to give.",
            text.len(),
            text.encode_utf16().count(),
        );
        drop(held);
    }
    settled(&guest, "all texts that were written are dropped");
}

/// Two guests at the same time keep their texts apart.
#[wasm_bindgen_test]
fn two_guests_are_kept_apart() {
    let guests = [start(Recipe::HONEST), start(Recipe::HONEST)];
    let texts = ["for the first", "for the other"];
    let mut held = Vec::new();
    for _ in 0..3 {
        for (guest, text) in guests.iter().zip(texts) {
            held.push((guest, write(guest, text), text));
        }
    }
    for (guest, string, text) in &held {
        let there = bytes(guest, string.ptr(), string.len());
        assert!(
            there == text.as_bytes(),
            "with two guests at once, {text:?} reads {} in its own. What the host keeps of one guest, a view \
             or a length, says nothing of another.",
            hex(&there),
        );
    }
    drop(held);
    for guest in &guests {
        settled(guest, "all texts of both guests are dropped");
    }
}
