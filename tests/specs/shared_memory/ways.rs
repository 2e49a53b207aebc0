//! Which way it runs

use std::pin::pin;

use contract::{Closed, Way, is_isolated};
use wasm_bindgen::JsValue;
use wasm_bindgen_test::*;

use super::opened;
use super::stage::{
    MainThread, NotIsolated, PATIENCE, both, get, pause, poll_once, shared_buffer, within,
};
use crate::zone::Line;

/// Where the engine has shared memory for this page, a line runs over it. Where it has none, isolated or
/// not, it runs by mail. Both ends say the same.
#[wasm_bindgen_test]
fn memory_is_shared_where_there_is_any() {
    let there_is = get(&js_sys::global(), "SharedArrayBuffer").is_function();
    let expected = if there_is { Way::Shared } else { Way::Messages };
    let (line, ticket) = opened(4);
    let other = Line::join(&ticket.value).expect("a ticket of `open` is one");
    let ways = [line.way(), other.way()];
    assert!(
        ways == [expected; 2],
        "this place is isolated: {}; the engine has shared memory for it: {there_is}. The two ends of a line \
         say {ways:?}, not {expected:?}",
        is_isolated()
    );
}

/// Two ends over one memory are two ends of one line, and what is no ticket is an error.
#[wasm_bindgen_test]
async fn both_ends_are_of_one_line() {
    let _main = MainThread::enter();
    for room in [4, 9] {
        let (line, ticket) = opened(room);
        let other = Line::join(&ticket.value).expect("a ticket of `open` is one");
        goes_on(&line, &other, room).await;
    }
    for no_ticket in [JsValue::NULL, "ticket".into(), js_sys::Array::new().into()] {
        assert!(
            Line::join(&no_ticket).is_err(),
            "{no_ticket:?} is no ticket, and somebody joined with it"
        );
    }
    for bytes in [0, 3, 8, 20, 22, 32] {
        assert!(
            Line::join(&shared_buffer(bytes)).is_err(),
            "shared memory of {bytes} bytes has no room for the five words and a power of two of slots, so it is no \
             ticket, and somebody joined with it"
        );
    }
}

/// On a page that is not isolated the same calls do the same by mail, and the line says so.
#[wasm_bindgen_test]
async fn without_shared_memory_all_goes_by_mail() {
    let page = NotIsolated::enter();
    let _main = MainThread::enter();
    let (line, ticket) = opened(4);
    let other = Line::join(&ticket.value).expect("a ticket of `open` is one");
    let ways = [line.way(), other.way()];
    drop(page);
    assert!(
        ways == [Way::Messages; 2],
        "the page is not isolated and has no shared memory, and the two ends of a line say {ways:?}"
    );
    goes_on(&line, &other, 4).await;
}

/// Additions from both ends, a hundred messages through a ring with so much room, and the end.
async fn goes_on(line: &Line, other: &Line, room: u32) {
    let room = room.cast_signed();
    line.add(1);
    other.add(10);
    for value in 0..room {
        assert!(
            poll_once(pin!(line.send(value))).is_ready(),
            "a line was opened with room for {room} messages, {:?}, and with {value} in it `send` waits",
            line.way()
        );
    }
    let sending = async {
        for value in room..100 {
            assert!(line.send(value).await.is_ok(), "nobody has closed the line");
        }
    };
    let receiving = async {
        let mut received = Vec::new();
        for _ in 0..100 {
            received.push(other.receive().await);
        }
        received
    };
    let received = within(2 * PATIENCE, both(sending, receiving)).await;
    let received = received.map(|((), received)| received);
    assert!(
        received == Some((0..100).map(Some).collect()),
        "100 messages were sent, {:?}, and what arrived is {received:?}",
        line.way()
    );
    pause(50).await;
    let totals = [line.total(), other.total()];
    assert!(
        totals == [11; 2],
        "one end added 1 and the other 10, {:?}, and the two say {totals:?}",
        line.way()
    );
    let (end, _) = both(within(PATIENCE, other.receive()), async {
        pause(20).await;
        line.close();
    })
    .await;
    assert!(
        end == Some(None),
        "the line was closed, {:?}, and a receiver that waited came to {end:?}",
        line.way()
    );
    let sent = within(PATIENCE, line.send(1)).await;
    assert!(
        sent == Some(Err(Closed)),
        "the line is closed, {:?}, and a message came to {sent:?}",
        line.way()
    );
}
