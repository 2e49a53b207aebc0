//! The page goes on

use std::future::poll_fn;
use std::pin::pin;
use std::task::Poll;
use std::time::Duration;

use super::guests::{FRIEND, LOOP, WAIT, WAIT_AT_START};
use super::stage::{Heart, answers, ends, limits, run, sleep, spec_now};
use contract::{End, Limits};
use wasm_bindgen_test::*;

/// While a guest spins, timers fire here, clicks are heard and the page is painted. A counter ends a guest, but on this thread
/// it would stop everything until then.
#[wasm_bindgen_test]
async fn the_heart_beats_while_a_guest_spins() {
    let limits = Limits {
        fuel: 400_000_000,
        ..limits()
    };
    let heart = Heart::start();
    let came = run(LOOP.name, LOOP.bytes, &limits).await;
    let beats = heart.beats();
    assert!(
        beats >= 3,
        "a timer beats every 5 ms, and beat {beats} times while a guest spent 400 million instructions (its run came to {came:?}). \
         On this thread nothing else has a turn before the guest is done"
    );
    assert!(
        came == Err(End::OutOfFuel),
        "an endless loop with 400 million instructions to spend: its end is Err(OutOfFuel), and came {came:?}"
    );
}

/// A guest that has its host wait spends no fuel. The clock ends it, when its time is up and not when it is done.
#[wasm_bindgen_test]
async fn the_clock_ends_what_no_fuel_counts() {
    let limits = Limits {
        time: Duration::from_millis(150),
        ..limits()
    };
    let lesson = "It has its host wait for a second and a half, and had 150 ms. Fuel counts the guest's instructions, and not what \
                  others do for it";
    let mut took = f64::INFINITY;
    // Where a machine is busy, it may be late once.
    for _ in 0..4 {
        let start = spec_now();
        ends(WAIT, &limits, End::Late, lesson).await;
        took = took.min(spec_now() - start);
        if took <= 300.0 {
            return;
        }
        sleep(500).await;
    }
    panic!(
        "a guest that had 150 ms was called late after {took:.0} ms, at the best of four times. 150 ms are enough to end it. Who looks \
         at the clock when the guest is done, or gives it more time than it has, has set no limit"
    );
}

/// The clock runs from the call of `run` on, and a start function is on it.
#[wasm_bindgen_test]
async fn the_clock_is_on_from_the_beginning() {
    let limits = Limits {
        time: Duration::from_millis(150),
        ..limits()
    };
    let lesson = "Its start function has the host wait for a second and a half, and had 150 ms. A clock that is set when the guest is ready is never set for \
                  one that is not";
    ends(WAIT_AT_START, &limits, End::Late, lesson).await;
    let limits = Limits {
        time: Duration::from_millis(2_250),
        ..limits
    };
    let lesson = "It waits for a second and a half at its start and as long in `run`, and had two and a quarter in all. There is one \
                  clock for both";
    ends(WAIT_AT_START, &limits, End::Late, lesson).await;
}

/// Guests run beside each other: a friend has its answer while another still keeps its host waiting.
#[wasm_bindgen_test]
async fn one_guest_does_not_wait_for_another() {
    let limits = limits();
    let slow = async {
        let _ = run(WAIT.name, WAIT.bytes, &limits).await;
        "the slow one"
    };
    let friend = async {
        // The slow one has gone first.
        sleep(1).await;
        let lesson = "A slow guest runs beside it, and that is no matter of its";
        answers(FRIEND, &limits, 42, lesson).await;
        "the friend"
    };
    let (mut slow, mut friend) = (pin!(slow), pin!(friend));
    let first = poll_fn(|context| match friend.as_mut().poll(context) {
        Poll::Pending => slow.as_mut().poll(context),
        first => first,
    });
    let first = first.await;
    assert!(
        first == "the friend",
        "a guest that keeps its host waiting for a second and a half was started, and then a friend. Who answered first: {first}. Each \
         guest has a thread of its own"
    );
}
