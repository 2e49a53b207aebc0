//! What the page draws, and what it asks for a reader's own file.

use contract::{Policy, Refusal, Report};
use js_sys::{Array, Uint8Array, WebAssembly};
use wasm_bindgen::prelude::*;

use super::guests::{AS_IT_COMES, FOR_MVP};
use super::samples::{PLAIN, SAMPLES, Sample};
use crate::zone::{inspect, judge};

/// What the modules of the picture are judged by.
const POLICY: &str = "start wasm2\nallow memory64";

/// The proposals that the picture has a module for.
const SHOWN: [&str; 7] = [
    "simd",
    "memory64",
    "relaxed-simd",
    "tail-call",
    "gc",
    "legacy-exceptions",
    "custom-page-sizes",
];

/// A row for each module: what it is, whether this engine takes it, whether the gate lets it through, and what the gate says.
#[wasm_bindgen]
pub fn show() -> Array {
    let policy: Policy = POLICY.parse().unwrap();
    let plain = [
        ("the first version", &PLAIN),
        ("Rust as it comes", &AS_IT_COMES),
        ("Rust for mvp", &FOR_MVP),
    ];
    let named = SHOWN.iter().filter_map(|name| {
        let sample = SAMPLES.iter().find(|sample| sample.name == *name);
        sample.map(|sample| (*name, sample))
    });
    plain
        .into_iter()
        .chain(named)
        .map(|(name, sample)| row(name, sample, &policy))
        .collect()
}

fn row(name: &str, sample: &Sample, policy: &Policy) -> Array {
    let engine = WebAssembly::validate(&Uint8Array::from(sample.bytes)).unwrap_or(false);
    let answer = judge(sample.bytes, policy);
    let words = match &answer {
        Ok(report) => needs(report),
        Err(refusal) => why(refusal),
    };
    Array::of4(
        &name.into(),
        &engine.into(),
        &answer.is_ok().into(),
        &words.into(),
    )
}

/// A refusal in a few words.
fn why(refusal: &Refusal) -> String {
    match refusal {
        Refusal::Forbidden(need) => format!("{} at {:#x}", need.proposal, need.offset),
        Refusal::Malformed { offset, .. } => format!("no module, at {offset:#x}"),
        other => other.to_string(),
    }
}

fn needs(report: &Report) -> String {
    let names: Vec<String> = report
        .needs
        .iter()
        .map(|need| need.proposal.to_string())
        .collect();
    names.join(", ")
}

/// How many imports and exports of a reader's file are listed. There may be a million.
const LISTED: usize = 100;

/// What the gate says of a reader's file under a reader's policy: rows of a kind ("policy", "answer", "need", "size", "import" or
/// "export"), a text, and what belongs to it.
#[wasm_bindgen]
pub fn look(wasm: &[u8], policy: &str) -> Array {
    let rows = Array::new();
    let say = |kind: &str, text: &str, more: &str, good: bool| {
        rows.push(&Array::of4(
            &kind.into(),
            &text.into(),
            &more.into(),
            &good.into(),
        ));
    };
    let policy: Policy = match policy.parse() {
        Ok(policy) => policy,
        Err(error) => {
            say("policy", &error.to_string(), "", false);
            return rows;
        }
    };
    match judge(wasm, &policy) {
        Ok(_) => say("answer", "It passes.", "", true),
        Err(refusal) => say("answer", "It does not pass.", &refusal.to_string(), false),
    }
    let Ok(report) = inspect(wasm, policy.bytes) else {
        return rows;
    };
    for need in &report.needs {
        let place = format!("{:#x}", need.offset);
        say(
            "need",
            &need.proposal.to_string(),
            &place,
            policy.allows(need.proposal),
        );
    }
    let pages = report.pages();
    say(
        "size",
        "bytes",
        &report.bytes.to_string(),
        report.bytes <= policy.bytes,
    );
    say(
        "size",
        "functions",
        &report.functions.to_string(),
        report.functions <= policy.functions,
    );
    say(
        "size",
        "pages of 64 KiB",
        &pages.to_string(),
        pages <= policy.pages,
    );
    for import in report.imports.iter().take(LISTED) {
        let name = format!("{:?} {:?}", import.module, import.name);
        say("import", &name, &import.kind.to_string(), true);
    }
    for export in report.exports.iter().take(LISTED) {
        say(
            "export",
            &format!("{:?}", export.name),
            &export.kind.to_string(),
            true,
        );
    }
    for (kind, len) in [
        ("import", report.imports.len()),
        ("export", report.exports.len()),
    ] {
        if len > LISTED {
            say(kind, &format!("and {} more", len - LISTED), "", true);
        }
    }
    rows
}
