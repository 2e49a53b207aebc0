//! When it ends

use core::arch::wasm32::memory_size;

use super::{
    client,
    stage::{
        ECHO, Outcome, Pulse, Workers, a_function, asked, object, refused, side_by_side, sleep,
        soon, told,
    },
};
use crate::zone::Client;
use contract::CallError;
use js_sys::{Array, Uint8Array};
use wasm_bindgen::prelude::*;
use wasm_bindgen_test::*;

/// Throws where nobody catches when it is told so; else it counts, or never answers.
const FRAGILE: &str = r#"((n) => (value) => {
  if (value === "crash" || value === "later") setTimeout(() => { throw new Error("out of steam"); });
  if (value === "later") return "so long";
  return value === "count" ? (n += 1) : new Promise(() => {});
})(0)"#;

fn crashed(outcome: &Option<Outcome>) -> bool {
    matches!(outcome, Some(Err(CallError::Crashed(_))))
}

/// When the worker crashes, every call that waits for it ends with `Crashed`, and the words say why.
#[wasm_bindgen_test]
async fn a_crash_ends_every_call_that_waits() {
    let workers = Workers::watch();
    let client = client(FRAGILE);
    let (wait, crash, none) = (JsValue::from("wait"), JsValue::from("crash"), Array::new());
    let outcomes = side_by_side(
        vec![
            Box::pin(client.call(&wait, &none)),
            Box::pin(client.call(&crash, &none)),
            Box::pin(client.call(&wait, &none)),
        ],
        workers.crashed(1),
    )
    .await;
    let waiting = outcomes.iter().filter(|outcome| outcome.is_none()).count();
    assert!(
        waiting == 0,
        "the worker crashed, and {waiting} of 3 calls still wait for it 250 ms later. They would wait for ever: \
         whoever hears of the crash is the only one who can tell them"
    );
    assert!(
        outcomes.iter().all(crashed),
        "a worker crashed that three calls waited for. Each ends with Crashed; they came to {outcomes:?}"
    );
    let told = |outcome: &Option<Outcome>| format!("{outcome:?}").contains("out of steam");
    assert!(
        outcomes.iter().all(told),
        "the worker's error says \"out of steam\", which is what somebody will look for; the calls ended with \
         {outcomes:?}"
    );
}

/// After a crash the next call finds a new worker, that knows nothing of the old one. It is started once,
/// and the calls of the old one are not sent to it.
#[wasm_bindgen_test]
async fn a_crashed_worker_is_replaced() {
    let workers = Workers::watch();
    let client = client(FRAGILE);
    let (count, crash, none) = (JsValue::from("count"), JsValue::from("crash"), Array::new());
    for life in 1..=3 {
        for expected in 1..=2 {
            let answer = asked("a call to a worker that counts", &client, &count, &none).await;
            assert!(
                answer == Ok(expected.into()),
                "worker {life} counts its calls. Call {expected} came to {answer:?}: it is not new, or it was \
                 asked more often than once"
            );
        }
        let ended = side_by_side(
            vec![Box::pin(client.call(&crash, &none))],
            workers.crashed(life),
        )
        .await;
        assert!(
            crashed(&ended[0]),
            "a worker crashed in the middle of a call, which came to {}",
            told(&ended[0])
        );
        assert!(
            workers.started() == life,
            "worker {life} crashed and nobody has called since, but {} workers were started. One that nobody called \
             for may crash, too, and then the next one",
            workers.started()
        );
    }
    let first = asked("the first call to worker 4", &client, &count, &none).await;
    assert!(
        first == Ok(1.into()),
        "worker 4 counts its calls. Call 1 came to {first:?}"
    );
    let later = asked("a call before a crash", &client, &"later".into(), &none).await;
    assert!(
        later == Ok("so long".into()),
        "the worker answers first and crashes then: {later:?}"
    );
    workers.crashed(4).await;
    let answer = asked(
        "a call after a crash that hit nobody",
        &client,
        &count,
        &none,
    )
    .await;
    assert!(
        answer == Ok(1.into()),
        "a worker crashed while no call waited. The next call came to {answer:?}, not to 1: it needs a new worker, \
         too"
    );
    assert!(
        workers.started() <= 5,
        "four workers crashed and were replaced when somebody called, and {} were started in all",
        workers.started(),
    );
}

/// A worker that crashed is ended. An error alone does not end it: its timers would run on.
#[wasm_bindgen_test]
async fn a_crashed_worker_is_silent() {
    let workers = Workers::watch();
    let client = client(Pulse::HANDLER);
    let pulse = Pulse::new();
    let ended = side_by_side(
        vec![Box::pin(pulse.start(&client, "crash"))],
        workers.crashed(1),
    )
    .await;
    assert!(
        crashed(&ended[0]),
        "the worker crashed, and its call came to {}",
        told(&ended[0])
    );
    assert!(
        pulse.ends().await,
        "a worker crashed four seconds ago and still beats: whoever started it has to end it, too"
    );
    drop(client);
}

/// A worker whose script is broken crashes each time. Each call ends, and starts one worker at most: none
/// is started that nobody called for.
#[wasm_bindgen_test]
async fn a_worker_that_cannot_start_is_not_started_for_ever() {
    let workers = Workers::watch();
    let client = client("(((");
    for call in 1..=3_usize {
        let none = Array::new();
        let value = JsValue::from(call);
        let ended = side_by_side(
            vec![Box::pin(client.call(&value, &none))],
            workers.crashed(call),
        )
        .await;
        assert!(
            crashed(&ended[0]),
            "the worker's script is no JavaScript. Call {call} ends with Crashed, and came to {}",
            told(&ended[0])
        );
    }
    sleep(300).await;
    assert!(
        workers.started() <= 4,
        "three calls to a worker that crashes when it starts, and {} workers were started: one for each crash, \
         for ever",
        workers.started(),
    );
}

/// Where no worker may start, the call ends with `Crashed`, at the beginning and after a crash. When they may
/// again, the next call finds a new one.
#[wasm_bindgen_test]
async fn where_no_worker_may_start_the_call_ends() {
    let workers = Workers::watch();
    let (count, crash, none) = (JsValue::from("count"), JsValue::from("crash"), Array::new());
    workers.forbid(true);
    let first = match Client::new(ECHO) {
        Ok(client) => soon(client.call(&count, &none)).await,
        Err(error) => Some(Err(error)),
    };
    assert!(
        crashed(&first),
        "no worker may start on this page. The client, or its first call, ends with Crashed; it came to {}",
        told(&first)
    );
    workers.forbid(false);
    let client = client(FRAGILE);
    let ended = side_by_side(
        vec![Box::pin(client.call(&crash, &none))],
        workers.crashed(1),
    )
    .await;
    assert!(
        crashed(&ended[0]),
        "the worker crashed, and its call came to {}",
        told(&ended[0])
    );
    workers.forbid(true);
    let next = soon(client.call(&count, &none)).await;
    assert!(
        crashed(&next),
        "the worker has crashed, and no other may start. The next call ends with Crashed; it came to {}",
        told(&next)
    );
    workers.forbid(false);
    let again = asked(
        "a call when workers may start again",
        &client,
        &count,
        &none,
    )
    .await;
    assert!(
        again == Ok(1.into()),
        "workers may start again. The next call came to {again:?}, not to the answer of a new worker, 1"
    );
}

/// Dropping the client ends its worker, even one that never comes to rest, and one from which a call that was
/// dropped still had an answer to come.
#[wasm_bindgen_test]
async fn dropping_the_client_ends_its_worker() {
    for told in ["beat", "wait", "spin"] {
        let client = client(Pulse::HANDLER);
        let pulse = Pulse::new();
        let heard = async {
            pulse.is_heard().await;
        };
        side_by_side(vec![Box::pin(pulse.start(&client, told))], heard).await;
        assert!(
            pulse.is_heard().await,
            "the worker beats while its client lives"
        );
        drop(client);
        assert!(
            pulse.ends().await,
            "the client was dropped four seconds ago and its worker (told to {told:?}) still runs. A worker is no \
             Rust value: letting go of its handle does not end it"
        );
    }
}

/// A thousand answered calls, thousands of refused ones, and clients that come and go leave memory and the
/// count of JavaScript's values in Rust as they were.
#[wasm_bindgen_test]
async fn a_thousand_calls_leave_nothing_behind() {
    let bad = object([("f", a_function())]);
    let none = Array::new();
    let answered = async |calls: usize| {
        let client = client(ECHO);
        for _ in 0..calls {
            let bytes = Uint8Array::new_with_length(1024);
            let transfer = Array::of1(&bytes.buffer());
            let answer = asked("one of a thousand calls", &client, &bytes, &transfer).await;
            assert!(answer.is_ok(), "an echo of 1 KiB came to {answer:?}");
        }
    };
    let standing = client(ECHO);
    let refusals = async |calls: usize| {
        refused("a function", &standing, &bad, &none).await;
        for _ in 1..calls {
            let outcome = standing.call(&bad, &none).await;
            assert!(
                outcome.is_err(),
                "an object that holds a function came to {outcome:?}"
            );
        }
    };
    answered(100).await;
    refusals(500).await;
    sleep(100).await;
    let before = Left::now();
    for _ in 0..10 {
        answered(100).await;
    }
    sleep(100).await;
    before.is_as_now("1,000 calls over 10 clients, all answered and dropped,");
    refusals(6_000).await;
    before.is_as_now("6,000 calls that were refused, on a client that lives on,");
}

/// What Rust holds: pages of memory, and values of JavaScript's.
struct Left {
    pages: usize,
    values: u32,
}

impl Left {
    fn now() -> Self {
        Self {
            pages: memory_size::<0>(),
            values: wasm_bindgen::externref_heap_live_count(),
        }
    }

    /// A page more may be chance, and so may a few values.
    fn is_as_now(&self, what: &str) {
        let now = Self::now();
        assert!(
            now.values <= self.values + 20,
            "{what} left {} of JavaScript's values with Rust",
            now.values - self.values,
        );
        assert!(
            now.pages <= self.pages + 1,
            "{what} left {} pages of memory behind",
            now.pages - self.pages,
        );
    }
}
