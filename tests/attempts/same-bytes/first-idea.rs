//! The broken kata: code that looks reasonable and fails in a browser.

#[doc(inline)]
pub use contract::*;

/// Twice `n`.
pub fn double(n: u32) -> u32 {
    n
}
