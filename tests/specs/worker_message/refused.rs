//! What cannot be sent

use super::{
    client,
    stage::{
        ECHO, Workers, a_function, asked, get, instance_of, list, object, refused, set,
        side_by_side, sleep, told,
    },
};
use crate::zone::Client;
use contract::CallError;
use js_sys::{Array, Function, Map, Object, Promise, Proxy, Reflect, Set, Symbol, WeakMap};
use wasm_bindgen::prelude::*;
use wasm_bindgen_test::*;

/// Each value must be refused by this path.
async fn refused_at<const N: usize>(cases: [(&str, JsValue, &str); N]) {
    let client = client(ECHO);
    for (what, value, place) in cases {
        is_refused(&client, what, &value, place).await;
    }
}

async fn is_refused(client: &Client, what: &str, value: &JsValue, place: &str) {
    match refused(what, client, value, &Array::new()).await {
        CallError::NotCloneable { path } => assert!(
            path == place,
            "{what}: the call ended with NotCloneable, and sends its reader to `{path}`; it is at `{place}`"
        ),
        other => panic!(
            "{what}: it is at `{place}` and cannot be cloned, so the call ends with NotCloneable; it ended with \
             {other:?}"
        ),
    }
}

/// A function cannot be sent. The call ends at once with `NotCloneable`, and its path says where the
/// function is.
#[wasm_bindgen_test]
async fn a_function_is_named_by_its_path() {
    let function = a_function();
    let closure = Closure::<dyn Fn()>::new(|| ());
    let map = Map::new();
    map.set(&"first".into(), &1.into());
    map.set(&"second".into(), &object([("then", function.clone())]));
    let keyed = Map::new();
    keyed.set(&function, &1.into());
    let date = js_sys::Date::new(&0.into());
    set(&date, "then", &function);
    let set = Set::new(&list([1.into(), 2.into(), function.clone()]));
    let odd = object([("on click", function.clone())]);
    let steps = list([object([]), object([("done", function.clone())])]);
    let beside = object([("date", date.into()), ("end", function.clone())]);
    refused_at([
        ("a function", function.clone(), "value"),
        (
            "a Rust closure in an object",
            object([("on_end", closure.as_ref().clone())]),
            "value.on_end",
        ),
        (
            "a function in an object in an array in an object",
            object([("name", "x".into()), ("steps", steps.into())]),
            "value.steps[1].done",
        ),
        (
            "a function under a name with a space",
            odd,
            r#"value["on click"]"#,
        ),
        (
            "a function in an entry of a Map",
            object([("by_name", map.into())]),
            "value.by_name.values()[1].then",
        ),
        (
            "a function as the key of a Map",
            keyed.into(),
            "value.keys()[0]",
        ),
        (
            "a function in a Set",
            list([set.into()]).into(),
            "value[0].values()[2]",
        ),
        (
            "a function behind a Date, whose own properties stay here",
            beside,
            "value.end",
        ),
    ])
    .await;
}

/// A symbol, a `Promise`, a `WeakMap` and a `Proxy` cannot be sent, wherever they are, nor can a buffer that
/// has moved away.
#[wasm_bindgen_test]
async fn symbols_promises_weak_maps_and_proxies_are_named() {
    let promise: JsValue = Promise::resolve(&JsValue::from(1)).into();
    let tagged = Promise::resolve(&JsValue::from(1));
    set(&tagged, "tag", &1.into());
    let proxy = Proxy::new(&object([("a", 1.into())]), &Object::new());
    let gone = js_sys::ArrayBuffer::new(8);
    let options = object([("transfer", Array::of1(&gone).into())]);
    let clone: Function = get(&js_sys::global(), "structuredClone").unchecked_into();
    clone.call2(&JsValue::UNDEFINED, &gone, &options).unwrap();
    refused_at([
        ("a symbol", Symbol::for_("s").into(), "value"),
        (
            "a symbol in an array",
            list([1.into(), Symbol::for_("s").into()]).into(),
            "value[1]",
        ),
        (
            "a Promise that nobody awaited",
            object([("answer", promise)]),
            "value.answer",
        ),
        (
            "a Promise with a property",
            object([("answer", tagged.into())]),
            "value.answer",
        ),
        (
            "a WeakMap",
            object([("cache", WeakMap::new().into())]),
            "value.cache",
        ),
        (
            "a Proxy",
            list([object([]), proxy.into()]).into(),
            "value[1]",
        ),
        (
            "a buffer that is detached",
            object([("pixels", gone.into())]),
            "value.pixels",
        ),
    ])
    .await;
}

/// An instance that keeps a closure in a property cannot be sent: the class stays here, but its own
/// properties travel, and one of them is a function. So it is with a getter that throws.
#[wasm_bindgen_test]
async fn an_instance_that_holds_a_closure_is_named() {
    let class = object([("area", a_function())]);
    let instance = instance_of(&class);
    set(&instance, "width", &3.into());
    set(&instance, "on_resize", &a_function());
    let throws = Closure::<dyn Fn() -> Result<JsValue, JsValue>>::new(|| Err("not yet".into()));
    let descriptor = object([
        ("get", throws.as_ref().clone()),
        ("enumerable", true.into()),
    ]);
    let lazy = Object::new();
    Reflect::define_property(&lazy, &"size".into(), descriptor.unchecked_ref()).unwrap();
    refused_at([
        (
            "an instance with a closure of its own",
            object([("box", instance)]),
            "value.box.on_resize",
        ),
        (
            "a getter that throws",
            object([("file", lazy.into())]),
            "value.file.size",
        ),
    ])
    .await;
}

/// A function is found behind cycles, behind objects that are reached on a billion ways, and behind
/// thousands of values that are fine.
#[wasm_bindgen_test]
async fn a_function_is_found_behind_cycles() {
    let root = object([]);
    let child = object([("parent", root.clone()), ("root", root.clone())]);
    set(&root, "self", &root);
    set(&root, "child", &child);
    set(&root, "last", &list([child, a_function()]));
    let ladder = (0..30).fold(object([]), |below, _| {
        object([("a", below.clone()), ("b", below)])
    });
    let many: Array = (0..5_000).map(|n| object([("n", n.into())])).collect();
    many.push(&object([("n", a_function())]));
    refused_at([
        (
            "a function behind 5,000 objects",
            many.into(),
            "value[5000].n",
        ),
        ("a function behind a cycle", root, "value.last[1]"),
        (
            "a function behind an object with 2^30 paths to its end",
            list([ladder, a_function()]).into(),
            "value[1]",
        ),
    ])
    .await;
}

/// A call that cannot be sent disturbs no other: those that wait get their answers, and so do those that
/// come after it.
#[wasm_bindgen_test]
async fn a_refused_call_disturbs_no_other() {
    let workers = Workers::watch();
    let client = client("(value) => new Promise((done) => setTimeout(done, 50, value))");
    let (text, bad) = (JsValue::from("before"), object([("f", a_function())]));
    let none = Array::new();
    let up = asked("a worker that starts", &client, &1.into(), &none).await;
    assert!(up == Ok(1.into()), "an echo of 1 came to {up:?}");
    let mut outcomes = side_by_side(
        vec![
            Box::pin(client.call(&text, &none)),
            Box::pin(client.call(&bad, &none)),
        ],
        sleep(3_000),
    )
    .await;
    let (middle, before) = (outcomes.pop().unwrap(), outcomes.pop().unwrap());
    assert!(
        matches!(middle, Some(Err(CallError::NotCloneable { .. }))),
        "of two calls side by side the second held a function, and came to {}",
        told(&middle)
    );
    assert!(
        before == Some(Ok(text)),
        "a call waited while another was refused, and came to {}",
        told(&before)
    );
    let after = asked(
        "a call after one that was refused",
        &client,
        &9.into(),
        &none,
    )
    .await;
    assert!(
        after == Ok(9.into()),
        "the call after one that was refused came to {after:?}, not to its answer"
    );
    assert!(
        workers.started() == 1,
        "nothing was wrong with the worker, and yet {} were started",
        workers.started(),
    );
}

/// A handler that throws, and one whose answer cannot be cloned, refuse this one call with words. The
/// worker goes on.
#[wasm_bindgen_test]
async fn a_handler_that_throws_refuses_one_call() {
    let workers = Workers::watch();
    let client = client(
        r#"async (value) => {
          if (value === "throw") throw new RangeError("too much");
          return value === "function" ? { f() {} } : value;
        }"#,
    );
    for (value, words) in [("throw", "too much"), ("function", "")] {
        let outcome = asked(value, &client, &value.into(), &Array::new()).await;
        assert!(
            matches!(&outcome, Err(CallError::Refused(said)) if said.contains(words)),
            "the handler was told to {value:?} (its answer cannot be cloned, or it throws \"too much\"). The call \
             ends with Refused and the worker's words, and ended with {outcome:?}"
        );
    }
    let after = asked("the next call", &client, &5.into(), &Array::new()).await;
    assert!(
        after == Ok(5.into()) && workers.started() == 1,
        "a handler threw, which is an answer and no crash. The next call came to {after:?}, and {} workers were \
         started",
        workers.started(),
    );
}
