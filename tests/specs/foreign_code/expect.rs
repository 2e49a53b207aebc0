//! What the tests expect, with words that say why.

use std::pin::Pin;
use std::task::Poll;

use contract::{DigestError, POLYNOMIAL};
use js_sys::{Function, Promise};
use wasm_bindgen::prelude::*;

use super::reference::{self, CRC_32, register};
use crate::zone::{self, Crc32c};

/// What to say of a checksum that does not come.
const NO_CHECKSUM: &str = "no answer, but a panic, which is a trap here and ends the module. The target is \
    `wasm32`, on whatever processor the browser runs: code for another one is not compiled in, and what \
    stands in its place has to work.";

/// What to say of a digest that does not come.
const NO_DIGEST: &str = "no answer, but a panic or a JavaScript exception: it leaves Rust without running a \
    destructor, and no caller in Rust can handle it";

/// Asserts that this is the checksum of these bytes, in one call.
pub fn whole(name: &str, bytes: &[u8], expected: u32) {
    let Some(came) = outcome(|| zone::crc32c(bytes)) else {
        panic!("the CRC-32C of {name} came to {NO_CHECKSUM}");
    };
    assert!(
        came == expected,
        "the CRC-32C of {name} is {expected:#010x}, but {came:#010x} came.{}",
        diagnose(bytes, expected, came),
    );
}

/// The checksum of pieces, one after the other.
pub fn in_pieces<'a>(name: &str, pieces: impl IntoIterator<Item = &'a [u8]>) -> u32 {
    let value = outcome(|| {
        let mut checksum = Crc32c::new();
        for piece in pieces {
            checksum.update(piece);
        }
        checksum.value()
    });
    value.unwrap_or_else(|| panic!("the CRC-32C of {name} came to {NO_CHECKSUM}"))
}

/// Does something with checksums.
pub fn with<T>(name: &str, work: impl FnOnce() -> T) -> T {
    outcome(work).unwrap_or_else(|| panic!("{name} came to {NO_CHECKSUM}"))
}

/// What a wrong checksum is the right one of.
fn diagnose(bytes: &[u8], expected: u32, came: u32) -> &'static str {
    if came == !register(CRC_32, u32::MAX, bytes) {
        " That is the CRC-32 of zip and Ethernet: another polynomial, the same everything else."
    } else if came == !expected {
        " That is the register before it is inverted."
    } else if came == expected.swap_bytes() {
        " That is the same in the other order of bytes: RFC 3720 prints the lowest byte first."
    } else if came == !register(POLYNOMIAL, 0, bytes) || came == register(POLYNOMIAL, 0, bytes) {
        " That is what a register comes to that begins with 0: then zeros in front do not count."
    } else {
        ""
    }
}

/// When digests are late: 5 seconds from now.
pub fn patience() -> Pin<Box<dyn Future<Output = ()>>> {
    Box::pin(sleep(5_000.0))
}

/// Asks for a SHA-256. Nothing if the call panics or throws.
pub async fn digest(bytes: &[u8]) -> Option<Result<[u8; 32], DigestError>> {
    digest_before(&mut patience(), bytes).await
}

/// Asks for a SHA-256 that comes in time. Nothing if the call panics or throws.
pub async fn digest_before(
    late: &mut (impl Future<Output = ()> + Unpin),
    bytes: &[u8],
) -> Option<Result<[u8; 32], DigestError>> {
    let mut call = Some(Box::pin(zone::sha256(bytes)));
    std::future::poll_fn(move |context| {
        let Some(future) = &mut call else {
            return Poll::Ready(None);
        };
        match outcome(|| future.as_mut().poll(context)) {
            Some(Poll::Ready(answer)) => return Poll::Ready(Some(answer)),
            Some(Poll::Pending) => {}
            None => {
                // It was left in the middle of a step: it cannot even be dropped.
                std::mem::forget(call.take());
                return Poll::Ready(None);
            }
        }
        let late = Pin::new(&mut *late).poll(context);
        late.map(|()| panic!("`sha256` gave no answer within 5 s, though the host did"))
    })
    .await
}

/// Asserts that the host's hash comes.
pub async fn hash(name: &str, bytes: &[u8], expected: &str) {
    let answer = digest(bytes).await;
    let came = match &answer {
        Some(Ok(hash)) => hex(hash),
        _ => tell(&answer),
    };
    assert!(
        came == expected,
        "the SHA-256 of {name} is {expected}, but {came} came."
    );
}

/// Asserts that this error comes.
pub async fn refused(when: &str, expected: &DigestError) {
    let answer = digest(b"abc").await;
    assert!(
        answer == Some(Err(expected.clone())),
        "{when}: expected Err({expected:?}), came {}.",
        tell(&answer),
    );
}

/// What `sha256` came to, in words.
pub fn tell(answer: &Option<Result<[u8; 32], DigestError>>) -> String {
    match answer {
        Some(Ok(hash)) => format!("Ok with {}", hex(hash)),
        Some(Err(error)) => format!("Err({error:?})"),
        None => NO_DIGEST.into(),
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// What a call answers; nothing if it panics or if an exception of JavaScript's flies
/// through it.
pub fn outcome<T>(call: impl FnOnce() -> T) -> Option<T> {
    let mut answer = None;
    let mut call = Some(call);
    let mut run = || answer = call.take().map(|call| call());
    let run = ScopedClosure::<dyn FnMut()>::borrow_mut(&mut run);
    // A thrown exception is no answer, and an empty slot says so.
    let _ = run
        .as_ref()
        .unchecked_ref::<Function>()
        .call0(&JsValue::UNDEFINED);
    drop(run);
    answer
}

/// Asserts that the reference itself is right, so that a fault of the spec is not blamed on a `lib.rs`.
pub fn reference_stands() {
    assert_eq!(reference::crc32c(b"123456789"), 0xe306_9283);
}

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_name = setTimeout)]
    fn spec_set_timeout(call: &Function, ms: f64, argument: &JsValue) -> JsValue;
}

/// Waits for `ms` milliseconds.
async fn sleep(ms: f64) {
    let timer: Promise = later(&JsValue::UNDEFINED, ms).unchecked_into();
    let _ = timer.await;
}

/// A promise of this value, in so many milliseconds.
pub fn later(value: &JsValue, ms: f64) -> JsValue {
    let promise: Promise = Promise::new(&mut |resolve: Function, _reject: Function| {
        spec_set_timeout(&resolve, ms, value);
    });
    promise.into()
}
