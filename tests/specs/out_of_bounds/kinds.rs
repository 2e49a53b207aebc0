//! How a request ended

use super::SIZE;
use super::expect::{ended, peek, poke, refuses_load, refuses_store, run, spell_value, tell};
use super::guest::*;
use super::stage::{Host, stage};
use super::translated::Translated;
use contract::Fault;
use js_sys::{
    Error, JsString, RangeError, Symbol,
    WebAssembly::{Exception, RuntimeError},
};
use wasm_bindgen::prelude::*;
use wasm_bindgen_test::*;

/// A trap is a trap, whatever the engine says of it: also one at an address that the guest made for itself.
#[wasm_bindgen_test]
fn a_trap_is_a_trap() {
    let stage = stage();
    for (task, why) in TRAPS {
        let what = format!(
            "the guest ran `{}`, and trapped because {why}. The engine throws a WebAssembly.RuntimeError for each trap; \
             of the address nothing is known to the host",
            task.0
        );
        ended(run(&stage, task), &Fault::Trapped, &what);
    }
}

/// A trap at an address inside the memory is not out of bounds, whatever the engine says of it.
#[wasm_bindgen_test]
fn a_trap_inside_the_memory_is_not_out_of_bounds() {
    let stage = stage();
    for addr in [0, 1, 99, SIZE - 4] {
        let what = format!(
            "`load32_by_table` at {addr}: the 4 bytes lie in the memory, and the guest trapped because it called what its \
             table does not have. Chromium's words are \"null function\" or \"table index is out of bounds\"; Firefox says \
             \"index out of bounds\", word for word what it says of a memory"
        );
        ended(peek(&stage, LOAD32_BY_TABLE, addr), &Fault::Trapped, &what);
    }
    ended(
        poke(&stage, STORE64, 8, 0)
            .map(|_| peek(&stage, LOAD32_BY_RATIO, 8))
            .unwrap(),
        &Fault::Trapped,
        "`load32_by_ratio` at 8: the 4 bytes lie in the memory, and the guest trapped because it divided by zero",
    );
}

/// Calls that go too deep are no trap: what is thrown has another type, and not the same in each engine.
#[wasm_bindgen_test]
fn an_exhausted_stack_is_no_trap() {
    let stage = stage();
    let why = "the guest's calls went too deep. Chromium and WebKit throw a RangeError then, Firefox an \
               InternalError, and their words differ too";
    for _ in 0..3 {
        ended(run(&stage, RECURSE), &Fault::StackExhausted, why);
    }
    let deep = peek(&stage, LOAD32_BY_RECURSION, 0);
    ended(deep, &Fault::StackExhausted, why);
}

/// An engine that says it in other words changes nothing: it may be a new version, or speak another language.
#[wasm_bindgen_test]
fn other_words_change_nothing() {
    let stage = stage();
    let _words = Translated::begin("Das ging schief");
    for (task, why) in TRAPS {
        let what = format!(
            "the guest trapped because {why}. The engine's error is a WebAssembly.RuntimeError as ever, with the text \
             \"Das ging schief\""
        );
        ended(run(&stage, task), &Fault::Trapped, &what);
    }
    let what = "the guest's calls went too deep. The engine's error has its type as ever, and the text \"Das ging schief\"";
    ended(run(&stage, RECURSE), &Fault::StackExhausted, what);
    // Only Firefox has this class. In Chromium `match-the-message` is to pass: that is what it teaches.
    if js_sys::Reflect::has(&js_sys::global(), &"InternalError".into()) == Ok(true) {
        let why =
            "the engine says \"Das ging schief\" of it, and the numbers say what they always say";
        refuses_load(&stage, LOAD8, SIZE, why);
        refuses_store(&stage, STORE64, SIZE, why);
    }
}

/// What a host function throws is handed on as it is: it may be any value, and say anything.
#[wasm_bindgen_test]
fn what_the_host_throws_is_handed_on() {
    let stage = stage();
    let values: [JsValue; 10] = [
        Error::new("memory access out of bounds").into(),
        Error::new("index out of bounds").into(),
        Error::new("Out of bounds memory access (evaluating 'load(addr)')").into(),
        Error::new("a polite refusal").into(),
        RangeError::new("Maximum call stack size exceeded").into(),
        RuntimeError::new("index out of bounds").into(),
        JsString::from("out of bounds").into(),
        JsValue::UNDEFINED,
        JsValue::NULL,
        f64::NAN.into(),
    ];
    for value in values.into_iter().chain([Symbol::iterator().into()]) {
        stage.host(Host::Throws(value.clone()));
        let what = format!(
            "the host function threw {} through the guest. `host_threw` knows that it was this very value; neither \
             its text nor its type says who threw it",
            spell_value(&value),
        );
        let expected = Fault::Thrown(value);
        ended(run(&stage, CALL_HOST), &expected, &what);
        ended(poke(&stage, STORE32_BY_HOST, 0, 1), &expected, &what);
    }
    stage.host(Host::Returns);
    let after = "the host function threw, earlier; now the guest itself divides by zero";
    ended(run(&stage, TRAPS[0].0), &Fault::Trapped, after);
}

/// What the guest itself throws is handed on as well: an exception of WebAssembly is no trap.
#[wasm_bindgen_test]
fn what_the_guest_throws_is_handed_on() {
    let answer = run(&stage(), THROW);
    let is_right = match &answer {
        Some(Err(Fault::Thrown(value))) => value.is_instance_of::<Exception>(),
        _ => false,
    };
    assert!(
        is_right,
        "the guest threw an exception of its own, with `throw`. Expected Err(Thrown) with a WebAssembly.Exception, \
         came {}.",
        tell(&answer),
    );
}
