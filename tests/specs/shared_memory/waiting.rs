//! Waiting: asleep, awake in time, and nobody blocked

use std::pin::pin;

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
        let mut receiving = pin!(line.receive());
        let early = poll_once(receiving.as_mut());
        let sent_in_time = watch.stepped_in();
        if early.is_pending() && !sent_in_time {
            Peer(words.clone()).send(7);
        }
        let received = match early.is_ready() {
            true => None,
            false => within(PATIENCE, receiving).await,
        };
        let received = match early {
            std::task::Poll::Ready(value) => Some(value),
            _ => received,
        };
        assert!(
            received == Some(Some(7)),
            "a message was sent before access number {} of `receive`, and that came to {received:?}: whoever \
             looks first and then asks what to wait for has slept through what came in between",
            at + 1
        );
        if !sent_in_time {
            break;
        }
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
