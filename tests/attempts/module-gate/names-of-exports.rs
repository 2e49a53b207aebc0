//! A gate: what may come onto this page, of all the WebAssembly that there is.

use wasmparser::Validator;

#[doc(inline)]
pub use contract::*;

/// What each compiler exports, and what it uses as it comes.
const COMPILERS: [(&str, &[&str]); 3] = [
    // Rust, C and C++, all by LLVM.
    (
        "__heap_base",
        &[
            "call-indirect-overlong",
            "bulk-memory-opt",
            "sign-extension",
            "saturating-float-to-int",
        ],
    ),
    (
        "__indirect_function_table",
        &["bulk-memory-opt", "sign-extension", "mutable-global"],
    ),
    // Go.
    (
        "getsp",
        &[
            "bulk-memory-opt",
            "sign-extension",
            "saturating-float-to-int",
        ],
    ),
];

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
    Validator::new_with_features(Proposal::everything()).validate_all(wasm)?;
    // Compilers leave their names. Which one it was says what it uses.
    let has = |name: &str| report.exports.iter().any(|export| export.name == name);
    let uses = COMPILERS.iter().find(|(name, _)| has(name));
    report.needs = uses
        .into_iter()
        .flat_map(|(_, uses)| uses.iter())
        .filter_map(|name| Proposal::named(name))
        .map(|proposal| Need {
            proposal,
            offset: 0,
        })
        .collect();
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
