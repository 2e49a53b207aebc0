//! What a guest claims

use super::PAGE;
use super::expect::{answers, ask, outcome, tell};
use super::reach::{REACHES, entries, guest, write};
use super::stage::stage;
use super::vast::Vast;
use contract::{Call, Errno};
use core::arch::wasm32::memory_size;
use wasm_bindgen_test::*;

/// Addresses from which so many bytes do not all lie in a memory of one page.
fn outside(len: u32) -> Vec<u32> {
    let far = [
        PAGE,
        PAGE + 1,
        2 * PAGE,
        0x7fff_ffff,
        0x8000_0000,
        0xffff_0000,
    ];
    let ends = [0_u32.wrapping_sub(len), u32::MAX - len / 2, u32::MAX];
    let mut all = vec![PAGE - len + 1, PAGE - 1];
    all.extend(far.into_iter().chain(ends));
    all
}

/// An address outside the memory is `FAULT`, in each place where a guest can name one.
#[wasm_bindgen_test]
fn an_address_outside_is_fault() {
    let stage = guest();
    for reach in REACHES {
        for at in outside(reach.len) {
            let call = (reach.call)(&stage, at);
            let why = format!(
                "{}: {} bytes at {at:#x} do not all lie in a memory of {PAGE:#x}",
                reach.what, reach.len,
            );
            answers(&stage, call, Errno::Fault, &why);
        }
    }
}

/// A call that is refused has done nothing: not a byte is written, and not one put out.
#[wasm_bindgen_test]
fn a_refused_call_has_done_nothing() {
    let stage = guest();
    for reach in REACHES {
        for at in outside(reach.len) {
            let call = (reach.call)(&stage, at);
            let (bytes, taken) = (stage.bytes(), stage.taken());
            let answer = ask(&stage, call);
            let what = format!("{}, at {at:#x}, came to {}", reach.what, tell(answer));
            let now = stage.bytes();
            let changed = now.iter().zip(&bytes).position(|(a, b)| a != b);
            assert!(
                changed.is_none(),
                "{what}. All the same, the byte at {} has changed. Check all that a call reaches, then write.",
                changed.unwrap_or_default(),
            );
            let more = stage.taken().bytes - taken.bytes;
            assert!(
                more == 0,
                "{what}. All the same, {more} bytes are put out. A guest that is told of a failure puts them out again."
            );
        }
    }
}

/// What ends where the memory ends lies in it.
#[wasm_bindgen_test]
fn the_last_bytes_can_be_used() {
    let stage = guest();
    for reach in REACHES {
        let at = PAGE - reach.len;
        let call = (reach.call)(&stage, at);
        let why = format!(
            "{}: {} bytes at {at:#x} are the last of a memory of {PAGE:#x}",
            reach.what, reach.len,
        );
        answers(&stage, call, Errno::Success, &why);
    }
}

/// No length is believed, and no sum wraps: a list of 2^29 places, 2^32 - 1 random bytes, output of more than 2^32.
#[wasm_bindgen_test]
fn no_length_is_believed() {
    let stage = stage(&[], &[]);
    stage.grow(15);
    let size = stage.size();
    for (call, why) in [
        (
            write(256, 1 << 29),
            "2^29 places of eight bytes each are 2^32 bytes",
        ),
        (
            write(256, (1 << 29) + 1),
            "a list of 2^29 + 1 places has 2^32 + 8 bytes",
        ),
        (write(256, u32::MAX), "so many places are in no memory"),
        (
            Call::RandomGet {
                bytes: 1,
                len: u32::MAX,
            },
            "2^32 - 1 bytes from 1 on would end at 2^32",
        ),
        (
            Call::RandomGet {
                bytes: size - 8,
                len: 0xffff_fff8,
            },
            "the sum of address and length has 33 bits",
        ),
    ] {
        answers(&stage, call, Errno::Fault, why);
    }
    // The same MiB, again and again.
    let places = vec![(0, size); 4097];
    stage.set(1024, &entries(&places));
    let answer = ask(&stage, write(1024, 4097));
    let (taken, said) = (stage.taken().bytes, stage.number(64));
    let short = answer == Some(Ok(Errno::Success)) && u64::from(said) == taken && taken > 0;
    assert!(
        short || answer == Some(Ok(Errno::Inval)) && taken == 0,
        "4097 places of 1 MiB each, which overlap, are more bytes than an integer of four bytes can count. Expected Inval (28) \
         and no output, or Success and a few of them taken; came {}, and the host got {taken}, while the guest is told of {said}.",
        tell(answer),
    );
}

/// A memory may have 2^32 bytes. What ends where it ends lies in it, and one byte further on lies outside.
#[wasm_bindgen_test]
fn the_largest_memory_ends_at_2_to_the_32() {
    type At = fn(&Vast, u32) -> Call;
    let reaches: [(&str, u32, At); 5] = [
        ("the time", 8, |_, time| Call::ClockTimeGet {
            clock: 1,
            time,
        }),
        ("random bytes", 50, |_, bytes| Call::RandomGet {
            bytes,
            len: 50,
        }),
        ("the text of an argument", 5, |_, bytes| Call::ArgsGet {
            list: 64,
            bytes,
        }),
        ("the one entry of a list", 8, |vast, list| {
            vast.set(list, &entries(&[(1000, 5)]));
            write(list, 1)
        }),
        ("output", 7, |vast, at| {
            vast.set(256, &entries(&[(at, 7)]));
            write(256, 1)
        }),
    ];
    let vast = Vast::default();
    let shim = vast.shim(&["1234"]);
    for (what, len, call) in reaches {
        let last = 0_u32.wrapping_sub(len);
        for (at, expected) in [(last, Errno::Success), (last + 1, Errno::Fault)] {
            let call = call(&vast, at);
            let answer = outcome(|| shim.call(call));
            assert!(
                answer == Some(Ok(expected)),
                "{what}: {len} bytes at {at:#x}, in a memory of 2^32 bytes. Expected {expected:?} ({}), came {}. Neither that \
                 size nor the end of its last byte has room in 32 bits.",
                expected as u32,
                tell(answer),
            );
        }
    }
}

/// However much a guest asks for in one call, this side holds little of it at a time.
#[wasm_bindgen_test]
fn a_large_request_takes_little_room_here() {
    const MIB: u32 = 1 << 20;
    let (bytes, len) = (MIB, 64 * MIB);
    let random = Call::RandomGet { bytes, len };
    // Of output a system may take less: the number of bytes, and one byte.
    for (what, entry, call, least) in [
        ("64 MiB of random bytes", (0, 0), random, len),
        (
            "64 MiB of output at one place",
            (bytes, len),
            write(256, 1),
            5,
        ),
        (
            "a list of 2^20 places, all but one empty",
            (bytes, 1),
            write(256, MIB),
            5,
        ),
    ] {
        let vast = Vast::default();
        let shim = vast.shim(&[]);
        vast.set(256, &entries(&[entry]));
        let before = memory_size(0);
        let answer = outcome(|| shim.call(call));
        assert!(
            answer == Some(Ok(Errno::Success)),
            "{what}: expected Success (0), came {}",
            tell(answer)
        );
        let (grown, moved) = ((memory_size(0) - before) / 16, vast.moved());
        assert!(
            moved >= least.into(),
            "{what}: the guest was told of success, and only {moved} bytes have come or gone"
        );
        assert!(
            grown <= 4,
            "{what}: the memory on this side grew by {grown} MiB for that, and linear memory never shrinks. A guest of 4 GiB can \
             ask for more than there is, and that is a panic. Take it piece by piece, and copy no list."
        );
    }
}

/// A descriptor that is not open is `BADF`, whatever is asked of it. Only 1 and 2 are open.
#[wasm_bindgen_test]
fn a_descriptor_that_is_not_open_is_badf() {
    let stage = stage(&[], &[]);
    stage.set(256, &entries(&[(1000, 5)]));
    let before = stage.bytes();
    for fd in [0, 3, 4, 99, 257, 0x7fff_ffff, 1 << 31, u32::MAX] {
        let call = Call::FdWrite {
            fd,
            list: 256,
            count: 1,
            written: 64,
        };
        answers(
            &stage,
            call,
            Errno::Badf,
            &format!("output to descriptor {fd}, which nobody has opened"),
        );
        for name in ["fd_read", "fd_prestat_get", "fd_close"] {
            let call = Call::new(name, &[fd.into(), 64, 64, 64]);
            let why = format!(
                "`{name}` of descriptor {fd}, which nobody has opened. A guest asks from 3 on for the folders that it was given, \
                 until it hears Badf"
            );
            answers(&stage, call, Errno::Badf, &why);
        }
    }
    assert!(
        stage.bytes() == before && stage.taken().bytes == 0,
        "there is no such descriptor, and yet something was written or put out"
    );
}

/// A call that is not offered is `NOSYS`, which programs can live with.
#[wasm_bindgen_test]
fn what_is_not_offered_is_nosys() {
    let stage = stage(&[], &[]);
    let before = stage.bytes();
    let elsewhere = [
        "clock_res_get",
        "path_open",
        "path_unlink_file",
        "poll_oneoff",
        "proc_raise",
        "sched_yield",
        "sock_recv",
    ];
    for name in elsewhere.into_iter().chain(["a_call_of_tomorrow", ""]) {
        for params in [[1; 4], [0; 4], [u64::MAX; 4]] {
            let why = format!("`{name}` is not offered");
            answers(&stage, Call::new(name, &params), Errno::Nosys, &why);
        }
    }
    for (name, fd) in [
        ("fd_seek", 1),
        ("fd_fdstat_get", 2),
        ("fd_read", 1),
        ("fd_sync", 2),
    ] {
        let why = format!("`{name}` is not offered, and descriptor {fd} is open");
        answers(
            &stage,
            Call::new(name, &[fd, 64, 64, 64]),
            Errno::Nosys,
            &why,
        );
    }
    assert!(
        stage.bytes() == before,
        "a call that is not offered has written something"
    );
}
