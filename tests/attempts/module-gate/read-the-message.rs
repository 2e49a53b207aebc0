//! A gate: what may come onto this page, of all the WebAssembly that there is.

use wasmparser::{BinaryReaderError, Validator, WasmFeatures};

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
    let mut report = Report::read(wasm, most_bytes)?;
    validate(wasm, Proposal::everything())?;
    // Each time, the validator says what was missing.
    let mut on = WasmFeatures::empty();
    while let Err(error) = validate(wasm, on) {
        let Some(proposal) = missing(error.message()).filter(|one| !on.contains(one.features()))
        else {
            break;
        };
        on |= proposal.features();
        report.needs.push(Need {
            proposal,
            offset: error.offset(),
        });
    }
    Ok(report)
}

fn missing(message: &str) -> Option<Proposal> {
    let name = [
        ("floating-point", "floats"),
        ("mutable global", "mutable-global"),
        ("saturating float", "saturating-float-to-int"),
        ("sign extension", "sign-extension"),
        ("multi-value", "multi-value"),
        ("func type returns multiple values", "multi-value"),
        ("bulk memory", "bulk-memory-opt"),
        ("relaxed SIMD", "relaxed-simd"),
        ("SIMD", "simd"),
        ("shared-everything", "shared-everything-threads"),
        ("threads", "threads"),
        ("tail calls", "tail-call"),
        ("multiple memories", "multi-memory"),
        ("multiple tables", "reference-types"),
        ("reference types", "reference-types"),
        ("function references", "function-references"),
        ("legacy", "legacy-exceptions"),
        ("exceptions", "exceptions"),
        ("memory64", "memory64"),
        ("gc types", "gc-types"),
        ("gc", "gc"),
        ("memory control", "memory-control"),
        ("custom page sizes", "custom-page-sizes"),
        ("stack switching", "stack-switching"),
        ("wide arithmetic", "wide-arithmetic"),
        ("non-constant operator", "extended-const"),
        ("zero byte expected", "call-indirect-overlong"),
        ("compact imports", "compact-imports"),
        ("custom descriptors", "custom-descriptors"),
    ]
    .into_iter()
    .find(|(words, _)| message.contains(words));
    name.and_then(|(_, name)| Proposal::named(name))
}

fn validate(wasm: &[u8], on: WasmFeatures) -> Result<(), BinaryReaderError> {
    Validator::new_with_features(on)
        .validate_all(wasm)
        .map(|_| ())
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
