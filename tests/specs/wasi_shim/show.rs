//! What the page draws.

use super::expect::{Answer, ask, outcome};
use super::reach::entries;
use super::stage::{Stage, stage};
use contract::{Call, Errno};
use js_sys::Array;
use wasm_bindgen::prelude::*;

const SIZE: u32 = 72;
const BYTES: u32 = 1000;
/// How many bytes of the memory are drawn.
const DRAWN: u32 = 16;

const SIZES: Call = Call::ArgsSizesGet {
    count: 64,
    size: SIZE,
};

/// What a guest finds in its memory, and what its calls come to. The first row: "room", how many bytes it was told that its
/// arguments take, and the bytes from there on where they were written, hexadecimal. Then a row for each call: "call", its name,
/// what it should come to, what it came to, and what it came to after the memory has grown.
#[wasm_bindgen]
pub fn show() -> Array {
    let [calm, grown] = [(); 2].map(|()| stage(&["ls", "é", "🦀"], &[]));
    ask(&calm, SIZES);
    let get = Call::ArgsGet {
        list: 256,
        bytes: BYTES,
    };
    ask(&calm, get);
    let bytes = &calm.bytes()[BYTES as usize..][..DRAWN as usize];
    let hex: Vec<String> = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    let room: [JsValue; 3] = [
        "room".into(),
        calm.number(SIZE).into(),
        hex.join(" ").into(),
    ];

    // A call, so that whoever keeps a view has one.
    ask(&grown, SIZES);
    grown.grow(1);
    let write = |fd, list| Call::FdWrite {
        fd,
        list,
        count: 1,
        written: 64,
    };
    let calls = [
        ("args_get", get, Errno::Success),
        (
            "clock_time_get",
            Call::ClockTimeGet { clock: 0, time: 80 },
            Errno::Success,
        ),
        (
            "random_get",
            Call::RandomGet { bytes: 80, len: 16 },
            Errno::Success,
        ),
        ("fd_write", write(1, 256), Errno::Success),
        (
            "fd_write, address outside",
            write(1, 0xffff_ff00),
            Errno::Fault,
        ),
        ("fd_write, descriptor 9", write(9, 256), Errno::Badf),
        ("sched_yield", Call::Other, Errno::Nosys),
    ];
    let rows = calls.map(|(name, call, expected)| -> Vec<JsValue> {
        let came = [&calm, &grown].map(|stage| word(answer(stage, call)).into());
        let [before, after] = came;
        vec![
            "call".into(),
            name.into(),
            word(Some(Ok(expected))).into(),
            before,
            after,
        ]
    });
    [room.to_vec()]
        .into_iter()
        .chain(rows)
        .map(|row| row.iter().collect::<Array>())
        .collect()
}

/// What a call came to, in a guest that has five bytes to put out.
fn answer(stage: &Stage, call: Call) -> Answer {
    stage.set(256, &entries(&[(BYTES, 5)]));
    outcome(|| stage.shim.call(call))
}

fn word(answer: Answer) -> String {
    match answer {
        None => "exception".into(),
        Some(Ok(errno)) => format!("{} {}", errno as u32, format!("{errno:?}").to_uppercase()),
        Some(Err(_)) => "the end".into(),
    }
}
