//! What the tests expect of a writer, with words that say why.

use js_sys::{Function, JsString};
use wasm_bindgen::prelude::*;

use super::PAGE;
use super::guest::{Alloc, Recipe, fnv_1a};
use super::probe::{self, Books, books, hex, snapshot};
use crate::zone::{Guest, GuestString};
use contract::WriteError;

/// What to say of a call that does not return.
pub const NO_ANSWER: &str = "no answer, but a panic or a JavaScript exception: it leaves Rust without \
    running a destructor, and no caller in Rust can handle it";

/// A guest of this recipe, running.
pub fn start(recipe: Recipe) -> Guest {
    match outcome(|| Guest::load(&recipe.module())) {
        Some(Ok(guest)) => guest,
        Some(Err(error)) => {
            panic!("the guest is a sound module, but `load` answered Err({error:?})")
        }
        None => panic!("the guest is a sound module, but `load` came to {NO_ANSWER}"),
    }
}

/// Writes a text that there is no reason to refuse.
pub fn write<'g>(guest: &'g Guest, text: &str) -> GuestString<'g> {
    let (cut, text) = (cut(text), JsString::from(text));
    match outcome(|| guest.write(&text)) {
        Some(Ok(string)) => string,
        Some(Err(WriteError::LoneSurrogate { at })) => panic!(
            "{cut} was refused: `write` answered Err(LoneSurrogate {{ at: {at} }}), though all of the text has \
             UTF-8. U+FFFD in a text is a character like any other; only half of a pair has none."
        ),
        Some(Err(error @ WriteError::OutOfBounds { .. })) => panic!(
            "{cut} was refused: `write` answered Err({error:?}), though the block lies in the guest's memory. \
             A view that is older than the memory's last growth has length 0, and nothing lies in it."
        ),
        Some(Err(error)) => panic!(
            "{cut} was refused: `write` answered Err({error:?}), though the guest has or makes the room"
        ),
        None => panic!(
            "{cut} was written, and there came {NO_ANSWER}. A view that is older than the memory's last \
             growth has lost its buffer: it ignores single bytes, and throws at `set` and `subarray`."
        ),
    }
}

/// Writes a text, lets the guest read it, and frees it.
pub fn arrives(guest: &Guest, text: &str) {
    holds(guest, &write(guest, text), text);
}

/// Asserts that the guest reads this text there.
pub fn holds(guest: &Guest, string: &GuestString, text: &str) {
    let (ptr, len) = (string.ptr(), string.len());
    assert!(
        len as usize <= text.len(),
        "{} is {} bytes of UTF-8, but the guest is told of {len}: a pair that is cut in two is U+FFFD \
         twice, three bytes each.",
        cut(text),
        text.len(),
    );
    assert!(
        len as usize == text.len(),
        "{} is {} bytes of UTF-8, but the guest is told of {len}. JavaScript's `length` counts \
         units of UTF-16: it says {}.",
        cut(text),
        text.len(),
        text.encode_utf16().count(),
    );
    assert!(
        string.is_empty() == text.is_empty(),
        "{} is {} bytes long, and `is_empty` answers {}",
        cut(text),
        text.len(),
        string.is_empty(),
    );
    let read = probe::hash(guest, ptr, len);
    assert!(
        read == Some(fnv_1a(text.as_bytes())),
        "the guest reads something else: for {} it finds {} at address {ptr}, not {}. A view \
         that is older than the memory's last growth has length 0, and a typed array ignores what is \
         written past its end.",
        cut(text),
        hex(&probe::bytes(guest, ptr, len)),
        hex(text.as_bytes()),
    );
}

/// Asserts that a text is refused whose block the guest puts there, and that nothing is written.
pub fn refused(ptr: u32, len: u32, why: &str) {
    let guest = start(Recipe::with(Alloc::Answers(ptr)));
    let before = snapshot(&guest);
    let text = "x".repeat(len as usize);
    let answer = outcome(|| brief(guest.write(&text.as_str().into())));
    assert!(
        answer == Some(Err(WriteError::OutOfBounds { ptr, len })),
        "a block of length {len} at address {ptr:#x}: the guest's memory has {PAGE:#x} bytes, so it {why}. \
         Expected Err(OutOfBounds {{ ptr: {ptr}, len: {len} }}), came {}.",
        tell(&answer),
    );
    no_trace(&guest, &before);
}

/// Asserts that a text is refused because half a pair stands alone at this unit.
pub fn refuses_half(text: &JsString, at: u32, what: &str) {
    let guest = start(Recipe::HONEST);
    let answer = outcome(|| brief(guest.write(text)));
    if let Some(Err(WriteError::LoneSurrogate { at: elsewhere })) = answer {
        assert!(
            elsewhere == at,
            "half a surrogate pair stands at another place: {what} has it at {at}, and the error says \
             {elsewhere}. `at` counts units of UTF-16 from the start, not characters and not bytes: \
             \"é\" and U+FFFD are one unit each, and a whole pair is two.",
        );
        return;
    }
    panic!(
        "half a surrogate pair: {what} has no UTF-8, because of unit {at}. Expected \
         Err(LoneSurrogate {{ at: {at} }}), came {}. A reader that gets U+FFFD instead cannot tell that \
         something was lost.",
        tell(&answer),
    );
}

/// Asserts that the guest's memory is as it was, byte for byte.
pub fn no_trace(guest: &Guest, before: &[u8]) {
    let after = snapshot(guest);
    let changed = after.iter().zip(before).position(|(a, b)| a != b);
    if let Some(first) = changed {
        panic!(
            "the text was refused, yet the guest's memory has changed, at address {first} first. \
             Check everything, then write."
        );
    }
    assert!(
        after.len() == before.len(),
        "the text was refused, yet the guest's memory has grown from {} to {} bytes",
        before.len(),
        after.len(),
    );
}

/// Asserts that each block that was allocated is freed, once.
pub fn settled(guest: &Guest, what: &str) {
    let Books {
        allocs,
        frees,
        bad_frees,
        ..
    } = books(guest);
    assert!(
        frees == allocs && bad_frees == 0,
        "{what}: the guest counts {allocs} blocks allocated, {frees} freed as they were allocated, \
         and {bad_frees} calls of `free` for a block that is not live or has another length. What \
         is not freed is gone for good, and what is freed twice may be somebody else's by then.",
    );
}

/// What `write` came to: address and length, or the error. The text is freed.
pub fn brief(answer: Result<GuestString, WriteError>) -> Result<(u32, u32), WriteError> {
    answer.map(|string| (string.ptr(), string.len()))
}

/// What a call answers; nothing if it panics or if an exception of JavaScript's flies
/// through it.
pub fn outcome<T>(call: impl FnOnce() -> T) -> Option<T> {
    let mut answer = None;
    let mut call = Some(call);
    let mut run = || answer = call.take().map(|call| call());
    let run = ScopedClosure::<dyn FnMut()>::borrow_mut(&mut run);
    // A thrown exception is no answer, and an empty slot says so.
    let _ = run
        .as_ref()
        .unchecked_ref::<Function>()
        .call0(&JsValue::UNDEFINED);
    drop(run);
    answer
}

/// What `write` came to, in words.
pub fn tell(answer: &Option<Result<(u32, u32), WriteError>>) -> String {
    match answer {
        Some(Ok((ptr, len))) => format!("Ok, with {len} bytes at {ptr}"),
        Some(Err(error)) => format!("Err({error:?})"),
        None => NO_ANSWER.into(),
    }
}

/// A text for people, if it is long its beginning.
fn cut(text: &str) -> String {
    let mut start: String = text.chars().take(16).collect();
    if start.len() < text.len() {
        start.push('…');
    }
    format!("{start:?}")
}
