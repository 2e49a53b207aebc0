//! The samples are what their texts are assembled to, the guests are what rustc makes, and what a policy may say.
#![cfg(not(target_family = "wasm"))]
// In a test a panic is the verdict.
#![allow(clippy::unwrap_used)]

#[path = "../../../tests/specs/module_gate/guests.rs"]
mod guests;
#[allow(dead_code, reason = "the spec uses the rest")]
#[path = "../../../tests/specs/module_gate/samples.rs"]
mod samples;

use std::{fs, process::Command};

use samples::{EITHER, LISTS, PLAIN, SAMPLES, SEVERAL, Sample};
use solution_module_gate::{Policy, PolicyError, PolicyFault, Proposal, Report, inspect, judge};
use wasmparser::{Validator, WasmFeatures};

fn all() -> impl Iterator<Item = &'static Sample> {
    SAMPLES.iter().chain([&PLAIN, &SEVERAL, &EITHER, &LISTS])
}

#[test]
fn the_bytes_are_the_texts() {
    for sample in all() {
        let bytes = wat::parse_str(sample.text).unwrap();
        assert!(
            sample.bytes == bytes,
            "samples.rs holds other bytes for {} than its text is assembled to:\n{}",
            sample.name,
            bytes.escape_ascii(),
        );
    }
}

fn needs(report: &Report) -> Vec<String> {
    let needs = report.needs.iter();
    needs.map(|need| need.proposal.to_string()).collect()
}

/// The pinned compiler still needs for the program what the spec's copy of its output needs.
#[test]
fn the_guests_are_what_rustc_makes() {
    let dir = tempfile::tempdir().unwrap();
    let source = dir.path().join("guest.rs");
    fs::write(&source, guests::PROGRAM).unwrap();
    for guest in [guests::AS_IT_COMES, guests::FOR_MVP] {
        let wasm = dir.path().join(guest.name).with_extension("wasm");
        let output = Command::new("rustc")
            .args(["--edition", "2024", "--target", "wasm32-unknown-unknown"])
            .args(["--crate-type", "cdylib", "-O", "-C", "panic=abort"])
            .args(["-C", "strip=debuginfo", "-C"])
            .arg(format!("target-cpu={}", guest.name))
            .arg("-o")
            .args([&wasm, &source])
            .output()
            .unwrap();
        assert!(
            output.status.success(),
            "{}",
            String::from_utf8_lossy(&output.stderr)
        );
        let made = fs::read(&wasm).unwrap();
        let made = needs(&inspect(&made, usize::MAX).unwrap());
        let kept = needs(&inspect(guest.bytes, usize::MAX).unwrap());
        assert_eq!(made, kept, "what rustc makes for {}", guest.name);
    }
}

/// Whatever is allowed, the gate's answer is the validator's own: no proposal stands in for another.
#[test]
fn a_policy_is_what_the_validator_has_on() {
    let mut random = 0x2545_f491_4f6c_dd1d_u64;
    for sample in all() {
        for round in 0..60 {
            let mut features = if round % 2 == 0 {
                Proposal::everything()
            } else {
                WasmFeatures::MVP
            };
            for proposal in Proposal::all() {
                random ^= random << 13;
                random ^= random >> 7;
                random ^= random << 17;
                if random.is_multiple_of(4) {
                    features = match round % 2 {
                        0 => proposal.off(features),
                        _ => features | proposal.features(),
                    };
                }
            }
            // As a policy has it that was read.
            if features.contains(WasmFeatures::GC) {
                features |= WasmFeatures::FUNCTION_REFERENCES;
            }
            let policy = Policy {
                features,
                ..Policy::default()
            };
            let valid = Validator::new_with_features(features)
                .validate_all(sample.bytes)
                .map(|_| ());
            let answer = judge(sample.bytes, &policy).map(|_| ());
            assert_eq!(
                answer.is_ok(),
                valid.is_ok(),
                "{}: {answer:?}, {valid:?}",
                sample.name
            );
        }
    }
}

#[test]
fn a_policy_is_read() {
    let text = "# Ours.\n\nstart wasm1   # 2017\nallow bulk-memory, sign-extension\n  forbid\tfloats\r\nbytes 10\nfunctions 20\npages 30\n";
    let bulk = Proposal::named("bulk-memory").unwrap().features();
    let floats = Proposal::named("floats").unwrap();
    let expected = Policy {
        features: floats.off(WasmFeatures::WASM1 | bulk | WasmFeatures::SIGN_EXTENSION),
        bytes: 10,
        functions: 20,
        pages: 30,
    };
    assert_eq!(text.parse(), Ok(expected));
    assert_eq!("".parse(), Ok(Policy::default()));
    for start in ["mvp", "wasm1", "wasm2", "wasm3", "lime1"] {
        assert!(
            format!("start {start}").parse::<Policy>().is_ok(),
            "{start}"
        );
    }
    for proposal in Proposal::all() {
        let policy: Policy = format!("allow {proposal}").parse().unwrap();
        assert!(policy.allows(proposal), "{proposal}");
        let policy: Policy = format!("allow {proposal}\nforbid {proposal}")
            .parse()
            .unwrap();
        assert!(!policy.allows(proposal), "{proposal}");
    }
    let [gc, references] = ["gc", "function-references"].map(|name| Proposal::named(name).unwrap());
    let policy: Policy = "allow gc".parse().unwrap();
    assert!(policy.allows(references), "gc brings it along");
    let policy: Policy = "start wasm3\nforbid function-references".parse().unwrap();
    assert!(!policy.allows(gc), "and goes with it");
}

#[test]
fn what_is_no_policy_says_where() {
    let fault = |text: &str| text.parse::<Policy>().unwrap_err();
    let at = |line, fault| PolicyError { line, fault };
    let text = String::from;
    assert_eq!(fault("\nalow simd"), at(2, PolicyFault::Word(text("alow"))));
    assert_eq!(
        fault("allow\nallow"),
        at(1, PolicyFault::Proposal(text("")))
    );
    assert_eq!(
        fault("allow simd, sse"),
        at(1, PolicyFault::Proposal(text("sse")))
    );
    // Of components, of which this gate knows nothing.
    let name = "component-model";
    assert_eq!(
        fault(&format!("allow {name}")),
        at(1, PolicyFault::Proposal(text(name)))
    );
    assert_eq!(
        fault("start wasm4"),
        at(1, PolicyFault::Start(text("wasm4")))
    );
    assert_eq!(
        fault("pages 1\nstart mvp"),
        at(2, PolicyFault::TooLate(text("start")))
    );
    assert_eq!(
        fault("pages 1\npages 2"),
        at(2, PolicyFault::TooLate(text("pages")))
    );
    for number in ["", "-1", "+1", "1.5", "0x10", "99999999999999999999"] {
        assert_eq!(
            fault(&format!("pages {number}")),
            at(1, PolicyFault::Number(text(number)))
        );
    }
    assert_eq!(
        fault("functions 4294967296"),
        at(1, PolicyFault::Number(text("4294967296")))
    );
}
