//! The ring: nothing lost, nothing twice

use core::arch::wasm32::memory_size;
use std::{cell::Cell, pin::pin, rc::Rc};

use contract::{CLOSED, EVENTS, SENT, TAKEN, TOTAL};
use wasm_bindgen::externref_heap_live_count;
use wasm_bindgen_test::*;

use super::opened;
use super::stage::{
    MainThread, Noted, PATIENCE, Peer, both, end_of, poll_once, step_in, within, words,
};
use super::thread::Thread;
use crate::zone::Line;

/// A thousand messages go through a ring of four, each once and in order.
#[wasm_bindgen_test]
async fn everything_sent_arrives_once_in_order() {
    const MANY: i32 = 1_000;
    let _main = MainThread::enter();
    let words = words(4);
    let (from, to) = (end_of(&words), end_of(&words));
    let sending = async {
        for value in 0..MANY {
            assert!(from.send(value).await.is_ok(), "nobody has closed the line");
        }
        from.close();
    };
    let receiving = async {
        let mut next = 0;
        while let Some(value) = to.receive().await {
            assert!(
                value == next,
                "message {next} should come next, and {value} came"
            );
            next += 1;
        }
        next
    };
    let arrived = within(5 * PATIENCE, both(sending, receiving)).await;
    let arrived = arrived.map(|((), arrived)| arrived);
    assert!(
        arrived == Some(MANY),
        "{MANY} messages were sent, and then the line was closed; what arrived is {arrived:?}"
    );
}

/// As many messages as there are slots go in without a wait. One more waits for room, and overwrites
/// nothing. So it goes round after round.
#[wasm_bindgen_test]
async fn a_full_ring_keeps_what_it_has() {
    let _main = MainThread::enter();
    for start in [0, 3] {
        full_ring(start, "").await;
    }
}

/// The counts go on from `i32::MAX` to `i32::MIN`, and over -1 to 0, and the ring goes on with them.
#[wasm_bindgen_test]
async fn counts_go_around() {
    let _main = MainThread::enter();
    for start in [i32::MAX - 2, -2] {
        full_ring(
            start,
            "; counts wrap around, so only their difference says anything",
        )
        .await;
    }
}

/// Fills and empties a ring whose counts have come to `start`.
async fn full_ring(start: i32, lesson: &str) {
    let words = words(4);
    words.store(SENT, start);
    words.store(TAKEN, start);
    let (from, to) = (end_of(&words), end_of(&words));
    for value in 10..14 {
        let sent = within(PATIENCE, from.send(value)).await;
        assert!(
            sent == Some(Ok(())),
            "the ring has 4 slots, {} messages are in it, and one more came to {sent:?}, with counts that \
             began at {start}{lesson}",
            value - 10
        );
    }
    let mut one_more = pin!(from.send(14));
    let early = poll_once(one_more.as_mut());
    assert!(
        early.is_pending(),
        "the ring was full, and one more message was sent all the same, with counts that began at \
         {start}{lesson}"
    );
    for value in 10..15 {
        let received = within(PATIENCE, to.receive()).await;
        assert!(
            received == Some(Some(value)),
            "message {value} should come next, and {received:?} came, with counts that began at \
             {start}{lesson}"
        );
        if value == 10 {
            let sent = within(PATIENCE, one_more.as_mut()).await;
            assert!(
                sent == Some(Ok(())),
                "a slot is free, and the message that waited for it came to {sent:?}, with counts that began \
                 at {start}{lesson}"
            );
        }
    }
}

/// Whoever sees that a message is there can read it: the slot is filled before it is counted.
#[wasm_bindgen_test]
async fn a_message_is_filled_before_it_is_counted() {
    let _main = MainThread::enter();
    for at in 0.. {
        let words = words(1);
        Peer(words.clone()).send(-1);
        Peer(words.clone()).take();
        let seen = Rc::new(Cell::new(None));
        let (watched, watch) = step_in(&words, at, {
            let (peer, seen) = (Peer(words.clone()), Rc::clone(&seen));
            move || seen.set(peer.take())
        });
        let sent = within(PATIENCE, Line::on(watched).send(7)).await;
        assert!(
            sent == Some(Ok(())),
            "there is room, and a message came to {sent:?}"
        );
        if !watch.stepped_in() {
            break;
        }
        let found = seen.get().or_else(|| Peer(words.clone()).take());
        assert!(
            found == Some(7),
            "7 was sent. Before access number {} the other end looked into the ring, and all that it ever \
             found there is {found:?}: a message that is counted before its slot is filled is an old one",
            at + 1
        );
    }
}

/// Whoever sees that a slot is free may fill it: it is read before it is given back.
#[wasm_bindgen_test]
async fn a_slot_is_read_before_it_is_free() {
    let _main = MainThread::enter();
    for at in 0.. {
        let words = words(1);
        Peer(words.clone()).send(7);
        let (watched, watch) = step_in(&words, at, {
            let words = words.clone();
            move || {
                let is_free = words.load(SENT) == words.load(TAKEN);
                if is_free {
                    Peer(words).send(8);
                }
            }
        });
        let received = within(PATIENCE, Line::on(watched).receive()).await;
        assert!(
            received == Some(Some(7)),
            "7 was in the ring's only slot. Before access number {} the other end sent 8 if the slot was \
             free, and {received:?} was received: a slot that is given back before it is read is somebody \
             else's",
            at + 1
        );
        if !watch.stepped_in() {
            break;
        }
    }
}

/// Where both ends are at work at once, each message arrives once: neither end touches what is the other's.
#[wasm_bindgen_test]
async fn both_ends_may_work_at_once() {
    let _main = MainThread::enter();
    for at in 0.. {
        let words = words(2);
        let peer = Peer(words.clone());
        peer.send(7);
        let (watched, watch) = step_in(&words, at, move || peer.send(8));
        let line = Line::on(watched);
        let first = within(PATIENCE, line.receive()).await;
        if !watch.stepped_in() {
            break;
        }
        let second = within(PATIENCE / 2, line.receive()).await;
        assert!(
            (first, second) == (Some(Some(7)), Some(Some(8))),
            "7 was in the ring, and 8 was sent before access number {} of `receive`. What came is {first:?} and \
             {second:?}: what only the sender changes the receiver must leave alone",
            at + 1
        );
    }
    for at in 0.. {
        let words = words(2);
        let peer = Peer(words.clone());
        peer.send(7);
        let taken = Rc::new(Cell::new(None));
        let (watched, watch) = step_in(&words, at, {
            let taken = Rc::clone(&taken);
            move || taken.set(peer.take())
        });
        let sent = within(PATIENCE, Line::on(watched).send(8)).await;
        if !watch.stepped_in() {
            break;
        }
        let peer = Peer(words);
        let all = [taken.get(), peer.take(), peer.take()];
        assert!(
            sent == Some(Ok(())) && all == [Some(7), Some(8), None],
            "7 was in the ring, and the other end took it before access number {} of `send(8)`. What it found \
             in the end is {all:?}: what only the receiver changes the sender must leave alone",
            at + 1
        );
    }
}

/// What the other end goes by is read and written with `Atomics`. On two threads plain accesses have no order: a
/// count may be seen before the slot that it counts.
#[wasm_bindgen_test]
async fn what_both_ends_go_by_is_atomic() {
    const READ: bool = false;
    const WRITTEN: bool = true;
    type Must = &'static [(u32, &'static str, bool)];
    // What this end does, whether the ring is full, and the words that it must read or write.
    let cases: [(&str, bool, Must); 6] = [
        (
            "send",
            false,
            &[(SENT, "SENT", WRITTEN), (CLOSED, "CLOSED", READ)],
        ),
        (
            "send",
            true,
            &[(EVENTS, "EVENTS", READ), (TAKEN, "TAKEN", READ)],
        ),
        (
            "receive",
            true,
            &[(TAKEN, "TAKEN", WRITTEN), (SENT, "SENT", READ)],
        ),
        (
            "receive",
            false,
            &[(EVENTS, "EVENTS", READ), (CLOSED, "CLOSED", READ)],
        ),
        ("close", false, &[(CLOSED, "CLOSED", WRITTEN)]),
        ("total", false, &[(TOTAL, "TOTAL", READ)]),
    ];
    let _main = MainThread::enter();
    for (what, is_full, must) in cases {
        let words = words(1);
        if is_full {
            Peer(words.clone()).send(1);
        }
        let line = end_of(&words);
        let noted = Noted::begin();
        match what {
            "send" => _ = poll_once(pin!(line.send(2))),
            "receive" => _ = poll_once(pin!(line.receive())),
            "close" => line.close(),
            _ => _ = line.total(),
        }
        for &(at, name, written) in must {
            assert!(
                noted.has(at, written),
                "`{what}` has {} {name} without `Atomics`. The other thread may see plain accesses in another order: \
                 a count before the slot that it counts, or the end before the last message",
                if written { "written" } else { "read" },
            );
        }
    }
}

/// Thousands of messages, each with a wait, leave memory and the values of JavaScript's that Rust holds as they were.
#[wasm_bindgen_test]
async fn messages_leave_nothing_behind() {
    const MANY: i32 = 2_000;
    let _main = MainThread::enter();
    let words = words(1);
    let some = async |many: i32| {
        let (from, to) = (end_of(&words), end_of(&words));
        let sending = async {
            for value in 0..many {
                let _ = from.send(value).await;
            }
        };
        let receiving = async {
            for _ in 0..many {
                let _ = to.receive().await;
            }
        };
        let done = within(5 * PATIENCE, both(sending, receiving)).await;
        assert!(
            done.is_some(),
            "{many} messages through a ring of one did not come to their end"
        );
    };
    some(MANY / 10).await;
    let (pages, held) = (memory_size::<0>(), externref_heap_live_count());
    some(MANY).await;
    let grown = memory_size::<0>() - pages;
    let more = externref_heap_live_count().saturating_sub(held);
    assert!(
        grown <= 1 && more <= 100,
        "{MANY} messages were sent and received. Memory has grown by {grown} pages of 64 KiB, and Rust holds {more} \
         values of JavaScript's more than before"
    );
}

/// A real second thread sends 500 messages through a ring of eight, and then closes the line.
#[wasm_bindgen_test]
async fn a_second_thread_sends() {
    const MANY: u32 = 500;
    let (line, ticket) = opened(8);
    let _thread = Thread::start("send", MANY, &ticket).await;
    let _main = MainThread::enter();
    let receiving = async {
        let mut next = 0;
        while let Some(value) = line.receive().await {
            assert!(
                value == next,
                "message {next} of a second thread should come next, and {value} came"
            );
            next += 1;
        }
        next
    };
    let arrived = within(4 * PATIENCE, receiving).await;
    assert!(
        arrived == Some(MANY.cast_signed()),
        "a second thread sent {MANY} messages and closed the line; what arrived is {arrived:?}"
    );
}
