//! Where the memory ends

use super::SIZE;
use super::expect::{reads, refuses_load, refuses_store, writes};
use super::guest::*;
use super::stage::stage;
use wasm_bindgen_test::*;

/// Each width reads and writes up to the last byte: 65535 with one byte, 65528 with eight.
#[wasm_bindgen_test]
fn every_width_reaches_the_last_byte() {
    let stage = stage();
    for load in LOADS {
        for addr in [SIZE - load.width, SIZE - load.width - 1] {
            reads(&stage, load, addr);
        }
    }
    for store in STORES {
        writes(&stage, store, SIZE - store.width, 0x8877_6655_4433_2211);
    }
}

/// Each width has an edge of its own: eight bytes are refused from 65529 on, four from 65533, one from 65536.
#[wasm_bindgen_test]
fn each_width_has_an_edge_of_its_own() {
    let stage = stage();
    let why = "not its first byte decides, but its last";
    for (load, store) in LOADS.into_iter().zip(STORES) {
        for addr in (SIZE - load.width + 1)..=(SIZE + 8) {
            refuses_load(&stage, load, addr, why);
            refuses_store(&stage, store, addr, why);
        }
        for addr in [2 * SIZE, 0x7fff_ffff, 0x8000_0000, 0xffff_0000] {
            refuses_load(&stage, load, addr, "the address itself lies outside");
            refuses_store(&stage, store, addr, "the address itself lies outside");
        }
    }
}

/// What an instruction adds to its address counts: with `offset=1`, one byte is refused from 65535 on.
#[wasm_bindgen_test]
fn an_offset_counts() {
    let stage = stage();
    reads(&stage, LOAD8_NEXT, SIZE - 2);
    reads(&stage, LOAD32_FIELD, 0);
    reads(&stage, LOAD32_FIELD, SIZE - 16);
    writes(&stage, STORE32_FIELD, SIZE - 16, 0x4433_2211);
    let why = "the offset is part of the address";
    for addr in [SIZE - 1, SIZE, SIZE + 1] {
        refuses_load(&stage, LOAD8_NEXT, addr, why);
    }
    for addr in (SIZE - 15)..=SIZE {
        refuses_load(&stage, LOAD32_FIELD, addr, why);
        refuses_store(&stage, STORE32_FIELD, addr, why);
    }
}

/// No sum wraps: neither address and width nor address and offset come out small again.
#[wasm_bindgen_test]
fn no_sum_wraps() {
    let stage = stage();
    let why =
        "the sum passes 2^32, where a u32 begins at 0 again, and the guest's instruction does not";
    for addr in [
        u32::MAX,
        u32::MAX - 1,
        u32::MAX - 3,
        u32::MAX - 7,
        u32::MAX - 8,
    ] {
        for (load, store) in LOADS.into_iter().zip(STORES) {
            refuses_load(&stage, load, addr, why);
            refuses_store(&stage, store, addr, why);
        }
        refuses_load(&stage, LOAD8_NEXT, addr, why);
        refuses_load(&stage, LOAD32_FIELD, addr, why);
        refuses_store(&stage, STORE32_FIELD, addr, why);
    }
    for addr in [0, 8, 15, 16, 17, 1000, SIZE - 1] {
        refuses_load(&stage, LOAD64_FAR, addr, why);
    }
}

/// Every address below the end can be read, also 0, 8 and the last: there is no null page.
#[wasm_bindgen_test]
fn every_address_below_the_end_can_be_read() {
    let stage = stage();
    let far_apart = (64..SIZE).step_by(997);
    for addr in (0..64).chain(far_apart).chain(SIZE - 64..SIZE) {
        reads(&stage, LOAD8, addr);
    }
    for load in [LOAD16, LOAD32, LOAD64] {
        for addr in (0..16).chain((16..SIZE - 8).step_by(9973)) {
            reads(&stage, load, addr);
        }
    }
}
