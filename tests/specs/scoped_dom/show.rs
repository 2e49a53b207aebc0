//! Ways over the fence, each tried on a page of its own.

use contract::{Change, Level};
use js_sys::Array;
use wasm_bindgen::prelude::*;

use super::{
    page::{Page, SECRET},
    reach, spy,
};
use crate::zone::Scope;

/// What came of a way: nothing, or what the plugin has from outside.
type Outcome = Option<String>;

/// Its name, and how it is tried.
type Way = (&'static str, fn(&Page, &Scope) -> Outcome);

/// Rows: the way, whether it led over the fence, what came of it.
pub fn rows() -> Array {
    let ways: [Way; 6] = [
        ("Follow a handle", follow),
        ("Ask about what is around", |_, scope| {
            ask(scope, spy::QUESTIONS[0])
        }),
        ("Ask, behind a comma", |_, scope| {
            ask(scope, spy::QUESTIONS[4])
        }),
        ("Wait until the mark has moved", mark_moved),
        ("Keep what was moved out", moved_out),
        ("Make a link of java\\nscript:", link),
    ];
    let row = |(way, act): Way| {
        let page = Page::open();
        let outcome = Scope::open(Level::Write)
            .ok()
            .and_then(|scope| act(&page, &scope));
        let (over, words) = match outcome {
            Some(words) => (true, words),
            None => (false, "stopped".to_owned()),
        };
        Array::of3(&way.into(), &over.into(), &words.into())
    };
    ways.into_iter().map(row).collect()
}

fn first(scope: &Scope, selector: &str) -> Option<JsValue> {
    scope.find(selector).ok()?.into_iter().next()
}

fn follow(_: &Page, scope: &Scope) -> Outcome {
    let (way, node) = reach::node(&first(scope, "p")?)?;
    Some(format!("{way} is {node}"))
}

fn ask(scope: &Scope, question: &str) -> Outcome {
    let (known, asked) = spy::learn(scope, question);
    (known == SECRET).then(|| format!("read {known:?} in {asked} tries"))
}

fn mark_moved(page: &Page, scope: &Scope) -> Outcome {
    page.mark(&page.around);
    let all = scope.find("p").ok()?;
    let texts = all.iter().filter_map(|handle| scope.text(handle).ok());
    texts
        .filter(|text| text.contains("Behind"))
        .map(|text| format!("read {text:?}"))
        .next()
}

fn moved_out(page: &Page, scope: &Scope) -> Outcome {
    let kept = first(scope, "#first")?;
    page.around.append_child(&page.titled("first")).ok()?;
    scope.change(&kept, Change::Text("plugin was here")).ok()?;
    Some("wrote outside".into())
}

fn link(_: &Page, scope: &Scope) -> Outcome {
    let link = first(scope, "a")?;
    let name = "href";
    scope
        .change(
            &link,
            Change::Attribute {
                name,
                value: "java\nscript:x",
            },
        )
        .ok()?;
    Some("a click runs its script".into())
}
