//! The page: a garden, the fence around it, and what is outside. Elements are known by
//! their titles.

use contract::{Change, Level, MARK, Refused};
use js_sys::{Array, Error};
use wasm_bindgen::prelude::*;
use web_sys::{Document, Element};

use crate::zone::Scope;

/// The title of the element around the garden. No plugin may get to know it.
pub const SECRET: &str = "k7qx";

const ID: &str = "page-of-the-spec";

const HTML: &str = r#"
<p class="note" title="before">In front of the garden</p>
<section class="garden" title="yard" data-wasm-scope>
  <h2 id="head" title="head">The garden</h2>
  <p class="note first" id="first" title="first">One <em class="x" title="em">two</em></p>
  <ul class="list" title="list">
    <li class="item" title="li a">Three</li>
    <li class="item last" lang="de" title="li b">Four <b title="deep">five</b></li>
  </ul>
  <p class="note" title="tail, :has(x)]">Six <a href="/seven" title="Größe">seven</a></p>
</section>
<p class="note" title="after">Behind the garden</p>"#;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_namespace = Reflect, js_name = apply, catch)]
    fn call_and_catch(f: &mut dyn FnMut(), this: &JsValue, args: &Array) -> Result<(), JsValue>;
}

/// Shown until dropped.
pub struct Page {
    /// What contains the garden: outside of it.
    pub around: Element,
    pub garden: Element,
}

impl Page {
    pub fn open() -> Self {
        let around = empty();
        around.set_class_name("page");
        around.set_attribute("title", SECRET).unwrap();
        around.set_inner_html(HTML);
        let garden = around.query_selector("section").unwrap().unwrap();
        Self { around, garden }
    }

    /// An element of the page, by its title.
    pub fn titled(&self, wanted: &str) -> Element {
        let all = self.around.query_selector_all("*").unwrap();
        (0..all.length())
            .map(|index| all.get(index).unwrap().unchecked_into::<Element>())
            .find(|element| title(element) == wanted)
            .unwrap_or_else(|| panic!("the page has nothing titled {wanted:?}"))
    }

    /// Puts the mark on another element, and only there.
    pub fn mark(&self, element: &Element) {
        unmark();
        element.set_attribute(MARK, "").unwrap();
    }

    /// All of the page as text: whoever changes something changes this.
    pub fn all(&self) -> String {
        self.around.outer_html()
    }
}

impl Drop for Page {
    fn drop(&mut self) {
        unmark();
        self.around.remove();
    }
}

/// An element's title: its name in this spec.
pub fn title(element: &Element) -> String {
    element.get_attribute("title").unwrap_or_default()
}

pub fn document() -> Document {
    web_sys::window().unwrap().document().unwrap()
}

/// A new element.
pub fn element(tag: &str) -> Element {
    document().create_element(tag).unwrap()
}

/// A new, empty `div` in the document's body, in place of what an earlier test has left behind.
pub fn empty() -> Element {
    unmark();
    if let Some(left) = document().get_element_by_id(ID) {
        left.remove();
    }
    let around = element("div");
    around.set_id(ID);
    let body = document().query_selector("body").unwrap().unwrap();
    body.append_child(&around).unwrap();
    around
}

/// Takes the mark off whatever has it.
pub fn unmark() {
    while let Some(marked) = document().query_selector(&format!("[{MARK}]")).unwrap() {
        marked.remove_attribute(MARK).unwrap();
    }
}

/// A scope of what is marked.
pub fn scope(level: Level) -> Scope {
    Scope::open(level).unwrap_or_else(|refused| {
        panic!("an element of the document is marked, but `open` answered {refused:?}")
    })
}

/// The handles for this selector, which is of the grammar.
pub fn found(scope: &Scope, selector: &str) -> Vec<JsValue> {
    scope.find(selector).unwrap_or_else(|refused| {
        panic!("`{selector}` is of the grammar, but `find` answered {refused:?}")
    })
}

/// The one handle for this selector.
pub fn handle(scope: &Scope, selector: &str) -> JsValue {
    let mut all = found(scope, selector);
    assert!(
        all.len() == 1,
        "`{selector}` means one element in the garden, but `find` answered {} handles",
        all.len()
    );
    all.remove(0)
}

/// What the scope finds, by the titles.
pub fn titles(scope: &Scope, selector: &str) -> Result<Vec<String>, Refused> {
    let handles = scope.find(selector)?;
    let title = |handle| Ok(scope.attribute(handle, "title")?.unwrap_or_default());
    handles.iter().map(title).collect()
}

/// What a scope says to each use of a handle: reading its text, reading an attribute, a change.
pub fn uses(scope: &Scope, handle: &JsValue) -> [(&'static str, Result<&'static str, Refused>); 3] {
    [
        ("text", scope.text(handle).map(|_| "done")),
        (
            "attribute",
            scope.attribute(handle, "title").map(|_| "done"),
        ),
        (
            "change",
            scope
                .change(handle, Change::Text("trampled"))
                .map(|()| "done"),
        ),
    ]
}

/// Calls `act`. What it throws is its answer: the engine's words.
pub fn tried<T>(mut act: impl FnMut() -> T) -> Result<T, String> {
    let mut answer = None;
    let outcome = call_and_catch(&mut || answer = Some(act()), &JsValue::NULL, &Array::new());
    match outcome {
        Ok(()) => Ok(answer.expect("it was called and has not thrown")),
        Err(thrown) => Err(match thrown.dyn_ref::<Error>() {
            Some(error) => String::from(error.message()),
            None => format!("{thrown:?}"),
        }),
    }
}
