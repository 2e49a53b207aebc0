//! A granted function is a call and nothing more

use contract::{Grant, Kind, Realm};
use js_sys::{Array, Function, Object, Reflect};
use wasm_bindgen::prelude::*;
use wasm_bindgen_test::*;

use super::document::sloppy;
use super::expect::{start, started};
use super::host::{Counter, Things, Watched, error, get, only, run};
use super::plugin::{asking, curious, of_every_type};
use super::way_out::way_out;
use crate::zone::Gate;

/// From what a plugin is handed, no property and no prototype leads to `globalThis`, or to `Function`, which leads there.
#[wasm_bindgen_test]
async fn nothing_that_is_handed_over_leads_to_the_page() {
    let watched = Watched::new();
    let gate = Gate::new(watched.realm.clone());
    let (things, note) = (Things::new(), Counter::new());
    let grants = only("env", "note", &note.grant())
        .and("env", "function", things.function.clone())
        .and("env", "memory", things.memory.clone())
        .and("other", "table", things.table.clone());
    let wishes = [
        ("env", "note", Kind::Function),
        ("env", "function", Kind::Function),
        ("env", "memory", Kind::Memory),
        ("other", "table", Kind::Table),
    ];
    let plugin = asking(&wishes);
    started(
        start(&gate, &plugin, &grants).await,
        "a plugin with four grants",
    );
    let handed = watched.take();
    assert!(
        handed.len() == 1,
        "a plugin with four grants was started, and {} objects of imports came through the gate's own realm.",
        handed.len(),
    );
    for imports in handed {
        for name in ["note", "function"] {
            let way = way_out(&get(&get(&imports, "env"), name), name);
            assert!(
                way.is_none(),
                "a granted function leads to the page: {}. Whoever holds the function as an object, a shim of the plugin \
                 or a realm that is foreign, can do all that the page can.",
                way.unwrap_or_default(),
            );
        }
        let way = way_out(&imports, "imports");
        assert!(
            way.is_none(),
            "what is handed over leads to the page: {}. An ordinary object has a prototype, and that has a \
             `constructor`.",
            way.unwrap_or_default(),
        );
    }
}

/// The `this` of a granted function leads nowhere: to a function of sloppy JavaScript none would be the whole page. And
/// nobody can use the function with `new`, which makes an object with a way back to it.
#[wasm_bindgen_test]
async fn the_this_of_a_granted_function_leads_nowhere() {
    let watched = Watched::new();
    let gate = Gate::new(watched.realm.clone());
    let grants = only("env", "each", &Grant::Function(sloppy().await));
    let instance = started(
        start(&gate, &curious(), &grants).await,
        "a plugin with one grant",
    );
    let this = run(&instance).call0(&JsValue::UNDEFINED).unwrap();
    let way = way_out(&this, "this");
    assert!(
        way.is_none(),
        "a plugin calls `function () {{ return this; }}`, and has: {}. WebAssembly calls without a `this`, and in \
         sloppy JavaScript none means `globalThis`.",
        way.unwrap_or_default(),
    );
    for imports in watched.take() {
        let handed: Function = get(&get(&imports, "env"), "each").unchecked_into();
        let way = Reflect::construct(&handed, &Array::new())
            .ok()
            .and_then(|made| way_out(&made, "made"));
        assert!(
            way.is_none(),
            "a granted function can be used with `new`, and what that makes leads to the page: {}. `bind` keeps a \
             constructor a constructor, but `Function.prototype.call` is none, bound or not.",
            way.unwrap_or_default(),
        );
    }
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
async fn the_host_s_own_function_stays_as_it_is() {
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
