//! Checksums: CRC-32C by the processor's own instruction, SHA-256 by the host.
//!
//! A checksum that is taken in pieces is that of the whole, however the bytes are cut and wherever
//! they lie in memory. A call that the host answers leaves neither memory nor JavaScript values behind.

use js_sys::{ArrayBuffer, Promise, Uint8Array};
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
    bytes.iter().fold(state, |state, byte| {
        TABLE[(state as u8 ^ byte) as usize] ^ (state >> 8)
    })
}

/// What each byte becomes in the register.
static TABLE: [u32; 256] = {
    let mut table = [0; 256];
    let mut byte = 0;
    while byte < 256 {
        let mut state = byte as u32;
        let mut bit = 0;
        while bit < 8 {
            state = (state >> 1) ^ (POLYNOMIAL * (state & 1));
            bit += 1;
        }
        table[byte] = state;
        byte += 1;
    }
    table
};

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

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(catch, js_namespace = ["window", "crypto", "subtle"])]
    fn digest(algorithm: &str, data: &[u8]) -> Result<Promise, JsValue>;
}

/// The SHA-256 of some bytes, by the host's `crypto.subtle`, which is looked up at each call: there is
/// no SHA-256 of our own.
///
/// # Errors
/// See [`DigestError`]. Whatever the host throws or answers comes back as one.
pub async fn sha256(bytes: &[u8]) -> Result<[u8; 32], DigestError> {
    let refused = |thrown: JsValue| DigestError::Refused {
        reason: in_words(&thrown),
    };
    let answer = digest("SHA-256", bytes).map_err(refused)?;
    let buffer: ArrayBuffer = answer
        .await
        .map_err(refused)?
        .dyn_into()
        .map_err(|_| DigestError::Malformed)?;
    if buffer.byte_length() != 32 {
        return Err(DigestError::Malformed);
    }
    let mut hash = [0; 32];
    Uint8Array::new(&buffer).copy_to(&mut hash);
    Ok(hash)
}
