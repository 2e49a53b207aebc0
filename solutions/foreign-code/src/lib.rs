//! Checksums: CRC-32C in plain Rust, with the processor's own instruction where there is one, and
//! SHA-256 by the host.
//!
//! WebAssembly is a processor of its own. It has no instruction for CRC-32C and none for a carry-less
//! product, whatever machine the browser runs on, so there the tables do the work: eight
//! lookups for eight bytes, none of which waits for another. What the host lends is not there
//! everywhere, so it is looked up, and whatever it throws or answers becomes a [`DigestError`].

use js_sys::{ArrayBuffer, Promise, Reflect, Uint8Array, global};
use wasm_bindgen::prelude::*;

#[doc(inline)]
pub use contract::*;

/// The CRC-32C of some bytes: see [`POLYNOMIAL`].
pub fn crc32c(bytes: &[u8]) -> u32 {
    let mut checksum = Crc32c::new();
    checksum.update(bytes);
    checksum.value()
}

/// A CRC-32C that takes its bytes in pieces. Each is on its own, and so is a clone.
#[derive(Debug, Clone)]
pub struct Crc32c {
    /// The register, before it is inverted.
    state: u32,
}

impl Crc32c {
    /// The checksum of no bytes yet.
    #[expect(clippy::new_without_default, reason = "there is one way to begin")]
    pub fn new() -> Self {
        Self { state: u32::MAX }
    }

    /// Takes the next piece, which may be empty.
    pub fn update(&mut self, bytes: &[u8]) {
        self.state = advance(self.state, bytes);
    }

    /// The checksum of all bytes so far. More may follow.
    pub fn value(&self) -> u32 {
        !self.state
    }
}

/// The register after these bytes.
fn advance(state: u32, bytes: &[u8]) -> u32 {
    #[cfg(target_arch = "x86_64")]
    if is_x86_feature_detected!("sse4.2") {
        // SAFETY: this processor has the instruction.
        return unsafe { sse42(state, bytes) };
    }
    portable(state, bytes)
}

/// Eight bytes an instruction, on a processor that has it: most x86-64 do.
#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "sse4.2")]
fn sse42(state: u32, bytes: &[u8]) -> u32 {
    use std::arch::x86_64::{_mm_crc32_u8, _mm_crc32_u64};

    let (words, rest) = bytes.as_chunks();
    let state = words.iter().fold(u64::from(state), |state, word| {
        _mm_crc32_u64(state, u64::from_le_bytes(*word))
    });
    rest.iter()
        .fold(state as u32, |state, byte| _mm_crc32_u8(state, *byte))
}

/// The same on any processor: "slicing by eight".
fn portable(state: u32, bytes: &[u8]) -> u32 {
    let (words, rest) = bytes.as_chunks();
    let state = words.iter().fold(state, |state, word| {
        let word = u64::from_le_bytes(*word) ^ u64::from(state);
        let lookup = |byte: usize| TABLES[7 - byte][(word >> (8 * byte)) as usize & 0xff];
        (0..8).fold(0, |sum, byte| sum ^ lookup(byte))
    });
    rest.iter().fold(state, |state, byte| step(state, *byte))
}

/// The register after one byte more.
fn step(state: u32, byte: u8) -> u32 {
    TABLES[0][(state as u8 ^ byte) as usize] ^ (state >> 8)
}

/// `TABLES[n][byte]`: what a byte has become in the register when `n` more have passed through it.
static TABLES: [[u32; 256]; 8] = {
    let mut tables = [[0; 256]; 8];
    let mut byte = 0;
    while byte < 256 {
        let mut state = byte as u32;
        let mut bit = 0;
        while bit < 8 {
            state = (state >> 1) ^ (POLYNOMIAL * (state & 1));
            bit += 1;
        }
        tables[0][byte] = state;
        byte += 1;
    }
    let mut at = 256;
    while at < 8 * 256 {
        let before = tables[at / 256 - 1][at % 256];
        tables[at / 256][at % 256] = tables[0][before as usize & 0xff] ^ (before >> 8);
        at += 1;
    }
    tables
};

#[wasm_bindgen]
extern "C" {
    /// The host's `SubtleCrypto`.
    type Subtle;

    #[wasm_bindgen(method, catch)]
    fn digest(this: &Subtle, algorithm: &str, data: &[u8]) -> Result<JsValue, JsValue>;
}

/// The host's `crypto.subtle`, where it has one. A worker has it too, and no `window`.
fn subtle() -> Option<Subtle> {
    let crypto = Reflect::get(&global(), &"crypto".into()).ok()?;
    // `Reflect.get` throws if it is asked of what is no object.
    let crypto = crypto.is_object().then_some(crypto)?;
    let subtle = Reflect::get(&crypto, &"subtle".into()).ok()?;
    subtle.is_object().then(|| subtle.unchecked_into())
}

/// The SHA-256 of some bytes, by the host's `crypto.subtle`, which is looked up at each call.
///
/// The host copies the bytes before `digest` returns, so memory that grows meanwhile does no harm.
///
/// # Errors
/// [`DigestError::Unavailable`] if the host has no `crypto.subtle`, [`DigestError::Refused`] if it
/// throws or rejects, and [`DigestError::Malformed`] if it answers anything but 32 bytes.
pub async fn sha256(bytes: &[u8]) -> Result<[u8; 32], DigestError> {
    let subtle = subtle().ok_or(DigestError::Unavailable)?;
    let refused = |thrown: JsValue| DigestError::Refused {
        reason: in_words(&thrown),
    };
    let answer = subtle.digest("SHA-256", bytes).map_err(refused)?;
    // A promise, if the host keeps to the standard; what is none is an answer already.
    let answer = Promise::<JsValue>::resolve(&answer);
    let buffer: ArrayBuffer = answer
        .await
        .map_err(refused)?
        .dyn_into()
        .map_err(|_| DigestError::Malformed)?;
    // The length first: of a buffer that was given away no view can be made, and a large one gets no room.
    let length = Reflect::get(&buffer, &"byteLength".into()).ok();
    if length.and_then(|length| length.as_f64()) != Some(32.0) {
        return Err(DigestError::Malformed);
    }
    let mut hash = [0; 32];
    Uint8Array::new(&buffer).copy_to(&mut hash);
    Ok(hash)
}
