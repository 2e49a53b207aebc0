//! What the page draws.

use contract::{GateError, Grants, Kind, Realm};
use js_sys::Array;
use wasm_bindgen::prelude::*;

use super::host::{Counter, Things, run};
use super::plugin::asking;
use crate::zone::Gate;

/// A viewer's imports, each asked for alone, after an editor was started that had more. Columns: module, name,
/// kind, what is granted to the viewer under these names (a kind, or nothing), and what became of it: "has" or "called"
/// (it is the viewer's, and a function was called), "refused" (by the gate), "engine" (only the engine
/// refused it).
#[wasm_bindgen]
pub async fn show() -> Array {
    let gate = Gate::new(Realm::page());
    let things = Things::new();
    let counters = [Counter::new(), Counter::new()];
    let viewer = Grants::none()
        .and("env", "memory", things.memory.clone())
        .and("store", "read", counters[0].grant())
        .and("clock", "now", things.global.clone());
    let editor = viewer.clone().and("store", "write", counters[1].grant());
    let first = asking(&[("store", "write", Kind::Function)]);
    gate.start(&first, &editor).await.ok();
    let rows = Array::new();
    for wish in [
        ("env", "memory", Kind::Memory),
        ("store", "read", Kind::Function),
        ("store", "write", Kind::Function),
        ("store", "constructor", Kind::Function),
        ("clock", "now", Kind::Function),
        ("net", "send", Kind::Function),
    ] {
        let (module, name, kind) = wish;
        let granted = viewer
            .get(module, name)
            .map(|grant| grant.kind().to_string());
        let outcome = match gate.start(&asking(&[wish]), &viewer).await {
            Ok(instance) if kind == Kind::Function => {
                run(&instance).call0(&JsValue::UNDEFINED).ok();
                "called"
            }
            Ok(_) => "has",
            Err(GateError::Refused(_)) => "refused",
            Err(_) => "engine",
        };
        let row: [JsValue; 5] = [
            module.into(),
            name.into(),
            kind.to_string().into(),
            granted.unwrap_or_default().into(),
            outcome.into(),
        ];
        rows.push(&row.iter().collect::<Array>());
    }
    rows
}
