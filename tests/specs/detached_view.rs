//! What a codec between Rust's samples and JavaScript's bytes must do.
//!
//! Linear memory grows, and growth detaches every view of it: length 0, no bytes, no
//! exception. So what JavaScript keeps must be its own, and a length that JavaScript
//! reports is a claim to check, not a fact. How the bytes are copied is up to you.

#[path = "detached_view/expect.rs"]
mod expect;
#[path = "detached_view/memory.rs"]
mod memory;

use crate::zone::{self, DecodeError, EncodeError};
use core::hint::black_box;
use expect::{NO_ANSWER, brief, contents, hex, outcome, owned, tell};
use js_sys::{Array, Uint8Array};
use memory::{allocate_until_growth, blocks, detached, pages};
use wasm_bindgen::prelude::*;
use wasm_bindgen_test::*;

wasm_bindgen_test_configure!(run_in_browser);

const MIB: usize = 1 << 20;

/// Four samples and the bytes that they are.
const SAMPLES: [f32; 4] = [1.0, 2.0, 3.0, -4.0];
const BYTES: [u8; 16] = [
    0x00, 0x00, 0x80, 0x3f, 0x00, 0x00, 0x00, 0x40, //
    0x00, 0x00, 0x40, 0x40, 0x00, 0x00, 0x80, 0xc0,
];

/// Bit patterns that get lost when samples pass through arithmetic, through a
/// JavaScript number or through the wrong byte order.
const DELICATE: [(u32, &str); 10] = [
    (0x3f80_0000, "1.0"),
    (0x8000_0000, "-0.0"),
    (0x0000_0001, "the smallest denormal"),
    (0x7f7f_ffff, "the largest finite value"),
    (0xff80_0000, "-infinity"),
    (0x7fc0_0000, "the usual NaN"),
    (0x7fc1_2345, "a quiet NaN with a payload"),
    (0xffc0_0001, "a negative NaN with a payload"),
    (0x7fa0_0001, "a signalling NaN with a payload"),
    (0xff80_0001, "a negative signalling NaN"),
];

/// An encoded array keeps its bytes while Rust goes on allocating.
#[wasm_bindgen_test]
fn bytes_survive_64_allocations() {
    // Free room first, so that this test is about reuse of memory and not about growth.
    drop(blocks(256));
    let result = zone::encode(&SAMPLES);
    let later = blocks(64);
    assert!(
        contents(&result) == BYTES,
        "wrong bytes: after 64 later allocations JavaScript reads {} where {} was encoded. If they \
         were right at first, the array looks at memory that Rust has given to somebody else.",
        hex(&contents(&result)),
        hex(&BYTES),
    );
    drop(later);
}

/// An encoded array keeps its length and its bytes when the memory grows.
#[wasm_bindgen_test]
fn length_survives_memory_growth() {
    let result = zone::encode(&SAMPLES);
    let before = pages();
    let ballast = allocate_until_growth(32 * MIB);
    let length = result.byte_length();
    assert!(
        length == 16,
        "byteLength is {length} and was 16: the memory grew from {before} to {} pages, and growth \
         detaches every view of the old memory. JavaScript sees an empty array and no error.",
        pages(),
    );
    assert!(
        contents(&result) == BYTES,
        "byteLength is still 16, but the bytes are wrong: JavaScript reads {} where {} was encoded.",
        hex(&contents(&result)),
        hex(&BYTES),
    );
    drop(ballast);
}

/// Two encoded arrays share no bytes, even if they come from the same samples' memory.
#[wasm_bindgen_test]
fn two_results_keep_their_own_bytes() {
    drop(blocks(256));
    let mut samples = SAMPLES.to_vec();
    let first = zone::encode(&samples);
    samples.iter_mut().for_each(|s| *s += 8.0);
    let second = zone::encode(&samples);
    let later = blocks(64);
    assert!(
        contents(&first) == BYTES,
        "the first result is wrong: after a second call of `encode` it reads {} where {} was \
         encoded. The two must not share memory.",
        hex(&contents(&first)),
        hex(&BYTES),
    );
    let expected: Vec<u8> = samples.iter().flat_map(|s| s.to_le_bytes()).collect();
    assert!(
        contents(&second) == expected,
        "the second result is wrong: it reads {} where {} was encoded. The samples changed \
         between the calls, at the same address.",
        hex(&contents(&second)),
        hex(&expected),
    );
    drop(later);
    let (first, second) = (zone::encode(&SAMPLES), zone::encode(&SAMPLES));
    first.fill(0xee, 0, 16);
    assert!(
        contents(&second) == BYTES,
        "JavaScript wrote into one result, and the other, which came from equal samples, now reads \
         {}: the two share memory.",
        hex(&contents(&second)),
    );
}

/// The buffer behind an encoded array holds these bytes and no others.
#[wasm_bindgen_test]
fn buffer_holds_these_bytes_and_no_others() {
    let result = zone::encode(&SAMPLES);
    let whole = result.buffer().byte_length();
    assert!(
        (whole, result.byte_offset()) == (16, 0),
        "`result.buffer` hands JavaScript {whole} bytes, though 16 were encoded. Whoever stores, \
         posts or wraps the buffer gets all of them: a view of linear memory exposes the whole module.",
    );
}

/// Encoding and decoding over and over leaves the memory as large as it was.
#[wasm_bindgen_test]
fn ten_thousand_round_trips_leave_memory_flat() {
    const TRIPS: u32 = 10_000;
    let samples = [0.5; 128];
    let target = Uint8Array::new_with_length(512);
    let round_trip = || {
        let _kept = (
            zone::encode(&samples),
            zone::encode_into(&samples, &target),
            zone::decode(&target),
        );
    };
    (0..100).for_each(|_| round_trip());
    let before = pages();
    (0..TRIPS).for_each(|_| round_trip());
    let grown = pages() - before;
    assert!(
        grown <= 1,
        "memory grew by {grown} pages of 64 KiB over {TRIPS} round trips of 512 bytes. Memory that is \
         never freed is a leak, and linear memory never shrinks.",
    );
}

/// An encoded array has every bit of every sample, NaN payloads included, of many too.
#[wasm_bindgen_test]
fn encoded_samples_keep_every_bit() {
    const COUNT: usize = 20_000;
    let patterns = || DELICATE.iter().cycle().take(COUNT);
    let samples: Vec<f32> = patterns().map(|(bits, _)| f32::from_bits(*bits)).collect();
    // Free room first, so that this test is not about growth.
    drop(black_box(vec![0_u8; 4 * MIB]));
    let result = zone::encode(&samples);
    // Whatever was dropped on return is somebody else's from here on.
    let later = black_box(vec![0xa5_u8; COUNT * 4]);
    let length = result.length();
    assert!(
        length as usize == COUNT * 4,
        "{COUNT} samples are {} bytes, but {length} came: none may be lost on the way.",
        COUNT * 4,
    );
    for (index, (bits, name)) in patterns().enumerate() {
        let at = index as u32 * 4;
        let bytes = [0, 1, 2, 3].map(|i| result.get_index(at + i));
        assert!(
            bytes == bits.to_le_bytes(),
            "sample {index} of {COUNT} is {name}, its bits are {}, lowest byte first; JavaScript \
             reads {}. A copy moves bytes; a conversion of numbers may change them, and a view \
             shows what lies there by now.",
            hex(&bits.to_le_bytes()),
            hex(&bytes),
        );
    }
    drop(later);
}

/// Every bit is written as it is, little-endian, NaN payloads included.
#[wasm_bindgen_test]
fn samples_are_written_bit_for_bit() {
    for (bits, name) in DELICATE {
        let target = Uint8Array::new_with_length(4);
        let written = zone::encode_into(&[f32::from_bits(bits)], &target);
        assert!(
            written == Ok(4),
            "one sample into 4 bytes of room: expected Ok(4), came {written:?}"
        );
        assert!(
            contents(&target) == bits.to_le_bytes(),
            "{name} was written as {}; its bits are {}, lowest byte first. A copy moves bytes; \
             a conversion of numbers may change them.",
            hex(&contents(&target)),
            hex(&bits.to_le_bytes()),
        );
    }
}

/// Every bit is read as it is, little-endian, NaN payloads included.
#[wasm_bindgen_test]
fn samples_are_read_bit_for_bit() {
    let bytes: Vec<u8> = DELICATE
        .iter()
        .flat_map(|(bits, _)| bits.to_le_bytes())
        .collect();
    let samples = zone::decode(&owned(&bytes)).unwrap_or_else(|error| {
        panic!("40 bytes are ten samples, but `decode` answered {error:?}");
    });
    assert!(
        samples.len() == 10,
        "40 bytes are 10 samples, but {} came",
        samples.len()
    );
    for (sample, (bits, name)) in samples.iter().zip(DELICATE) {
        assert!(
            sample.to_bits() == bits,
            "{name} arrived with the bits {:#010x}, not {bits:#010x}. A copy moves bytes; a \
             conversion of numbers may change them.",
            sample.to_bits(),
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
    let written = zone::encode_into(&[], &Uint8Array::new_with_length(0));
    assert!(
        written == Ok(0),
        "no samples fit into no room; came {written:?}"
    );
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
        matches!(
            answer,
            Some(Err(EncodeError::Detached
                | EncodeError::TooShort {
                    needed: 16,
                    room: 0
                }))
        ),
        "a detached target takes no bytes: expected Err(Detached) or Err(TooShort {{ needed: 16, \
         room: 0 }}), came {}.",
        tell(&answer),
    );
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
        Some(Err(EncodeError::Detached | EncodeError::TooShort { room: 0, .. })) => {
            place.iter().all(|byte| *byte == 0)
        }
        _ => false,
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

/// Samples are encoded right even if that makes the memory grow.
#[wasm_bindgen_test]
fn encode_survives_its_own_allocation() {
    let ballast = allocate_until_growth(MIB);
    let samples = vec![-4.0_f32; MIB / 2];
    let result = outcome(move || zone::encode(&samples));
    let last = result.map(|array| {
        let length = array.length();
        [4, 3, 2, 1].map(|back| array.get_index(length.wrapping_sub(back)))
    });
    assert!(
        last.is_some_and(|bytes| bytes == BYTES[12..]),
        "the last of {} samples reads {}, and {} was encoded. There was no room left, and a view \
         that was made before the memory grew shows nothing after.",
        MIB / 2,
        last.map_or(NO_ANSWER.into(), |bytes| hex(&bytes)),
        hex(&BYTES[12..]),
    );
    drop(ballast);
}

/// What the page draws: an encoded array over its life. Columns: the moment, pages of
/// memory, `byteLength`, the first 8 bytes (hexadecimal, or "nothing"). The first row is
/// what was meant.
#[wasm_bindgen]
pub fn show() -> Array {
    let rows = Array::new();
    let push = |moment: &str, length: u32, first: &[u8]| {
        let (pages, first) = (pages().into(), hex(first).into());
        rows.push(&Array::of4(&moment.into(), &pages, &length.into(), &first));
    };
    drop(blocks(256));
    push("meant", 16, &BYTES[..8]);
    let result = zone::encode(&SAMPLES);
    let look = |moment: &str| {
        let length = result.byte_length();
        let mut first = [0; 8];
        (0..length.min(8)).for_each(|i| first[i as usize] = result.get_index(i));
        push(moment, length, &first[..length.min(8) as usize]);
    };
    look("encoded");
    let later = blocks(64);
    look("64 allocations later");
    let ballast = allocate_until_growth(32 * MIB);
    look("grown by 32 MiB");
    drop((later, ballast));
    rows
}
