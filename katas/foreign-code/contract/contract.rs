//! What is given: which checksum is meant, why a digest may not come, and what a thrown value says.

use thiserror::Error;
use wasm_bindgen::prelude::*;

/// The polynomial of CRC-32C (Castagnoli), lowest bit first, as a register that shifts to the right
/// takes it.
///
/// The register begins with all bits set, takes the lowest bit of each byte first, and is inverted at
/// the end. So `crc32c(b"123456789")` is `0xe306_9283`, and the checksum of no bytes is 0.
pub const POLYNOMIAL: u32 = 0x82f6_3b78;

/// Why the host gave no SHA-256.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum DigestError {
    /// The host has no `crypto.subtle`: browsers lend it to secure contexts only, which are pages that
    /// came by https or from the machine itself. Some hosts have no `crypto` at all.
    #[error("the host has no crypto.subtle: it is lent to secure contexts only")]
    Unavailable,
    /// The host has it, and `digest` threw or its promise was rejected.
    #[error("the host refused: {reason}")]
    Refused {
        /// What the host said, by [`in_words`].
        reason: String,
    },
    /// The host answered, but not with a buffer of 32 bytes.
    #[error("what the host answered is no SHA-256")]
    Malformed,
}

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(catch, js_name = String)]
    fn text_of(value: &JsValue) -> Result<String, JsValue>;
}

/// What a thrown value says: `String(value)`, for an error its name and message. JavaScript can throw
/// anything, also what cannot be read; this never throws.
pub fn in_words(thrown: &JsValue) -> String {
    text_of(thrown).unwrap_or_else(|_| "a value that cannot be read".into())
}
