//! A gate: what may come onto this page, of all the WebAssembly that there is.

use js_sys::{Uint8Array, WebAssembly};
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
    let mut on = Proposal::everything();
    validate(wasm, on)?;
    // What the engine does not take, it will not run: no use in letting it through.
    if !WebAssembly::validate(&Uint8Array::from(wasm)).unwrap_or(false) {
        let reason = "the engine does not take it".to_owned();
        return Err(Refusal::Malformed { offset: 0, reason });
    }
    let all: Vec<Proposal> = Proposal::all().collect();
    find_needs(wasm, &all, &mut on, &mut report.needs);
    // The sort is stable: at the same offset, the order stays that of the proposals.
    report.needs.sort_by_key(|need| need.offset);
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

/// Turns off what the module does not need, of these proposals, and notes what it needs.
///
/// Most modules need few of them, so it tries all at once, then each half. A trial that succeeds reads the whole module,
/// one that fails only what comes before the fault.
fn find_needs(wasm: &[u8], proposals: &[Proposal], on: &mut WasmFeatures, needs: &mut Vec<Need>) {
    // A part goes on and off with what contains it.
    let implied = |part: &Proposal| needs.iter().any(|need| need.proposal.contains(*part));
    let proposals: Vec<Proposal> = proposals
        .iter()
        .copied()
        .filter(|one| !implied(one))
        .collect();
    let fewer = proposals.iter().fold(*on, |on, one| one.off(on));
    match (validate(wasm, fewer), proposals.as_slice()) {
        (Ok(()), _) => *on = fewer,
        (Err(error), &[proposal]) => needs.push(Need {
            proposal,
            offset: error.offset(),
        }),
        (Err(_), several) => {
            let (first, second) = several.split_at(several.len() / 2);
            find_needs(wasm, first, on, needs);
            find_needs(wasm, second, on, needs);
        }
    }
}

/// Whether the module is valid with these proposals and no others.
fn validate(wasm: &[u8], on: WasmFeatures) -> Result<(), BinaryReaderError> {
    Validator::new_with_features(on)
        .validate_all(wasm)
        .map(|_| ())
}
