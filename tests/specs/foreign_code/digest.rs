//! The host: what it lends, and what it refuses

use std::task::Poll;

use contract::{DigestError, in_words};
use js_sys::{Array, ArrayBuffer, Error, Object, Reflect, TypeError, Uint8Array};
use wasm_bindgen::{externref_heap_live_count, prelude::*};
use wasm_bindgen_test::*;

use super::expect::{digest, digest_before, hash, later, patience, refused, tell};
use super::host::{Played, dom_exception, real};
use super::{MIB, pages};

/// SHA-256 as its standard has it, for nothing, for three letters, for a million and for a mebibyte of zeros.
#[wasm_bindgen_test]
async fn published_hashes_come_out() {
    real();
    for (name, bytes, expected) in [
        (
            "no bytes",
            vec![],
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        ),
        (
            "\"abc\"",
            b"abc".to_vec(),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
        ),
        (
            "a million times \"a\"",
            vec![b'a'; 1_000_000],
            "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0",
        ),
        (
            "a mebibyte of zeros",
            vec![0; MIB],
            "30e14955ebf1352266dc2ff8067e68104607e750abb9d3b36582b8af909fcb58",
        ),
    ] {
        hash(name, &bytes, expected).await;
    }
}

/// A page that came by plain http has no `crypto.subtle`, and some hosts have no `crypto`: the digest is
/// `Unavailable`, and nothing throws.
#[wasm_bindgen_test]
async fn a_host_without_it_is_unavailable() {
    for (what, value) in [("undefined", JsValue::UNDEFINED), ("null", JsValue::NULL)] {
        let _host = Played::subtle(&value);
        let when = format!("`crypto.subtle` is {what}, as in a page that came by plain http");
        refused(&when, &DigestError::Unavailable).await;
    }
    let _host = Played::without_crypto();
    refused("the host has no `crypto`", &DigestError::Unavailable).await;
}

/// What `digest` throws, or its promise is rejected with, is `Refused`, with the host's own words. JavaScript
/// can throw anything, also nothing, and what cannot be read.
#[wasm_bindgen_test]
async fn whatever_the_host_throws_is_refused() {
    for make in [
        || dom_exception("the key store is locked", "OperationError"),
        || dom_exception("SHA-256 is switched off", "NotSupportedError"),
        || TypeError::new("crypto.subtle.digest is not what it was").into(),
        || Error::new("").into(),
        || JsValue::UNDEFINED,
        || JsValue::NULL,
        || "a plain text".into(),
        || 42.into(),
        || JsValue::symbol(Some("a symbol")),
        unreadable,
    ] {
        throw_and_reject(make).await;
    }
}

/// An object that has no text: `String(object)` throws.
fn unreadable() -> JsValue {
    Object::<JsValue>::create(JsValue::NULL.unchecked_ref()).into()
}

async fn throw_and_reject(make: fn() -> JsValue) {
    let reason = in_words(&make());
    let expected = DigestError::Refused {
        reason: reason.clone(),
    };
    {
        let _host = Played::throws(make);
        refused(&format!("`digest` throws {reason:?}"), &expected).await;
    }
    let _host = Played::rejects(make);
    refused(
        &format!("the promise is rejected with {reason:?}"),
        &expected,
    )
    .await;
}

/// What is no buffer of 32 bytes is no SHA-256, and `Malformed`, with a promise around it or without.
#[wasm_bindgen_test]
async fn an_answer_that_is_no_hash_is_malformed() {
    for (what, make) in [
        ("undefined", (|| JsValue::UNDEFINED) as fn() -> JsValue),
        ("null", || JsValue::NULL),
        ("a text", || "ba7816bf8f01cfea414140de5dae2223".into()),
        ("the number 32", || 32.into()),
        ("an object", || Object::new().into()),
        ("an object whose `byteLength` is 32", || {
            let object = Object::new();
            let _ = Reflect::set(&object, &"byteLength".into(), &32.into());
            object.into()
        }),
        ("a list of 32 numbers", || {
            let list = Array::new_with_length(32);
            list.fill(&7.into(), 0, 32).into()
        }),
        ("a buffer of 0 bytes", || ArrayBuffer::new(0).into()),
        ("a buffer of 20 bytes, as SHA-1 has", || {
            ArrayBuffer::new(20).into()
        }),
        ("a buffer of 33 bytes", || ArrayBuffer::new(33).into()),
        ("a buffer of 64 bytes, as SHA-512 has", || {
            ArrayBuffer::new(64).into()
        }),
        (
            "a buffer of 32 bytes that was given away, so that no view of it can be made",
            given_away,
        ),
    ] {
        {
            let _host = Played::answers(make);
            refused(&format!("the host answers {what}"), &DigestError::Malformed).await;
        }
        let _host = Played::digest(move |_, _| Ok(make()));
        let when = format!("the host answers {what}, and no promise");
        refused(&when, &DigestError::Malformed).await;
    }
}

/// A buffer that is somewhere else now, as one is after it was sent to a worker.
fn given_away() -> JsValue {
    let buffer = ArrayBuffer::new(32);
    let options = Object::new();
    let _ = Reflect::set(&options, &"transfer".into(), &Array::of1(&buffer));
    spec_clone(&buffer, &options);
    buffer.into()
}

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_name = structuredClone)]
    fn spec_clone(value: &JsValue, options: &JsValue) -> JsValue;
}

/// The host is asked anew at each call, also while another waits: what was missing may have come, what was
/// there may have gone, and each answer finds its caller.
#[wasm_bindgen_test]
async fn the_host_is_asked_each_time() {
    for round in 1..=2 {
        {
            let _host = Played::subtle(&JsValue::UNDEFINED);
            let when = format!("round {round}: the host has no `crypto.subtle`");
            refused(&when, &DigestError::Unavailable).await;
        }
        let _host = Played::answers(|| ArrayBuffer::new(32).into());
        let answer = digest(b"abc").await;
        assert!(
            answer == Some(Ok([0; 32])),
            "round {round}: the host has a `crypto.subtle` now, and answers 32 zeros; `sha256` came to {answer:?}. \
             What was looked up once is old at the next call."
        );
    }

    // Two at once. The first call is answered last.
    let mut ms = 60.0;
    let _host = Played::digest(move |_, data| {
        let bytes = Uint8Array::new(&data);
        let hash = Uint8Array::new_with_length(32);
        hash.fill(bytes.get_index(0), 0, 32);
        ms /= 4.0;
        Ok(later(&hash.buffer(), ms))
    });
    let mut first = Box::pin(digest(b"1"));
    let mut second = Box::pin(digest(b"2"));
    let mut answers = (None, None);
    std::future::poll_fn(|context| {
        for (call, answer) in [(&mut first, &mut answers.0), (&mut second, &mut answers.1)] {
            if answer.is_none()
                && let Poll::Ready(came) = call.as_mut().poll(context)
            {
                *answer = Some(came);
            }
        }
        match &answers {
            (Some(_), Some(_)) => Poll::Ready(()),
            _ => Poll::Pending,
        }
    })
    .await;
    for (answer, byte) in [(answers.0, b'1'), (answers.1, b'2')] {
        let answer = answer.flatten();
        assert!(
            answer == Some(Ok([byte; 32])),
            "two digests at once, where the host answers the second one first: the digest that is 32 times \
             {byte:#04x} came to {}.",
            tell(&answer),
        );
    }
}

/// Thousands of digests, granted and refused, leave neither memory nor JavaScript values behind.
#[wasm_bindgen_test]
async fn thousands_of_digests_leave_nothing() {
    {
        let _host = Played::answers(|| ArrayBuffer::new(32).into());
        flat("granted", |answer| answer.is_ok()).await;
    }
    {
        let _host = Played::rejects(|| dom_exception("not now", "OperationError"));
        flat("refused", |answer| {
            matches!(answer, Err(DigestError::Refused { .. }))
        })
        .await;
    }
    {
        let _host = Played::answers(|| ArrayBuffer::new(33).into());
        flat("malformed", |answer| *answer == Err(DigestError::Malformed)).await;
    }
}

type Answer = Result<[u8; 32], DigestError>;

/// Asserts that so many digests, which all come to this, make the program no larger.
async fn flat(which: &str, is: impl Fn(&Answer) -> bool) {
    const ROUNDS: u32 = 1_500;
    let bytes = vec![7; 1024];
    // One for all: a timer that nobody waits for any more is kept until it is due.
    let mut late = patience();
    for _ in 0..64 {
        let _ = digest_before(&mut late, &bytes).await;
    }
    let before = (pages(), externref_heap_live_count());
    for _ in 0..ROUNDS {
        let answer = digest_before(&mut late, &bytes).await;
        assert!(
            answer.as_ref().is_some_and(&is),
            "the digests are {which} here, but {} came",
            tell(&answer),
        );
    }
    let grown = pages() - before.0;
    let values = externref_heap_live_count().saturating_sub(before.1);
    assert!(
        grown <= 1 && values <= 64,
        "{ROUNDS} digests of 1 KiB that were {which}: memory grew by {grown} pages of 64 KiB, and Rust holds \
         {values} more of JavaScript's values. What a call keeps is gone until the tab is closed."
    );
}
