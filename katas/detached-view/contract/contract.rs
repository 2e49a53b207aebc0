//! What is given: why samples do not cross the boundary, and how to tell that an array has lost
//! its bytes.

use js_sys::Uint8Array;
use thiserror::Error;
use wasm_bindgen::prelude::*;

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
    /// The array has lost its bytes: see [`is_lost`].
    #[error("the array has lost its bytes")]
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
    /// The array has lost its bytes: see [`is_lost`].
    #[error("the array has lost its bytes")]
    Detached,
}

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(extends = Uint8Array)]
    type Bytes;

    #[wasm_bindgen(method, catch)]
    fn at(this: &Bytes, index: u32) -> Result<(), JsValue>;
}

/// Whether an array has lost its bytes.
///
/// Its buffer may be detached: transferred away, or replaced when a WebAssembly memory
/// grew. Or its buffer was made shorter, and the array's place lies past the end now.
/// Either way the array's `length` is 0, like that of an honest empty array, and its methods
/// throw: `subarray`, `slice`, `set`, `fill`. So `at` is called for what it throws, and not for
/// what it answers.
///
/// True is final for a detached array. False holds until the memory grows next.
pub fn is_lost(array: &Uint8Array) -> bool {
    array.unchecked_ref::<Bytes>().at(0).is_err()
}
