//! A gate: what may come onto this page, of all the WebAssembly that there is.

use wasmparser::{BinaryReader, Parser, Payload, Validator};

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
    Validator::new_with_features(Proposal::everything()).validate_all(wasm)?;
    // The compiler has written down what it used.
    for payload in Parser::new(0).parse_all(wasm) {
        if let Payload::CustomSection(section) = payload?
            && section.name() == "target_features"
        {
            let offset = section.data_offset();
            let mut reader = BinaryReader::new(section.data(), offset);
            for _ in 0..reader.read_var_u32()? {
                let used = reader.read_u8()? == b'+';
                let proposal = Proposal::named(proposal(reader.read_string()?));
                if let Some(proposal) = proposal.filter(|_| used) {
                    report.needs.push(Need { proposal, offset });
                }
            }
        }
    }
    Ok(report)
}

/// The name that the standard has for a feature of LLVM.
fn proposal(feature: &str) -> &str {
    match feature {
        "atomics" => "threads",
        "exception-handling" => "exceptions",
        "multivalue" => "multi-value",
        "multimemory" => "multi-memory",
        "mutable-globals" => "mutable-global",
        "nontrapping-fptoint" => "saturating-float-to-int",
        "sign-ext" => "sign-extension",
        "simd128" => "simd",
        same => same,
    }
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
