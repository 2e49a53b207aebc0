//! A selector sees the inside

use contract::{Level, Refused, Selector};
use wasm_bindgen_test::*;

use super::{
    page::{Page, SECRET, element, found, scope, titles, tried},
    random::Random,
    spy,
};

/// The accept table: selectors of the grammar, with the titles of what they mean inside.
const ACCEPTED: &[(&str, &[&str])] = &[
    ("p", &["first", "tail, :has(x)]"]),
    ("P", &["first", "tail, :has(x)]"]),
    ("h2", &["head"]),
    ("nothing", &[]),
    ("on", &[]),
    ("h1", &[]),
    (
        "*",
        &[
            "head",
            "first",
            "em",
            "list",
            "li a",
            "li b",
            "deep",
            "tail, :has(x)]",
            "Größe",
        ],
    ),
    ("#head", &["head"]),
    ("#HEAD", &[]),
    ("p#first", &["first"]),
    (".note", &["first", "tail, :has(x)]"]),
    (".first.note", &["first"]),
    ("p.note.first#first", &["first"]),
    (".not", &[]),
    ("ul li", &["li a", "li b"]),
    ("ul   li", &["li a", "li b"]),
    ("ul > li", &["li a", "li b"]),
    ("ul>li", &["li a", "li b"]),
    ("ul  >li", &["li a", "li b"]),
    ("ul > b", &[]),
    ("ul b", &["deep"]),
    ("ul > li > b", &["deep"]),
    ("ul > .last > *", &["deep"]),
    ("ul * *", &["deep"]),
    ("ul *", &["li a", "li b", "deep"]),
    ("* > *", &["em", "li a", "li b", "deep", "Größe"]),
    ("p > *", &["em", "Größe"]),
    ("*.item", &["li a", "li b"]),
    ("[lang]", &["li b"]),
    ("li[lang=\"de\"]", &["li b"]),
    ("[class~=\"last\"]", &["li b"]),
    ("[class=\"item last\"]", &["li b"]),
    ("[class^=\"item\"]", &["li a", "li b"]),
    ("[title$=\"b\"]", &["li b"]),
    ("[title*=\"i \"]", &["li a", "li b"]),
    ("[title=\"li a\"]", &["li a"]),
    ("[title=\"tail, :has(x)]\"]", &["tail, :has(x)]"]),
    ("[title^=\"tail, \"] > a", &["Größe"]),
    ("[title=\"Größe\"]", &["Größe"]),
    ("[title=\"'~+>|/*\"]", &[]),
    ("[title=\"\"]", &[]),
    ("[href=\"/seven\"][title]", &["Größe"]),
    (".on", &[]),
    ("#onclick", &[]),
    ("p-q_r2", &[]),
    // What these name first is the scope's own element, or outside.
    (".garden p", &[]),
    ("section > p", &[]),
    ("section li", &[]),
    (".page p", &[]),
    ("body p", &[]),
    ("html *", &[]),
    ("div > section > ul > li", &[]),
    ("* > ul", &[]),
];

/// The refuse table: whatever is not of the grammar.
const REFUSED: &[&str] = &[
    // Nothing, and blanks that belong to nothing.
    "",
    " ",
    " p",
    "p ",
    "p  ",
    "p\t",
    "\tp",
    "ul\nli",
    "ul\u{a0}li",
    "\u{feff}p",
    // Lists.
    "p,li",
    "p, li",
    "p,",
    ",p",
    "li, body *",
    "nothing, .page p",
    // Pseudo-classes and pseudo-elements.
    ":root",
    ":scope",
    ":scope > p",
    "p:hover",
    "p:has(em)",
    "p:is(.page *)",
    "p:not(.first)",
    "p:where(.note)",
    "p:nth-child(1)",
    "p:nth-child(1 of .page p)",
    ":host",
    "p::before",
    "a:visited",
    ":has(:root)",
    // Siblings, columns, nesting, and combinators without a second side.
    "h2 + p",
    "h2+p",
    "h2 ~ p",
    "p~ul",
    "~ p",
    "+ p",
    "> p",
    "ul >",
    "ul > > li",
    "ul >> li",
    "ul || li",
    "& p",
    "p &",
    // Names that are none, and escapes, which can spell any.
    ".",
    "#",
    "p.",
    "p#",
    "..note",
    "p..note",
    "##head",
    ".1",
    "#1",
    ".-x",
    "._x",
    "p.ä",
    "\\70",
    "\\p",
    "p\\2c li",
    ".no\\74 e",
    "#\\66irst",
    "p\\",
    "--p",
    "p*",
    "**",
    "1p",
    // Attributes that are not in the list, and other ways to write those that are.
    "[on*]",
    "[onclick]",
    "[ONCLICK]",
    "[o\\6eclick]",
    "[style]",
    "[id]",
    "[data-wasm-scope]",
    "[value^=\"a\"]",
    "[nonce]",
    "[name]",
    "[]",
    "[",
    "p[",
    "[title",
    "[title=",
    "[title=\"",
    "[title=\"x",
    "[title=\"x\"",
    "[ title]",
    "[title ]",
    "[TITLE]",
    "[title=x]",
    "[title='x']",
    "[title =\"x\"]",
    "[title= \"x\"]",
    "[title=\"x\" i]",
    "[title=\"x\"i]",
    "[title=\"x\" ]",
    "[title|=\"x\"]",
    "[title!=\"x\"]",
    "[title==\"x\"]",
    "[title=\"a\\\"b\"]",
    "[title=\"a\nb\"]",
    "[title=\"a\0b\"]",
    "[title=\"a\\62\"]",
    "[title=\"x\"\"]",
    "[title]]",
    // Namespaces.
    "svg|a",
    "*|p",
    "|p",
    "*|*",
    "[*|title]",
    "[xlink|href]",
    "[|title]",
    // Comments, and what is no CSS at all.
    "p/**/",
    "/**/p",
    "p/* */li",
    "<!-- p",
    "p{}",
    "p;",
    "p)",
    "(p)",
    "p!",
    "@p",
    "p%",
    "p=",
    "\"p\"",
    "'p'",
    "p\0",
    "\u{fffd}",
];

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
