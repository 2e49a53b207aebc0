//! Guests under three systems: ours and Wasmtime's, both in the interpreter wasmi, and that of Node.js.
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
#[path = "native/wasmtime.rs"]
mod wasmtime;

use guests::Case;
use node::Instead;

type Run = fn(&[u8], &Case) -> Ran;

/// Those of others, and the one that is tested.
const SYSTEMS: [(&str, Run); 3] = [
    ("Node's", node::run),
    ("Wasmtime's", wasmtime::run),
    ("our", ours::run),
];

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

/// The greeter, as a text and in Rust: what the spec demands in browsers is what Node's system and Wasmtime's do.
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
            for (system, run) in SYSTEMS {
                assert_eq!(
                    run(module, &case),
                    expected,
                    "{system} system, the greeter in {name}"
                );
            }
        }
    }
}

/// Programs in Rust do the same under all systems.
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
        for (system, run) in SYSTEMS {
            assert_eq!(run(&module, &case), reference, "{name}, {system} system");
        }
    }
}

/// One call of a sound system is answered with a number of our own, or with an exception. (The chapter's table.)
#[test]
fn one_strange_answer_makes_a_difference() {
    let case = Case {
        args: vec!["program".into()],
        environ: vec![],
    };
    // The program, the call and its answer; the code, and what stands on a stream: nothing on both, if nothing.
    for (name, call, answer, code, words) in [
        ("lost", "fd_read", Some(8), Some(0), "input Some(0)"),
        ("lost", "fd_read", Some(52), Some(0), "input None"),
        ("greeter", "args_sizes_get", Some(21), Some(0), ""),
        (
            "greeter",
            "random_get",
            Some(52),
            None,
            "failed to generate random data",
        ),
        ("sleeps", "poll_oneoff", Some(52), None, "panicked at"),
        (
            "lost",
            "fd_prestat_get",
            Some(8),
            Some(0),
            "No such file or directory (os error 44)",
        ),
        ("lost", "fd_prestat_get", Some(52), Some(71), ""),
        (
            "greeter",
            "random_get",
            None,
            Some(1),
            "RangeError: random_get",
        ),
    ] {
        let instead = Some(Instead { call, answer });
        let ran = node::run_with(&rust::compile(name), &case, instead);
        let streams = [&ran.stdout, &ran.stderr].map(|bytes| String::from_utf8_lossy(bytes));
        let told = streams.iter().any(|text| text.contains(words));
        let silent = streams.iter().all(|text| text.is_empty());
        assert!(
            ran.code == code && told && (silent == words.is_empty()),
            "{name}, where `{call}` is answered with {answer:?}. Expected {code:?} and {words:?}, came {ran:?}"
        );
    }
}

/// How many functions of the system a program imports. (The chapter has the fewest and the most.)
#[test]
fn programs_import_a_handful_of_functions() {
    let counts = ["bytes", "clocks", "greeter", "lost", "panics"]
        .map(|name| ours::imports(&rust::compile(name)));
    let (fewest, most) = (counts.iter().min(), counts.iter().max());
    assert_eq!((fewest, most), (Some(&4), Some(&13)), "{counts:?}");
}
