//! The end

use std::pin::pin;

use contract::{Closed, SENT};
use wasm_bindgen_test::*;

use super::stage::{MainThread, PATIENCE, Peer, end_of, poll_once, step_in, within, words};
use crate::zone::Line;

/// Closing wakes who waits: a receiver gets `None`, a sender `Closed`. Either end may close.
#[wasm_bindgen_test]
async fn closing_wakes_who_waits() {
    let _main = MainThread::enter();
    let empty = words(2);
    let (from, to) = (end_of(&empty), end_of(&empty));
    let mut receiving = pin!(to.receive());
    let early = poll_once(receiving.as_mut());
    assert!(
        early.is_pending(),
        "the ring is empty, and `receive` came to {early:?}"
    );
    from.close();
    let end = within(PATIENCE, receiving).await;
    assert!(
        end == Some(None),
        "the line was closed over a receiver that waited, and `receive` came to {end:?}"
    );

    let full = words(1);
    Peer(full.clone()).send(1);
    let (from, to) = (end_of(&full), end_of(&full));
    let mut sending = pin!(from.send(2));
    let early = poll_once(sending.as_mut());
    assert!(
        early.is_pending(),
        "the ring is full, and `send` came to {early:?}"
    );
    to.close();
    let end = within(PATIENCE, sending).await;
    assert!(
        end == Some(Err(Closed)),
        "the line was closed over a sender that waited, and `send` came to {end:?}"
    );
}

/// Wherever the other end closes while one looks and goes to sleep, it wakes to the end.
#[wasm_bindgen_test]
async fn no_end_is_slept_through() {
    let _main = MainThread::enter();
    for at in 0.. {
        let (empty, full) = (words(1), words(1));
        Peer(full.clone()).send(1);
        let closing = |words| {
            let peer = Peer(words);
            move || peer.close()
        };
        let (watched, receiver) = step_in(&empty, at, closing(empty.clone()));
        let received = within(PATIENCE / 4, Line::on(watched).receive()).await;
        assert!(
            !receiver.stepped_in() || received == Some(None),
            "the line was closed before access number {} of a `receive` on an empty ring, and that came to \
             {received:?}",
            at + 1
        );
        let (watched, sender) = step_in(&full, at, closing(full.clone()));
        let sent = within(PATIENCE / 4, Line::on(watched).send(2)).await;
        assert!(
            !sender.stepped_in() || sent == Some(Err(Closed)),
            "the line was closed before access number {} of a `send` into a full ring, and that came to \
             {sent:?}",
            at + 1
        );
        if !receiver.stepped_in() && !sender.stepped_in() {
            break;
        }
    }
}

/// What was sent before the end arrives, wherever sending and closing fall into a `receive`.
#[wasm_bindgen_test]
async fn what_was_sent_before_the_end_arrives() {
    let _main = MainThread::enter();
    for at in 0.. {
        let words = words(2);
        let peer = Peer(words.clone());
        let (watched, watch) = step_in(&words, at, move || {
            peer.send(7);
            peer.close();
        });
        let line = Line::on(watched);
        let first = within(PATIENCE / 2, line.receive()).await;
        if !watch.stepped_in() {
            break;
        }
        assert!(
            first == Some(Some(7)),
            "7 was sent and the line closed, both before access number {} of `receive`, and that came to \
             {first:?}: who finds the ring empty and then sees the end has not seen what came in between",
            at + 1
        );
        let last = within(PATIENCE, line.receive()).await;
        assert!(
            last == Some(None),
            "all was received and the line is closed, but `receive` came to {last:?}"
        );
    }
}

/// After the end nothing is sent, though there is room. Closing again changes nothing.
#[wasm_bindgen_test]
async fn nothing_is_sent_after_the_end() {
    let _main = MainThread::enter();
    let words = words(4);
    let (from, to) = (end_of(&words), end_of(&words));
    to.close();
    from.close();
    let sent = within(PATIENCE, from.send(7)).await;
    assert!(
        sent == Some(Err(Closed)) && words.load(SENT) == 0,
        "the line is closed; a message came to {sent:?}, and {} are in the ring",
        words.load(SENT)
    );
    let received = within(PATIENCE, to.receive()).await;
    assert!(
        received == Some(None),
        "the line is closed and empty, and `receive` came to {received:?}"
    );
}
