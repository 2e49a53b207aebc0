//! A program, from start to end

use core::arch::wasm32::memory_size;
use core::hint::black_box;

use super::expect::{ask, outcome, put_out, spell, spell_value, tell};
use super::guests::{GREETER, WANDERER, cases};
use super::reach::{REACHES, entries};
use super::stage::stage;
use crate::zone::Shim;
use contract::{Browser, Call, End, Exit, Guest, Stream};
use wasm_bindgen::externref_heap_live_count;
use wasm_bindgen_test::*;

/// What came of a program: what it put out, and its code or what was thrown.
type Ran = (Vec<u8>, Vec<u8>, Result<u32, String>);

/// Runs a program in this browser, with the browser's own clocks and entropy.
fn run(module: &[u8], args: &[String], environ: &[(String, String)]) -> Ran {
    let browser = Browser::default();
    let shim = Shim::new(browser.clone(), args, environ).expect("none of the texts holds a NUL");
    let guest =
        Guest::start(module, &browser, move |call| shim.call(call)).expect("the guest is sound");
    let end = match guest.run() {
        End::Exited(code) => Ok(code),
        End::Threw(value) => Err(spell_value(&value)),
    };
    (
        browser.output(Stream::Stdout),
        browser.output(Stream::Stderr),
        end,
    )
}

/// A program does here what it does under another system: the same output, the same errors, the same code.
#[wasm_bindgen_test]
fn a_program_does_what_it_does_elsewhere() {
    for case in cases() {
        let (stdout, stderr, code) = run(GREETER, &case.args, &case.environ);
        let (out, err, expected) = case.expected();
        let what = format!(
            "the program `greeter`, started with {} arguments and {} variables",
            case.args.len(),
            case.environ.len(),
        );
        assert!(
            code == Ok(expected),
            "{what}, ends under Node.js with {expected}, the number of its arguments. Here it came to {code:?}, after putting out {}. \
             (From 100 on, a code is 100 and the number of an error that the program has met.)",
            spell(&stdout),
        );
        for (name, came, expected) in [("stdout", stdout, out), ("stderr", stderr, err)] {
            assert!(
                came == expected,
                "{what}: under Node.js it puts {} out on {name}, and here {}",
                spell(&expected),
                spell(&came),
            );
        }
    }
}

/// A program that looks around for files, folders and events gets a number for each, and goes on.
#[wasm_bindgen_test]
fn a_program_that_looks_around_goes_on() {
    let (stdout, _, code) = run(WANDERER, &[], &[]);
    let expected = [52, 52, 52, 52, 8, 8];
    assert!(
        code == Ok(0) && stdout == expected,
        "a program asks for a file, for events, for its turn, for a place in stdout, for one in descriptor -1, and for its first \
         folder. It expects {expected:?}, and it came to {code:?} after {stdout:?}.",
    );
}

/// The end of a program is no answer: its code is handed on, whatever it is.
#[wasm_bindgen_test]
fn the_code_is_the_programs_own() {
    let stage = stage(&[], &[]);
    for code in [0, 1, 42, 255, 256, 0x7fff_ffff, 1 << 31, u32::MAX] {
        let answer = ask(&stage, Call::ProcExit { code });
        assert!(
            answer == Some(Err(Exit(code))),
            "the program ends with code {code}. Expected the end of the program, with code {code}; came {}.",
            tell(answer),
        );
    }
}

/// Two programs that run side by side have their own arguments, memories and output.
#[wasm_bindgen_test]
fn two_programs_are_kept_apart() {
    let [first, second] = [stage(&["first"], &[]), stage(&["second", "é"], &[])];
    for _ in 0..2 {
        for (stage, name, size) in [(&first, "first", 6), (&second, "second", 10)] {
            let call = Call::ArgsSizesGet {
                count: 64,
                size: 128,
            };
            let answer = ask(stage, call);
            let said = stage.number(128);
            assert!(
                said == size,
                "the arguments of `{name}` take {size} bytes, NULs included. The call came to {}, and the guest finds {said}: one \
                 guest's memory says nothing of another's.",
                tell(answer),
            );
            put_out(stage, 1, &[name.as_bytes()]);
        }
    }
    for (stage, expected) in [(first, "firstfirst"), (second, "secondsecond")] {
        let stdout = stage.taken().stdout;
        assert!(
            stdout == expected.as_bytes(),
            "expected {expected:?} as stdout, came {}",
            spell(&stdout)
        );
    }
}

/// Thousands of calls, answered and refused, leave nothing behind in the host.
#[wasm_bindgen_test]
fn thousands_of_calls_leave_the_host_flat() {
    const ROUNDS: u32 = 300;
    let long = "é".repeat(500);
    let stage = stage(&["program", &long], &[("NAME", &long)]);
    let many = [
        Call::RandomGet {
            bytes: 4000,
            len: 1000,
        },
        Call::FdWrite {
            fd: 1,
            list: 256,
            count: 1,
            written: 64,
        },
    ];
    let round = || {
        for reach in REACHES {
            for at in [4000, u32::MAX] {
                let call = (reach.call)(&stage, at);
                let _ = stage.shim.call(call);
            }
        }
        stage.set(256, &entries(&[(4000, 1000)]));
        for call in many {
            let _ = stage.shim.call(call);
        }
        stage.forget();
    };
    let measured = outcome(|| {
        (0..100).for_each(|_| round());
        // No free room is left in which a leak could hide.
        let full = memory_size(0);
        let mut _room = Vec::new();
        while memory_size(0) == full {
            _room.push(black_box(Vec::<u8>::with_capacity(4096)));
        }
        let before = (memory_size(0), externref_heap_live_count());
        (0..ROUNDS).for_each(|_| round());
        (
            memory_size(0) - before.0,
            externref_heap_live_count().saturating_sub(before.1),
        )
    });
    let calls = ROUNDS as usize * (2 * REACHES.len() + many.len());
    let Some((grown, values)) = measured else {
        panic!(
            "{calls} calls, half of them with a bad address: a panic or an exception flew through the guest"
        );
    };
    assert!(
        values == 0,
        "{values} values of JavaScript's are left in wasm-bindgen's table after {calls} calls. As long as Rust holds a value, the \
         garbage collector must keep it."
    );
    assert!(
        grown <= 1,
        "the host's own memory grew by {grown} pages of 64 KiB over {calls} calls of 1,000 bytes or less. Memory that is never freed \
         is a leak, and linear memory never shrinks."
    );
}
