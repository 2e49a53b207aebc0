//! What a guest may do

use std::time::Duration;

use super::guests::{FRIEND, FULL, HUGE, MODEST, WORK, padded};
use super::stage::{answers, ends, limits, run};
use contract::{End, Limits};
use wasm_bindgen_test::*;

/// A guest that means no harm is started, called, may use what it was granted, and answers. Each run begins anew, with the bytes of
/// this call.
#[wasm_bindgen_test]
async fn a_friendly_guest_answers() {
    let lesson = "It has a start function, a global and a callback, and uses each as it may";
    answers(FRIEND, &limits(), 42, lesson).await;
    let lesson = "Its global counts a million turns, well within its fuel; a second run does not find what the first has left";
    answers(WORK, &limits(), 1_000_000, lesson).await;
    answers(WORK, &limits(), 1_000_000, lesson).await;
    // Its start function sets 40: `i32.const 40`, `global.set 0`.
    let mut buffer = FRIEND.bytes.to_vec();
    let start = buffer.windows(4).position(|bytes| bytes == b"A($\0");
    let at = start.unwrap() + 1;
    for (ready, answer) in [(40, 42), (41, 43)] {
        buffer[at] = ready;
        let came = run(FRIEND.name, &buffer, &limits()).await;
        assert!(
            came == Ok(answer),
            "in the same buffer one byte has changed, so this is another guest: its answer is {answer}, and came {came:?}. A place in \
             memory says nothing of what stands there now"
        );
    }
}

/// A limit is the most that a guest may take, and so much it gets: 16 pages of 16, a thousand elements of a thousand, and a
/// module with the last byte that it may have.
#[wasm_bindgen_test]
async fn what_is_within_the_limits_it_gets() {
    let lesson = "It asks for no more than its limits: 16 pages (160000) and 1000 elements";
    answers(FULL, &limits(), 161_000, lesson).await;
    let largest = padded(FRIEND, limits().bytes);
    let came = run(
        "a module with as many bytes as it may have",
        &largest,
        &limits(),
    )
    .await;
    assert!(
        came == Ok(42),
        "a module with as many bytes as it may have answers 42, and came {came:?}. A limit is allowed, one more is not"
    );
}

/// The limits are those of this call. The same guest has others the next time, less than it needs or more than there is.
#[wasm_bindgen_test]
async fn the_limits_are_those_of_this_call() {
    let most = Limits {
        bytes: usize::MAX,
        pages: u32::MAX,
        elements: u32::MAX,
        fuel: u64::MAX,
        time: Duration::MAX,
    };
    let lesson = "It has all the fuel and all the time that can be written down";
    answers(WORK, &most, 1_000_000, lesson).await;
    let lesson = "It has all the room that can be written down";
    answers(FULL, &most, 161_000, lesson).await;
    let came = run("a large friend", &padded(FRIEND, HUGE), &most).await;
    assert!(
        came == Ok(42),
        "a friend of {HUGE} bytes, and as many as there are may come: its answer is 42, and came {came:?}"
    );
    let less = Limits {
        fuel: 7_000_000,
        ..limits()
    };
    let lesson = "A million turns of nine instructions, and it had fuel for seven million: it may spend that once, at its start and \
                  in `run` together";
    ends(WORK, &less, End::OutOfFuel, lesson).await;
    answers(WORK, &limits(), 1_000_000, "This time it has enough again").await;
    let less = Limits {
        pages: 15,
        ..limits()
    };
    ends(FULL, &less, End::Memory, "It asks for 16 pages, and had 15").await;
    let less = Limits {
        elements: 999,
        ..limits()
    };
    ends(
        FULL,
        &less,
        End::Table,
        "It asks for 1000 elements, and had 999",
    )
    .await;
    let size = FRIEND.bytes.len();
    let less = Limits {
        bytes: size - 1,
        ..limits()
    };
    let lesson = "It has a byte more than it may have";
    ends(FRIEND, &less, End::TooLarge(size), lesson).await;
}

/// A guest with a maximum of its own, below yours, is told -1 when it asks for more, as everywhere, and goes on. That is no
/// harm.
#[wasm_bindgen_test]
async fn a_maximum_of_its_own_is_its_own_affair() {
    let lesson = "It has a maximum of two pages, asks for a third, hears -1 (that is -100) and goes on with one";
    answers(MODEST, &limits(), -99, lesson).await;
}
