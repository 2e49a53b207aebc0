//! The table: what std does in your browser

use js_sys::{Array, JSON};
use wasm_bindgen::prelude::*;
use wasm_bindgen_test::*;

use super::calls::{self, CALLS};
use super::fresh::{self, Answer, Way};
use super::stage::field;

/// What the book says: the file that the chapter's table is made of.
const KEPT: &str = include_str!("../../../src/boundary/std-calls.json");

/// Each call of std in the chapter's table does here what the table says. No zone's code can change it: std for this
/// target is the same code in every browser, and none of it asks the browser for anything.
#[wasm_bindgen_test]
async fn std_does_here_what_the_table_says() {
    let here = rows().await;
    let asking: Vec<_> = here.iter().filter(|row| row.asked > 0).collect();
    assert!(
        asking.is_empty(),
        "these calls asked the browser for something: {asking:?}. The chapter says that none does"
    );
    let kept = JSON::parse(KEPT).expect("the file is JSON");
    let kept: Array = field(&kept, "calls").unchecked_into();
    assert_eq!(
        kept.length() as usize,
        here.len(),
        "the table has another number of calls: `cargo kata bench std --write` makes it anew"
    );
    for (kept, here) in kept.iter().zip(&here) {
        let text = |name| field(&kept, name).as_string().unwrap_or_default();
        assert_eq!(
            [text("area"), text("call"), text("outcome"), text("words")],
            [here.area, here.call, here.outcome, &here.words],
            "on the left the table, on the right your browser: `cargo kata bench std --write` makes the table anew"
        );
    }
}

/// What the page draws, and what `cargo kata bench std` keeps. Columns: what is asked for, the call, the outcome in a
/// word, std's words, the engine's words for a trap.
#[wasm_bindgen]
pub async fn show() -> Array {
    rows()
        .await
        .iter()
        .map(|row| {
            [row.area, row.call, row.outcome, &row.words, &row.trap]
                .into_iter()
                .map(JsValue::from)
                .collect::<Array>()
        })
        .collect()
}

/// What came of one call.
#[derive(Debug)]
struct Row {
    area: &'static str,
    call: &'static str,
    outcome: &'static str,
    words: String,
    trap: String,
    asked: u32,
}

/// Makes each call in two fresh instances, and each that may spin in one.
async fn rows() -> Vec<Row> {
    const EXPORT: &str = "spec_std_call";
    let numbered = || (0..).zip(&CALLS);
    let quick: Vec<(&str, u32)> = numbered()
        .filter(|(_, call)| !call.may_spin)
        .flat_map(|(index, _)| [(EXPORT, index); 2])
        .collect();
    let answers = fresh::run(&quick, Way::Quick).await;
    let mut pairs = answers.chunks_exact(2);
    let mut rows = Vec::new();
    for (index, call) in numbered() {
        let (outcome, answer) = if call.may_spin {
            let alone = fresh::run(&[(EXPORT, index)], Way::MaySpin).await;
            let [answer] = alone.as_slice() else {
                panic!("one call had no answer, or several")
            };
            (outcome(answer, answer), answer.clone())
        } else {
            let Some([first, second]) = pairs.next() else {
                panic!(
                    "a call before {} did not end, and none was expected to spin",
                    call.name
                )
            };
            (outcome(first, second), first.clone())
        };
        let words = match answer.code {
            Some(calls::SAYS_NEW) if outcome == "silent" => "the same in two fresh instances",
            Some(calls::SAYS_NEW) => "another in each instance",
            _ => answer.words.as_str(),
        };
        rows.push(Row {
            area: call.area,
            call: call.name,
            outcome,
            words: words.to_owned(),
            trap: answer.trap,
            asked: answer.asked,
        });
    }
    rows
}

/// The outcome in a word.
fn outcome(first: &Answer, second: &Answer) -> &'static str {
    match first.code {
        _ if first.spins => "spins",
        None if first.words.is_empty() => "traps",
        None => "panics",
        Some(calls::REFUSES) => "error",
        Some(calls::SILENT) => "silent",
        Some(calls::SAYS_SENT) if first.asked == 0 => "silent",
        Some(calls::SAYS_NEW) if first.words == second.words => "silent",
        Some(_) => "works",
    }
}
