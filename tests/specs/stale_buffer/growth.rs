//! The memory grows under the host's hands

use super::MIB;
use super::expect::{arrives, holds, start, write};
use super::guest::{Alloc, Recipe};
use super::probe::grow;
use wasm_bindgen_test::*;

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

/// A guest that names no maximum for its memory is served like any other.
#[wasm_bindgen_test]
fn a_guest_without_a_maximum_is_served() {
    for alloc in [Alloc::Honest, Alloc::Growing(0), Alloc::Growing(1)] {
        let guest = start(Recipe {
            most: None,
            ..Recipe::with(alloc)
        });
        for text in ["first", "second", "third"] {
            arrives(&guest, text);
        }
        grow(&guest, 1);
        arrives(&guest, "fourth");
    }
}

/// A text of 1 MiB arrives, in a guest of one page that must grow for it.
#[wasm_bindgen_test]
fn a_mebibyte_arrives() {
    for text in ["x".repeat(MIB), "🦀".repeat(MIB / 4)] {
        arrives(&start(Recipe::HONEST), &text);
    }
}
