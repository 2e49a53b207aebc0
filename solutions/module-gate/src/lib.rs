//! A gate: what may come onto this page, of all the WebAssembly that there is.
//!
//! An engine that validates a module answers for itself: it knows the proposals that it knows, and nobody can
//! tell it to know fewer. So the question goes to a validator that is part of this program, the same one in every browser
//! and on a server, and that takes the set of proposals as an argument. It does not say which proposal was missing, other
//! than in words that it may change. But it can be asked again:
//!
//! 1. With every proposal on, is the module valid? If not, no policy will help.
//! 2. Turn proposals off. As long as the module stays valid, it needs none of them, and they stay off.
//! 3. What cannot be turned off alone is needed, and the validator stops at the place that needs it.

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
