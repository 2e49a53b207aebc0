//! What is granted works

use contract::{Grants, Kind, Realm};
use js_sys::{Object, Reflect, Uint8Array, WebAssembly::Memory, WebAssembly::Table};
use wasm_bindgen::prelude::*;
use wasm_bindgen_test::*;

use super::expect::{start, started};
use super::host::{Counter, Things, get, only, run};
use super::plugin::{MARK, asking, at_once};
use crate::zone::Gate;

/// A start function finds its grants, and has used them when `start` answers.
#[wasm_bindgen_test]
async fn a_start_function_has_its_grants() {
    let gate = Gate::new(Realm::page());
    let (note, tell) = (Counter::new(), Counter::new());
    let grants = only("env", "note", &note.grant()).and("other", "tell", tell.grant());
    // The same import may stand there twice.
    let wishes = [("env", "note"), ("other", "tell"), ("env", "note")];
    let plugin = at_once(&wishes.map(|(module, name)| (module, name, Kind::Function)));
    let instance = started(
        start(&gate, &plugin, &grants).await,
        "a plugin with a start function",
    );
    let calls = (note.take(), tell.take());
    assert!(
        calls == (2, 1),
        "a start function calls `note` twice and `tell` once, and they heard {} and {} calls.",
        calls.0,
        calls.1,
    );
    run(&instance).call0(&JsValue::UNDEFINED).unwrap();
    let calls = (note.take(), tell.take());
    assert!(
        calls == (2, 1),
        "the plugin's `run` calls `note` twice and `tell` once, and they heard {} and {} calls.",
        calls.0,
        calls.1,
    );
}

/// A memory, a table and a global are handed over themselves: what the plugin writes there, the host reads.
#[wasm_bindgen_test]
async fn a_memory_a_table_and_a_global_are_handed_over_themselves() {
    let gate = Gate::new(Realm::page());
    let things = Things::new();
    let grants = only("env", "memory", &things.memory)
        .and("env", "table", things.table.clone())
        .and("global", "global", things.global.clone());
    let wishes = [
        ("env", "memory", Kind::Memory),
        ("env", "table", Kind::Table),
        ("global", "global", Kind::Global),
    ];
    let answer = start(&gate, &at_once(&wishes), &grants).await;
    started(
        answer,
        "a plugin that asks for a memory, a table and a global",
    );
    let memory: &Memory = things.memory.value().unchecked_ref();
    let byte = Uint8Array::new(&memory.buffer()).get_index(0);
    let global = get(things.global.value(), "value");
    let table: &Table = things.table.value().unchecked_ref();
    let place = Reflect::get(table, &"get".into()).unwrap();
    let place = place
        .unchecked_ref::<js_sys::Function>()
        .call1(table, &0.into());
    assert!(
        i32::from(byte) == MARK && global == MARK && place.as_ref().is_ok_and(JsValue::is_null),
        "a plugin writes {MARK} at the start of its memory and into its global, and empties the first place of its table. \
         In the host's own there are {byte}, {global:?} and {place:?}."
    );
}

/// The names are any text: empty, in any script, and such as every object has. A grant under them is there.
#[wasm_bindgen_test]
async fn a_name_may_be_any_text() {
    let gate = Gate::new(Realm::page());
    let prototype = Object::get_prototype_of(&Object::new());
    let own = |prototype: &Object| Reflect::own_keys(prototype).unwrap().length();
    let before = own(&prototype);
    for (module, name) in [
        ("", ""),
        ("env", ""),
        ("", "note"),
        ("日本", "🦀"),
        ("env", "__proto__"),
        ("__proto__", "kata import gate"),
        ("__proto__", "__proto__"),
        ("constructor", "prototype"),
        ("constructor", "name"),
        ("toString", "length"),
        ("0", "1"),
        ("then", "then"),
    ] {
        let note = Counter::new();
        let wish = (module, name, Kind::Function);
        let answer = start(&gate, &at_once(&[wish]), &only(module, name, &note.grant())).await;
        let polluted = own(&prototype) != before;
        Reflect::delete_property(&prototype, &"kata import gate".into()).unwrap();
        assert!(
            !polluted,
            "a function was granted under {module:?} {name:?}, and now every object of the page has it: in an ordinary \
             object `__proto__` is `Object.prototype` itself, and what is written there is written everywhere."
        );
        started(
            answer,
            &format!("a plugin that asks for {module:?} {name:?}"),
        );
        let calls = note.take();
        assert!(
            calls == 1,
            "a function was granted under {module:?} {name:?}, and the plugin's start function called it {calls} times \
             instead of once."
        );
    }
    started(
        start(&gate, &asking(&[]), &Grants::none()).await,
        "a plugin that asks for nothing",
    );
}
