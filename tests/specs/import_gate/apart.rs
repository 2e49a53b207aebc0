//! Each plugin has its own grants

use contract::{Grants, Kind, Realm};
use wasm_bindgen_test::*;

use super::expect::{before, clock, in_time, refused, sleep, start, started};
use super::host::{Counter, only, run};
use super::plugin::{asking, at_once};
use crate::zone::Gate;
use js_sys::{ArrayBuffer, Date};
use wasm_bindgen::{JsValue, externref_heap_live_count};

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

/// Hundreds of plugins that came and went leave nothing with the gate, started or refused.
#[wasm_bindgen_test]
async fn plugins_that_are_gone_leave_nothing() {
    const PLUGINS: u32 = 300;
    let gate = Gate::new(Realm::page());
    let note = Counter::new();
    let plugin = asking(&[("env", "note", Kind::Function)]);
    for (what, grants) in [
        ("started", only("env", "note", &note.grant())),
        ("refused", only("env", "erase", &note.grant())),
    ] {
        come_and_go(&gate, &plugin, &grants, 16).await;
        let before = externref_heap_live_count();
        come_and_go(&gate, &plugin, &grants, PLUGINS).await;
        let kept = || externref_heap_live_count().saturating_sub(before);
        // What waits for the engine's collector is not kept: it gets a reason to come, and time.
        let end = Date::now() + 5_000.0;
        while kept() > 32 && Date::now() < end {
            (0..4).for_each(|_| drop(ArrayBuffer::new(4 << 20)));
            sleep(20).await;
        }
        let kept = kept();
        assert!(
            kept <= 32,
            "{PLUGINS} plugins were {what}, and nobody holds them any more. Yet Rust holds {kept} more of JavaScript's \
             values, 5 s later: what a gate keeps of each plugin is not gone until the page is."
        );
    }
}

/// Lets so many plugins start, and forgets what came of it.
async fn come_and_go(gate: &Gate, plugin: &[u8], grants: &Grants, count: u32) {
    let mut clock = clock();
    for _ in 0..count {
        before(&mut clock, gate.start(plugin, grants)).await.ok();
    }
}
