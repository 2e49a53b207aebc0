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
    let wishes = [
        ("env", "thing", Kind::Function),
        ("env", "thing", Kind::Memory),
        ("env", "gone", Kind::Global),
        ("env", "gone", Kind::Global),
    ];
    let grants = only("env", "thing", &things.function);
    let answer = start(&gate, &asking(&wishes), &grants).await;
    let function = Some(Kind::Function);
    refused(
        answer,
        &[(wishes[1], function), (wishes[2], None), (wishes[3], None)],
        "The same two names may stand in a module's list more than once, also with two kinds. Each line is an import, and \
         is judged for itself.",
    );
    let handed = watched.take().len();
    assert!(
        handed == 0,
        "a plugin asks for the same names as two kinds, and {handed} objects of imports went to the engine before it was \
         refused."
    );
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
    drop((note.take(), erase.take(), watched.take()));
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
