//! Its own grants work, and no others

use contract::{Grant, Kind, Realm};
use js_sys::{
    Array, Function, Object, Reflect, Uint8Array, WebAssembly::Memory, WebAssembly::Table,
};
use wasm_bindgen::prelude::*;
use wasm_bindgen_test::*;

use super::expect::{refused, start, started};
use super::host::{Counter, Things, error, get, only, run};
use super::plugin::{MARK, asking, at_once, curious, of_every_type};
use crate::zone::Gate;

const WRITE: (&str, &str, Kind) = ("store", "write", Kind::Function);

/// What every object of JavaScript has, such as `constructor`, is no grant: an engine finds it through the prototype.
#[wasm_bindgen_test]
async fn what_every_object_has_is_not_granted() {
    let gate = Gate::new(Realm::page());
    let note = Counter::new();
    let grants = only("env", "note", &note.grant());
    for (module, name) in [
        ("env", "constructor"),
        ("env", "toString"),
        ("env", "hasOwnProperty"),
        ("env", "__defineGetter__"),
        ("env", "__lookupGetter__"),
        ("constructor", "constructor"),
        ("constructor", "assign"),
        ("constructor", "getPrototypeOf"),
        ("toString", "call"),
        ("__proto__", "constructor"),
        ("__proto__", "toString"),
    ] {
        let wishes = [
            ("env", "note", Kind::Function),
            (module, name, Kind::Function),
        ];
        let answer = start(&gate, &asking(&wishes), &grants).await;
        let why = format!(
            "Only \"env\" \"note\" is granted, and the plugin asks for {module:?} {name:?} as well. \
             In JavaScript `({{}}).constructor` is `Object`, and `({{}}).constructor.constructor` is `Function`, which \
             makes code of text: who looks up a foreign name in an ordinary object finds such things."
        );
        refused(answer, &[(wishes[1], None)], &why);
    }
}

/// Both names count, each for itself: a group grants none of its members, and joined names can be read in two ways.
#[wasm_bindgen_test]
async fn both_names_must_be_granted() {
    let gate = Gate::new(Realm::page());
    let note = Counter::new();
    let wished = |module, name| (module, name, Kind::Function);
    for (granted, wish) in [
        (("env", "note"), wished("env", "erase")),
        (("env", "note"), wished("store", "note")),
        (("env", "note"), wished("note", "env")),
        (("env", "note"), wished("Env", "Note")),
        (("env", "note"), wished("env", "note ")),
        (("env", "note"), wished("env", "")),
        (("env", "*"), wished("env", "note")),
        (("a.b", "c"), wished("a", "b.c")),
        (("a/b", "c"), wished("a", "b/c")),
        (("a:b", "c"), wished("a", "b:c")),
        (("a::b", "c"), wished("a", "b::c")),
        (("a\0b", "c"), wished("a", "b\0c")),
        (("ab", "c"), wished("a", "bc")),
    ] {
        // The plugin was there before, with more. That must not help it now.
        let before = only(wish.0, wish.1, &note.grant());
        start(&gate, &asking(&[wish]), &before).await.ok();
        let grants = only(granted.0, granted.1, &note.grant());
        let answer = start(&gate, &asking(&[wish]), &grants).await;
        let why = format!(
            "{granted:?} is granted, and the plugin asks for {:?}. That is not the same.",
            (wish.0, wish.1)
        );
        refused(answer, &[(wish, None)], &why);
    }
}

/// Two plugins have different things under the same name, the older one too, after the newer one has started.
#[wasm_bindgen_test]
async fn the_same_name_may_mean_two_things() {
    let gate = Gate::new(Realm::page());
    let counters = [Counter::new(), Counter::new(), Counter::new()];
    let mut instances = Vec::new();
    for counter in &counters {
        let grants = only("store", "write", &counter.grant());
        instances.push(started(
            start(&gate, &at_once(&[WRITE]), &grants).await,
            "a plugin",
        ));
    }
    for (index, instance) in instances.iter().enumerate() {
        run(instance).call0(&JsValue::UNDEFINED).unwrap();
        for (other, counter) in counters.iter().enumerate() {
            // Each was called once at its start.
            let calls = counter.take();
            let expected = u32::from(other == index) + u32::from(index == 0);
            assert!(
                calls == expected,
                "three plugins were each granted a `write` of its own. Plugin {index} called its own, and the one of \
                 plugin {other} has now been called {calls} times instead of {expected}."
            );
        }
    }
}

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

/// Arguments and results pass as they are, in number, type and identity, and so does what a function throws.
#[wasm_bindgen_test]
async fn a_granted_function_takes_answers_and_throws_as_before() {
    let gate = Gate::new(Realm::page());
    let object = Object::new();
    let sent = Array::of5(
        &(-7).into(),
        &js_sys::BigInt::from(i64::MIN).into(),
        &1.5.into(),
        &(-0.1).into(),
        &object,
    );
    let taken = Array::new();
    let each =
        Closure::<dyn Fn(JsValue, JsValue, JsValue, JsValue, JsValue, JsValue) -> Array>::new({
            let taken = taken.clone();
            move |a, b, c, d, e, f: JsValue| {
                let more = (!f.is_undefined()).then_some(f);
                for value in [a, b, c, d, e].into_iter().chain(more) {
                    taken.push(&value);
                }
                taken.slice(0, 5).reverse()
            }
        });
    let function: Function = each.as_ref().unchecked_ref::<Function>().clone();
    let grants = only("env", "each", &Grant::Function(function));
    let plugin = of_every_type();
    let instance = started(
        start(&gate, &plugin, &grants).await,
        "a plugin with one grant",
    );
    let answer = Reflect::apply(&run(&instance), &JsValue::UNDEFINED, &sent);
    let same = |one: &Array, other: &Array| {
        one.length() == other.length()
            && (one.iter().zip(other.iter())).all(|(one, other)| Object::is(&one, &other))
    };
    assert!(
        same(&taken, &sent),
        "a plugin calls its grant with an i32, an i64, an f32, an f64 and a reference to an object: {sent:?}. The host's \
         function got {taken:?}."
    );
    let expected = sent.slice(0, 5).reverse();
    let came = answer
        .as_ref()
        .ok()
        .and_then(|answer| answer.dyn_ref::<Array>());
    assert!(
        came.is_some_and(|came| same(came, &expected)),
        "the host's function answers five values, {expected:?}, and the plugin got {answer:?}."
    );
    let thrown: JsValue = error("RuntimeError", "no");
    let throwing = Closure::<dyn Fn() -> Result<JsValue, JsValue>>::new({
        let thrown = thrown.clone();
        move || Err(thrown.clone())
    });
    let function: Function = throwing.as_ref().unchecked_ref::<Function>().clone();
    let grants = only("env", "each", &Grant::Function(function));
    let instance = started(
        start(&gate, &curious(), &grants).await,
        "a plugin with one grant",
    );
    let caught = run(&instance).call0(&JsValue::UNDEFINED);
    assert!(
        caught.as_ref().err() == Some(&thrown),
        "the host's function throws an error, and who called the plugin gets {caught:?} instead of that very error."
    );
}

/// The host's own function stays as it is: it is the host's, and others hold it, too.
#[wasm_bindgen_test]
async fn the_function_of_the_host_stays_as_it_is() {
    let gate = Gate::new(Realm::page());
    let note = Counter::new();
    let Grant::Function(function) = note.grant() else {
        unreachable!("a counter grants a function")
    };
    let keys = |function: &Function| Reflect::own_keys(function).unwrap().length();
    let before = (Object::get_prototype_of(&function), keys(&function));
    let wishes = [("env", "note", Kind::Function)];
    let grants = only("env", "note", &note.grant());
    started(
        start(&gate, &asking(&wishes), &grants).await,
        "a plugin with one grant",
    );
    let called = get(&function, "call").is_function();
    assert!(
        called && before == (Object::get_prototype_of(&function), keys(&function)),
        "after a plugin was granted it, the host's own function has another prototype or other properties. Cut off \
         what you hand over, and leave the host what it has."
    );
    assert!(
        Object::is_extensible(&function) && !Object::is_frozen(&function),
        "after a plugin was granted it, the host's own function is frozen. It is the host's, and it may still want to \
         write on it."
    );
}
