//! Pieces: any cut gives the same

use wasm_bindgen_test::*;

use super::MIB;
use super::expect::{in_pieces, reference_stands, with};
use super::reference::{self, noise};
use crate::zone::{self, Crc32c};

/// Cut in two at any place, also at the very ends, bytes have the checksum of the whole.
#[wasm_bindgen_test]
fn any_cut_in_two_is_the_whole() {
    reference_stands();
    let bytes = noise(100);
    let expected = reference::crc32c(&bytes);
    for cut in 0..=bytes.len() {
        let (first, rest) = bytes.split_at(cut);
        let came = in_pieces("100 bytes in two pieces", [first, rest]);
        assert!(
            came == expected,
            "100 bytes have the CRC-32C {expected:#010x}; cut in two after {cut}, {came:#010x} came. The \
             register goes from piece to piece as it is: no beginning and no inversion in between, and no \
             piece is filled up."
        );
    }
}

/// Pieces of any size, as a network delivers them, have the checksum of the whole; empty ones change nothing.
#[wasm_bindgen_test]
fn pieces_of_any_size_are_the_whole() {
    reference_stands();
    let bytes = noise(5_000);
    let expected = reference::crc32c(&bytes);
    for size in [1, 2, 3, 7, 8, 9, 13, 64, 1_000] {
        let came = in_pieces("5,000 bytes in pieces", bytes.chunks(size));
        assert!(
            came == expected,
            "5,000 bytes have the CRC-32C {expected:#010x}; in pieces of {size}, {came:#010x} came."
        );
    }
    let large = noise(MIB);
    let came = in_pieces("a mebibyte in pieces", large.chunks(65_521));
    assert!(
        came == 0x23f3_2275,
        "a mebibyte has the CRC-32C 0x23f32275; in pieces of 65,521 bytes, {came:#010x} came."
    );

    let nothing: &[u8] = &[];
    for pieces in [
        vec![nothing, b"123456789"],
        vec![b"1234", nothing, nothing, b"56789"],
        vec![b"123456789", nothing],
    ] {
        let came = in_pieces("\"123456789\" and empty pieces", pieces.iter().copied());
        assert!(
            came == 0xe306_9283,
            "\"123456789\" has the CRC-32C 0xe3069283; in the pieces {pieces:?}, {came:#010x} came."
        );
    }
    let came = in_pieces("empty pieces", [nothing, nothing]);
    assert!(
        came == 0,
        "empty pieces are no bytes, whose checksum is 0; {came:#010x} came"
    );
    let came = in_pieces("no pieces", []);
    assert!(
        came == 0,
        "no pieces are no bytes, whose checksum is 0; {came:#010x} came"
    );
}

/// To ask for the value ends nothing: more may follow, and asked twice it is the same.
#[wasm_bindgen_test]
fn asking_ends_nothing() {
    reference_stands();
    let bytes = noise(40);
    let values = with("a checksum that is asked after each byte", || {
        let mut checksum = Crc32c::new();
        let mut values = vec![];
        for byte in &bytes {
            checksum.update(&[*byte]);
            values.push((checksum.value(), checksum.value()));
        }
        values
    });
    for (index, (first, second)) in values.into_iter().enumerate() {
        let expected = reference::crc32c(&bytes[..=index]);
        assert!(
            first == expected && second == expected,
            "after {} bytes the checksum so far is {expected:#010x}; asked twice it was {first:#010x} and \
             {second:#010x}.",
            index + 1,
        );
    }
}

/// Checksums that are taken at the same time, and clones, know nothing of each other.
#[wasm_bindgen_test]
fn checksums_are_on_their_own() {
    reference_stands();
    let (one, two) = (noise(64), vec![0xa5; 64]);
    let (one_is, two_is, clone_is, single) = with("two checksums at the same time", || {
        let (mut first, mut second) = (Crc32c::new(), Crc32c::new());
        let mut clone = first.clone();
        for (n, (a, b)) in one.chunks(5).zip(two.chunks(5)).enumerate() {
            first.update(a);
            second.update(b);
            if n == 3 {
                clone = first.clone();
                clone.update(b"another end");
            }
        }
        (
            first.value(),
            second.value(),
            clone.value(),
            zone::crc32c(&one),
        )
    });
    for (name, came, expected) in [
        (
            "the first of two checksums",
            one_is,
            reference::crc32c(&one),
        ),
        (
            "the second of two checksums",
            two_is,
            reference::crc32c(&two),
        ),
        (
            "a clone with another end",
            clone_is,
            reference::crc32c(&[&one[..20], b"another end"].concat()),
        ),
        (
            "a checksum in one call beside them",
            single,
            reference::crc32c(&one),
        ),
    ] {
        assert!(
            came == expected,
            "{name} is {expected:#010x}, but {came:#010x} came: what one takes must not reach another."
        );
    }
}
