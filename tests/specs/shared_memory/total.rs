//! One word, two writers

use std::cell::Cell;

use contract::{SLOTS, TOTAL, Way, Words};
use js_sys::{Atomics, Int32Array};
use wasm_bindgen_test::*;

use super::opened;
use super::stage::{pause, step_in, words};
use super::thread::Thread;
use crate::zone::Line;

/// Wherever one end steps in while the other adds, both additions count.
#[wasm_bindgen_test]
fn two_writers_lose_nothing() {
    for at in 0.. {
        let words = words(4);
        let other = Line::on(words.clone());
        let (watched, watch) = step_in(&words, at, move || other.add(10));
        let line = Line::on(watched);
        line.add(1);
        if !watch.stepped_in() {
            break;
        }
        let total = words.load(TOTAL);
        assert!(
            total == 11,
            "one end added 1. Before its access number {} the other end added 10. The total is {total}, not \
             11: a value that was read before the other wrote is old when it is written back. What two may \
             write is changed in one step",
            at + 1
        );
    }
}

/// However often the other end comes first, an addition is made in the end, and once.
#[wasm_bindgen_test]
fn an_addition_is_made_in_the_end() {
    let words = words(4);
    let turns = Cell::new(0);
    let watched = words.watched({
        let words = words.clone();
        move || {
            if turns.get() < 50 {
                turns.set(turns.get() + 1);
                words.add(TOTAL, 100);
            }
        }
    });
    Line::on(watched).add(1);
    let total = words.load(TOTAL);
    assert!(
        total % 100 == 1,
        "the other end added 100 before each access, and 1 was added in between: the total is {total}. An \
         exchange that finds another value than it expects has written nothing, and must be tried again"
    );
}

/// The total goes down too, and wraps around at the ends of an `i32`.
#[wasm_bindgen_test]
fn the_total_goes_down_and_around() {
    let words = words(4);
    let line = Line::on(words.clone());
    for (start, n, total) in [
        (5, -7, -2),
        (5, 0, 5),
        (i32::MAX, 1, i32::MIN),
        (i32::MIN, -1, i32::MAX),
    ] {
        words.store(TOTAL, start);
        line.add(n);
        assert!(
            line.total() == total,
            "{start} and {n} is {total} in 32 bits that wrap around, but the total is {}",
            line.total()
        );
    }
}

/// A real second thread adds while this one does. Over shared memory it does so between the accesses of
/// this one, each time; by mail, whenever it comes to it. Nothing is lost.
#[wasm_bindgen_test]
async fn a_second_thread_loses_nothing() {
    const TIMES: i32 = 6;
    let (line, ticket) = opened(4);
    let _thread = Thread::start("add", TIMES.cast_unsigned(), &ticket).await;
    let line = match line.way() {
        Way::Messages => line,
        Way::Shared => {
            let words =
                Words::of(&ticket.value).expect("the ticket of a shared line is its memory");
            let array = Int32Array::new(&ticket.value);
            let round = Cell::new(0);
            Line::on(words.watched(move || {
                if round.get() < TIMES {
                    round.set(round.get() + 1);
                    let_it_add(&array, round.get());
                }
            }))
        }
    };
    (0..3).for_each(|_| line.add(1));
    for _ in 0..3 * TIMES {
        // By mail what the other has added is still on its way; over memory it may still have to add.
        line.total();
    }
    let mut total = line.total();
    for _ in 0..400 {
        if total == 3 + 10 * TIMES {
            break;
        }
        pause(5).await;
        total = line.total();
    }
    assert!(
        total == 3 + 10 * TIMES,
        "a second thread added 10 six times, and this one added 1 three times: that is 63, and the total is \
         {total}, {:?}",
        line.way()
    );
}

/// Lets the thread add once more, and waits until it has.
fn let_it_add(array: &Int32Array, round: i32) {
    Atomics::store(array, SLOTS, round).unwrap();
    Atomics::notify(array, SLOTS).unwrap();
    for _ in 0..20 {
        if Atomics::load(array, SLOTS + 1).unwrap() >= round {
            return;
        }
        Atomics::wait_with_timeout(array, SLOTS + 1, round - 1, 250.0).unwrap();
    }
    panic!("could not be judged here: the second thread does not run");
}
