//! The engine has no say

use contract::Proposal;
use js_sys::{Boolean, Function, Reflect};
use wasm_bindgen::prelude::*;
use wasm_bindgen_test::*;

use super::expect::{
    ROOM, allowing, expect_needs, forbidden, list, mvp_and, needs_of, passes, proposal,
};
use super::samples::{PLAIN, SAMPLES, SEVERAL, Sample};
use crate::zone::inspect;

/// What one engine of three does not take, in November 2026.
const DISPUTED: [&str; 3] = ["memory64", "multi-memory", "relaxed-simd"];

fn sample(name: &str) -> &'static Sample {
    SAMPLES.iter().find(|sample| sample.name == name).unwrap()
}

/// A policy may allow what the reader's browser does not know: who judges is perhaps not who runs it. Memories of 64 bits, several
/// memories and relaxed SIMD are such, in one engine of three.
#[wasm_bindgen_test]
fn what_is_allowed_passes_in_every_engine() {
    for name in DISPUTED {
        let sample = sample(name);
        expect_needs(sample.bytes, sample, &format!("a module that needs {name}"));
        let names: Vec<&str> = sample.needs.iter().map(|(name, _)| *name).collect();
        let why = format!("The policy allows {name}. An engine may know it or not.");
        passes(sample.bytes, &allowing(mvp_and(&names)), &why);
    }
}

/// And what is not allowed is refused, with its name, also where the engine would run it.
#[wasm_bindgen_test]
fn what_is_not_allowed_is_refused_in_every_engine() {
    for name in DISPUTED {
        let sample = sample(name);
        let offset = sample.needs.last().unwrap().1;
        let policy = allowing(proposal(name).off(Proposal::everything()));
        let why = format!("The policy allows all but {name}. An engine may know it or not.");
        forbidden(sample.bytes, &policy, (name, offset), &why);
    }
}

/// The same bytes get the same answer, also in an engine that takes everything, and in one that takes nothing. Such engines are
/// played here: `WebAssembly.validate`, `compile` and `Module` are replaced for a moment.
#[wasm_bindgen_test]
fn an_engine_that_says_otherwise_changes_nothing() {
    let broken = super::make::functions(&[&[0x6a]]);
    for takes in [true, false] {
        let (valid, invalid) = played(takes, || {
            let needs = |sample: &Sample| inspect(sample.bytes, ROOM).map(|report| report.needs);
            (
                [
                    &PLAIN,
                    &SEVERAL,
                    sample("memory64"),
                    sample("custom-page-sizes"),
                ]
                .map(|sample| (sample.name, needs(sample), needs_of(sample))),
                inspect(&broken, ROOM).map(|report| report.needs),
            )
        });
        let engine = if takes { "everything" } else { "nothing" };
        for (name, came, expected) in valid {
            assert!(
                came.as_ref() == Ok(&expected),
                "an engine that takes {engine}: the module {name:?} needs {}, as before, and `inspect` answered {came:?}.",
                list(&expected),
            );
        }
        assert!(
            invalid.is_err(),
            "an engine that takes {engine}: a function that adds what is not there is no valid code, as before, and \
             `inspect` answered {invalid:?}."
        );
    }
}

/// What the work comes to while the engine answers like this. The engine's own functions are back before anything is judged.
fn played<T>(takes: bool, work: impl FnOnce() -> T) -> T {
    let global = js_sys::global();
    let engine = Reflect::get(&global, &"WebAssembly".into()).unwrap();
    let validate = Function::new_no_args(if takes { "return true" } else { "return false" });
    let answer = Function::new_no_args(if takes {
        "return {}"
    } else {
        "throw new WebAssembly.CompileError('no')"
    });
    let compile = Function::new_no_args(if takes {
        "return Promise.resolve({})"
    } else {
        "return Promise.reject(new WebAssembly.CompileError('no'))"
    });
    let names = ["validate", "Module", "compile"].map(JsValue::from);
    let before = [0, 1, 2].map(|index: usize| Reflect::get(&engine, &names[index]).unwrap());
    for (name, other) in names.iter().zip([&validate, &answer, &compile]) {
        Reflect::set(&engine, name, other).unwrap();
    }
    // From JavaScript, so that a panic comes back as an exception, and the engine gets its own back all the same.
    let (mut came, mut work) = (None, Some(work));
    let mut run = || came = work.take().map(|work| work());
    let run = ScopedClosure::<dyn FnMut()>::borrow_mut(&mut run);
    let call: &Function = run.as_ref().unchecked_ref();
    let ended = call.call0(&JsValue::UNDEFINED);
    drop(run);
    for (name, own) in names.iter().zip(&before) {
        let back: Result<bool, JsValue> = Reflect::set(&engine, name, own);
        assert!(
            Boolean::from(back.unwrap()).value_of(),
            "the spec cannot give the engine its own back"
        );
    }
    came.unwrap_or_else(|| {
        panic!("the gate panicked while the engine answered like this: {ended:?}")
    })
}
