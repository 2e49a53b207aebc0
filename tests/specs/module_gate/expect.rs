//! What the tests expect of a gate, with words that say why.

use contract::{Need, Policy, Proposal, Refusal, Report};
use wasmparser::WasmFeatures;

use super::samples::Sample;
use crate::zone::{inspect, judge};

/// How large a file the tests let `inspect` take.
pub const ROOM: usize = 64 << 20;

/// The proposal of this name.
pub fn proposal(name: &str) -> Proposal {
    Proposal::named(name)
        .unwrap_or_else(|| panic!("the spec knows a proposal {name:?}, wasmparser does not"))
}

/// A policy that allows these features and has no limits.
pub fn allowing(features: WasmFeatures) -> Policy {
    Policy {
        features,
        bytes: ROOM,
        functions: u32::MAX,
        pages: u64::MAX,
    }
}

/// The first WebAssembly and these proposals.
pub fn mvp_and(names: &[&str]) -> WasmFeatures {
    names.iter().fold(WasmFeatures::MVP, |features, name| {
        features | proposal(name).features()
    })
}

/// Needs in words.
pub fn list<'a>(needs: impl IntoIterator<Item = &'a Need>) -> String {
    let lines: Vec<String> = needs
        .into_iter()
        .map(|need| format!("{} at {:#x}", need.proposal, need.offset))
        .collect();
    format!("[{}]", lines.join(", "))
}

/// The needs of a sample.
pub fn needs_of(sample: &Sample) -> Vec<Need> {
    sample
        .needs
        .iter()
        .map(|(name, offset)| Need {
            proposal: proposal(name),
            offset: *offset,
        })
        .collect()
}

/// What the module is made of, which is valid.
#[track_caller]
pub fn inspected<'a>(wasm: &'a [u8], what: &str) -> Report<'a> {
    inspect(wasm, ROOM).unwrap_or_else(|refusal| {
        panic!(
            "{what}: a valid module, whatever this engine says of it. `inspect` answered Err({refusal:?}): {refusal}."
        )
    })
}

/// Asserts that `inspect` finds of a module what is known of it.
#[track_caller]
pub fn expect_needs(wasm: &[u8], sample: &Sample, what: &str) {
    let needs = inspected(wasm, what).needs;
    let expected = needs_of(sample);
    assert!(
        needs == expected,
        "{what}: it needs {}, in this order, and `inspect` found {}.",
        list(&expected),
        list(&needs),
    );
}

/// Asserts that a file passes.
#[track_caller]
pub fn passes(wasm: &[u8], policy: &Policy, why: &str) {
    if let Err(refusal) = judge(wasm, policy) {
        panic!("{why} It may pass, and `judge` answered Err({refusal:?}): {refusal}.");
    }
}

/// Asserts that a file is refused, and why.
#[track_caller]
pub fn refused(wasm: &[u8], policy: &Policy, expected: &Refusal, why: &str) {
    match judge(wasm, policy) {
        Err(refusal) if refusal == *expected => {}
        Err(refusal) => panic!("{why} Expected Err({expected:?}), came Err({refusal:?})."),
        Ok(_) => panic!("{why} Expected Err({expected:?}), and it came through."),
    }
}

/// Asserts that a file is refused because of this proposal, at this place.
#[track_caller]
pub fn forbidden(wasm: &[u8], policy: &Policy, (name, offset): (&str, usize), why: &str) {
    let proposal = proposal(name);
    refused(
        wasm,
        policy,
        &Refusal::Forbidden(Need { proposal, offset }),
        why,
    );
}
