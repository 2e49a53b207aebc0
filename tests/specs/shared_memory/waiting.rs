//! Waiting: asleep, awake in time, and nobody blocked

use std::{cell::RefCell, pin::pin, rc::Rc};

use contract::{CLOSED, EVENTS, SENT, TAKEN};
use wasm_bindgen_test::*;

use super::opened;
use super::stage::{MainThread, PATIENCE, Peer, pause, poll_once, step_in, within, words};
use super::thread::Thread;
use crate::zone::Line;

/// An access that is never reached: nobody steps in.
const NEVER: usize = usize::MAX;

/// Whoever waits for a message, or for room, gives its thread back: the main thread may not block.
#[wasm_bindgen_test]
async fn waiting_blocks_no_thread() {
    let _main = MainThread::enter();
    let words = words(1);
    let (from, to) = (Line::on(words.clone()), Line::on(words.clone()));
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
    const LOOKS: usize = 30;
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
    assert!(
        watch.accesses() <= LOOKS,
        "in 200 ms without an event the words were looked at {} times: whoever keeps looking keeps the \
         processor busy, and is late all the same. Await `changed`",
        watch.accesses()
    );
    Peer(words).send(7);
    let received = within(PATIENCE, receiving).await;
    assert!(
        received == Some(Some(7)),
        "a message was sent to who waited for it, and `receive` came to {received:?}"
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

/// Wherever the other end looks, sees nothing yet and is about to sleep, or sleeps already, it is told of a
/// message, of room and of the end.
#[wasm_bindgen_test]
async fn whoever_looked_before_is_told() {
    let _main = MainThread::enter();
    for what in ["send", "receive", "close"] {
        for at in 0.. {
            let words = words(1);
            if what == "receive" {
                Peer(words.clone()).send(7);
            }
            let (taken, sent) = (words.load(TAKEN), words.load(SENT));
            let sleeper = Rc::new(RefCell::new(None));
            let (watched, watch) = step_in(&words, at, {
                let (words, sleeper) = (words.clone(), Rc::clone(&sleeper));
                move || {
                    words.add(EVENTS, 1);
                    let noted = words.load(EVENTS);
                    let is_there = words.load(SENT) != sent
                        || words.load(TAKEN) != taken
                        || words.load(CLOSED) != 0;
                    if !is_there {
                        let asleep = Box::pin(async move { words.changed(EVENTS, noted).await });
                        *sleeper.borrow_mut() = Some((noted, asleep));
                    }
                    if let Some((_, asleep)) = &mut *sleeper.borrow_mut() {
                        assert!(poll_once(asleep.as_mut()).is_pending());
                    }
                }
            });
            let line = Line::on(watched);
            match what {
                "send" => assert!(within(PATIENCE, line.send(7)).await == Some(Ok(()))),
                "receive" => assert!(within(PATIENCE, line.receive()).await == Some(Some(7))),
                _ => line.close(),
            }
            let asleep = sleeper.borrow_mut().take();
            if let Some((noted, asleep)) = asleep {
                assert!(
                    words.load(EVENTS) != noted,
                    "before access number {} of `{what}` the other end noted EVENTS and then saw nothing yet. \
                     `{what}` is over, EVENTS is what it was, and who is about to sleep will sleep through it: \
                     first comes the change, then 1 is added to EVENTS, in one step",
                    at + 1
                );
                let woken = within(PATIENCE / 2, asleep).await;
                assert!(
                    woken.is_some(),
                    "before access number {} of `{what}` the other end saw nothing yet and went to sleep, and \
                     nobody has woken it: notify comes last",
                    at + 1
                );
            }
            if !watch.stepped_in() {
                break;
            }
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
