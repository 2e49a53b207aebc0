//! What moves and what is copied

use std::cell::RefCell;
use std::rc::Rc;

use super::{
    client,
    stage::{ECHO, Outcome, a_function, asked, get, list, object, refused, sleep, soon},
};
use contract::CallError;
use js_sys::{Array, ArrayBuffer, Uint8Array, Uint32Array, WebAssembly};
use wasm_bindgen::prelude::*;
use wasm_bindgen_test::*;
use web_sys::{MessageChannel, MessageEvent};

/// 8 MiB of them.
const WORDS: u32 = 1 << 21;

fn big() -> ArrayBuffer {
    let words: Vec<u32> = (0..WORDS).map(|n| n.wrapping_mul(0x9e37_79b9)).collect();
    Uint32Array::from(words.as_slice()).buffer()
}

fn is_big(value: &JsValue) -> bool {
    let words = Uint32Array::new(value).to_vec();
    words.len() == WORDS as usize
        && (0..)
            .zip(words)
            .all(|(n, word): (u32, u32)| word == n.wrapping_mul(0x9e37_79b9))
}

fn answered(what: &str, outcome: Outcome) -> JsValue {
    outcome
        .unwrap_or_else(|error| panic!("{what}: it can be sent, but the call ended with `{error}`"))
}

/// A buffer in the list moves: here it is detached, with a length of 0, and there it is whole.
#[wasm_bindgen_test]
async fn a_moved_buffer_is_detached_here_and_whole_there() {
    let client = client(
        "(value, move) => { if (value.pixels instanceof ArrayBuffer) move(value.pixels); return value; }",
    );
    let buffer = big();
    let pixels = Uint8Array::new(&buffer);
    let value = object([("pixels", buffer.clone().into()), ("width", 1.into())]);
    let answer = answered(
        "a moved buffer",
        asked("a moved buffer", &client, &value, &Array::of1(&buffer)).await,
    );
    assert!(
        buffer.byte_length() == 0 && pixels.length() == 0,
        "a buffer of 8 MiB was listed in `transfer`, and {} bytes of it are still here. So it was copied: twice \
         the memory, and this thread stood still for as long as the copy took",
        buffer.byte_length(),
    );
    assert!(
        is_big(&get(&answer, "pixels")),
        "8 MiB moved there and back, and not every byte came back as it was"
    );
}

/// What is not in the list is copied: it stays usable here, and what the worker does to its own changes
/// nothing here.
#[wasm_bindgen_test]
async fn what_is_not_listed_is_copied() {
    let client =
        client("(value) => { new Uint8Array(value.kept)[0] = 9; return value.moved.byteLength; }");
    let (kept, moved) = (ArrayBuffer::new(8), ArrayBuffer::new(16));
    let value = object([
        ("kept", kept.clone().into()),
        ("moved", moved.clone().into()),
    ]);
    let answer = answered(
        "one listed, one not",
        asked("one listed, one not", &client, &value, &Array::of1(&moved)).await,
    );
    assert!(
        kept.byte_length() == 8 && Uint8Array::new(&kept).get_index(0) == 0,
        "a buffer that was not in the list has {} bytes here now; the caller still needs it",
        kept.byte_length(),
    );
    assert!(
        answer == 16 && moved.byte_length() == 0,
        "the other was in the list. The worker got {answer:?} of its 16 bytes, and {} are still here",
        moved.byte_length(),
    );
}

/// A `MessagePort` can only move. Listed, it works on the other side.
#[wasm_bindgen_test]
async fn a_port_moves_and_works_there() {
    let client = client("(value) => value.port?.postMessage('hello')");
    let up = asked("a worker that starts", &client, &object([]), &Array::new()).await;
    answered("a worker that starts", up);
    let channel = MessageChannel::new().unwrap();
    let heard = Rc::<RefCell<JsValue>>::default();
    let hears = Rc::clone(&heard);
    let on_message = Closure::<dyn Fn(MessageEvent)>::new(move |event: MessageEvent| {
        *hears.borrow_mut() = event.data();
    });
    channel
        .port1()
        .set_onmessage(Some(on_message.as_ref().unchecked_ref()));
    let port = channel.port2();
    let value = object([("port", port.clone().into())]);
    match soon(client.call(&value, &Array::of1(&port))).await {
        Some(outcome) => answered("a port", outcome),
        None => panic!(
            "a MessagePort was listed in `transfer`, which is the only way to send one, and the call still waits: \
             it was not sent"
        ),
    };
    sleep(100).await;
    assert!(
        *heard.borrow() == "hello",
        "a MessagePort was listed in `transfer`, and what the worker sent into it was not heard here"
    );
    channel.port1().close();
}

/// What cannot move is an error of its own: the memory of a wasm module, a buffer that is listed twice or
/// has moved already, an object that is no transferable one.
#[wasm_bindgen_test]
async fn what_cannot_move_is_refused() {
    let client = client(ECHO);
    let memory = wasm_bindgen::memory().unchecked_into::<WebAssembly::Memory>();
    let twice = ArrayBuffer::new(8);
    let gone = ArrayBuffer::new(8);
    answered(
        "a buffer that moves",
        asked("a buffer that moves", &client, &gone, &Array::of1(&gone)).await,
    );
    for (what, value, transfer) in [
        (
            "the memory of a wasm module",
            1.into(),
            list([memory.buffer()]),
        ),
        (
            "a buffer that is listed twice",
            1.into(),
            list([twice.clone().into(), twice.into()]),
        ),
        (
            "a buffer that has moved already",
            object([("b", gone.clone().into())]),
            list([gone.into()]),
        ),
        ("a plain object", 1.into(), list([object([])])),
    ] {
        let error = refused(what, &client, &value, &transfer).await;
        assert!(
            matches!(error, CallError::NotTransferable(_)),
            "{what} cannot move, so the call ends with NotTransferable; it ended with {error:?}"
        );
    }
}

/// When a value is refused, nothing has moved: the buffers in the list are still the caller's.
#[wasm_bindgen_test]
async fn a_refused_value_moves_nothing() {
    let client = client(ECHO);
    let buffer = Uint8Array::from(&[1, 2, 3][..]).buffer();
    let value = object([("pixels", buffer.clone().into()), ("done", a_function())]);
    let error = refused(
        "a function beside a buffer",
        &client,
        &value,
        &Array::of1(&buffer),
    )
    .await;
    assert!(
        error
            == CallError::NotCloneable {
                path: "value.done".to_owned()
            },
        "the list is fine and a function is not: {error:?}"
    );
    assert!(
        buffer.byte_length() == 3,
        "the call was refused, and the buffer in its list has {} of 3 bytes left: it went nowhere, and is lost",
        buffer.byte_length(),
    );
    let answer = answered(
        "the buffer alone",
        asked("the buffer alone", &client, &buffer, &Array::of1(&buffer)).await,
    );
    assert!(
        Uint8Array::new(&answer).to_vec() == [1, 2, 3],
        "the second time it could be sent"
    );
}
