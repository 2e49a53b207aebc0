//! A gate: what may come onto this page, of all the WebAssembly that there is.

use js_sys::{Uint8Array, WebAssembly};

#[doc(inline)]
pub use contract::*;

/// What a module needs and declares, of a file of at most so many bytes.
///
/// The answer depends on these bytes and on nothing else: not on the engine, and not on what the module says of itself in
/// its names and custom sections. [`Report::needs`] is complete, floats and reference types of the first WebAssembly
/// included, and has what is needed once.
///
/// # Errors
/// As [`Report::read`]; and `Malformed` if the module is not valid, even with every proposal on, with the offset at which
/// `wasmparser` stops.
pub fn inspect(wasm: &[u8], most_bytes: usize) -> Result<Report<'_>, Refusal> {
    let report = Report::read(wasm, most_bytes)?;
    // The engine will run it, so the engine knows best what it can run.
    if !WebAssembly::validate(&Uint8Array::from(wasm)).unwrap_or(false) {
        let reason = "the engine does not take it".to_owned();
        return Err(Refusal::Malformed { offset: 0, reason });
    }
    Ok(report)
}

/// Whether a file may pass.
///
/// # Errors
/// See [`Refusal`], and its order.
pub fn judge<'a>(wasm: &'a [u8], policy: &Policy) -> Result<Report<'a>, Refusal> {
    let report = inspect(wasm, policy.bytes)?;
    policy.check(&report)?;
    Ok(report)
}
