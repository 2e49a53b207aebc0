//! What a guest claims

use super::PAGE;
use super::expect::{answers, ask, tell};
use super::reach::{REACHES, entries, guest};
use super::stage::stage;
use contract::{Call, Errno};
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
    let write = |list, count| Call::FdWrite {
        fd: 1,
        list,
        count,
        written: 64,
    };
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
