//! Samples across the boundary: `f32` values go out to JavaScript as bytes and come back.
//!
//! The format is that of a `Float32Array`: four bytes a sample, little-endian. A call leaves
//! neither memory nor JavaScript values behind, whatever it answers.

use js_sys::Uint8Array;

#[doc(inline)]
pub use contract::*;

/// Encodes samples as bytes that JavaScript can keep. The array's buffer is its own, and holds
/// these bytes and nothing else.
pub fn encode(samples: &[f32]) -> Uint8Array {
    let bytes = to_bytes(samples);
    // SAFETY: the bytes are initialised, and nothing changes them from here on.
    unsafe { Uint8Array::view(&bytes) }
}

/// Encodes samples at the start of an array that JavaScript already has, leaves the
/// rest of it as it is, and returns the number of bytes written.
///
/// # Errors
/// If the array cannot take all the samples, or has lost its bytes, also if it loses them
/// during the call. Then it is left as it was.
pub fn encode_into(samples: &[f32], target: &Uint8Array) -> Result<u32, EncodeError> {
    let bytes = to_bytes(samples);
    for (index, byte) in bytes.iter().enumerate() {
        target.set_index(index as u32, *byte);
    }
    Ok(bytes.len() as u32)
}

/// Decodes the bytes of a JavaScript array.
///
/// # Errors
/// If the bytes are not a whole number of samples, or are no longer there, also if they go
/// during the call.
pub fn decode(bytes: &Uint8Array) -> Result<Vec<f32>, DecodeError> {
    let raw: Vec<u8> = (0..bytes.length()).map(|i| bytes.get_index(i)).collect();
    match raw.as_chunks() {
        (samples, []) => Ok(samples.iter().map(|s| f32::from_le_bytes(*s)).collect()),
        _ => Err(DecodeError::PartialSample {
            bytes: raw.len() as u32,
        }),
    }
}

fn to_bytes(samples: &[f32]) -> Vec<u8> {
    samples.iter().flat_map(|s| s.to_le_bytes()).collect()
}
