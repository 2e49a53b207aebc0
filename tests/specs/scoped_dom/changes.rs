//! Read, change, refuse

use contract::{ATTRIBUTES, Change, Level, Refused};
use wasm_bindgen::prelude::*;
use wasm_bindgen_test::*;

use super::page::{Page, handle, scope};
use crate::zone::Scope;

/// A scope for reading reads, and changes nothing.
#[wasm_bindgen_test]
fn a_scope_for_reading_changes_nothing() {
    let page = Page::open();
    let scope = scope(Level::Read);
    let first = handle(&scope, "#first");
    let read = (
        scope.text(&first),
        scope.attribute(&first, "class"),
        scope.attribute(&first, "lang"),
    );
    assert!(
        read == (
            Ok("One two".into()),
            Ok(Some("note first".into())),
            Ok(None)
        ),
        "an element has the text \"One two\", the class \"note first\" and no language, and a scope for \
         reading answered {read:?}"
    );
    let title = Change::Attribute {
        name: "title",
        value: "new",
    };
    for change in [Change::Text("new"), Change::Text(""), title] {
        refused(
            &page,
            &scope,
            &first,
            change,
            Refused::ReadOnly,
            "the scope is for reading",
        );
    }
}

/// A scope for writing changes the text and the listed attributes of the element, and nothing else.
#[wasm_bindgen_test]
fn a_scope_for_writing_changes_the_element() {
    let page = Page::open();
    let scope = scope(Level::Write);
    let node = page.titled("first");
    let first = handle(&scope, "#first");
    for name in ATTRIBUTES {
        for value in ["new", ""] {
            let answer = scope.change(&first, Change::Attribute { name, value });
            let (there, read) = (node.get_attribute(name), scope.attribute(&first, name));
            assert!(
                answer == Ok(()) && there.as_deref() == Some(value) && read == Ok(there.clone()),
                "`{name}` is in ATTRIBUTES, and was to become {value:?}. `change` answered {answer:?}, the \
                 element has {there:?}, and `attribute` says {read:?}."
            );
        }
    }
    let around = page.titled("after").outer_html();
    for text in ["new", "", "ä \u{1f33b} \0 end", "two\nlines"] {
        let answer = scope.change(&first, Change::Text(text));
        let there = node.text_content();
        assert!(
            answer == Ok(())
                && there.as_deref() == Some(text)
                && scope.text(&first).as_deref() == Ok(text),
            "the text was to become {text:?}; `change` answered {answer:?}, and the element has {there:?}"
        );
    }
    assert!(
        page.titled("after").outer_html() == around,
        "an element in the garden was changed, and another one with it"
    );
}

/// Text is text: markup in it becomes no element.
#[wasm_bindgen_test]
fn text_is_never_taken_for_html() {
    let page = Page::open();
    let scope = scope(Level::Write);
    let first = handle(&scope, "#first");
    for text in [
        "<b>bold</b>",
        "<p></p>",
        "&lt;b&gt;",
        "<!-- -->",
        "</p><p>",
        "]]>",
        "<b",
        "a\r\nb",
    ] {
        let answer = scope.change(&first, Change::Text(text));
        let node = page.titled("first");
        let there = (node.text_content(), node.child_element_count());
        assert!(
            answer == Ok(()) && there == (Some(text.to_owned()), 0),
            "the text was to become {text:?}. `change` answered {answer:?}, and now the element has the text \
             {:?} and {} elements.",
            there.0,
            there.1
        );
    }
}

/// HTML is refused, however harmless it looks.
#[wasm_bindgen_test]
fn html_is_refused() {
    let page = Page::open();
    let scope = scope(Level::Write);
    let first = handle(&scope, "#first");
    for html in [
        "<b>bold</b>",
        "plain text",
        "",
        "<!-- -->",
        "&amp;",
        "<p title=new></p>",
    ] {
        let why = "no scope allows HTML. A script that comes by `innerHTML` does not run, but the `onerror` \
                   of an image does, and there are a hundred more of its kind";
        refused(
            &page,
            &scope,
            &first,
            Change::Html(html),
            Refused::Forbidden,
            why,
        );
    }
}

/// Attributes outside the list are refused, whatever the value: `on...`, `style`, `id`, `srcdoc` and all others.
#[wasm_bindgen_test]
fn other_attributes_are_refused() {
    let page = Page::open();
    let scope = scope(Level::Write);
    let first = handle(&scope, "#first");
    let names = [
        "ongarden",
        "onGarden",
        "ONGARDEN",
        "on",
        "style",
        "Style",
        "id",
        "name",
        "src",
        "srcdoc",
        "srcset",
        "action",
        "formaction",
        "form",
        "for",
        "is",
        "slot",
        "part",
        "nonce",
        "ping",
        "target",
        "download",
        "tabindex",
        "value",
        "xlink:href",
        "http-equiv",
        "autofocus",
        "contenteditable",
        "popovertarget",
        "data-wasm-scope",
        "data-x",
        "aria-labelledby",
        "TITLE",
        "Href",
        "title ",
        " title",
        "",
        "a b",
        "ti\0tle",
        "title=\"x\"",
        "höhe",
    ];
    for name in names {
        let why = format!(
            "`{name}` is not in ATTRIBUTES. HTML has hundreds of attributes, and gets new ones; a name may be \
             spelled in any case; and `style`, `id` or `form` reach far beyond their element"
        );
        let change = Change::Attribute { name, value: "new" };
        refused(&page, &scope, &first, change, Refused::Forbidden, &why);
        let read = scope.attribute(&first, name);
        assert!(
            read == Err(Refused::Forbidden),
            "`{name}` is not in ATTRIBUTES, and to be read it answered {read:?}, not Forbidden. An element may \
             carry a token of the page's in an attribute."
        );
    }
}

/// Links lead to the web, to mail, or along the page; `javascript:` and others are refused in every spelling.
#[wasm_bindgen_test]
fn links_lead_to_the_web_or_to_mail() {
    let page = Page::open();
    let scope = scope(Level::Write);
    let (link, other) = (handle(&scope, "a"), handle(&scope, "#first"));
    for url in [
        "https://example.org/",
        "http://example.org",
        "HTTPS://EXAMPLE.ORG",
        "//example.org/x",
        "/x",
        "x",
        "../x",
        "?q=1",
        "#top",
        "",
        "mailto:someone@example.org",
        "MailTo:a@b",
        "x?u=javascript:",
        "./javascript:x",
        "javascript",
        "a/b:c",
        " https://example.org/",
        "ht\ntps://example.org/",
        "#javascript:x",
        "größe",
    ] {
        let answer = scope.change(
            &link,
            Change::Attribute {
                name: "href",
                value: url,
            },
        );
        let there = page.titled("Größe").get_attribute("href");
        assert!(
            answer == Ok(()) && there.as_deref() == Some(url),
            "{url:?} leads to the web or to mail, once the browser has resolved it. `change` answered \
             {answer:?}, and the link has {there:?}."
        );
    }
    for url in [
        "javascript:x",
        "JavaScript:x",
        "JAVASCRIPT:x",
        " javascript:x",
        "\tjavascript:x",
        "\u{1}javascript:x",
        "\u{1f} \u{0}javascript:x",
        "java\nscript:x",
        "java\tscript:x",
        "j\ra\nv\tascript:x",
        "javascript\n:x",
        "javascript:",
        "javascript://example.org/%0ax",
        "javascript:/x",
        "data:text/html,x",
        "DATA:,x",
        "blob:https://example.org/1",
        "vbscript:x",
        "file:///x",
        "ftp://example.org/",
        "about:blank",
        "about:srcdoc",
        "filesystem:https://example.org/x",
        "view-source:https://example.org/",
        "tel:1",
        "intent:x",
        "web+x:y",
        "ws://example.org/",
        "x:",
        "https://",
        "http://[",
        "http://example.org:99999/",
    ] {
        let why = format!(
            "{url:?} leads to none of SCHEMES, as the browser reads it: blanks and control characters in front \
             are dropped, line breaks and tabs everywhere. Ask `URL`, which is what the browser asks"
        );
        let change = Change::Attribute {
            name: "href",
            value: url,
        };
        for handle in [&link, &other] {
            refused(&page, &scope, handle, change, Refused::Forbidden, &why);
        }
    }
}

/// Asserts that a change is refused with this reason, and that nothing has changed.
fn refused(
    page: &Page,
    scope: &Scope,
    handle: &JsValue,
    change: Change<'_>,
    reason: Refused,
    why: &str,
) {
    let before = page.all();
    let answer = scope.change(handle, change);
    let same = page.all() == before;
    assert!(
        answer == Err(reason) && same,
        "`change` was asked for {change:?}. It should have answered Err({reason:?}) and changed nothing; it \
         answered {answer:?}, and the page is {}: {why}.",
        if same { "the same" } else { "another one" }
    );
}
