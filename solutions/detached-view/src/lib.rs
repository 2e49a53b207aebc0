//! Samples across the boundary: `f32` values go out to JavaScript as bytes and come back.
//!
//! The format is that of a `Float32Array`: four bytes a sample, little-endian. WebAssembly
//! is little-endian on every machine, so the samples in memory already are the format,
//! and each direction costs exactly one copy. (A cast from `f32` to `u8` cannot fail:
//! bytes need no alignment.)
//!
//! Two rules keep it sound. What JavaScript is to keep is copied out, because a view
//! dies when the memory grows. And an array of JavaScript's may itself be such a view,
//! so its length counts only if it was read after the last allocation. A new JavaScript value is
//! an allocation too: wasm-bindgen keeps its table of them in this very memory.

use bytemuck::{cast_slice, cast_slice_mut};
use js_sys::Uint8Array;

#[doc(inline)]
pub use contract::*;

/// Encodes samples as bytes that JavaScript can keep.
///
/// The array owns its buffer, which holds these bytes and nothing else: it can be
/// stored, posted or transferred, and the garbage collector frees it.
pub fn encode(samples: &[f32]) -> Uint8Array {
    Uint8Array::from(cast_slice::<f32, u8>(samples))
}

/// Encodes samples at the start of an array that JavaScript already has, leaves the
/// rest of it as it is, and returns the number of bytes written.
///
/// # Errors
/// [`EncodeError::TooShort`] if the array cannot take all the samples, and
/// [`EncodeError::Detached`] if it has lost its bytes. Then nothing was written. The latter
/// includes a view of this module's own memory that goes stale during the call.
pub fn encode_into(samples: &[f32], target: &Uint8Array) -> Result<u32, EncodeError> {
    let bytes: &[u8] = cast_slice(samples);
    let needed = bytes.len() as u32; // no loss: `usize` has 32 bits here
    if is_lost(target) {
        return Err(EncodeError::Detached);
    }
    let room = target.length();
    if room < needed {
        return Err(EncodeError::TooShort { needed, room });
    }
    let start = target.subarray(0, needed);
    // The new array may have made the memory grow, and `target` may be a view of it.
    if start.length() != needed {
        return Err(EncodeError::Detached);
    }
    start.copy_from(bytes);
    Ok(needed)
}

/// Decodes the bytes of a JavaScript array.
///
/// The samples are a copy: what JavaScript does to its array later does not reach them.
///
/// # Errors
/// [`DecodeError::PartialSample`] if the length is not a multiple of 4, and
/// [`DecodeError::Detached`] if the array has lost its bytes. The latter includes
/// a view of this module's own memory that goes stale because the samples need more of it.
pub fn decode(bytes: &Uint8Array) -> Result<Vec<f32>, DecodeError> {
    if is_lost(bytes) {
        return Err(DecodeError::Detached);
    }
    let length = bytes.length();
    if !length.is_multiple_of(size_of::<f32>() as u32) {
        return Err(DecodeError::PartialSample { bytes: length });
    }
    let mut samples = vec![0.0; length as usize / size_of::<f32>()];
    // The allocation may have grown the memory, and `bytes` may be a view of it.
    if bytes.length() != length {
        return Err(DecodeError::Detached);
    }
    bytes.copy_to(cast_slice_mut(&mut samples));
    Ok(samples)
}
