//! Lost bytes are not "no bytes"

use core::hint::black_box;

use super::expect::{NO_ANSWER, brief, contents, hex, outcome, tell};
use super::memory::{allocate_until_growth, detached, fill_table, pages, shrunk};
use super::{BYTES, MIB, SAMPLES};
use crate::zone;
use contract::{DecodeError, EncodeError};
use js_sys::Uint8Array;
use wasm_bindgen_test::*;

/// A detached array is an error for `decode`: lost bytes are not "no bytes".
#[wasm_bindgen_test]
fn decode_refuses_a_detached_array() {
    let answer = outcome(|| zone::decode(&detached()));
    assert!(
        answer == Some(Err(DecodeError::Detached)),
        "a detached array must not be decoded: expected Err(Detached), came {}. Its length is 0 \
         because its bytes are lost, and an empty answer hides the loss.",
        brief(&answer),
    );
}

/// A detached target is an error for `encode_into`: writes to it go nowhere.
#[wasm_bindgen_test]
fn encode_into_refuses_a_detached_target() {
    let answer = outcome(|| zone::encode_into(&SAMPLES, &detached()));
    assert!(
        refused(&answer),
        "a detached target takes no bytes: expected Err(Detached) or Err(TooShort {{ needed: 16, \
         room: 0 }}), came {}.",
        tell(&answer),
    );
    let answer = outcome(|| zone::encode_into(&[], &detached()));
    assert!(
        matches!(answer, Some(Ok(0) | Err(EncodeError::Detached))),
        "no samples into a detached target: expected Err(Detached) or Ok(0), came {}. Most methods of \
         a detached array throw, also when there is nothing to do.",
        tell(&answer),
    );
}

/// An array whose buffer was made too short for it is an error for `decode`. One that still has
/// all of its bytes is none.
#[wasm_bindgen_test]
fn decode_refuses_an_array_whose_buffer_shrank() {
    for left in [0, 4, 8, 23] {
        let answer = outcome(move || zone::decode(&shrunk(left)));
        assert!(
            answer == Some(Err(DecodeError::Detached)),
            "the array shows 16 bytes from offset 8 on, and its buffer has shrunk to {left}: expected \
             Err(Detached), came {}. The buffer is not detached, yet the array's length is 0 and \
             its methods throw.",
            brief(&answer),
        );
    }
    let answer = outcome(|| {
        let array = shrunk(24);
        array.copy_from(&BYTES);
        zone::decode(&array)
    });
    assert!(
        answer == Some(Ok(SAMPLES.to_vec())),
        "the array shows 16 bytes from offset 8 on, and its buffer has shrunk to 24, which is just enough: \
         expected {SAMPLES:?}, came {}.",
        brief(&answer),
    );
}

/// A target whose buffer was made too short for it is an error for `encode_into`.
#[wasm_bindgen_test]
fn encode_into_refuses_a_target_whose_buffer_shrank() {
    for left in [0, 4, 8, 23] {
        let target = shrunk(left);
        let buffer = target.buffer();
        let answer = outcome(move || zone::encode_into(&SAMPLES, &target));
        assert!(
            refused(&answer),
            "the target is 16 bytes from offset 8 on, and its buffer has shrunk to {left}: expected \
             Err(Detached) or Err(TooShort {{ needed: 16, room: 0 }}), came {}. The buffer is not \
             detached, yet the array's length is 0 and its methods throw.",
            tell(&answer),
        );
        let there = contents(&Uint8Array::new(&buffer));
        assert!(
            there.iter().all(|byte| *byte == 0),
            "the target was refused, yet what is left of its buffer reads {}.",
            hex(&there),
        );
    }
}

/// Whether `encode_into` said that the target has lost its bytes.
fn refused(answer: &Option<Result<u32, EncodeError>>) -> bool {
    matches!(
        answer,
        Some(Err(
            EncodeError::Detached | EncodeError::TooShort { room: 0, .. }
        ))
    )
}

/// A view of our own memory, detached by the very allocation that `decode` makes, is
/// decoded right or refused: never answered with samples that nobody wrote.
#[wasm_bindgen_test]
fn decode_survives_its_own_allocation() {
    let ballast = allocate_until_growth(MIB);
    let source = vec![0x40_u8; 2 * MIB];
    // SAFETY: `source` lives to the end of this function, and nothing writes to it.
    let view = unsafe { Uint8Array::view(&source) };
    let answer = outcome(move || zone::decode(&view));
    let sound = match &answer {
        Some(Ok(samples)) => {
            samples.len() == source.len() / 4 && samples.iter().all(|s| s.to_bits() == 0x4040_4040)
        }
        Some(Err(error)) => *error == DecodeError::Detached,
        None => false,
    };
    assert!(
        sound,
        "samples that nobody wrote: the array was a view of this module's memory, and the room for \
         its copy made that memory grow. Expected the bytes or Err(Detached), came {}.",
        brief(&answer),
    );
    drop((ballast, source));
}

/// A target in our own memory, detached by the very allocation that `encode_into` makes,
/// is written right or refused: never reported as written while the bytes went nowhere.
#[wasm_bindgen_test]
fn encode_into_survives_its_own_allocation() {
    let ballast = allocate_until_growth(MIB);
    let samples = vec![-4.0_f32; MIB / 2];
    let mut place = vec![0_u8; 2 * MIB];
    // SAFETY: `place` lives to the end of this function, and nobody else uses it during the call.
    let target = unsafe { Uint8Array::view_mut_raw(place.as_mut_ptr(), place.len()) };
    let answer = outcome(move || zone::encode_into(&samples, &target));
    let place = black_box(place);
    let sound = match answer {
        Some(Ok(written)) => {
            written as usize == place.len()
                && place.chunks_exact(4).all(|sample| sample == &BYTES[12..])
        }
        _ => refused(&answer) && place.iter().all(|byte| *byte == 0),
    };
    assert!(
        sound,
        "bytes that went nowhere: the target was a view of this module's memory, and the room for \
         a copy of the samples made that memory grow. Expected the bytes, Err(Detached) or \
         Err(TooShort {{ room: 0, .. }}), came {}, and the target begins {}.",
        tell(&answer),
        hex(&place[..8]),
    );
    drop(ballast);
}

/// wasm-bindgen keeps its books on JavaScript's values in this very memory, and one value too many
/// makes it grow in the middle of a call. Then too a call is right or refused.
#[wasm_bindgen_test]
fn a_growing_table_of_values_is_survived() {
    let full = fill_table(1 << 14, 0);
    let before = pages();
    let one_too_many = Uint8Array::new_with_length(0);
    assert!(
        pages() > before,
        "one value more did not make the memory grow: this wasm-bindgen is not what the spec knows"
    );
    drop((full, one_too_many));

    let result = outcome(|| {
        let _full = fill_table(1 << 15, 0);
        zone::encode(&SAMPLES)
    });
    let bytes = result.map(|array| contents(&array));
    assert!(
        bytes.as_deref() == Some(&BYTES),
        "`encode` came to {}, and {} was encoded. {TABLE}",
        bytes.map_or(NO_ANSWER.into(), |bytes| hex(&bytes)),
        hex(&BYTES),
    );

    for (capacity, spare) in [(1 << 16, 0), (1 << 17, 1)] {
        let answer = outcome(move || {
            let mut place = vec![0_u8; 32];
            // The target itself takes a place too, and is younger than the last growth.
            let _full = fill_table(capacity, spare + 1);
            // SAFETY: `place` lives to the end of this call, and nobody else uses it until then.
            let target = unsafe { Uint8Array::view_mut_raw(place.as_mut_ptr(), place.len()) };
            let written = zone::encode_into(&SAMPLES, &target);
            (written, black_box(place))
        });
        let (written, place) = answer.unzip();
        let sound = match &place {
            Some(place) if written == Some(Ok(16)) => place[..16] == BYTES,
            Some(place) => refused(&written) && place.iter().all(|byte| *byte == 0),
            None => false,
        };
        assert!(
            sound,
            "the target was a view of this module's memory: expected the bytes, Err(Detached) or \
             Err(TooShort {{ room: 0, .. }}), came {}, and the target begins {}. {TABLE}",
            tell(&written),
            hex(place.as_deref().map_or(&[], |place| &place[..16])),
        );
    }

    let answer = outcome(|| {
        let source = BYTES.to_vec();
        let _full = fill_table(1 << 18, 1);
        // SAFETY: `source` lives to the end of this call, and nothing writes to it.
        let view = unsafe { Uint8Array::view(&source) };
        let samples = zone::decode(&view);
        drop(black_box(source));
        samples
    });
    assert!(
        answer == Some(Ok(SAMPLES.to_vec())) || answer == Some(Err(DecodeError::Detached)),
        "the array was a view of this module's memory: expected {SAMPLES:?} or Err(Detached), came {}. \
         {TABLE}",
        brief(&answer),
    );
}

const TABLE: &str = "Each new value of JavaScript's in Rust, also a short-lived one, takes a place in \
    wasm-bindgen's table. The table was full, its books needed more of this memory, and the growth detached \
    every view, even one that was just being made.";
