//! Each place that a call reads or writes.

use super::stage::{Stage, stage};
use contract::Call;

/// Something that a call reads or writes at an address.
pub struct Reach {
    pub what: &'static str,
    /// How many bytes.
    pub len: u32,
    /// The call, with this address there. All other addresses are good ones.
    pub call: fn(&Stage, u32) -> Call,
}

/// Good addresses.
const A: u32 = 64;
const B: u32 = 128;
const LIST: u32 = 256;
const BYTES: u32 = 1000;

/// A guest for these calls: three arguments of 12 bytes in all, one variable of 9.
pub fn guest() -> Stage {
    stage(&["program", "é", ""], &[("NAME", "abc")])
}

/// All of them.
pub const REACHES: [Reach; 14] = [
    Reach {
        what: "args_sizes_get, where the number goes",
        len: 4,
        call: |_, at| Call::ArgsSizesGet { count: at, size: B },
    },
    Reach {
        what: "args_sizes_get, where the size goes",
        len: 4,
        call: |_, at| Call::ArgsSizesGet { count: A, size: at },
    },
    Reach {
        what: "args_get, the list of addresses",
        len: 12,
        call: |_, at| Call::ArgsGet {
            list: at,
            bytes: BYTES,
        },
    },
    Reach {
        what: "args_get, the texts",
        len: 12,
        call: |_, at| Call::ArgsGet {
            list: LIST,
            bytes: at,
        },
    },
    Reach {
        what: "environ_sizes_get, where the number goes",
        len: 4,
        call: |_, at| Call::EnvironSizesGet { count: at, size: B },
    },
    Reach {
        what: "environ_sizes_get, where the size goes",
        len: 4,
        call: |_, at| Call::EnvironSizesGet { count: A, size: at },
    },
    Reach {
        what: "environ_get, the list of addresses",
        len: 4,
        call: |_, at| Call::EnvironGet {
            list: at,
            bytes: BYTES,
        },
    },
    Reach {
        what: "environ_get, the texts",
        len: 9,
        call: |_, at| Call::EnvironGet {
            list: LIST,
            bytes: at,
        },
    },
    Reach {
        what: "clock_time_get, where the time goes",
        len: 8,
        call: |_, at| Call::ClockTimeGet { clock: 0, time: at },
    },
    Reach {
        what: "random_get, where the bytes go",
        len: 50,
        call: |_, at| Call::RandomGet { bytes: at, len: 50 },
    },
    Reach {
        what: "fd_write, the list of places",
        len: 16,
        call: |stage, at| {
            let list = [(BYTES, 5), (BYTES, 6)];
            // If the list can be there at all, then a good one.
            if u64::from(at) + 16 <= u64::from(stage.size()) {
                stage.set(at, &entries(&list));
            }
            write(at, 2)
        },
    },
    Reach {
        what: "fd_write, the bytes at the first of two places",
        len: 7,
        call: |stage, at| {
            stage.set(LIST, &entries(&[(at, 7), (BYTES, 5)]));
            write(LIST, 2)
        },
    },
    Reach {
        what: "fd_write, the bytes at the second of two places",
        len: 7,
        call: |stage, at| {
            stage.set(LIST, &entries(&[(BYTES, 5), (at, 7)]));
            write(LIST, 2)
        },
    },
    Reach {
        what: "fd_write, where the number of bytes goes",
        len: 4,
        call: |stage, at| {
            stage.set(LIST, &entries(&[(BYTES, 5)]));
            Call::FdWrite {
                fd: 2,
                list: LIST,
                count: 1,
                written: at,
            }
        },
    },
];

/// A list of places, as it stands in a memory.
pub fn entries(places: &[(u32, u32)]) -> Vec<u8> {
    let numbers = places.iter().flat_map(|(at, len)| [*at, *len]);
    numbers.flat_map(u32::to_le_bytes).collect()
}

/// Output from these places; where the number of bytes goes is 64.
pub fn write(list: u32, count: u32) -> Call {
    Call::FdWrite {
        fd: 1,
        list,
        count,
        written: A,
    }
}
