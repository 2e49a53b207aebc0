//! Room: all of it or none

use super::expect::{brief, contents, hex, outcome, tell};
use super::{BYTES, SAMPLES};
use crate::zone;
use contract::{DecodeError, EncodeError};
use js_sys::Uint8Array;
use wasm_bindgen_test::*;

/// A target with too little room is an error and is left as it was, never half written.
#[wasm_bindgen_test]
fn short_target_is_refused_and_left_alone() {
    for room in [15, 12, 1, 0] {
        let buffer = Uint8Array::new_with_length(24);
        buffer.fill(0xee, 0, 24);
        let target = buffer.subarray(4, 4 + room);
        let answer = outcome(move || zone::encode_into(&SAMPLES, &target));
        assert!(
            answer == Some(Err(EncodeError::TooShort { needed: 16, room })),
            "16 bytes into {room} bytes of room: expected Err(TooShort {{ needed: 16, room: {room} }}), \
             came {}. A typed array ignores what is written past its end, so nobody else will say it.",
            tell(&answer),
        );
        assert!(
            contents(&buffer).iter().all(|byte| *byte == 0xee),
            "the target was refused, yet it was written: its buffer reads {}. Check first, then write.",
            hex(&contents(&buffer)),
        );
    }
}

/// A target with room to spare takes the samples at its start, wherever in its buffer
/// that is. Its tail and its neighbours stay.
#[wasm_bindgen_test]
fn longer_target_keeps_its_tail() {
    for offset in [0, 4, 2, 1] {
        let buffer = Uint8Array::new_with_length(28);
        buffer.fill(0xee, 0, 28);
        let target = buffer.subarray(offset, offset + 20);
        let answer = outcome(move || zone::encode_into(&SAMPLES, &target));
        assert!(
            answer == Some(Ok(16)),
            "16 bytes fit into 20, at offset {offset} of a buffer of 28: expected Ok(16), the bytes \
             written, came {}. `buffer` is more than the array shows, and need not be aligned.",
            tell(&answer),
        );
        let mut expected = [0xee; 28];
        expected[offset as usize..][..16].copy_from_slice(&BYTES);
        assert!(
            contents(&buffer) == expected,
            "the target lies at offset {offset} of its buffer, which reads {}; expected {}: the \
             samples there, and around them what was there before.",
            hex(&contents(&buffer)),
            hex(&expected),
        );
    }
}

/// A cut-off sample is a typed error, never dropped and never padded.
#[wasm_bindgen_test]
fn partial_sample_is_refused() {
    for length in [1, 2, 3, 5, 6, 7, 4097] {
        let answer = outcome(move || zone::decode(&Uint8Array::new_with_length(length)));
        assert!(
            answer == Some(Err(DecodeError::PartialSample { bytes: length })),
            "{length} bytes end inside a sample. Expected Err(PartialSample {{ bytes: {length} }}), \
             came {}.",
            brief(&answer),
        );
    }
}

/// Only the bytes that an array shows are decoded, wherever in its buffer they lie.
#[wasm_bindgen_test]
fn decode_reads_the_window_and_not_the_buffer() {
    for offset in [4, 2, 1] {
        let buffer = Uint8Array::new_with_length(24);
        buffer.fill(0xee, 0, 24);
        let window = buffer.subarray(offset, offset + 16);
        window.copy_from(&BYTES);
        let answer = outcome(move || zone::decode(&window));
        assert!(
            answer == Some(Ok(SAMPLES.to_vec())),
            "the array shows 16 bytes from offset {offset} of a buffer of 24: expected {SAMPLES:?}, \
             came {}. `buffer` is more than the array shows, and need not be aligned.",
            brief(&answer),
        );
    }
}

/// Nothing is encoded to nothing and decoded to nothing, without an error.
#[wasm_bindgen_test]
fn empty_stays_empty() {
    let nothing = zone::encode(&[]);
    assert!(
        nothing.length() == 0,
        "no samples are 0 bytes, but {} came",
        nothing.length()
    );
    let decoded = zone::decode(&Uint8Array::new_with_length(0));
    assert!(
        decoded == Ok(vec![]),
        "0 bytes are 0 samples, which is no error; came {decoded:?}"
    );
    // An empty window at the end of a buffer that is not empty has lost nothing.
    let window = || Uint8Array::new_with_length(16).subarray(16, 16);
    let decoded = outcome(move || zone::decode(&window()));
    assert!(
        decoded == Some(Ok(vec![])),
        "an empty window of a buffer of 16 bytes is 0 samples, which is no error; came {}",
        brief(&decoded),
    );
    let written = outcome(move || zone::encode_into(&[], &window()));
    assert!(
        written == Some(Ok(0)),
        "no samples fit into an empty window of a buffer of 16 bytes; came {}",
        tell(&written),
    );
    let written = zone::encode_into(&[], &Uint8Array::new_with_length(0));
    assert!(
        written == Ok(0),
        "no samples fit into no room; came {written:?}"
    );
}
