//! What the tests expect of a host, with words that say why.

use std::fmt::Debug;

use super::stage::{Stage, number};
use contract::{Accessor, Fault, Task};
use js_sys::{Error, Function, Object};
use wasm_bindgen::prelude::*;

/// How a request ended; nothing if it panicked or an exception flew through it.
pub type Answer<T> = Option<Result<T, Fault>>;

/// What the words of a trap are worth.
const NO_TEXT: &str = "The same trap is \"memory access out of bounds\" in Chromium, \"index out of bounds\" in Firefox and \
    \"Out of bounds memory access\" in WebKit. No standard fixes the words";

pub fn peek(stage: &Stage, load: Accessor, addr: u32) -> Answer<u64> {
    outcome(|| stage.guest.peek(load, addr))
}

pub fn poke(stage: &Stage, store: Accessor, addr: u32, value: u64) -> Answer<()> {
    outcome(|| stage.guest.poke(store, addr, value))
}

pub fn copy(stage: &Stage, addr: u32, len: u32) -> Answer<Vec<u8>> {
    outcome(|| stage.guest.copy(addr, len))
}

pub fn run(stage: &Stage, task: Task) -> Answer<()> {
    outcome(|| stage.guest.run(task))
}

/// Asserts that these bytes, which nothing has changed, are read.
pub fn reads(stage: &Stage, load: Accessor, addr: u32) {
    let expected = number(addr + load.offset, load.width);
    let answer = peek(stage, load, addr);
    assert!(
        answer == Some(Ok(expected)),
        "`{}` at {addr}: all of its bytes lie in the memory of {} bytes, the last at {}. Expected \
         Ok({expected:#x}), came {}.",
        load.name,
        stage.bytes().len(),
        addr + load.offset + load.width - 1,
        tell(&answer),
    );
}

/// Asserts that these bytes are written, and read again.
pub fn writes(stage: &Stage, store: Accessor, addr: u32, value: u64) {
    let answer = poke(stage, store, addr, value);
    assert!(
        answer == Some(Ok(())),
        "`{}` at {addr}: all of its bytes lie in the memory of {} bytes. Expected Ok(()), came {}.",
        store.name,
        stage.bytes().len(),
        tell(&answer),
    );
    let (start, len) = ((addr + store.offset) as usize, store.width as usize);
    let written = &stage.bytes()[start..start + len];
    assert!(
        *written == value.to_le_bytes()[..len],
        "`{}` at {addr} was to write {value:#x}, and the memory holds the bytes {written:02x?} from {start} on",
        store.name,
    );
}

/// Asserts that a load is refused, as it must be: its bytes begin at `addr` and its offset.
pub fn refuses_load(stage: &Stage, load: Accessor, addr: u32, why: &str) {
    refused(stage, load, addr, why, &peek(stage, load, addr));
}

/// Asserts that a store is refused, and that nothing is written.
pub fn refuses_store(stage: &Stage, store: Accessor, addr: u32, why: &str) {
    let before = stage.bytes();
    refused(stage, store, addr, why, &poke(stage, store, addr, u64::MAX));
    untouched(
        stage,
        &before,
        &format!("`{}` at {addr} was refused", store.name),
    );
}

fn refused<T: Debug + PartialEq>(
    stage: &Stage,
    accessor: Accessor,
    addr: u32,
    why: &str,
    answer: &Answer<T>,
) {
    let Accessor {
        name,
        width,
        offset,
    } = accessor;
    let start = u64::from(addr) + u64::from(offset);
    let what = format!("`{name}` at {addr:#x}, which reaches {width} bytes from {start:#x} on");
    refuses(stage, (start, width), &format!("{what}: {why}"), answer);
}

/// Asserts that a copy is refused.
pub fn refuses_copy(stage: &Stage, addr: u32, len: u32, why: &str) {
    let what = format!("a copy of {len} bytes from {addr:#x} on: {why}");
    refuses(stage, (addr.into(), len), &what, &copy(stage, addr, len));
}

fn refuses<T: Debug + PartialEq>(
    stage: &Stage,
    (start, len): (u64, u32),
    what: &str,
    answer: &Answer<T>,
) {
    let size = stage.bytes().len() as u64;
    let hint = match answer {
        Some(Err(Fault::Trapped)) => format!(
            " The access was let through, and what trap came of it nobody can know but by its text. {NO_TEXT}."
        ),
        _ => String::new(),
    };
    assert!(
        *answer == Some(Err(Fault::OutOfBounds { start, len, size })),
        "{what}. The memory has {size} bytes, so expected Err(OutOfBounds {{ start: {start}, len: {len}, size: {size} }}), \
         came {}.{hint}",
        tell(answer),
    );
}

/// Asserts that a copy holds these bytes.
pub fn copies(stage: &Stage, addr: u32, len: u32) {
    let memory = stage.bytes();
    let expected = &memory[addr as usize..][..len as usize];
    match copy(stage, addr, len) {
        Some(Ok(bytes)) => assert!(
            bytes == expected,
            "a copy of {len} bytes from {addr} on: came {} bytes, {} of them as the memory holds them",
            bytes.len(),
            bytes.iter().zip(expected).filter(|(a, b)| a == b).count(),
        ),
        other => panic!(
            "a copy of {len} bytes from {addr} on, all of which lie in the memory of {} bytes: came {}",
            memory.len(),
            tell(&other),
        ),
    }
}

/// Asserts that the memory is as it was, byte for byte.
pub fn untouched(stage: &Stage, before: &[u8], what: &str) {
    let after = stage.bytes();
    assert!(
        after.len() == before.len(),
        "{what}, yet the memory has {} bytes, and had {}",
        after.len(),
        before.len(),
    );
    let changed = after.iter().zip(before).position(|(a, b)| a != b);
    assert!(
        changed.is_none(),
        "{what}, yet the byte at {} has changed. A store of several bytes writes all of them or none.",
        changed.unwrap_or_default(),
    );
}

/// Asserts how a request ended.
pub fn ended<T: Debug>(answer: Answer<T>, expected: &Fault, what: &str) {
    let same = match (&answer, expected) {
        (Some(Err(Fault::Thrown(a))), Fault::Thrown(b)) => Object::is(a, b),
        (Some(Err(fault)), _) => fault == expected,
        _ => false,
    };
    assert!(
        same,
        "{what}. Expected Err({}), came {}.",
        spell(expected),
        tell(&answer)
    );
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

/// How a request ended, in words.
pub fn tell<T: Debug>(answer: &Answer<T>) -> String {
    match answer {
        None => {
            "no answer, but a panic or a JavaScript exception: it leaves Rust without running a \
                 destructor, and no caller in Rust can handle it"
                .into()
        }
        Some(Err(fault)) => format!("Err({})", spell(fault)),
        Some(Ok(value)) => {
            let text = format!("Ok({value:?})");
            match text.len() {
                0..=80 => text,
                _ => format!("{}…", text.chars().take(80).collect::<String>()),
            }
        }
    }
}

/// A fault without the stack of what was thrown.
fn spell(fault: &Fault) -> String {
    match fault {
        Fault::Thrown(value) => format!("Thrown({})", spell_value(value)),
        _ => format!("{fault:?}"),
    }
}

/// What was thrown, in a line.
pub fn spell_value(value: &JsValue) -> String {
    match value.dyn_ref::<Error>() {
        Some(error) => format!("{}: {}", error.name(), error.message()),
        None => format!("{value:?}"),
    }
}
