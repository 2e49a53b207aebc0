//! Values: what the standard says comes out

use core::arch::wasm32::memory_grow;

use contract::POLYNOMIAL;
use wasm_bindgen_test::*;

use super::expect::{reference_stands, whole, with};
use super::reference::{self, noise, register};
use super::{MIB, PAGE, pages};
use crate::zone::{self, Crc32c};

/// A command as iSCSI sends it: read, in 48 bytes.
const READ_10: [u8; 48] = [
    0x01, 0xc0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x14, 0, 0, 0, 0, 0, 0x04, 0, 0, 0, 0,
    0x14, 0, 0, 0, 0x18, 0x28, 0, 0, 0, 0, 0, 0, 0, 0x02, 0, 0, 0, 0, 0, 0, 0,
];

/// Nine digits are what every catalogue of checksums shows: 0xe3069283 is CRC-32C, 0xcbf43926 is the CRC-32 of zip.
#[wasm_bindgen_test]
fn the_check_value_comes_out() {
    whole("\"123456789\"", b"123456789", 0xe306_9283);
}

/// RFC 3720, which uses CRC-32C on the wire, publishes five examples in appendix B.4.
#[wasm_bindgen_test]
fn published_values_come_out() {
    let up: [u8; 32] = std::array::from_fn(|i| i as u8);
    let mut down = up;
    down.reverse();
    whole("32 zeros", &[0; 32], 0x8a91_36aa);
    whole("32 bytes of ones", &[0xff; 32], 0x62a8_ab43);
    whole("32 bytes that count up", &up, 0x46dd_794e);
    whole("32 bytes that count down", &down, 0x113f_db5c);
    whole("a SCSI read command", &READ_10, 0xd996_3a56);
}

/// No bytes have a checksum too, and it is 0; and each of the 256 single bytes has its own.
#[wasm_bindgen_test]
fn nothing_and_one_byte_come_out() {
    reference_stands();
    whole("no bytes", &[], 0);
    for byte in 0..=255 {
        let name = format!("the single byte {byte:#04x}");
        whole(&name, &[byte], reference::crc32c(&[byte]));
    }
}

/// Each byte value counts at each place: a table with one wrong entry, or one of eight, is found.
#[wasm_bindgen_test]
fn every_byte_counts_at_every_place() {
    reference_stands();
    for place in 0..24 {
        for byte in 0..=255 {
            let mut bytes = [0; 40];
            bytes[place] = byte;
            // The register begins with ones: four bytes of ones in front leave a clean one.
            bytes[..4].iter_mut().for_each(|byte| *byte ^= 0xff);
            let name = format!("40 bytes with {byte:#04x} at place {place}");
            whole(&name, &bytes, reference::crc32c(&bytes));
        }
    }
}

/// Bytes may begin anywhere, at an odd address too, and be of any length; their neighbours do not count.
#[wasm_bindgen_test]
fn any_address_and_length_comes_out() {
    reference_stands();
    let bytes = noise(96);
    for start in 0..16 {
        for length in 0..=72 {
            let mut place = [0xee; 96];
            let bytes = &bytes[..length];
            place[start..][..length].copy_from_slice(bytes);
            let name = format!(
                "{length} bytes from address 8n + {}",
                address(&place[start..]) % 8
            );
            whole(&name, &place[start..][..length], reference::crc32c(bytes));
        }
    }
}

fn address(bytes: &[u8]) -> usize {
    bytes.as_ptr().addr()
}

/// The last bytes of the memory can be read, and not one more: a tail that is read eight bytes at a time would trap.
#[wasm_bindgen_test]
fn nothing_past_the_bytes_is_read() {
    reference_stands();
    for length in 0..=40 {
        let expected = noise(length);
        let name = format!("the last {length} bytes of the memory, behind which a read traps,");
        // The bytes must be the last ones until the call returns: an allocation meanwhile may move the end.
        for _ in 0..4 {
            let end = memory_grow(0, 1).wrapping_add(1);
            assert_ne!(end, 0, "this engine refused one more page of memory");
            let start = (end * PAGE - length) as *mut u8;
            // SAFETY: the page is new, and nobody else knows of it.
            let bytes = unsafe {
                start.copy_from_nonoverlapping(expected.as_ptr(), length);
                std::slice::from_raw_parts(start, length)
            };
            whole(&name, bytes, reference::crc32c(&expected));
            if pages() == end {
                break;
            }
        }
    }
}

/// A mebibyte comes out right, also with some bytes more, and from an odd address.
#[wasm_bindgen_test]
fn a_mebibyte_comes_out() {
    let bytes = [&[0], noise(MIB).as_slice()].concat();
    whole("a mebibyte", &bytes[1..], 0x23f3_2275);
    whole("a mebibyte of zeros", &vec![0; MIB], 0x1429_8c12);
    let longer = noise(MIB + 11);
    for more in [1, 2, 4, 7, 11] {
        let name = format!("a mebibyte plus {more}");
        let expected = !register(POLYNOMIAL, !0x23f3_2275, &longer[MIB..][..more]);
        whole(&name, &longer[..MIB + more], expected);
    }
}

/// Thousands of checksums leave the memory as large as it was.
#[wasm_bindgen_test]
fn thousands_of_checksums_leave_memory_flat() {
    const ROUNDS: usize = 4_000;
    let bytes = noise(1024);
    let rounds = |count: usize| {
        with("a checksum in two pieces", || {
            for round in 0..count {
                let (first, rest) = bytes.split_at(round % bytes.len());
                let mut checksum = Crc32c::new();
                checksum.update(first);
                checksum.update(rest);
                std::hint::black_box(checksum.value() ^ zone::crc32c(rest));
            }
        });
    };
    rounds(64);
    let before = pages();
    rounds(ROUNDS);
    let grown = pages() - before;
    assert!(
        grown <= 1,
        "memory grew by {grown} pages of 64 KiB over {ROUNDS} checksums of 1 KiB. It never shrinks: what a \
         call keeps is gone until the tab is closed."
    );
}
