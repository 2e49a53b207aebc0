//! Samples across the boundary: `f32` values go out to JavaScript as bytes and come back.
//!
//! The format is that of a `Float32Array`: four bytes a sample, little-endian. A call leaves
//! neither memory nor JavaScript values behind, whatever it answers.

use js_sys::{Float32Array, Uint8Array};

#[doc(inline)]
pub use contract::*;

/// Encodes samples as bytes that JavaScript can keep. The array's buffer is its own, and holds
/// these bytes and nothing else.
pub fn encode(samples: &[f32]) -> Uint8Array {
    Uint8Array::from(to_bytes(samples).as_slice())
}

/// Encodes samples at the start of an array that JavaScript already has, leaves the
/// rest of it as it is, and returns the number of bytes written.
///
/// # Errors
/// If the array cannot take all the samples, or has lost its bytes, also if it loses them
/// during the call. Then it is left as it was.
pub fn encode_into(samples: &[f32], target: &Uint8Array) -> Result<u32, EncodeError> {
    let bytes = encode(samples);
    if is_lost(target) {
        return Err(EncodeError::Detached);
    }
    let (needed, room) = (bytes.length(), target.length());
    if room < needed {
        return Err(EncodeError::TooShort { needed, room });
    }
    target.set(&bytes, 0);
    Ok(needed)
}

/// Decodes the bytes of a JavaScript array.
///
/// # Errors
/// If the bytes are not a whole number of samples, or are no longer there, also if they go
/// during the call.
pub fn decode(bytes: &Uint8Array) -> Result<Vec<f32>, DecodeError> {
    if is_lost(bytes) {
        return Err(DecodeError::Detached);
    }
    let length = bytes.length();
    if !length.is_multiple_of(4) {
        return Err(DecodeError::PartialSample { bytes: length });
    }
    let floats = Float32Array::new(&bytes.slice(0, length).buffer());
    Ok((0..floats.length()).map(|i| floats.get_index(i)).collect())
}

fn to_bytes(samples: &[f32]) -> Vec<u8> {
    samples.iter().flat_map(|s| s.to_le_bytes()).collect()
}
