//! The fence stands where it stood

use contract::{Change, Level, Refused};
use js_sys::{Function, Reflect};
use wasm_bindgen::prelude::*;
use wasm_bindgen_test::*;
use web_sys::{Document, Element};

use super::{
    model::Tree,
    page::{Page, document, element, handle, scope, titles, tried, unmark, uses},
    random::Random,
};
use crate::zone::Scope;

/// How an element goes out, in words and in fact.
type Way<'a> = (&'a str, &'a dyn Fn(&Page, &Element));

/// Moving the mark to the whole page widens nothing, and taking it away ends nothing.
#[wasm_bindgen_test]
fn moving_the_mark_widens_nothing() {
    let page = Page::open();
    let scope = scope(Level::Write);
    let first = handle(&scope, "#first");
    let moves: [(&str, &dyn Fn()); 3] = [
        ("was moved to the element around the garden", &|| {
            page.mark(&page.around)
        }),
        ("was moved to an element beside the garden", &|| {
            page.mark(&page.titled("before"))
        }),
        ("was taken away", &unmark),
    ];
    for (what, act) in moves {
        act();
        let all = titles(&scope, "p");
        assert!(
            all == Ok(vec!["first".into(), "tail, :has(x)]".into()]),
            "after the scope was opened, the mark {what}. Then `p` finds {all:?}, in place of the two in the \
             garden. Whoever can set an attribute can move a mark: look it up once, and keep the element."
        );
        let text = scope.text(&first);
        assert!(
            text == Ok("One two".into()),
            "after a handle was given out, the mark {what}. Then its text is {text:?}: the element is inside \
             as before, for it is the element that was marked at the start that counts"
        );
    }
}

/// Each scope keeps the element that was marked when it was opened, also one within another's.
#[wasm_bindgen_test]
fn each_scope_keeps_its_own_element() {
    let page = Page::open();
    let whole = scope(Level::Read);
    page.mark(&page.titled("list"));
    let list = scope(Level::Read);
    page.mark(&page.titled("after"));
    let deep = vec!["deep".to_owned()];
    for (which, scope, beside) in [
        ("first", &whole, vec!["head".to_owned()]),
        ("second", &list, vec![]),
    ] {
        let answer = (titles(scope, "b"), titles(scope, "h2"));
        assert!(
            answer == (Ok(deep.clone()), Ok(beside)),
            "one scope was opened on the garden, a second one on the list in it, and then the mark went \
             elsewhere. For `b`, which is in the list, and `h2`, which is beside it, the {which} scope finds \
             {answer:?}."
        );
    }
}

/// Where the scope's element goes, the scope goes, also out of the document.
#[wasm_bindgen_test]
fn the_scope_goes_with_its_element() {
    let page = Page::open();
    let scope = scope(Level::Write);
    let first = handle(&scope, "#first");
    let away = element("aside");
    let moves: [(&str, &dyn Fn()); 2] = [
        ("was moved to another place in the page", &|| {
            page.titled("after").append_child(&page.garden).unwrap();
        }),
        ("was taken out of the document", &|| {
            away.append_child(&page.garden).unwrap();
        }),
    ];
    for (what, act) in moves {
        act();
        let answer = (scope.text(&first), titles(&scope, "h2"));
        assert!(
            answer == (Ok("One two".into()), Ok(vec!["head".into()])),
            "the garden {what}, with all that is in it. Then a handle's text and what `h2` finds are \
             {answer:?}. All of it is still in the element that was marked at the start."
        );
    }
}

/// An element that has left the scope is refused at its next use, wherever it went.
#[wasm_bindgen_test]
fn an_element_moved_out_is_refused() {
    let other = other_document();
    let ways: [Way; 7] = [
        ("to a place behind the garden", &|page, gone| {
            page.around.append_child(gone).unwrap();
        }),
        ("to an element beside the garden", &|page, gone| {
            page.titled("before").append_child(gone).unwrap();
        }),
        ("around the garden", &|page, gone| {
            page.around.append_child(gone).unwrap();
            gone.append_child(&page.garden).unwrap();
        }),
        ("into a copy of the garden, mark and all", &|page, gone| {
            let copy = page.garden.clone_node().unwrap();
            let first = page.around.first_child();
            page.around.insert_before(&copy, first.as_ref()).unwrap();
            copy.append_child(gone).unwrap();
        }),
        ("out of the document", &|_, gone| gone.remove()),
        ("into an element that is in no document", &|_, gone| {
            element("section").append_child(gone).unwrap();
        }),
        ("into another document", &|_, gone| {
            other
                .query_selector("body")
                .unwrap()
                .unwrap()
                .append_child(gone)
                .unwrap();
        }),
    ];
    for (where_to, go) in ways {
        let page = Page::open();
        let scope = scope(Level::Write);
        let list = handle(&scope, "ul");
        let deep = handle(&scope, "b");
        let gone = page.titled("list");
        go(&page, &gone);
        let before = (page.all(), gone.outer_html());
        for (what, handle) in [("an element", &list), ("what it contains", &deep)] {
            for (which, answer) in uses(&scope, handle) {
                assert!(
                    answer == Err(Refused::Outside),
                    "a plugin has a handle to {what} that was inside, and then the page moved the element \
                     {where_to}. `{which}` answered {answer:?}, not Err(Outside). A check when it was found says \
                     where it was then."
                );
            }
        }
        assert!(
            (page.all(), gone.outer_html()) == before,
            "an element was moved {where_to}; the plugin was refused, but has changed something outside"
        );
        let again = titles(&scope, "ul");
        assert!(
            again == Ok(vec![]),
            "the list of the garden was moved {where_to}, and then `ul` found {again:?}"
        );
    }
}

/// An element that was outside for a while serves again when it is back.
#[wasm_bindgen_test]
fn an_element_that_comes_back_serves_again() {
    let page = Page::open();
    let scope = scope(Level::Write);
    let first = handle(&scope, "#first");
    let node = page.titled("first");
    page.around.append_child(&node).unwrap();
    let outside = scope.text(&first);
    page.titled("list").append_child(&node).unwrap();
    let back = (
        scope.text(&first),
        scope.change(&first, Change::Text("new")),
    );
    assert!(
        outside == Err(Refused::Outside) && back == (Ok("One two".into()), Ok(())),
        "an element was moved out, used ({outside:?}), and moved to another place inside. Then reading and \
         changing it answered {back:?}. Pages move elements about, to sort a list for instance: what counts \
         is where the element is now."
    );
}

/// What the page has put into the scope since it was opened is found, and what it took out is not.
#[wasm_bindgen_test]
fn find_sees_the_page_as_it_is_now() {
    let page = Page::open();
    let scope = scope(Level::Read);
    let mut seen = vec![titles(&scope, "p")];
    let new = element("p");
    new.set_attribute("title", "new").unwrap();
    page.titled("list").append_child(&new).unwrap();
    seen.push(titles(&scope, "p"));
    page.titled("first").remove();
    seen.push(titles(&scope, "p"));
    new.set_attribute("title", "renamed").unwrap();
    page.garden.append_child(&new).unwrap();
    seen.push(titles(&scope, "p"));
    let expected: [&[&str]; 4] = [
        &["first", "tail, :has(x)]"],
        &["first", "new", "tail, :has(x)]"],
        &["new", "tail, :has(x)]"],
        &["tail, :has(x)]", "renamed"],
    ];
    let right = seen
        .iter()
        .zip(expected)
        .all(|(seen, expected)| seen.as_ref().is_ok_and(|seen| seen == expected));
    assert!(
        right,
        "the page put a paragraph into the garden, took another one out, and moved the new one. At the start \
         and after each step `p` found {seen:?}, not {expected:?}."
    );
}

/// Where nothing is marked, there is no scope: not the whole page, and not a form.
#[wasm_bindgen_test]
fn without_a_mark_there_is_no_scope() {
    let page = Page::open();
    unmark();
    let none = Scope::open(Level::Read).err();
    let form = element("form");
    page.around.append_child(&form).unwrap();
    page.mark(&form);
    let of_form = Scope::open(Level::Read).err();
    let no_scope = Some(Refused::NoScope);
    assert!(
        (none, of_form) == (no_scope, no_scope),
        "nothing was marked, and `open` answered {none:?}; then a form was, which `marked` passes over, and it \
         answered {of_form:?}. `None` means opened: what did it open?"
    );
}

/// A form's fields, which hide the form's own properties, cannot fake a way to the garden.
#[wasm_bindgen_test]
fn a_form_cannot_fake_a_way_inside() {
    let page = Page::open();
    let scope = scope(Level::Write);
    let first = handle(&scope, "#first");
    // A field belongs to the form that it names, wherever it is. So this form's `parentNode` is in the garden.
    let form = element("form");
    form.set_id("liar");
    page.around.append_child(&form).unwrap();
    for name in [
        "parentNode",
        "parentElement",
        "contains",
        "closest",
        "getRootNode",
        "isConnected",
    ] {
        let field = element("input");
        field.set_attribute("name", name).unwrap();
        field.set_attribute("form", "liar").unwrap();
        page.titled("list").append_child(&field).unwrap();
    }
    let parent: Element = Reflect::get(&form, &"parentNode".into())
        .unwrap()
        .unchecked_into();
    assert!(
        parent.local_name() == "input",
        "could not be judged here: in this engine a form has a field named `parentNode`, and its parent is {} all the \
         same",
        parent.local_name()
    );
    form.append_child(&page.titled("first")).unwrap();
    let out = tried(|| scope.text(&first));
    assert!(
        out == Ok(Err(Refused::Outside)),
        "an element was moved into a form outside. The form has fields named `parentNode` and the like, and \
         those are in the garden. Its text was asked for, and the answer was {out:?}, not Outside. A \
         form's field hides the property of that name: whoever climbs from parent to parent comes to \
         the field. `root.contains(node)` asks no form."
    );
    page.titled("list").append_child(&form).unwrap();
    let inside = tried(|| scope.text(&first));
    assert!(
        inside == Ok(Ok("One two".into())),
        "a form, with fields named `parentNode` and the like, stands in the garden, and in it an element of \
         which a plugin has a handle. Its text was asked for, and the answer was {inside:?}."
    );
}

/// Random moves, marks and uses: no handle ever reaches an element outside, and each serves one inside.
#[wasm_bindgen_test]
fn no_handle_ever_reaches_outside() {
    for seed in 1..=16 {
        let mut random = Random::new(seed);
        let mut tree = Tree::grow(&mut random, 24);
        let scope = scope(Level::Write);
        let mut held = Vec::new();
        for step in 0..90 {
            let what = match random.below(10) {
                0 => tree.find_some(&scope, &mut random, &mut held),
                1 => tree.move_the_mark(&mut random),
                2..=4 => tree.move_some(&mut random),
                _ => tree.use_some(&scope, &mut random, &held),
            };
            if let Err(words) = what {
                panic!("seed {seed}, step {step}: {words}");
            }
        }
        let changed = tree.difference();
        assert!(
            changed.is_none(),
            "seed {seed}: when all was done, {} was not as the page and the plugin had left it",
            changed.unwrap_or_default()
        );
    }
}

/// A document that is shown nowhere.
fn other_document() -> Document {
    let maker = Reflect::get(&document(), &"implementation".into()).unwrap();
    let make: Function = Reflect::get(&maker, &"createHTMLDocument".into())
        .unwrap()
        .unchecked_into();
    make.call0(&maker).unwrap().unchecked_into()
}
