//! Whose answer it is

use std::cell::RefCell;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Waker};

use super::{
    client,
    stage::{ECHO, Outcome, asked, object, patience, settled, side_by_side, sleep, told},
};
use contract::CallError;
use js_sys::{Array, Object, Reflect};
use wasm_bindgen::prelude::*;
use wasm_bindgen_test::*;

type Call = Pin<Box<dyn Future<Output = Outcome>>>;

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

/// Calls come and go at all times, short ones and long ones. Each gets its own answer, however many have been
/// answered before it.
#[wasm_bindgen_test]
async fn calls_that_overlap_get_their_own_answers() {
    let client = client(
        "(value) => new Promise((done) => setTimeout(done, value % 3 === 0 ? 20 : 90, value * 10))",
    );
    let none = Array::new();
    asked("a worker that starts", &client, &0.into(), &none)
        .await
        .expect("a worker that starts answers");
    let values: Vec<JsValue> = (0..18).map(JsValue::from).collect();
    let calls = values
        .iter()
        .zip(0..)
        .map(|(value, place)| -> Pin<Box<dyn Future<Output = Outcome>>> {
            let call = client.call(value, &none);
            Box::pin(async move {
                sleep(place * 12).await;
                call.await
            })
        })
        .collect();
    let outcomes = side_by_side(calls, patience()).await;
    for (value, outcome) in (0_u32..).zip(outcomes) {
        assert!(
            outcome == Some(Ok((value * 10).into())),
            "18 calls began 12 ms apart and took 20 or 90 ms each. Call {value} came to {}. An id that has been \
             in use may come again only when nobody waits for it",
            told(&outcome),
        );
    }
}

/// A call that was dropped while it waited has an answer that nobody wants. No other call gets it.
#[wasm_bindgen_test]
async fn a_dropped_call_leaves_its_answer_to_nobody() {
    // 1 is answered when 2 comes, just before it.
    let client = client(
        "((held) => (value) => value === 1
          ? new Promise((done) => { held = () => done(1); })
          : new Promise((done) => { held?.(); done(2); }))()",
    );
    let none = Array::new();
    for round in 0..3 {
        let dropped = side_by_side(vec![Box::pin(client.call(&1.into(), &none))], sleep(20)).await;
        assert!(
            dropped == [None],
            "nothing answers this call yet, and it came to {}",
            told(&dropped[0]),
        );
        let what = "a call after one that was dropped";
        let next = asked(what, &client, &2.into(), &none).await;
        assert!(
            next == Ok(2.into()),
            "a call was dropped while it waited, and the next one (round {round}) got {next:?} instead of its own \
             answer, 2"
        );
    }
}

/// What else the worker posts is no answer: a library in it may do so. The call waits for its own.
#[wasm_bindgen_test]
async fn what_is_no_answer_ends_no_call() {
    let client = client(
        "(value) => {
          for (const other of ['progress', null, {}, { id: -1 }, { id: 0.5 }, { id: '0' }]) self.postMessage(other);
          return value;
        }",
    );
    for value in 1..=2 {
        let what = "a call to a worker that posts messages of its own";
        let answer = asked(what, &client, &value.into(), &Array::new()).await;
        assert!(
            answer == Ok(value.into()),
            "the worker posted messages of its own before it answered {value}, and the call came to {answer:?}. \
             Without the call's id a message is no answer to it"
        );
    }
}

/// A getter in the value runs while the value is being sent. It may make a call of its own, and both get their
/// answers.
#[wasm_bindgen_test]
async fn a_getter_may_make_a_call_of_its_own() {
    let client = Rc::new(client(ECHO));
    let inner = Rc::<RefCell<Option<Call>>>::default();
    let getter = Closure::<dyn Fn() -> JsValue>::new({
        let (client, inner) = (Rc::clone(&client), Rc::clone(&inner));
        move || {
            let client = Rc::clone(&client);
            let mut call: Call =
                Box::pin(async move { client.call(&"inner".into(), &Array::new()).await });
            let waits = call
                .as_mut()
                .poll(&mut Context::from_waker(Waker::noop()))
                .is_pending();
            assert!(waits, "an answer came before the value had been sent");
            *inner.borrow_mut() = Some(call);
            "size".into()
        }
    });
    let lazy = Object::new();
    let descriptor = object([
        ("get", getter.as_ref().clone()),
        ("enumerable", true.into()),
    ]);
    Reflect::define_property(&lazy, &"size".into(), descriptor.unchecked_ref()).unwrap();
    let outer = asked("a value with a getter", &client, &lazy, &Array::new()).await;
    let size = outer
        .as_ref()
        .map(|answer| Reflect::get(answer, &"size".into()));
    assert!(
        size == Ok(Ok("size".into())),
        "a getter made a call while its value was being sent. The value's own call came to {outer:?}"
    );
    let inner = inner.take().expect("the getter was read");
    let inner = settled("a call that a getter made", inner).await;
    assert!(
        inner == Ok("inner".into()),
        "a getter made a call while its value was being sent, which came to {inner:?} and not to its own answer"
    );
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
