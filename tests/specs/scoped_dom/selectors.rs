//! A selector sees the inside

use contract::{Level, Refused, Selector};
use wasm_bindgen_test::*;

use super::{
    page::{Page, SECRET, element, found, scope, titles, tried},
    random::Random,
    spy,
    tables::{ACCEPTED, REFUSED},
};

/// Every selector of the accept table finds what it means inside, all of it and in order.
#[wasm_bindgen_test]
fn the_grammar_is_accepted() {
    let _page = Page::open();
    let scope = scope(Level::Read);
    let wrong: Vec<String> = ACCEPTED
        .iter()
        .filter_map(|(selector, expected)| {
            let answer = titles(&scope, selector);
            let right = answer.as_ref().is_ok_and(|titles| titles == expected);
            (!right).then(|| format!("`{selector}` found {answer:?}, not {expected:?}"))
        })
        .collect();
    assert!(
        wrong.is_empty(),
        "of {} selectors that are all of the grammar, {} went wrong: {}. What a selector names first must \
         be inside as well, and what is in quotes is no more than text.",
        ACCEPTED.len(),
        wrong.len(),
        wrong[..wrong.len().min(4)].join("; ")
    );
}

/// Every selector of the refuse table is refused, whatever the engine thinks of it.
#[wasm_bindgen_test]
fn everything_else_is_refused() {
    let _page = Page::open();
    let scope = scope(Level::Read);
    let wrong: Vec<String> = REFUSED
        .iter()
        .filter_map(|selector| {
            let answer = scope.find(selector).map(|found| found.len());
            let right = answer == Err(Refused::Selector);
            (!right).then(|| format!("{selector:?} answered {answer:?}"))
        })
        .collect();
    assert!(
        wrong.is_empty(),
        "of {} selectors that are not of the grammar, {} were not refused: {}. CSS grows every year. A list of \
         what is forbidden knows only what there was when it was written.",
        REFUSED.len(),
        wrong.len(),
        wrong[..wrong.len().min(8)].join("; ")
    );
}

/// At 256 bytes a selector is accepted, and at 257 or 10,000 it is refused.
#[wasm_bindgen_test]
fn long_selectors_are_refused() {
    let _page = Page::open();
    let scope = scope(Level::Read);
    for length in [254, 255, 256, 257, 258, 1_000, 10_000] {
        let steps = "p ".repeat((length.min(256) - 2) / 2);
        let selectors = [
            format!("p.{}", "x".repeat(length - 2)),
            // Characters of two bytes each.
            format!(
                "{}[title=\"{}\"]",
                ["", "*"][length % 2],
                "ö".repeat((length - 10) / 2)
            ),
            format!("{steps}{}", "q".repeat(length - steps.len())),
        ];
        let expected = match length <= Selector::LONGEST {
            true => Ok(0),
            false => Err(Refused::Selector),
        };
        for selector in &selectors[..] {
            let answer = scope.find(selector).map(|found| found.len());
            let short: String = selector.chars().take(24).collect();
            assert!(
                selector.len() == length && answer == expected,
                "a selector of {length} bytes that begins with `{short}` answered {answer:?}, not \
                 {expected:?}. At most {} bytes are of the grammar: a long selector may keep the page busy.",
                Selector::LONGEST
            );
        }
    }
}

/// No selector tells what is outside: a spy learns no letter of a secret there.
#[wasm_bindgen_test]
fn a_selector_tells_nothing_of_the_outside() {
    let _page = Page::open();
    let scope = scope(Level::Read);
    for question in spy::QUESTIONS {
        let (known, asked) = spy::learn(&scope, question);
        assert!(
            known.is_empty(),
            "the element around the garden has the title {SECRET:?}. A plugin asked for `{question}`, with one \
             letter after the other in place of the braces, and only looked whether something was found. \
             After {asked} questions it knew {known:?}. `querySelectorAll` answers elements inside, but it \
             matches the selector against the whole document."
        );
    }
}

/// Only plain elements are found, also by `*`, and what is in others is found all the same.
#[wasm_bindgen_test]
fn only_plain_elements_are_found() {
    let page = Page::open();
    let list = page.titled("list");
    for tag in [
        "style", "script", "form", "input", "iframe", "template", "textarea", "x-custom", "object",
    ] {
        let special = element(tag);
        if tag == "script" {
            special.set_attribute("type", "text/plain").unwrap();
        }
        special.set_attribute("title", tag).unwrap();
        list.append_child(&special).unwrap();
    }
    // A form whose fields hide its properties. One of them is no text even if it is asked for.
    let form = page.titled("form");
    for name in ["localName", "tagName", "nodeName", "matches"] {
        let field = element("select");
        field.append_child(&element("option")).unwrap();
        field.set_attribute("name", name).unwrap();
        form.append_child(&field).unwrap();
    }
    let nested = element("b");
    nested.set_attribute("title", "nested").unwrap();
    form.append_child(&nested).unwrap();
    let scope = scope(Level::Read);
    for (selector, expected) in [
        ("ul *", vec!["li a", "li b", "deep", "nested"]),
        ("style", vec![]),
        ("form", vec![]),
        ("form > b", vec!["nested"]),
        ("[title=\"iframe\"]", vec![]),
    ] {
        let answer = tried(|| titles(&scope, selector));
        let right = expected.iter().map(|&title| title.to_owned()).collect();
        assert!(
            answer == Ok(Ok(right)),
            "the garden has a style, a script, a form and the like, and `{selector}` answered {answer:?}, \
             not {expected:?}. Only what is in ELEMENTS is found. A style's text rules the whole page, and a \
             form with a field named `localName` has no other `localName` than that field: let the engine \
             choose, by `:is(…)`."
        );
    }
}

/// Random texts: what is of the grammar is accepted, and nothing else.
#[wasm_bindgen_test]
fn random_texts_follow_the_grammar() {
    const PIECES: [&str; 30] = [
        "p", "li", "*", "ul", " ", " ", " ", ">", " > ", ".", ".note", "#head", "#", "[title]",
        "[", "]", "[lang=", "\"", "\"de\"", "=", "^=", ",", ":", "~", "+", "\\", "(", ")", "|",
        "é",
    ];
    let _page = Page::open();
    let scope = scope(Level::Read);
    let mut accepted = 0;
    for seed in 1..=1_500 {
        let mut random = Random::new(seed);
        let text: String = (0..1 + random.below(5))
            .map(|_| PIECES[random.below(30)])
            .collect();
        let of_grammar = Selector::parse(&text).is_ok();
        accepted += usize::from(of_grammar);
        let answer = scope.find(&text).map(|found| found.len());
        assert!(
            answer.is_ok() == of_grammar && (of_grammar || answer == Err(Refused::Selector)),
            "seed {seed}: {text:?} is {}of the grammar, and the answer was {answer:?}",
            if of_grammar { "" } else { "not " }
        );
    }
    assert!(
        accepted > 100,
        "only {accepted} random texts are of the grammar, so the test shows little"
    );
    assert!(
        !found(&scope, "*").is_empty(),
        "`*` found nothing in the garden"
    );
}
