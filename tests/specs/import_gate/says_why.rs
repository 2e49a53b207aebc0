//! What does not start says why

use contract::{GateError, Grant, Grants, Kind, Realm};
use js_sys::Function;
use wasm_bindgen::prelude::*;
use wasm_bindgen_test::*;

use super::document::{Page, unjudged};
use super::expect::{Answer, start, started, tell};
use super::host::{Counter, Things, error, failing, in_page, only, realm};
use super::plugin::{Recipe, asking, at_once, broken};
use crate::zone::Gate;

const NOTE: (&str, &str, Kind) = ("env", "note", Kind::Function);

/// A policy that allows the scripts of this test and no WebAssembly.
const FORBIDDING: &str = "script-src data:";
const ALLOWING: &str = "script-src data: 'wasm-unsafe-eval'";

/// What the engines throw under such a policy (2026-11-28): Chromium 156.0.8078 and Firefox 153.8 ESR when they compile,
/// WebKitGTK 2.50.6 only when it makes the instance. The class is `CompileError` each time, as for broken bytes.
const REFUSALS: [(&str, &str); 3] = [
    (
        "compile",
        "WebAssembly.compile(): Compiling or instantiating WebAssembly module violates the following Content Security \
         policy directive because 'unsafe-eval' is not an allowed source of script in the following Content \
         Security Policy directive: \"script-src 'self'\".",
    ),
    ("compile", "call to WebAssembly.compile() blocked by CSP"),
    (
        "instantiate",
        "Refused to create a WebAssembly object because 'unsafe-eval' or 'wasm-unsafe-eval' is not an allowed source of \
         script in the following Content Security Policy directive: \"script-src 'self'\".",
    ),
];

/// A page whose policy lacks `'wasm-unsafe-eval'` starts no plugin, and that is `Blocked`. The page here is a real one.
#[wasm_bindgen_test]
async fn a_page_without_wasm_unsafe_eval_is_blocked() {
    let note = Counter::new();
    let grants = only("env", "note", &note.grant());
    let plugin = at_once(&[NOTE]);
    let page = Page::open(ALLOWING).await;
    let answer = start(&Gate::new(page.realm()), &plugin, &grants).await;
    started(answer, "a plugin in a page that allows WebAssembly");
    drop(page);
    let page = Page::open(FORBIDDING).await;
    if let Ok(smallest) = page.realm().compile(b"\0asm\x01\0\0\0").await
        && page
            .realm()
            .instantiate(&smallest, &js_sys::Object::new())
            .await
            .is_ok()
    {
        unjudged("this engine starts WebAssembly in a page whose policy does not allow it");
    }
    for (what, plugin) in [
        ("which asks for one grant and has it", plugin),
        ("which asks for nothing", asking(&[])),
    ] {
        let answer = start(&Gate::new(page.realm()), &plugin, &grants).await;
        blocked(
            answer,
            &format!("a plugin, {what}, in a page whose policy is `{FORBIDDING}`"),
        );
    }
}

/// Whatever an engine says, and whether it refuses to compile or to make the instance, it is `Blocked`.
#[wasm_bindgen_test]
async fn the_refusal_of_each_engine_is_blocked() {
    let note = Counter::new();
    let grants = only("env", "note", &note.grant());
    for (method, words) in REFUSALS
        .into_iter()
        .chain([("compile", "no"), ("instantiate", "no")])
    {
        let (realm, _calls) = realm(
            move |bytes| match method {
                "compile" => failing("CompileError", words),
                _ => in_page("compile", &[bytes]),
            },
            move |_, _| failing("CompileError", words),
        );
        let answer = start(&Gate::new(realm), &at_once(&[NOTE]), &grants).await;
        let what = format!(
            "a realm that refuses every module: `{method}` fails with a CompileError, in these words: {words:?}"
        );
        blocked(answer, &what);
    }
}

#[track_caller]
fn blocked(answer: Answer, what: &str) {
    assert!(
        matches!(answer, Err(GateError::Blocked)),
        "{what}: expected Err(Blocked), for nothing is wrong with the plugin, and its author cannot help. {}.",
        tell(&answer),
    );
}

/// Bytes that are no module are `Invalid`, also if the engine's words, which may quote the module, speak of a policy.
#[wasm_bindgen_test]
async fn broken_bytes_are_invalid() {
    let gate = Gate::new(Realm::page());
    let mut cut = asking(&[NOTE]);
    cut.pop();
    let named = "blocked by CSP: 'wasm-unsafe-eval' is not an allowed source of script (Content Security Policy)";
    for (what, bytes) in [
        ("no bytes", Vec::new()),
        ("a text", b"not wasm at all".to_vec()),
        ("a module that lacks its last byte", cut),
        (
            "a component, which begins like a module",
            b"\0asm\x0d\0\x01\0".to_vec(),
        ),
        (
            "a module with a function that adds what is not there",
            broken("add"),
        ),
        (
            "the same, and its function is called as if it were a refusal",
            broken(named),
        ),
    ] {
        let answer = start(&gate, &bytes, &Grants::none()).await;
        assert!(
            matches!(answer, Err(GateError::Invalid)),
            "{what}: expected Err(Invalid). {}. This page allows WebAssembly. An engine may quote the module's own names in \
             its words, so they prove nothing.",
            tell(&answer),
        );
    }
}

/// A plugin that is granted all and still fails is `NotStarted`: a grant does not fit, or its start function failed.
#[wasm_bindgen_test]
async fn a_plugin_that_fails_at_its_start_is_not_started() {
    let gate = Gate::new(Realm::page());
    let (note, things) = (Counter::new(), Things::new());
    let refusing = Closure::<dyn Fn() -> Result<(), JsValue>>::new(|| {
        Err(error("CompileError", REFUSALS[2].1))
    });
    let refusing = Grant::Function(refusing.as_ref().unchecked_ref::<Function>().clone());
    let too_large = Recipe {
        wishes: &[("env", "memory", Kind::Memory)],
        pages: 2,
        ..Recipe::default()
    };
    let trapping = Recipe {
        wishes: &[NOTE],
        at_once: true,
        traps: true,
        ..Recipe::default()
    };
    for (what, plugin, grants) in [
        (
            "a plugin that needs a memory of two pages and is granted one of one page",
            too_large.module(),
            only("env", "memory", &things.memory),
        ),
        (
            "a plugin whose start function traps",
            trapping.module(),
            only("env", "note", &note.grant()),
        ),
        (
            "a plugin whose start function calls its grant, which throws a CompileError of its own",
            at_once(&[NOTE]),
            only("env", "note", &refusing),
        ),
    ] {
        let answer = start(&gate, &plugin, &grants).await;
        assert!(
            matches!(answer, Err(GateError::NotStarted(_))),
            "{what}: expected Err(NotStarted). {}. The page allows WebAssembly, as any other module shows.",
            tell(&answer),
        );
    }
    let heard = note.take();
    assert!(
        heard == 1,
        "a plugin calls its grant once at its start and then traps, and the host heard {heard} calls: a plugin is started \
         once, and not again when it fails."
    );
}
