//! The processor's own instruction, which no browser runs. Where this machine is an x86-64 with SSE 4.2, `crc32c` takes it;
//! elsewhere the same is asked of the eight tables.
#![cfg(not(target_family = "wasm"))]

use solution_foreign_code::{Crc32c, crc32c};

#[allow(dead_code, reason = "the spec uses the rest")]
#[path = "../../../tests/specs/foreign_code/reference.rs"]
mod reference;

#[test]
fn the_check_value_comes_out() {
    assert_eq!(crc32c(b"123456789"), 0xe306_9283);
}

#[test]
fn any_place_and_length_comes_out() {
    let noise = reference::noise(200);
    for start in 0..16 {
        for length in 0..=180 {
            let bytes = &noise[start..][..length];
            let expected = reference::crc32c(bytes);
            assert_eq!(crc32c(bytes), expected, "{length} bytes from {start} on");
        }
    }
}

#[test]
fn any_cut_in_two_is_the_whole() {
    let bytes = reference::noise(100);
    for cut in 0..=bytes.len() {
        let (first, rest) = bytes.split_at(cut);
        let mut checksum = Crc32c::new();
        checksum.update(first);
        checksum.update(rest);
        assert_eq!(checksum.value(), crc32c(&bytes), "cut after {cut}");
    }
}
