//! A gate: what may come onto this page, of all the WebAssembly that there is.

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
    // The magic number is right, the sections end where they should, and what they declare can be read.
    Report::read(wasm, most_bytes)
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
