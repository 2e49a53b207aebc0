//! Nothing stands behind what is handed over

use contract::{Grant, Grants, Kind, Realm};
use js_sys::{Array, Function, Object, Reflect};
use wasm_bindgen::prelude::*;
use wasm_bindgen_test::*;

use super::document::sloppy;
use super::expect::{start, started};
use super::host::{Counter, Things, Watched, get, only, run};
use super::plugin::{asking, at_once, curious};
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
