//! What a test sees of a guest, past the code that it judges: its books, its bytes, its
//! guards. Each look takes a view of its own.

use js_sys::{Function, Object, Reflect, Uint8Array, WebAssembly::Memory};
use wasm_bindgen::prelude::*;

use super::guest::{FREED, GUARD, GUARD_BYTES, HEADER, LIVE, START};
use crate::zone::Guest;

/// What the guest counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Books {
    /// Calls of `alloc`.
    pub allocs: u32,
    /// Bytes that they asked for, in all.
    pub asked: u32,
    /// Blocks that were freed as they were allocated.
    pub frees: u32,
    /// Calls of `free` for a block that is not live, or with another length.
    pub bad_frees: u32,
}

pub fn books(guest: &Guest) -> Books {
    let count = |name| {
        let global = get(guest.exports(), name);
        get(&global, "value").as_f64().unwrap() as u32
    };
    Books {
        allocs: count("allocs"),
        asked: count("asked"),
        frees: count("frees"),
        bad_frees: count("bad_frees"),
    }
}

/// The guest's own answer to what it reads there; nothing if it traps.
pub fn hash(guest: &Guest, ptr: u32, len: u32) -> Option<u32> {
    let hash: Function = get(guest.exports(), "hash").unchecked_into();
    let answer = hash.call2(&JsValue::UNDEFINED, &ptr.into(), &len.into());
    // JavaScript shows an i32 as a signed number.
    Some(answer.ok()?.as_f64()? as i64 as u32)
}

/// Pages of 64 KiB that the guest has.
pub fn pages(guest: &Guest) -> u32 {
    view(guest).length() >> 16
}

/// Grows the guest's memory, as its own code would.
pub fn grow(guest: &Guest, pages: u32) {
    memory(guest).grow(pages);
}

/// The bytes from `ptr` on, as many of them as there are.
pub fn bytes(guest: &Guest, ptr: u32, len: u32) -> Vec<u8> {
    view(guest).subarray(ptr, ptr.saturating_add(len)).to_vec()
}

/// The whole memory.
pub fn snapshot(guest: &Guest) -> Vec<u8> {
    view(guest).to_vec()
}

/// What is wrong with the memory around the blocks of an honest guest, in words.
pub fn damage(guest: &Guest) -> Option<String> {
    let memory = snapshot(guest);
    let word = |at: usize| u32::from_le_bytes(memory[at..at + 4].try_into().unwrap());
    let guard_at = |at: usize| &memory[at..at + GUARD as usize];
    let top = get(&get(guest.exports(), "top"), "value").as_f64().unwrap() as usize;
    if memory[..START as usize].iter().any(|byte| *byte != 0) {
        return Some("there are bytes at the start of the memory, where no block is".into());
    }
    let mut at = START as usize;
    while at < top {
        let (state, len) = (word(at), word(at + 4) as usize);
        let ptr = at + HEADER as usize;
        if !matches!(state, LIVE | FREED) || guard_at(at + 8) != GUARD_BYTES {
            return Some(format!(
                "the header in front of the block at {ptr} is overwritten"
            ));
        }
        let behind = guard_at(ptr + len);
        if behind != GUARD_BYTES {
            return Some(format!(
                "the guard behind the block of {len} bytes at {ptr} reads {}",
                hex(behind)
            ));
        }
        at = ptr + len + GUARD as usize;
    }
    memory[top..]
        .iter()
        .any(|byte| *byte != 0)
        .then(|| "there are bytes behind the last block".into())
}

/// All of the bytes, hexadecimal.
pub fn all_hex(bytes: &[u8]) -> String {
    let pairs: Vec<String> = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    pairs.join(" ")
}

/// Bytes for people: the first sixteen.
pub fn hex(bytes: &[u8]) -> String {
    const SHOWN: usize = 16;
    if bytes.is_empty() {
        return "nothing".into();
    }
    let more = if bytes.len() > SHOWN { " …" } else { "" };
    all_hex(&bytes[..bytes.len().min(SHOWN)]) + more
}

fn memory(guest: &Guest) -> Memory {
    get(guest.exports(), "memory").unchecked_into()
}

fn view(guest: &Guest) -> Uint8Array {
    Uint8Array::new(&memory(guest).buffer())
}

fn get(object: &Object, name: &str) -> Object {
    Reflect::get(object, &name.into()).unwrap().unchecked_into()
}
