//! What a guest says is checked

use super::PAGE;
use super::expect::{NO_ANSWER, arrives, brief, no_trace, outcome, refused, start, tell};
use super::guest::{Alloc, Recipe};
use super::probe::{Books, books, snapshot};
use crate::zone::Guest;
use contract::{LoadError, WriteError};
use wasm_bindgen_test::*;

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
        most: Some(2),
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
    let exporting = |names, global| {
        let recipe = Recipe {
            names,
            global,
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
            exporting(["mem", "alloc", "free"], None),
            LoadError::Missing("memory"),
        ),
        (
            exporting(["memory", "malloc", "free"], None),
            LoadError::Missing("alloc"),
        ),
        (
            exporting(["memory", "alloc", "dealloc"], None),
            LoadError::Missing("free"),
        ),
        // The name is there, and what it names is a global.
        (
            exporting(["mem", "alloc", "free"], Some("memory")),
            LoadError::Missing("memory"),
        ),
        (
            exporting(["memory", "malloc", "free"], Some("alloc")),
            LoadError::Missing("alloc"),
        ),
        (
            exporting(["memory", "alloc", "dealloc"], Some("free")),
            LoadError::Missing("free"),
        ),
        (b"not wasm at all".to_vec(), LoadError::NotStarted),
        (IMPORTS.to_vec(), LoadError::NotStarted),
        (TRAPS.to_vec(), LoadError::NotStarted),
    ] {
        let answer = outcome(|| Guest::load(&module).map(|_| "a guest"));
        assert!(
            answer == Some(Err(expected)),
            "expected Err({expected:?}), came {}. A name that a module does not export is `undefined` in \
             JavaScript, and a name says nothing of the kind.",
            answer.map_or(NO_ANSWER.into(), |answer| format!("{answer:?}")),
        );
    }
}
