//! The table: what std does in your browser

use js_sys::{Array, JSON};
use wasm_bindgen::prelude::*;
use wasm_bindgen_test::*;

use super::calls::{self, CALLS, How};
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
        if here.outcome == NOT_CALLED {
            continue;
        }
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

/// What stands for the outcome of a call that was not made.
const NOT_CALLED: &str = "not called";

/// Makes all calls, each in a fresh instance.
async fn rows() -> Vec<Row> {
    const EXPORT: &str = "spec_std_call";
    let numbered = || (0..).zip(&CALLS);
    let jobs: Vec<(&str, u32)> = numbered()
        .flat_map(|(index, call)| {
            let times = match call.how {
                How::Once => 1,
                How::Twice => 2,
                How::Alone => 0,
            };
            std::iter::repeat_n((EXPORT, index), times)
        })
        .collect();
    let mut answers = fresh::run(&jobs, Way::Quick).await.into_iter();
    let mut next = || {
        answers
            .next()
            .expect("an answer for each call: one has come to no end, and should be made alone")
    };
    let mut rows = Vec::new();
    for (index, call) in numbered() {
        let (outcome, answer) = match call.how {
            How::Once => {
                let answer = next();
                (outcome(&answer, None), answer)
            }
            How::Twice => {
                let (answer, other) = (next(), next());
                (outcome(&answer, Some(&other)), answer)
            }
            How::Alone if !fresh::can_be_ended() => (NOT_CALLED, Answer::none()),
            How::Alone => {
                let alone = fresh::run(&[(EXPORT, index)], Way::MaySpin).await;
                let answer = alone.into_iter().next().expect("one answer for one call");
                (outcome(&answer, None), answer)
            }
        };
        let words = match (answer.code, outcome) {
            (_, NOT_CALLED) => "this engine could not end it",
            (Some(calls::SAYS_NEW), "silent") => "the same in two fresh instances",
            (Some(calls::SAYS_NEW), _) => "another in each instance",
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
fn outcome(answer: &Answer, other: Option<&Answer>) -> &'static str {
    match answer.code {
        _ if answer.spins => "spins",
        None if answer.words.is_empty() => "traps",
        None => "panics",
        Some(calls::REFUSES) => "error",
        Some(calls::SILENT) => "silent",
        Some(calls::SAYS_SENT) if answer.asked == 0 => "silent",
        Some(calls::SAYS_NEW) if other.is_some_and(|other| other.words == answer.words) => "silent",
        Some(_) => "works",
    }
}
