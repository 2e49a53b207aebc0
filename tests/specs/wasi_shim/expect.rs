//! What the tests expect of a shim, with words that say why.

use super::stage::{Stage, by_chance};
use contract::{Call, Errno, Exit};
use js_sys::{Error, Function};
use wasm_bindgen::prelude::*;

/// What a call came to; nothing if it panicked or an exception flew through it.
pub type Answer = Option<Result<Errno, Exit>>;

/// Asks the shim.
pub fn ask(stage: &Stage, call: Call) -> Answer {
    outcome(|| stage.shim.call(call))
}

/// Asserts that a call is answered like this.
pub fn answers(stage: &Stage, call: Call, errno: Errno, why: &str) {
    let answer = ask(stage, call);
    assert!(
        answer == Some(Ok(errno)),
        "{why}. Expected {errno:?} ({}), came {}.",
        errno as u32,
        tell(answer),
    );
}

/// Asserts that a call succeeds, and that afterwards the memory has these bytes at these addresses and is as
/// it was everywhere else.
pub fn writes(stage: &Stage, call: Call, parts: &[(u32, &[u8])], why: &str) {
    let mut expected = stage.bytes();
    answers(stage, call, Errno::Success, why);
    for (at, bytes) in parts {
        expected[*at as usize..][..bytes.len()].copy_from_slice(bytes);
    }
    let memory = stage.bytes();
    let Some(first) = memory.iter().zip(&expected).position(|(a, b)| a != b) else {
        return;
    };
    let part = parts
        .iter()
        .find(|(at, bytes)| (*at as usize..*at as usize + bytes.len()).contains(&first));
    match part {
        // Of much, the beginning is often right.
        Some((at, bytes)) => {
            let at = *at as usize;
            let from = if bytes.len() > LONG { first } else { at };
            panic!(
                "{why}: from {from} on, the guest expects {}, and finds {}",
                spell(&bytes[from - at..]),
                spell(&memory[from..at + bytes.len()]),
            )
        }
        None => panic!(
            "{why}: the byte at {first} has changed, where nothing was to be written. It is the guest's, and it has \
             something else there."
        ),
    }
}

/// Asserts that a call writes so many random bytes there, however many it asks the host for at a time, and nothing else.
pub fn writes_random(stage: &Stage, call: Call, at: u32, len: u32, why: &str) {
    let (before, drawn) = (stage.bytes(), stage.drawn());
    answers(stage, call, Errno::Success, why);
    let part = at as usize..at as usize + len as usize;
    for (index, (now, before)) in stage.bytes().iter().zip(before).enumerate() {
        if part.contains(&index) {
            assert!(
                by_chance(*now),
                "{why}: number {} of them, {now}, does not come from the host's `random`",
                index - part.start,
            );
        } else {
            assert!(
                *now == before,
                "{why}: the byte at {index} has changed, where nothing was to be written"
            );
        }
    }
    let drawn = stage.drawn() - drawn;
    assert!(
        drawn >= len.into(),
        "{why}: the host was asked for {drawn} only. Bytes that are used twice can be foreseen."
    );
}

/// Puts bytes out as a guest's library does: whatever was not taken is offered again.
///
/// It uses the memory from 256 to 512 and from 4096 on.
pub fn put_out(stage: &Stage, fd: u32, places: &[&[u8]]) {
    const LIST: u32 = 256;
    const WRITTEN: u32 = 500;
    let mut left: Vec<Vec<u8>> = places.iter().map(|bytes| bytes.to_vec()).collect();
    loop {
        let mut at = 4096;
        let mut list = Vec::new();
        for bytes in &left {
            stage.set(at, bytes);
            list.extend(at.to_le_bytes());
            list.extend((bytes.len() as u32).to_le_bytes());
            at += bytes.len() as u32 + 3;
        }
        stage.set(LIST, &list);
        let offered: usize = left.iter().map(Vec::len).sum();
        let what = format!(
            "{offered} bytes at {} places are put out to descriptor {fd}",
            left.len()
        );
        let call = Call::FdWrite {
            fd,
            list: LIST,
            count: left.len() as u32,
            written: WRITTEN,
        };
        let before = stage.taken().bytes;
        answers(stage, call, Errno::Success, &what);
        let (said, taken) = (stage.number(WRITTEN), stage.taken().bytes - before);
        assert!(
            u64::from(said) == taken && taken <= offered as u64,
            "{what}: the host got {taken} bytes, and the guest is told of {said}. A guest offers again what was not taken, so \
             these two must be equal."
        );
        let mut rest = said as usize;
        if rest == offered {
            return;
        }
        assert!(
            rest > 0,
            "{what}: none was taken. A guest offers them again and again then, for ever."
        );
        for bytes in &mut left {
            let gone = rest.min(bytes.len());
            bytes.drain(..gone);
            rest -= gone;
        }
    }
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

/// What a call came to, in words.
pub fn tell(answer: Answer) -> String {
    match answer {
        None => "no answer, but a panic or an exception of JavaScript's: it flies through the guest, which cannot catch it, \
                 and the program is over"
            .into(),
        Some(Ok(errno)) => format!("{errno:?} ({})", errno as u32),
        Some(Err(Exit(code))) => format!("the end of the program, with code {code}"),
    }
}

/// No more bytes than that are shown as a text.
const LONG: usize = 60;

/// Bytes as a text, if they are one and short; else the beginning of their numbers.
pub fn spell(bytes: &[u8]) -> String {
    let strange = |char: char| char.is_control() && !"\0\n".contains(char);
    match str::from_utf8(bytes) {
        Ok(text) if bytes.len() <= LONG && !text.contains(strange) => format!("{text:?}"),
        _ if bytes.len() <= 16 => format!("{bytes:02x?}"),
        _ => format!("{} bytes, {:02x?}…", bytes.len(), &bytes[..16]),
    }
}

/// What was thrown, in a line.
pub fn spell_value(value: &JsValue) -> String {
    match value.dyn_ref::<Error>() {
        Some(error) => format!("{}: {}", error.name(), error.message()),
        None => format!("{value:?}"),
    }
}
