//! Every bit arrives

use core::hint::black_box;

use super::MIB;
use super::expect::{contents, hex, owned};
use crate::zone;
use js_sys::Uint8Array;
use wasm_bindgen_test::*;

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
