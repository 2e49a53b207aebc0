//! Samples across the boundary: `f32` values go out to JavaScript as bytes and come back.
//!
//! The format is that of a `Float32Array`: four bytes a sample, little-endian.

use js_sys::Uint8Array;
use thiserror::Error;

/// Why samples could not be written into an array of JavaScript's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum EncodeError {
    /// The array is smaller than the samples.
    #[error("{needed} bytes do not fit into an array of {room}")]
    TooShort {
        /// What the samples take, in bytes.
        needed: u32,
        /// What the array holds, in bytes.
        room: u32,
    },
    /// The array has lost its buffer.
    #[error("the array is detached from its buffer")]
    Detached,
}

/// Why bytes of JavaScript's are not samples.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum DecodeError {
    /// The last sample is cut off.
    #[error("{bytes} bytes are not a whole number of 4-byte samples")]
    PartialSample {
        /// How many bytes came.
        bytes: u32,
    },
    /// The array has lost its buffer.
    #[error("the array is detached from its buffer")]
    Detached,
}

/// Encodes samples as bytes that JavaScript can keep.
pub fn encode(samples: &[f32]) -> Uint8Array {
    Uint8Array::from(to_bytes(samples).as_slice())
}

/// Encodes samples at the start of an array that JavaScript already has, leaves the
/// rest of it as it is, and returns the number of bytes written.
///
/// # Errors
/// If the array cannot take all the samples. Then it is left as it was.
pub fn encode_into(samples: &[f32], target: &Uint8Array) -> Result<u32, EncodeError> {
    let bytes = to_bytes(samples);
    let written = (bytes.len() as u32).min(target.length());
    target
        .subarray(0, written)
        .copy_from(&bytes[..written as usize]);
    Ok(written)
}

/// Decodes the bytes of a JavaScript array.
///
/// # Errors
/// If the bytes are not a whole number of samples, or are no longer there.
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
