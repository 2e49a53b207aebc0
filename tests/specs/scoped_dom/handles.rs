//! A handle leads nowhere

use contract::{Level, Refused};
use js_sys::{Array, Function, Object, Proxy, Reflect, Set, Symbol};
use wasm_bindgen::{externref_heap_live_count, prelude::*};
use wasm_bindgen_test::*;

use super::{
    page::{Page, element, found, handle, scope, title, tried, uses},
    reach,
};

/// Whoever has a handle has no node: no property, own or inherited, leads to one, and no call of one.
#[wasm_bindgen_test]
fn a_handle_leads_to_no_node() {
    let page = Page::open();
    for title in ["head", "first", "list", "li a"] {
        // As frameworks do: what they know of an element hangs on its node.
        let node = page.titled(title);
        Reflect::set(&node, &"__component".into(), &page.around).unwrap();
    }
    let scope = scope(Level::Read);
    for handle in found(&scope, "*") {
        match reach::node(&handle) {
            None => {}
            Some((way, node)) if way == reach::HANDLE => panic!(
                "the handle is {node} itself. From there `.parentElement` leads over the fence, \
                 `.ownerDocument` to all of the page and `.ownerDocument.defaultView` to the window: who \
                 has one node has them all."
            ),
            Some((way, node)) => panic!(
                "a plugin that follows its handle comes by `{way}` to {node}, and from there to the whole \
                 page. A property that cannot be listed or whose key is a symbol is found all the same: \
                 `Reflect.ownKeys` tells. And whoever finds a function can call it."
            ),
        }
    }
}

/// What the scope has not given out is no handle: neither a node, nor a number, nor a copy of a handle.
#[wasm_bindgen_test]
fn what_is_no_handle_is_refused() {
    let page = Page::open();
    let scope = scope(Level::Write);
    let given = handle(&scope, "#first");
    let mut strangers: Vec<(&str, JsValue)> = vec![
        (
            "the node of an element outside",
            page.titled("after").into(),
        ),
        ("the node of an element inside", page.titled("first").into()),
        ("the scope's own element", page.garden.clone().into()),
        ("the window", js_sys::global().into()),
        ("an empty object", Object::new().into()),
        ("`undefined`", JsValue::UNDEFINED),
        ("`null`", JsValue::NULL),
        ("the number 1000000", 1_000_000.into()),
        ("the number -1", (-1).into()),
        ("the number 0.5", 0.5.into()),
        ("NaN", f64::NAN.into()),
        ("2 to the 32nd", 4_294_967_296.0.into()),
        ("a text", "#first".into()),
        ("a symbol", Symbol::iterator().into()),
        ("an object that throws whatever is asked of it", thrower()),
    ];
    if given.is_object() {
        let given: &Object = given.unchecked_ref();
        let copy = Object::assign(&Object::new(), given);
        let twin: Object = Object::create(&Object::get_prototype_of(given));
        let properties = Object::get_own_property_descriptors(given);
        Object::define_properties(&twin, properties.unchecked_ref());
        strangers.extend([
            ("a copy of a handle", copy.into()),
            ("a list with a handle", Array::of1(given).into()),
            (
                "an heir of a handle",
                Object::<JsValue>::create(given).into(),
            ),
            (
                "a proxy of a handle",
                Proxy::new(given, &Object::new()).into(),
            ),
            (
                "an object with a handle's prototype and properties",
                twin.into(),
            ),
        ]);
    }
    let before = page.all();
    for (what, stranger) in strangers {
        let answers = tried(|| uses(&scope, &stranger));
        let expected = ["text", "attribute", "change"].map(|which| (which, Err(Refused::Unknown)));
        assert!(
            answers == Ok(expected),
            "{what} is no handle of this scope, but it was used as one, and the answers were {answers:?}, not \
             Err(Unknown) each time. A scope goes by what it has given out itself, and not by what it is told."
        );
    }
    assert!(
        page.all() == before,
        "a value that is no handle was refused, and something has changed all the same"
    );
}

/// A handle of one scope opens nothing in another.
#[wasm_bindgen_test]
fn a_handle_serves_its_own_scope_only() {
    let page = Page::open();
    let one = scope(Level::Write);
    let (theirs, shared) = (found(&one, "*").pop().unwrap(), handle(&one, "b"));
    page.mark(&page.titled("list"));
    let other = scope(Level::Write);
    let before = page.all();
    for (which, answer) in uses(&other, &shared) {
        assert!(
            answer == Err(Refused::Unknown),
            "`{which}` of a scope that has given out no handle yet answered {answer:?}, not Err(Unknown), to \
             the handle of another scope. A plugin must find for itself what it wants to use."
        );
    }
    let own = found(&other, "*").remove(0);
    for (which, answer) in uses(&other, &theirs) {
        assert!(
            matches!(answer, Err(Refused::Unknown | Refused::Outside)),
            "`{which}` of one scope answered {answer:?} to a handle that another scope had given out, for \
             an element that is outside of this one"
        );
    }
    assert!(
        page.all() == before && other.text(&own).is_ok(),
        "a handle of another scope was refused, but something has changed by that"
    );
}

/// To open a scope, to find and to read leaves no trace in the page.
#[wasm_bindgen_test]
fn looking_leaves_no_trace_in_the_page() {
    let page = Page::open();
    let (before, properties) = (page.all(), properties(&page));
    let scope = scope(Level::Write);
    for handle in found(&scope, "*") {
        let read = (scope.text(&handle), scope.attribute(&handle, "title"));
        assert!(
            read.0.is_ok() && read.1.is_ok(),
            "an element that was found a moment ago answered {read:?}"
        );
    }
    let after = page.all();
    assert!(
        after == before,
        "a plugin found all elements of the garden and read them, and now the page is another one: {after}. \
         What is noted in an element can be read, copied and removed there by everybody."
    );
    let more = self::properties(&page)
        .into_iter()
        .find(|node| !properties.contains(node));
    assert!(
        more.is_none(),
        "a plugin found all elements of the garden and read them, and now a node has other properties than before \
         (its title, and what it has): {more:?}. What is noted at a node can be read, copied and removed there by \
         everybody."
    );
}

/// The title of each element of the page, and the properties that its node has for itself.
fn properties(page: &Page) -> Vec<(String, Vec<JsValue>)> {
    let all = page.around.query_selector_all("*").unwrap();
    let inside = (0..all.length()).map(|index| all.get(index).unwrap().unchecked_into());
    std::iter::once(page.around.clone())
        .chain(inside)
        .map(|element| {
            (
                title(&element),
                Reflect::own_keys(&element).unwrap().to_vec(),
            )
        })
        .collect()
}

/// To find the same 300 elements again and again costs no memory, and all of them are found.
#[wasm_bindgen_test]
fn thousands_of_finds_leave_memory_flat() {
    const FINDS: usize = 200;
    const ELEMENTS: usize = 300;
    let page = Page::open();
    let list = page.titled("list");
    for _ in 0..ELEMENTS {
        list.append_child(&element("b")).unwrap();
    }
    let scope = scope(Level::Read);
    // An object can be collected when nobody has it any more. For a number or a text the scope must keep an entry
    // as long as it lives.
    let kept = Set::new(&JsValue::UNDEFINED);
    let find = || {
        let handles = found(&scope, "ul > b");
        for handle in &handles {
            if !handle.is_object() && !handle.is_function() && !handle.is_symbol() {
                kept.add(handle);
            }
        }
        handles.len()
    };
    let all = find();
    assert!(
        all == ELEMENTS,
        "a list has {ELEMENTS} elements of one kind, and {all} of them were found"
    );
    for _ in 0..5 {
        find();
    }
    let (pages, before) = (memory(), held());
    for _ in 0..FINDS {
        find();
    }
    let (grown, more) = (memory() - pages, held().saturating_sub(before));
    assert!(
        grown <= 1 && more <= ELEMENTS,
        "the same {ELEMENTS} elements were found {FINDS} times. Memory has grown by {grown} pages of 64 KiB, \
         and Rust holds {more} values of JavaScript's more than before. A plugin that looks in each frame \
         does this within seconds."
    );
    let kept = kept.size() as usize;
    assert!(
        kept <= 2 * ELEMENTS,
        "the same {ELEMENTS} elements were found {FINDS} times, and their handles are {kept} different numbers or texts. \
         Nobody can collect those, and each must serve as long as a plugin has it: the table behind them grows for \
         ever."
    );
}

/// A proxy that was revoked. Even `instanceof` throws.
fn thrower() -> JsValue {
    let pair = Proxy::revocable(&Object::new(), &Object::new());
    let get = |name: &str| Reflect::get(&pair, &name.into()).unwrap();
    let revoke: Function = get("revoke").unchecked_into();
    let _: JsValue = revoke.call0(&JsValue::UNDEFINED).unwrap();
    get("proxy")
}

/// The pages of linear memory.
fn memory() -> usize {
    core::arch::wasm32::memory_size::<0>()
}

/// The values of JavaScript's that Rust holds.
fn held() -> usize {
    externref_heap_live_count() as usize
}
