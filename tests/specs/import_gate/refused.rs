//! What is not granted is refused

use contract::{GateError, Grants, Kind, Realm, Refusal};
use wasm_bindgen_test::*;

use super::expect::{refused, start, tell};
use super::host::{Counter, Things, Watched, only};
use super::plugin::{asking, at_once};
use crate::zone::Gate;

const KINDS: [Kind; 4] = [Kind::Function, Kind::Memory, Kind::Table, Kind::Global];

/// An import that is not granted is refused and named, and so are all others that are missing, in the module's order.
#[wasm_bindgen_test]
async fn an_import_that_is_not_granted_is_refused_and_named() {
    let gate = Gate::new(Realm::page());
    let note = Counter::new();
    let granted = only("env", "note", &note.grant());
    let wish = ("env", "erase", Kind::Function);
    let why = "A plugin asks for \"env\" \"erase\", and nothing is granted to it.";
    let answer = start(&gate, &asking(&[wish]), &Grants::none()).await;
    refused(answer, &[(wish, None)], why);
    let wishes = [
        ("env", "note", Kind::Function),
        ("store", "write", Kind::Function),
        ("env", "memory", Kind::Memory),
        ("clock", "now", Kind::Global),
        ("env", "erase", Kind::Function),
        ("a", "table", Kind::Table),
    ];
    let missing: Vec<_> = wishes[1..].iter().map(|wish| (*wish, None)).collect();
    let answer = start(&gate, &asking(&wishes), &granted).await;
    let said = answer.as_ref().err().map(ToString::to_string);
    refused(
        answer,
        &missing,
        "A plugin asks for six things and is granted the first. Who has to decide on the others wants to see all of \
         them at once.",
    );
    let said = said.unwrap_or_default();
    for (_, name, _) in &wishes[1..] {
        assert!(
            said.contains(name),
            "the error, for people, does not name {name:?}: {said}"
        );
    }
}

/// Both names count, each for itself: a group grants none of its members, and joined names can be read in two ways.
#[wasm_bindgen_test]
async fn both_names_must_be_granted() {
    let gate = Gate::new(Realm::page());
    let note = Counter::new();
    let wished = |module, name| (module, name, Kind::Function);
    for (granted, wish) in [
        (("env", "note"), wished("env", "erase")),
        (("env", "note"), wished("store", "note")),
        (("env", "note"), wished("note", "env")),
        (("env", "note"), wished("Env", "Note")),
        (("env", "note"), wished("env", "note ")),
        (("env", "note"), wished("env", "")),
        (("env", "*"), wished("env", "note")),
        (("a.b", "c"), wished("a", "b.c")),
        (("a/b", "c"), wished("a", "b/c")),
        (("a:b", "c"), wished("a", "b:c")),
        (("a::b", "c"), wished("a", "b::c")),
        (("a b", "c"), wished("a", "b c")),
        (("a,b", "c"), wished("a", "b,c")),
        (("a#b", "c"), wished("a", "b#c")),
        (("a\nb", "c"), wished("a", "b\nc")),
        (("a\0b", "c"), wished("a", "b\0c")),
        (("a\u{1f}b", "c"), wished("a", "b\u{1f}c")),
        (("ab", "c"), wished("a", "bc")),
    ] {
        // The plugin was there before, with more. That must not help it now.
        let before = only(wish.0, wish.1, &note.grant());
        start(&gate, &asking(&[wish]), &before).await.ok();
        let grants = only(granted.0, granted.1, &note.grant());
        let answer = start(&gate, &asking(&[wish]), &grants).await;
        let why = format!(
            "{granted:?} is granted, and the plugin asks for {:?}. That is not the same.",
            (wish.0, wish.1)
        );
        refused(answer, &[(wish, None)], &why);
    }
}

/// What every object of JavaScript has, such as `constructor`, is no grant: an engine finds it through the prototype.
#[wasm_bindgen_test]
async fn what_every_object_has_is_not_granted() {
    let gate = Gate::new(Realm::page());
    let note = Counter::new();
    let grants = only("env", "note", &note.grant());
    for (module, name) in [
        ("env", "constructor"),
        ("env", "toString"),
        ("env", "hasOwnProperty"),
        ("env", "__defineGetter__"),
        ("env", "__lookupGetter__"),
        ("constructor", "constructor"),
        ("constructor", "assign"),
        ("constructor", "getPrototypeOf"),
        ("toString", "call"),
        ("__proto__", "constructor"),
        ("__proto__", "toString"),
    ] {
        let wishes = [
            ("env", "note", Kind::Function),
            (module, name, Kind::Function),
        ];
        let answer = start(&gate, &asking(&wishes), &grants).await;
        let why = format!(
            "Only \"env\" \"note\" is granted, and the plugin asks for {module:?} {name:?} as well. \
             In JavaScript `({{}}).constructor` is `Object`, and `({{}}).constructor.constructor` is `Function`, which \
             makes code of text: who looks up a foreign name in an ordinary object finds such things."
        );
        refused(answer, &[(wishes[1], None)], &why);
    }
}

/// A grant of another kind, a memory for a function, is refused before the engine sees it, and the error says what it is.
#[wasm_bindgen_test]
async fn a_grant_of_another_kind_is_refused() {
    let watched = Watched::new();
    let gate = Gate::new(watched.realm.clone());
    let things = Things::new();
    for wanted in KINDS.into_iter().chain([Kind::Other]) {
        let wish = ("env", "thing", wanted);
        for grant in things
            .each()
            .into_iter()
            .filter(|grant| grant.kind() != wanted)
        {
            let answer = start(&gate, &asking(&[wish]), &only("env", "thing", grant)).await;
            let why = format!(
                "The plugin asks for \"env\" \"thing\" of kind {wanted}, and what is granted under these names is of \
                 kind {}. Each engine says that in words of its own; you can tell before you ask one.",
                grant.kind()
            );
            refused(answer, &[(wish, Some(grant.kind()))], &why);
            let handed = watched.take().len();
            assert!(
                handed == 0,
                "{why} It is refused, but {handed} objects of imports went to the engine before."
            );
        }
    }
}

/// Nothing of a refused plugin runs: its start function would, as soon as there is an instance.
#[wasm_bindgen_test]
async fn a_refused_plugin_never_runs() {
    let watched = Watched::new();
    let gate = Gate::new(watched.realm.clone());
    let (note, erase) = (Counter::new(), Counter::new());
    let both = only("env", "note", &note.grant()).and("env", "erase", erase.grant());
    let wishes = ["note", "erase"].map(|name| ("env", name, Kind::Function));
    let module = at_once(&wishes);
    // Somebody else may have both.
    start(&gate, &module, &both).await.ok();
    (note.take(), erase.take(), watched.take());
    for grants in [only("env", "note", &note.grant()), Grants::none()] {
        let answer = start(&gate, &module, &grants).await;
        let calls = (note.take(), erase.take());
        assert!(
            calls == (0, 0),
            "a plugin is not granted \"env\" \"erase\". Before `start` answered, its start function has called `note` {} \
             times and `erase` {} times. An instance has run before anybody holds it, so whoever checks it afterwards \
             is too late. {}.",
            calls.0,
            calls.1,
            tell(&answer),
        );
        let handed = watched.take().len();
        assert!(
            handed == 0,
            "a plugin is not granted \"env\" \"erase\", and yet it was instantiated. That only the engine refused it \
             then is luck: it looks for imports wherever there is something of that name."
        );
        let missing = |answer: &Result<_, GateError>| match answer {
            Err(GateError::Refused(refusals)) => refusals
                .iter()
                .any(|Refusal { import, granted }| import.name == "erase" && granted.is_none()),
            _ => false,
        };
        assert!(
            missing(&answer),
            "a plugin is not granted \"env\" \"erase\", so expected Refused, and that it says so. {}.",
            tell(&answer)
        );
    }
}
