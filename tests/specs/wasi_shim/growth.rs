//! The memory grows

use super::PAGE;
use super::expect::{answers, put_out, spell, writes, writes_random};
use super::reach::{REACHES, guest};
use super::stage::{MONOTONIC, empty};
use contract::{Call, Errno};
use wasm_bindgen_test::*;

/// A guest may grow its memory between any two calls, and every call works afterwards.
#[wasm_bindgen_test]
fn growth_between_two_calls_is_survived() {
    let why = "the guest has grown its memory since the call before. Growth detaches every view of it, also growth by 0 pages";
    let stage = guest();
    for pages in [1, 0, 5] {
        for reach in REACHES {
            stage.grow(pages);
            let call = (reach.call)(&stage, 4000);
            answers(
                &stage,
                call,
                Errno::Success,
                &format!("{}: {why}", reach.what),
            );
        }
        stage.grow(pages);
        let time = (MONOTONIC.as_nanos() as u64).to_le_bytes();
        let call = Call::ClockTimeGet {
            clock: 1,
            time: 800,
        };
        writes(&stage, call, &[(800, &time)], why);
        stage.grow(pages);
        stage.forget();
        put_out(&stage, 1, &[b"after ", b"growth"]);
        let stdout = stage.taken().stdout;
        assert!(
            stdout == b"after growth",
            "{why}. Put out were \"after \" and \"growth\", and the host got {}.",
            spell(&stdout)
        );
    }
}

/// What lies in the new pages can be read and written like the rest.
#[wasm_bindgen_test]
fn new_pages_can_be_used() {
    let stage = guest();
    put_out(&stage, 1, &[b"before, "]);
    stage.grow(2);
    for reach in REACHES {
        for at in [PAGE - reach.len / 2, PAGE, 3 * PAGE - reach.len] {
            let call = (reach.call)(&stage, at);
            let why = format!(
                "{}, at {at}: the memory has three pages by now, {} bytes",
                reach.what,
                3 * PAGE
            );
            answers(&stage, call, Errno::Success, &why);
        }
    }
    let (bytes, len) = (2 * PAGE, 4);
    let why = "four random bytes go to a new page";
    writes_random(&stage, Call::RandomGet { bytes, len }, bytes, len, why);
}

/// Before there is a guest's memory every address is outside; then it is there, and the guest is served.
#[wasm_bindgen_test]
fn a_call_may_come_before_the_memory() {
    let mut stage = empty(&["program"], &[]);
    let call = Call::ArgsSizesGet {
        count: 64,
        size: 128,
    };
    let early = "a call came from a module that has not started yet, so its memory cannot be reached, and has 0 bytes";
    answers(&stage, call, Errno::Fault, early);
    stage.attach(1);
    let (one, eight) = (1_u32.to_le_bytes(), 8_u32.to_le_bytes());
    let late = "the guest's memory is there now, after a call that came before it";
    writes(&stage, call, &[(64, &one), (128, &eight)], late);
}
