//! Bytes that JavaScript keeps stay as they were

use super::expect::{NO_ANSWER, contents, hex, outcome};
use super::memory::{allocate_until_growth, blocks, pages};
use super::{BYTES, MIB, SAMPLES};
use crate::zone;
use wasm_bindgen_test::*;

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

/// The buffer behind an encoded array holds these bytes and no others, however many they are.
#[wasm_bindgen_test]
fn buffer_holds_these_bytes_and_no_others() {
    for count in [4]
        .into_iter()
        .chain(0..=66)
        .chain([100, 255, 256, 257, 1000, 4096, 16_384, 65_537])
    {
        let result = zone::encode(&vec![1.0; count]);
        let (whole, meant) = (result.buffer().byte_length() as usize, count * 4);
        assert!(
            (whole, result.byte_offset()) == (meant, 0),
            "`result.buffer` hands JavaScript {whole} bytes, though {meant} were encoded. Whoever stores, \
             posts or wraps the buffer gets all of them: a view of linear memory exposes the whole module.",
        );
    }
}

/// Large results are copies too: they outlive growth and share nothing.
#[wasm_bindgen_test]
fn large_results_are_copies_too() {
    for count in [1 << 14, 1 << 18, 1 << 20, (1 << 22) + 1] {
        let places: Vec<usize> = (0..500).map(|i| i * (count - 1) / 499).collect();
        let encode = |sample| {
            let mut samples = vec![0.0_f32; count];
            places.iter().for_each(|at| samples[*at] = sample);
            zone::encode(&samples)
        };
        let results = [encode(-4.0), encode(2.0)];
        let ballast = allocate_until_growth(MIB);
        let meant = (count * 4) as u32;
        for (result, bytes) in results.iter().zip([&BYTES[12..], &BYTES[4..8]]) {
            let (length, whole) = (result.length(), result.buffer().byte_length());
            assert!(
                (length, whole) == (meant, meant),
                "{count} samples are {meant} bytes, but after the memory has grown the array shows {length} \
                 bytes of a buffer of {whole}. A large copy takes longer than a small one, and yet a view \
                 is no copy.",
            );
            for at in places.iter().map(|place| *place as u32 * 4) {
                let there = [0, 1, 2, 3].map(|i| result.get_index(at + i));
                assert!(
                    there == bytes,
                    "of {meant} encoded bytes, those at {at} read {}, not {}: the array shares its memory \
                     with another result, or with Rust.",
                    hex(&there),
                    hex(bytes),
                );
            }
        }
        drop(ballast);
    }
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
