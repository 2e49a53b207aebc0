//! Each plugin has its own grants

use contract::{Grants, Kind, Realm};
use wasm_bindgen_test::*;

use super::expect::{in_time, refused, start, started};
use super::host::{Counter, only, run};
use super::plugin::{asking, at_once};
use crate::zone::Gate;
use wasm_bindgen::JsValue;

const WRITE: (&str, &str, Kind) = ("store", "write", Kind::Function);
const READ: (&str, &str, Kind) = ("store", "read", Kind::Function);

/// Plugins that start at the same time are kept apart: while one is compiled, another comes in.
#[wasm_bindgen_test]
async fn plugins_that_start_together_are_kept_apart() {
    let gate = Gate::new(Realm::page());
    let (first, second) = (Counter::new(), Counter::new());
    let module = at_once(&[WRITE]);
    let grants = [&first, &second].map(|counter| only("store", "write", &counter.grant()));
    let third = Grants::none();
    let (one, (two, three)) = in_time(super::expect::both(
        gate.start(&module, &grants[0]),
        super::expect::both(gate.start(&module, &grants[1]), gate.start(&module, &third)),
    ))
    .await;
    let calls = (first.take(), second.take());
    assert!(
        calls == (1, 1),
        "two plugins start at the same time, each with a `write` of its own, and each calls it once at its start. The \
         first one's was called {} times, the second one's {} times. Across an `.await` others come in; what \
         they share, they change under each other.",
        calls.0,
        calls.1,
    );
    started(
        one,
        "the first of three plugins that start at the same time",
    );
    started(
        two,
        "the second of three plugins that start at the same time",
    );
    refused(
        three,
        &[(WRITE, None)],
        "Three plugins start at the same time, and two of them are granted `write`, the third is not.",
    );
}

/// What one plugin was granted is not there for the next, nor for the same one when it comes back with less.
#[wasm_bindgen_test]
async fn what_one_plugin_was_granted_is_not_there_for_the_next() {
    let gate = Gate::new(Realm::page());
    let (read, write) = (Counter::new(), Counter::new());
    let both = only("store", "read", &read.grant()).and("store", "write", write.grant());
    let editor = asking(&[READ, WRITE]);
    started(
        start(&gate, &editor, &both).await,
        "an editor that may read and write",
    );
    for (what, plugin, grants) in [
        (
            "a viewer that may only read",
            asking(&[WRITE]),
            only("store", "read", &read.grant()),
        ),
        ("a stranger", asking(&[WRITE]), Grants::none()),
        (
            "the editor, which may only read now,",
            editor,
            only("store", "read", &read.grant()),
        ),
    ] {
        let answer = start(&gate, &plugin, &grants).await;
        let calls = match &answer {
            Ok(instance) => {
                run(instance).call0(&JsValue::UNDEFINED).ok();
                write.take()
            }
            Err(_) => 0,
        };
        let why = format!(
            "An editor was granted `write` of the store. Then {what} asks for it, and calls it {calls} times: an object \
             that is shared by all plugins grants to each what was ever granted to any."
        );
        refused(answer, &[(WRITE, None)], &why);
    }
}
