//! What the page draws.

use contract::{Change, sections};
use js_sys::Array;
use wasm_bindgen::prelude::*;

use super::module::{Recipe, built};
use crate::zone;

/// One program, built by Ada and by a server; and the server's build with a path in its data. Columns: which pair, the section, bytes
/// of its body on the left and on the right (-1: not there), what is told of it ("differs", "left", "right", or
/// nothing), whether that counts, and whether the pair has one fingerprint.
#[wasm_bindgen]
pub fn show() -> Array {
    let ada = built("/home/ada/shop", "rustc 1.95.0");
    let server = built("/builds/runner-7/shop", "rustc 1.95.0");
    let path = Recipe {
        text: b"/builds/runner-7/.cargo/itoa/lib.rs".to_vec(),
        ..server.clone()
    };
    let rows = Array::new();
    for (pair, right) in [("folders", server), ("path", path)] {
        let (left, right) = (ada.bytes(), right.bytes());
        let told = zone::explain(&left, &right).unwrap_or_default();
        let equal = zone::fingerprint(&left) == zone::fingerprint(&right);
        let ours = sections(&left).unwrap_or_default();
        let theirs = sections(&right).unwrap_or_default();
        for section in &ours {
            let other = theirs.iter().find(|other| other.kind == section.kind);
            let line = told.iter().find(|line| line.kind == section.kind);
            let change = line.map_or("", |line| match line.change {
                Change::Differs { .. } => "differs",
                Change::OnlyLeft => "left",
                Change::OnlyRight => "right",
            });
            let row: [JsValue; 7] = [
                pair.into(),
                section.kind.to_string().replace('"', "").into(),
                (section.body.len() as i32).into(),
                other.map_or(-1, |other| other.body.len() as i32).into(),
                change.into(),
                line.is_some_and(|line| line.counts).into(),
                equal.into(),
            ];
            rows.push(&row.iter().collect::<Array>());
        }
    }
    rows
}
