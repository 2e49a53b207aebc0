//! Waiting: asleep, awake in time, and nobody blocked

use std::{
    cell::{Cell, RefCell},
    pin::pin,
    rc::Rc,
};

use contract::{CLOSED, EVENTS, SENT, TAKEN, Words};
use wasm_bindgen_test::*;

use super::opened;
use super::stage::{
    MainThread, NEVER, PATIENCE, Peer, Watch, end_of, has_wait_async, pause, poll_once, step_in,
    within, words,
};
use super::thread::Thread;
use crate::zone::Line;

/// Whoever waits for a message, or for room, gives its thread back: the main thread may not block.
#[wasm_bindgen_test]
async fn waiting_blocks_no_thread() {
    let _main = MainThread::enter();
    let words = words(1);
    let (from, to) = (end_of(&words), end_of(&words));
    let receiving = poll_once(pin!(to.receive()));
    assert!(
        receiving.is_pending(),
        "the ring is empty, and `receive` came to {receiving:?}"
    );
    Peer(words).send(1);
    let sending = poll_once(pin!(from.send(2)));
    assert!(
        sending.is_pending(),
        "the ring is full, and `send` came to {sending:?}"
    );
}

/// Who waits sleeps until something happens; it does not keep looking.
#[wasm_bindgen_test]
async fn a_wait_sleeps_until_it_is_woken() {
    // Where an engine has no `Atomics.waitAsync`, `changed` wakes every 4 ms.
    let most = match has_wait_async() {
        true => 30,
        false => 600,
    };
    let slept = |what: &str, watch: &Watch| {
        assert!(
            watch.accesses() <= most,
            "in 200 ms without an event the words were looked at {} times by `{what}`: whoever keeps looking keeps \
             the processor busy, and is late all the same. Await `changed`",
            watch.accesses()
        );
    };
    let _main = MainThread::enter();
    let words = words(1);
    let (watched, watch) = step_in(&words, NEVER, || ());
    let line = Line::on(watched);
    let mut receiving = pin!(line.receive());
    let early = within(200, receiving.as_mut()).await;
    assert!(
        early.is_none(),
        "the ring is empty, and `receive` came to {early:?}"
    );
    slept("receive", &watch);
    let peer = Peer(words.clone());
    peer.send(7);
    let received = within(PATIENCE, receiving).await;
    assert!(
        received == Some(Some(7)),
        "a message was sent to who waited for it, and `receive` came to {received:?}"
    );

    peer.send(8);
    let (watched, watch) = step_in(&words, NEVER, || ());
    let line = Line::on(watched);
    let mut sending = pin!(line.send(9));
    let early = within(200, sending.as_mut()).await;
    assert!(
        early.is_none(),
        "the ring is full, and `send` came to {early:?}"
    );
    slept("send", &watch);
    peer.take();
    let sent = within(PATIENCE, sending).await;
    assert!(
        sent == Some(Ok(())),
        "a message was taken from a full ring, and the `send` that waited came to {sent:?}"
    );
}

/// Wherever the sender steps in while a receiver looks and goes to sleep, the message is received.
#[wasm_bindgen_test]
async fn no_message_is_slept_through() {
    let _main = MainThread::enter();
    for at in 0.. {
        let words = words(1);
        let peer = Peer(words.clone());
        let (watched, watch) = step_in(&words, at, move || peer.send(7));
        let line = Line::on(watched);
        let received = within(PATIENCE / 2, line.receive()).await;
        if !watch.stepped_in() {
            break;
        }
        assert!(
            received == Some(Some(7)),
            "a message was sent before access number {} of `receive`, and that came to {received:?}: whoever \
             looks first and then asks what to wait for has slept through what came in between",
            at + 1
        );
    }
}

/// Wherever the receiver steps in while a sender looks and goes to sleep, the room is found.
#[wasm_bindgen_test]
async fn no_room_is_slept_through() {
    let _main = MainThread::enter();
    for at in 0.. {
        let words = words(1);
        let peer = Peer(words.clone());
        peer.send(1);
        let (watched, watch) = step_in(&words, at, move || {
            peer.take();
        });
        let sent = within(PATIENCE / 2, Line::on(watched).send(2)).await;
        if !watch.stepped_in() {
            break;
        }
        assert!(
            sent == Some(Ok(())),
            "a message was taken before access number {} of `send`, so there is room, but that came to \
             {sent:?}",
            at + 1
        );
    }
}

/// A wait may be given up. Nothing was sent or taken by it, and the next one finds all that there is.
#[wasm_bindgen_test]
async fn a_wait_may_be_given_up() {
    let _main = MainThread::enter();
    let words = words(1);
    let (from, to) = (end_of(&words), end_of(&words));
    let _ = poll_once(pin!(to.receive()));
    let _ = within(20, to.receive()).await;
    let first = within(PATIENCE, from.send(1)).await;
    let _ = poll_once(pin!(from.send(-1)));
    let _ = within(20, from.send(-1)).await;
    let received = within(PATIENCE, to.receive()).await;
    let second = within(PATIENCE, from.send(2)).await;
    let next = within(PATIENCE, to.receive()).await;
    assert!(
        (first, received, second, next)
            == (Some(Ok(())), Some(Some(1)), Some(Ok(())), Some(Some(2))),
        "two waits of `receive` and two of `send(-1)` were dropped. Then 1 and 2 were sent ({first:?}, \
         {second:?}), and {received:?} and {next:?} received: who waits has not sent or taken anything yet"
    );
}

/// Wherever the other end looks and sees nothing yet, and wherever it goes to sleep after that, it is told of
/// a message, of room and of the end.
#[wasm_bindgen_test]
async fn whoever_looked_before_is_told() {
    let _main = MainThread::enter();
    for what in ["send", "receive", "close"] {
        for looks in 0.. {
            let mut sleeps = looks;
            while told(what, looks, sleeps).await {
                sleeps += 1;
            }
            if sleeps == looks {
                break;
            }
        }
    }
}

/// Before access `looks` of an operation the other end notes EVENTS and looks. If it sees nothing yet, it goes
/// to sleep before access `sleeps`. Answers whether the operation has so many accesses.
async fn told(what: &str, looks: usize, sleeps: usize) -> bool {
    let words = words(1);
    if what == "receive" {
        Peer(words.clone()).send(7);
    }
    let state = |words: &Words| [SENT, TAKEN, CLOSED].map(|at| words.load(at));
    let before = state(&words);
    let noted = Rc::new(Cell::new(None));
    let sleeper = Rc::new(RefCell::new(None));
    let accesses = Cell::new(0);
    let watched = words.watched({
        let (words, noted, sleeper) = (words.clone(), Rc::clone(&noted), Rc::clone(&sleeper));
        move || {
            let access = accesses.replace(accesses.get() + 1);
            if access == looks {
                let events = words.load(EVENTS);
                noted.set((state(&words) == before).then_some(events));
            }
            if access == sleeps
                && let Some(events) = noted.take()
            {
                let words = words.clone();
                let mut asleep = Box::pin(async move { words.changed(EVENTS, events).await });
                // If something has happened meanwhile, that is over at once.
                let is_awake = poll_once(asleep.as_mut()).is_ready();
                *sleeper.borrow_mut() = Some((!is_awake).then_some(asleep));
            }
        }
    });
    let line = Line::on(watched);
    match what {
        "send" => assert!(
            within(PATIENCE, line.send(7)).await == Some(Ok(())),
            "there is room, and a message did not go in"
        ),
        "receive" => assert!(
            within(PATIENCE, line.receive()).await == Some(Some(7)),
            "7 is in the ring, and `receive` did not come to it"
        ),
        _ => line.close(),
    }
    if let Some(noted) = noted.get() {
        assert!(
            words.load(EVENTS) != noted,
            "before access number {} of `{what}` the other end noted EVENTS and then saw nothing yet. `{what}` \
             is over, EVENTS is what it was, and who is about to sleep will sleep through it: after each \
             change, 1 is added to EVENTS",
            looks + 1
        );
        return false;
    }
    let asleep = sleeper.borrow_mut().take();
    if let Some(asleep) = asleep {
        let woken = match asleep {
            Some(asleep) => within(PATIENCE / 2, asleep).await,
            None => Some(()),
        };
        assert!(
            woken.is_some(),
            "before access number {} of `{what}` the other end saw nothing yet, before access number {} it \
             went to sleep, and nobody has woken it: first comes the change, then the event, and notify \
             comes last",
            looks + 1,
            sleeps + 1
        );
        return true;
    }
    false
}

/// No event is lost: wherever the other end tells of one while this end does, `EVENTS` counts both.
#[wasm_bindgen_test]
async fn no_event_is_lost() {
    let _main = MainThread::enter();
    for what in ["send", "receive", "close"] {
        for at in 0.. {
            let words = words(2);
            let peer = Peer(words.clone());
            if what == "receive" {
                peer.send(7);
            }
            let before = words.load(EVENTS);
            let (watched, watch) = step_in(&words, at, move || peer.tell());
            let line = Line::on(watched);
            let is_done = match what {
                "send" => within(PATIENCE, line.send(7)).await == Some(Ok(())),
                "receive" => within(PATIENCE, line.receive()).await == Some(Some(7)),
                _ => {
                    line.close();
                    true
                }
            };
            assert!(
                is_done,
                "`{what}` has all that it needs, and did not come to its end"
            );
            if !watch.stepped_in() {
                break;
            }
            let events = words.load(EVENTS).wrapping_sub(before);
            assert!(
                events >= 2,
                "both ends told of an event, the other one before access number {} of `{what}`, and EVENTS went up by \
                 {events}. Two write that word, too: an event that is lost lets it come back to what it was when \
                 somebody went to sleep on it",
                at + 1
            );
        }
    }
}

/// A real second thread that sleeps in `Atomics.wait` is woken by a message, and by the end.
#[wasm_bindgen_test]
async fn a_sleeping_thread_is_woken() {
    let (line, ticket) = opened(4);
    let thread = Thread::start("receive", 0, &ticket).await;
    let _main = MainThread::enter();
    for value in [7, 8] {
        pause(20).await;
        let sent = within(PATIENCE, line.send(value)).await;
        assert!(
            sent == Some(Ok(())),
            "there is room, and a message came to {sent:?}"
        );
        let said = thread.says().await;
        assert!(
            said == Some(format!("took {value}")),
            "{value} was sent to a thread that sleeps, and it said {said:?}: whoever sends adds 1 to EVENTS and \
             notifies"
        );
    }
    pause(20).await;
    line.close();
    let said = thread.says().await;
    assert!(
        said.as_deref() == Some("closed"),
        "the line was closed over a thread that sleeps, and it said {said:?}: whoever closes adds 1 to EVENTS \
         and notifies"
    );
}
