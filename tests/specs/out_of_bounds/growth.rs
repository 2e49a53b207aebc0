//! A memory that grows

use super::SIZE;
use super::expect::{
    Answer, copies, ended, peek, poke, reads, refuses_copy, refuses_load, run, tell, writes,
};
use super::guest::*;
use super::stage::{Host, Stage, stage, with_pages};
use contract::Fault;
use wasm_bindgen_test::*;

/// Asserts that a request was met.
fn met(answer: Answer<()>, what: &str) {
    assert!(
        answer == Some(Ok(())),
        "{what}: expected Ok(()), came {}",
        tell(&answer)
    );
}

/// Asserts that the page behind the first is there, and that each of its bytes is 0.
fn has_a_fresh_page(stage: &Stage, how: &str) {
    for (load, addr) in [
        (LOAD8, SIZE),
        (LOAD64, SIZE),
        (LOAD64, 2 * SIZE - 8),
        (LOAD8_NEXT, SIZE - 1),
    ] {
        let answer = peek(stage, load, addr);
        assert!(
            answer == Some(Ok(0)),
            "{how}, so `{}` at {addr} lies in the memory now, and new bytes are 0. Expected Ok(0), came {}. A size that \
             was asked for before the growth is out of date.",
            load.name,
            tell(&answer),
        );
    }
    copies(stage, SIZE, SIZE);
}

/// After growth the new bytes are there, and each is 0, whoever let the memory grow.
#[wasm_bindgen_test]
fn after_growth_the_new_bytes_are_zero() {
    let by_itself = stage();
    met(run(&by_itself, GROW), "the guest grows its memory");
    has_a_fresh_page(&by_itself, "the guest has grown its memory by a page");
    let from_outside = stage();
    from_outside.grow(1);
    has_a_fresh_page(&from_outside, "JavaScript has grown the memory by a page");
}

/// Growth inside a request counts as well: the guest may call a host function that grows the memory.
#[wasm_bindgen_test]
fn growth_inside_a_request_counts() {
    let stage = stage();
    stage.host(Host::Grows);
    met(
        run(&stage, CALL_HOST),
        "the host function grows the guest's memory",
    );
    has_a_fresh_page(&stage, "the host function has grown the memory by a page");
    met(
        poke(&stage, STORE32_BY_HOST, 16, 1),
        "an accessor that calls the host, which grows the memory",
    );
    copies(&stage, 2 * SIZE, SIZE);
    refuses_load(&stage, LOAD8, 3 * SIZE, "it lies behind the last page");
}

/// What was the end is none any more, and the new end is one.
#[wasm_bindgen_test]
fn the_end_moves() {
    let stage = stage();
    for pages in 2..=4 {
        stage.grow(1);
        let (old, end) = ((pages - 1) * SIZE, pages * SIZE);
        writes(&stage, STORE64, old - 4, 0x8877_6655_4433_2211);
        copies(&stage, old - 100, 200);
        copies(&stage, end - 8, 8);
        refuses_load(&stage, LOAD64, end - 7, "it lies across the new end");
        refuses_load(&stage, LOAD8, end, "it lies behind the new end");
        refuses_copy(&stage, end - 3, 4, "it lies across the new end");
    }
    reads(&stage, LOAD64, 0);
}

/// A guest may begin without a page. Then no address is one, until it grows.
#[wasm_bindgen_test]
fn a_memory_may_be_empty() {
    let stage = with_pages(0);
    for load in LOADS {
        for addr in [0, 1, 7, 8, SIZE - 1, u32::MAX] {
            refuses_load(&stage, load, addr, "the memory has no byte");
        }
    }
    copies(&stage, 0, 0);
    refuses_copy(&stage, 0, 1, "the memory has no byte");
    refuses_copy(&stage, 1, 0, "the memory has no byte");
    met(run(&stage, GROW), "the guest grows its memory");
    writes(&stage, STORE64, SIZE - 8, 0x8877_6655_4433_2211);
    let gone = Fault::OutOfBounds {
        start: u64::from(SIZE) - 7,
        len: 8,
        size: SIZE.into(),
    };
    ended(
        peek(&stage, LOAD64, SIZE - 7),
        &gone,
        "one page has an end too",
    );
}
