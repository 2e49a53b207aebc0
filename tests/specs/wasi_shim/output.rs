//! Output, time and chance

use super::expect::{answers, put_out, spell, writes, writes_random};
use super::stage::{MONOTONIC, REALTIME, stage};
use contract::{Call, Errno};
use wasm_bindgen_test::*;

/// Output arrives byte for byte, of several places one after the other, whatever the bytes are.
#[wasm_bindgen_test]
fn output_arrives_byte_for_byte() {
    let crab = "🦀".as_bytes();
    let long: Vec<u8> = (0..40_000_u32).map(|at| (at * 7 % 256) as u8).collect();
    let outputs: [&[&[u8]]; 9] = [
        &[b"a line\n"],
        &[b"one ", b"two ", b"three\n"],
        &["Zoë 日本語\n".as_bytes()],
        // A character over two places, and over two calls.
        &[&crab[..1], &crab[1..3], &crab[3..]],
        &[&crab[..2]],
        &[&crab[2..]],
        // No text at all.
        &[b"\0\xff\xfe\x80\0", b"", b"\xc3"],
        &[&long[..20_000], &long[20_000..]],
        &[],
    ];
    let (stage, mut all) = (stage(&[], &[]), Vec::new());
    for places in outputs {
        put_out(&stage, 1, places);
        all.extend(places.concat());
        let stdout = stage.taken().stdout;
        assert!(
            stdout == all,
            "the guest put out {}, and the host has {}. Output is bytes. If they are text, a character may begin at one place \
             and end at the next.",
            spell(&places.concat()),
            spell(
                &stdout[all
                    .len()
                    .saturating_sub(places.concat().len())
                    .min(stdout.len())..]
            ),
        );
    }
}

/// What goes to descriptor 2 is an error, and what goes to 1 is none.
#[wasm_bindgen_test]
fn the_two_streams_are_kept_apart() {
    let stage = stage(&[], &[]);
    for (fd, text) in [(1, "out"), (2, "err"), (2, " and err"), (1, " and out")] {
        put_out(&stage, fd, &[text.as_bytes()]);
    }
    let taken = stage.taken();
    for (name, stream, expected) in [
        ("stdout", taken.stdout, "out and out"),
        ("stderr", taken.stderr, "err and err"),
    ] {
        assert!(
            stream == expected.as_bytes(),
            "expected {expected:?} as {name}, came {}",
            spell(&stream),
        );
    }
}

/// A time is a whole number of nanoseconds in eight bytes.
#[wasm_bindgen_test]
fn a_time_is_nanoseconds_in_eight_bytes() {
    let stage = stage(&[], &[]);
    for (clock, time) in [(0, REALTIME), (1, MONOTONIC)] {
        let nanoseconds = time.as_nanos() as u64;
        writes(
            &stage,
            Call::ClockTimeGet { clock, time: 800 },
            &[(800, &nanoseconds.to_le_bytes())],
            &format!(
                "the host's clock {clock} stands at {time:?}, which is {nanoseconds} nanoseconds"
            ),
        );
    }
}

/// A clock that nobody has is `INVAL`, and nothing is written.
#[wasm_bindgen_test]
fn a_clock_that_nobody_has_is_inval() {
    let stage = stage(&[], &[]);
    let before = stage.bytes();
    for clock in [2, 3, 4, 256, 1 << 16, u32::MAX] {
        let call = Call::ClockTimeGet { clock, time: 800 };
        let why = format!("the guest asks for clock {clock}, and this system has 0 and 1");
        answers(&stage, call, Errno::Inval, &why);
    }
    assert!(
        stage.bytes() == before,
        "there is no such clock, and yet a time was written"
    );
}

/// As many random bytes are written as were asked for: none, one, or a hundred thousand.
#[wasm_bindgen_test]
fn random_bytes_fill_what_was_asked_for() {
    for len in [16, 0, 1, 255, 65_536, 100_000] {
        let stage = stage(&[], &[]);
        stage.grow(2);
        let call = Call::RandomGet { bytes: 800, len };
        let why = format!("the guest asks for {len} random bytes");
        writes_random(&stage, call, 800, len, &why);
    }
}
