//! The page goes on

use std::time::Duration;

use super::guests::{FRIEND, LOOP, WAIT, WAIT_AT_START};
use super::stage::{Heart, answers, ends, limits, run, sleep};
use contract::{End, Limits};
use wasm_bindgen_test::*;

/// While a guest spins, timers fire here, clicks are heard and the page is painted. A counter ends a guest, but on this thread
/// it would stop everything until then.
#[wasm_bindgen_test]
async fn the_heart_beats_while_a_guest_spins() {
    let limits = Limits {
        fuel: 1_000_000_000,
        ..limits()
    };
    let heart = Heart::start();
    let came = run(LOOP.name, LOOP.bytes, &limits).await;
    let beats = heart.beats();
    assert!(
        beats >= 3,
        "a timer beats every 5 ms, and beat {beats} times while a guest spent a billion instructions (its run came to {came:?}). \
         On this thread nothing else has a turn before the guest is done"
    );
    assert!(
        came == Err(End::OutOfFuel),
        "an endless loop with a billion instructions to spend: its end is Err(OutOfFuel), and came {came:?}"
    );
}

/// A guest that has its host wait spends no fuel. The clock ends it.
#[wasm_bindgen_test]
async fn the_clock_ends_what_no_fuel_counts() {
    let limits = Limits {
        time: Duration::from_millis(150),
        ..limits()
    };
    let lesson = "It has its host wait for a second and a half, and had 150 ms. Fuel counts the guest's instructions, and not what \
                  others do for it";
    ends(WAIT, &limits, End::Late, lesson).await;
}

/// The clock runs from the call of `run` on, and a start function is on it.
#[wasm_bindgen_test]
async fn the_clock_is_on_from_the_beginning() {
    let limits = Limits {
        time: Duration::from_millis(150),
        ..limits()
    };
    let lesson = "Its start function has the host wait, and had 150 ms. A clock that is set when the guest is ready is never set for \
                  one that is not";
    ends(WAIT_AT_START, &limits, End::Late, lesson).await;
    let limits = Limits {
        time: Duration::from_secs(2),
        ..limits
    };
    let lesson = "It waits for a second and a half at its start and for another in `run`, and had two in all. There is one clock for both";
    ends(WAIT_AT_START, &limits, End::Late, lesson).await;
}

/// Guests run beside each other: a friend has its answer while another still keeps its host waiting.
#[wasm_bindgen_test]
async fn one_guest_does_not_wait_for_another() {
    let (slow, limits) = (limits(), limits());
    let slow = async {
        answers(
            WAIT,
            &slow,
            7,
            "It has eight seconds, and waits for one and a half",
        )
        .await;
        "the slow one"
    };
    let friend = async {
        // The slow one has gone first.
        sleep(1).await;
        answers(
            FRIEND,
            &limits,
            42,
            "A slow guest runs beside it, and that is no matter of its",
        )
        .await;
        "the friend"
    };
    let first = futures_first(slow, friend).await;
    assert!(
        first == "the friend",
        "a guest that keeps its host waiting for a second and a half was started, and then a friend. Who answered first: {first}. \
         Each guest has a thread of its own"
    );
}

/// What is ready first; then both are awaited.
async fn futures_first<T: Copy>(one: impl Future<Output = T>, other: impl Future<Output = T>) -> T {
    use std::task::Poll;
    let (mut one, mut other) = (std::pin::pin!(one), std::pin::pin!(other));
    let (first, is_one) = std::future::poll_fn(|context| {
        if let Poll::Ready(first) = one.as_mut().poll(context) {
            return Poll::Ready((first, true));
        }
        other.as_mut().poll(context).map(|first| (first, false))
    })
    .await;
    match is_one {
        true => other.await,
        false => one.await,
    };
    first
}
