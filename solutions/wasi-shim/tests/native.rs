//! Guests under two systems: ours, in the interpreter wasmi, and one that others wrote, in Node.js.
//! What a guest puts out and how it ends must be the same.
#![cfg(not(target_family = "wasm"))]
// In a test a panic is the verdict.
#![allow(clippy::unwrap_used, clippy::expect_used)]

#[path = "../../../tests/specs/wasi_shim/guests.rs"]
mod guests;
#[path = "native/node.rs"]
mod node;
#[path = "native/ours.rs"]
mod ours;
#[path = "native/rust.rs"]
mod rust;

use guests::Case;

/// What came of a run.
#[derive(PartialEq)]
struct Ran {
    stdout: Vec<u8>,
    stderr: Vec<u8>,
    /// Nothing if the guest trapped.
    code: Option<u32>,
}

impl std::fmt::Debug for Ran {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let text =
            |bytes: &[u8]| String::from_utf8_lossy(&bytes[..bytes.len().min(400)]).into_owned();
        f.debug_struct("Ran")
            .field("stdout", &(self.stdout.len(), text(&self.stdout)))
            .field("stderr", &(self.stderr.len(), text(&self.stderr)))
            .field("code", &self.code)
            .finish()
    }
}

#[test]
fn the_bytes_are_the_texts() {
    for (name, text, bytes) in [
        ("GREETER", guests::GREETER_TEXT, guests::GREETER),
        ("WANDERER", guests::WANDERER_TEXT, guests::WANDERER),
    ] {
        let assembled = wat::parse_str(text).unwrap();
        assert!(
            assembled == bytes,
            "guests.rs holds other bytes as {name} than its text is assembled to:\n{}",
            assembled.escape_ascii(),
        );
    }
}

/// The greeter, as a text and in Rust: what the spec demands in browsers is what Node's system does.
#[test]
fn the_greeters_are_equal() {
    let rust = rust::compile("greeter");
    for case in guests::cases() {
        let (stdout, stderr, code) = case.expected();
        let expected = Ran {
            stdout,
            stderr,
            code: Some(code),
        };
        for (name, module) in [("text", guests::GREETER), ("Rust", &rust)] {
            assert_eq!(
                node::run(module, &case),
                expected,
                "Node's system, the greeter in {name}"
            );
            assert_eq!(
                ours::run(module, &case),
                expected,
                "our system, the greeter in {name}"
            );
        }
    }
}

/// Programs in Rust do the same under both systems.
#[test]
fn programs_in_rust_are_equal() {
    let case = Case {
        args: vec!["program".into(), "Zoë".into(), "🦀".into()],
        environ: vec![("HOME".into(), "/".into())],
    };
    for name in ["bytes", "clocks", "lost", "panics"] {
        let module = rust::compile(name);
        let reference = node::run(&module, &case);
        assert!(
            reference.stdout.starts_with(name.as_bytes()),
            "{name} ran under Node's system, and put out {reference:?}"
        );
        assert_eq!(ours::run(&module, &case), reference, "{name}");
    }
}
