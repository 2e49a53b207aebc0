//! Whose answer it is

use super::{
    client,
    stage::{Outcome, asked, patience, side_by_side, sleep},
};
use contract::CallError;
use js_sys::Array;
use wasm_bindgen::prelude::*;
use wasm_bindgen_test::*;

/// Holds all that comes until it is told to let go, and then answers the last first. Every third throws.
const LAST_FIRST: &str = r#"(() => {
  const held = [];
  return (value) => new Promise((done, fail) => {
    held.push(() => (value % 3 === 2 ? fail(new Error(`no ${value}`)) : done(value * 10)));
    if (value === 11) for (const answer of held.reverse()) answer();
  });
})()"#;

/// Twelve calls run side by side, and the last is answered first. Each gets its own answer, and each error
/// meets the call that it belongs to.
#[wasm_bindgen_test]
async fn answers_find_their_calls_in_any_order() {
    let client = client(LAST_FIRST);
    let none = Array::new();
    let values: Vec<JsValue> = (0..12).map(JsValue::from).collect();
    let calls = values
        .iter()
        .map(
            |value| -> std::pin::Pin<Box<dyn Future<Output = Outcome>>> {
                Box::pin(client.call(value, &none))
            },
        )
        .collect();
    let outcomes = side_by_side(calls, patience()).await;
    for (value, outcome) in outcomes.into_iter().enumerate() {
        let fits = match &outcome {
            Some(Ok(answer)) => value % 3 != 2 && *answer == (value as u32) * 10,
            Some(Err(CallError::Refused(words))) => {
                value % 3 == 2 && words.ends_with(&format!("no {value}"))
            }
            _ => false,
        };
        let own = match value % 3 {
            2 => format!("the error \"no {value}\""),
            _ => format!("{}", value * 10),
        };
        assert!(
            fits,
            "12 calls, and their answers come last first. Call {value} has {own} for its own, and got \
             {outcome:?}. The order of answers says nothing about whose they are"
        );
    }
}

/// A call that was dropped while it waited has an answer that nobody wants. No other call gets it.
#[wasm_bindgen_test]
async fn a_dropped_call_leaves_its_answer_to_nobody() {
    let client =
        client("(value) => new Promise((done) => setTimeout(done, value === 1 ? 80 : 160, value))");
    let none = Array::new();
    for round in 0..3 {
        let dropped = side_by_side(vec![Box::pin(client.call(&1.into(), &none))], sleep(20)).await;
        assert!(
            dropped == [None],
            "the spec's handler waits 80 ms, and answered {dropped:?} after 20"
        );
        let next = asked(
            "a call after one that was dropped",
            &client,
            &2.into(),
            &none,
        )
        .await;
        assert!(
            next == Ok(2.into()),
            "a call was dropped while it waited, and the next one (round {round}) got {next:?} instead of its \
             own answer, 2"
        );
    }
}

/// Two clients have a worker each, and neither hears the other's answers.
#[wasm_bindgen_test]
async fn two_clients_are_two() {
    let counts = |name: &str| client(&format!("((n) => () => `{name}${{n += 1}}`)(0)"));
    let (first, second) = (counts("a"), counts("b"));
    let (none, value) = (Array::new(), JsValue::NULL);
    let outcomes = side_by_side(
        vec![
            Box::pin(first.call(&value, &none)),
            Box::pin(second.call(&value, &none)),
            Box::pin(first.call(&value, &none)),
        ],
        patience(),
    )
    .await;
    let texts: Vec<Option<String>> = outcomes
        .into_iter()
        .map(|outcome| outcome?.ok()?.as_string())
        .collect();
    assert!(
        texts == ["a1", "b1", "a2"].map(|text| Some(text.to_owned())),
        "two clients whose workers count their calls were asked a, b, a. Their answers: {texts:?}"
    );
}
