//! The guests: their texts, and the bytes that the texts are assembled to.
//!
//! `cargo test --target host-tuple -p solution-hostile-module --test native` assembles the texts again and
//! compares. It runs the same guests under an engine that is no browser's, too.
//!
//! None of them is as bad as it could be: each comes to an end by itself, after seconds or megabytes, so that a test of a
//! host without limits ends as well.

use contract::End;

/// A module, as its author wrote it and as an engine takes it.
#[derive(Clone, Copy)]
pub struct Guest {
    pub name: &'static str,
    #[cfg(not(target_family = "wasm"))]
    pub text: &'static str,
    pub bytes: &'static [u8],
}

macro_rules! guest {
    ($constant:ident, $name:literal, $text:literal, $bytes:literal) => {
        pub const $constant: Guest = Guest {
            name: $name,
            #[cfg(not(target_family = "wasm"))]
            text: $text,
            bytes: $bytes,
        };
    };
}

guest!(
    LOOP,
    "an endless loop",
    r#"(module
  ;; Endless for all that matters: it gives up after 140 million turns.
  (func (export "run") (result i32) (local $left i32)
    (local.set $left (i32.const 140_000_000))
    (loop $again
      (local.set $left (i32.sub (local.get $left) (i32.const 1)))
      (br_if $again (local.get $left)))
    (i32.const 1)))"#,
    b"\0asm\x01\0\0\0\x01\x05\x01`\0\x01\x7f\x03\x02\x01\0\x07\x07\x01\x03run\0\0\n\x1e\x01\x1c\
    \x01\x01\x7fA\x80\xf6\xe0\xc2\x00!\0\x03@ \0A\x01k!\0 \0\r\0\x0bA\x01\x0b\0\x1c\x04name\x02\
    \t\x01\0\x01\0\x04left\x03\n\x01\0\x01\0\x05again"
);

guest!(
    RECURSION,
    "an endless recursion",
    r#"(module
  ;; The sum keeps each call waiting for the next one.
  (func $deeper (export "run") (result i32) (i32.add (call $deeper) (i32.const 1))))"#,
    b"\0asm\x01\0\0\0\x01\x05\x01`\0\x01\x7f\x03\x02\x01\0\x07\x07\x01\x03run\0\0\n\t\x01\x07\0\
    \x10\0A\x01j\x0b\0\x10\x04name\x01\t\x01\0\x06deeper"
);

guest!(
    GROWTH,
    "a memory that grows",
    r#"(module
  (memory 1)
  ;; 8 MiB more, and 8 MiB more, and content with 64.
  (func (export "run") (result i32)
    (loop $more
      (if (i32.eq (memory.grow (i32.const 128)) (i32.const -1)) (then (return (i32.const 0))))
      (br_if $more (i32.lt_u (memory.size) (i32.const 1024))))
    (memory.size)))"#,
    b"\0asm\x01\0\0\0\x01\x05\x01`\0\x01\x7f\x03\x02\x01\0\x05\x03\x01\0\x01\x07\x07\x01\x03run\0\
    \0\n\x1f\x01\x1d\0\x03@A\x80\x01@\0A\x7fF\x04@A\0\x0f\x0b?\0A\x80\x08I\r\0\x0b?\0\x0b\0\x10\
    \x04name\x03\t\x01\0\x01\0\x04more"
);

guest!(
    LARGE_MEMORY,
    "a memory that is large from the start",
    r#"(module
  ;; 64 MiB, before any function has run.
  (memory 1024)
  (func (export "run") (result i32) (memory.size)))"#,
    b"\0asm\x01\0\0\0\x01\x05\x01`\0\x01\x7f\x03\x02\x01\0\x05\x04\x01\0\x80\x08\x07\x07\x01\x03ru\
    n\0\0\n\x06\x01\x04\0?\0\x0b"
);

guest!(
    TABLE,
    "a table that grows",
    r#"(module
  (table $table 1 funcref)
  ;; A table's elements are the engine's own: no limit of memory counts them.
  (func (export "run") (result i32)
    (loop $more
      (if (i32.eq (table.grow $table (ref.null func) (i32.const 100_000)) (i32.const -1))
        (then (return (i32.const 0))))
      (br_if $more (i32.lt_u (table.size $table) (i32.const 1_000_000))))
    (table.size $table)))"#,
    b"\0asm\x01\0\0\0\x01\x05\x01`\0\x01\x7f\x03\x02\x01\0\x04\x04\x01p\0\x01\x07\x07\x01\x03run\0\
    \0\n&\x01$\0\x03@\xd0pA\xa0\x8d\x06\xfc\x0f\0A\x7fF\x04@A\0\x0f\x0b\xfc\x10\0A\xc0\x84=I\r\0\
    \x0b\xfc\x10\0\x0b\0\x1a\x04name\x03\t\x01\0\x01\0\x04more\x05\x08\x01\0\x05table"
);

guest!(
    OUT_OF_BOUNDS,
    "a read and a write out of bounds",
    r#"(module
  (memory 1)
  ;; Two of the four bytes lie behind the end. The read comes first.
  (func (export "run") (result i32)
    (i32.store (i32.const 65534) (i32.load (i32.const 65534)))
    (i32.const 1)))"#,
    b"\0asm\x01\0\0\0\x01\x05\x01`\0\x01\x7f\x03\x02\x01\0\x05\x03\x01\0\x01\x07\x07\x01\x03run\0\
    \0\n\x14\x01\x12\0A\xfe\xff\x03A\xfe\xff\x03(\x02\x006\x02\0A\x01\x0b"
);

guest!(
    UNREACHABLE,
    "a guest that gives up",
    r#"(module
  ;; As a panic in Rust ends.
  (func (export "run") (result i32) (unreachable)))"#,
    b"\0asm\x01\0\0\0\x01\x05\x01`\0\x01\x7f\x03\x02\x01\0\x07\x07\x01\x03run\0\0\n\x05\x01\x03\0\
    \0\x0b"
);

guest!(
    DIVISION,
    "a division by zero",
    r#"(module
  (func (export "run") (result i32) (i32.div_s (i32.const 1) (i32.const 0))))"#,
    b"\0asm\x01\0\0\0\x01\x05\x01`\0\x01\x7f\x03\x02\x01\0\x07\x07\x01\x03run\0\0\n\t\x01\x07\0A\
    \x01A\0m\x0b"
);

guest!(
    ENDLESS_START,
    "an endless start function",
    r#"(module
  ;; It runs while the module is instantiated, before anybody has called anything.
  (func $start (local $left i32)
    (local.set $left (i32.const 140_000_000))
    (loop $again
      (local.set $left (i32.sub (local.get $left) (i32.const 1)))
      (br_if $again (local.get $left))))
  (start $start)
  (func (export "run") (result i32) (i32.const 1)))"#,
    b"\0asm\x01\0\0\0\x01\x08\x02`\0\0`\0\x01\x7f\x03\x03\x02\0\x01\x07\x07\x01\x03run\0\x01\x08\
    \x01\0\n!\x02\x1a\x01\x01\x7fA\x80\xf6\xe0\xc2\x00!\0\x03@ \0A\x01k!\0 \0\r\0\x0b\x0b\x04\0A\
    \x01\x0b\0&\x04name\x01\x08\x01\0\x05start\x02\t\x01\0\x01\0\x04left\x03\n\x01\0\x01\0\x05ag\
    ain"
);

guest!(
    NOT_GRANTED,
    "an import that nobody granted",
    r#"(module
  (import "host" "delete_all" (func $delete_all))
  (start $delete_all)
  (func (export "run") (result i32) (i32.const 1)))"#,
    b"\0asm\x01\0\0\0\x01\x08\x02`\0\0`\0\x01\x7f\x02\x13\x01\x04host\ndelete_all\0\0\x03\x02\x01\
    \x01\x07\x07\x01\x03run\0\x01\x08\x01\0\n\x06\x01\x04\0A\x01\x0b\0\x14\x04name\x01\r\x01\0\n\
    delete_all"
);

guest!(
    REENTRY,
    "a call from inside a call",
    r#"(module
  (import "host" "call_back" (func $call_back (result i32)))
  (global $depth (mut i32) (i32.const 0))
  ;; The host calls `back`, which calls the host, which calls `back`: 50 deep.
  (func (export "run") (result i32) (call $call_back))
  (func (export "back") (result i32)
    (global.set $depth (i32.add (global.get $depth) (i32.const 1)))
    (if (result i32) (i32.lt_u (global.get $depth) (i32.const 50))
      (then (call $call_back))
      (else (global.get $depth)))))"#,
    b"\0asm\x01\0\0\0\x01\x05\x01`\0\x01\x7f\x02\x12\x01\x04host\tcall_back\0\0\x03\x03\x02\0\0\
    \x06\x06\x01\x7f\x01A\0\x0b\x07\x0e\x02\x03run\0\x01\x04back\0\x02\n\x1d\x02\x04\0\x10\0\x0b\
    \x16\0#\0A\x01j$\0#\0A2I\x04\x7f\x10\0\x05#\0\x0b\x0b\0\x1d\x04name\x01\x0c\x01\0\tcall_back\
    \x07\x08\x01\0\x05depth"
);

guest!(
    FRIEND,
    "a friendly guest",
    r#"(module
  (import "host" "call_back" (func $call_back (result i32)))
  (global $ready (mut i32) (i32.const 0))
  (func $start (global.set $ready (i32.const 40)))
  (start $start)
  (func (export "back") (result i32) (i32.const 1))
  ;; 42, if all is in order: 41 without the call, 2 without the start function.
  (func (export "run") (result i32)
    (i32.add (global.get $ready) (i32.add (call $call_back) (i32.const 1)))))"#,
    b"\0asm\x01\0\0\0\x01\x08\x02`\0\x01\x7f`\0\0\x02\x12\x01\x04host\tcall_back\0\0\x03\x04\x03\
    \x01\0\0\x06\x06\x01\x7f\x01A\0\x0b\x07\x0e\x02\x04back\0\x02\x03run\0\x03\x08\x01\x01\n\x18\
    \x03\x06\0A($\0\x0b\x04\0A\x01\x0b\n\0#\0\x10\0A\x01jj\x0b\0$\x04name\x01\x13\x02\0\tcall_ba\
    ck\x01\x05start\x07\x08\x01\0\x05ready"
);

guest!(
    FULL,
    "a guest that takes all that it may",
    r#"(module
  (memory 1)
  (table $table 1 funcref)
  ;; To 16 pages and 1000 elements: 161000, and -1 if it does not get them.
  (func (export "run") (result i32)
    (if (i32.eq (memory.grow (i32.const 15)) (i32.const -1)) (then (return (i32.const -1))))
    (if (i32.eq (table.grow $table (ref.null func) (i32.const 999)) (i32.const -1))
      (then (return (i32.const -1))))
    ;; The last byte is there.
    (i32.store8 (i32.const 1048575) (i32.const 7))
    (i32.add (i32.mul (memory.size) (i32.const 10000)) (table.size $table))))"#,
    b"\0asm\x01\0\0\0\x01\x05\x01`\0\x01\x7f\x03\x02\x01\0\x04\x04\x01p\0\x01\x05\x03\x01\0\x01\
    \x07\x07\x01\x03run\0\0\n6\x014\0A\x0f@\0A\x7fF\x04@A\x7f\x0f\x0b\xd0pA\xe7\x07\xfc\x0f\0A\
    \x7fF\x04@A\x7f\x0f\x0bA\xff\xff?A\x07:\0\0?\0A\x90\xce\0l\xfc\x10\0j\x0b\0\x0f\x04name\x05\
    \x08\x01\0\x05table"
);

guest!(
    MODEST,
    "a guest with a maximum of its own",
    r#"(module
  (memory 1 2)
  ;; It knows that it cannot have three, asks, and goes on.
  (func (export "run") (result i32)
    (i32.add (i32.mul (memory.grow (i32.const 2)) (i32.const 100)) (memory.size))))"#,
    b"\0asm\x01\0\0\0\x01\x05\x01`\0\x01\x7f\x03\x02\x01\0\x05\x04\x01\x01\x01\x02\x07\x07\x01\x03\
    run\0\0\n\x0f\x01\r\0A\x02@\0A\xe4\0l?\0j\x0b"
);

guest!(
    WORK,
    "a guest that works",
    r#"(module
  (global $turns (mut i32) (i32.const 0))
  ;; A million turns, each counted: half of them at the start, half when it is called.
  (func $work (param $turns i32)
    (loop $again
      (global.set $turns (i32.add (global.get $turns) (i32.const 1)))
      (br_if $again (i32.lt_u (global.get $turns) (local.get $turns)))))
  (func $start (call $work (i32.const 500_000)))
  (start $start)
  (func (export "run") (result i32)
    (call $work (i32.const 1_000_000))
    (global.get $turns)))"#,
    b"\0asm\x01\0\0\0\x01\x0c\x03`\x01\x7f\0`\0\0`\0\x01\x7f\x03\x04\x03\0\x01\x02\x06\x06\x01\x7f\
    \x01A\0\x0b\x07\x07\x01\x03run\0\x02\x08\x01\x01\n)\x03\x13\0\x03@#\0A\x01j$\0#\0 \0I\r\0\
    \x0b\x0b\x08\0A\xa0\xc2\x1e\x10\0\x0b\n\0A\xc0\x84=\x10\0#\0\x0b\x007\x04name\x01\x0e\x02\0\
    \x04work\x01\x05start\x02\n\x01\0\x01\0\x05turns\x03\n\x01\0\x01\0\x05again\x07\x08\x01\0\
    \x05turns"
);

guest!(
    WAIT,
    "a guest that has its host wait",
    r#"(module
  (import "host" "wait" (func $wait (param i32)))
  ;; A second and a half, and it has used four instructions.
  (func (export "run") (result i32) (call $wait (i32.const 1500)) (i32.const 7)))"#,
    b"\0asm\x01\0\0\0\x01\t\x02`\x01\x7f\0`\0\x01\x7f\x02\r\x01\x04host\x04wait\0\0\x03\x02\x01\
    \x01\x07\x07\x01\x03run\0\x01\n\x0b\x01\t\0A\xdc\x0b\x10\0A\x07\x0b\0\x0e\x04name\x01\x07\
    \x01\0\x04wait"
);

guest!(
    WAIT_AT_START,
    "a start function that has its host wait",
    r#"(module
  (import "host" "wait" (func $wait (param i32)))
  ;; A second and a half, and the same again when it is called.
  (func $start (call $wait (i32.const 1500)))
  (start $start)
  (func (export "run") (result i32) (call $wait (i32.const 1500)) (i32.const 7)))"#,
    b"\0asm\x01\0\0\0\x01\x0c\x03`\x01\x7f\0`\0\0`\0\x01\x7f\x02\r\x01\x04host\x04wait\0\0\x03\x03\
    \x02\x01\x02\x07\x07\x01\x03run\0\x02\x08\x01\x01\n\x13\x02\x07\0A\xdc\x0b\x10\0\x0b\t\0A\
    \xdc\x0b\x10\0A\x07\x0b\0\x15\x04name\x01\x0e\x02\0\x04wait\x01\x05start"
);

guest!(
    REFILL,
    "a guest that fills its own tank",
    r#"(module
  (import "limits" "fuel" (global $fuel (mut i64)))
  (func (export "run") (result i32)
    (global.set $fuel (i64.const 0x7fff_ffff_ffff_ffff))
    (i32.const 1)))"#,
    b"\0asm\x01\0\0\0\x01\x05\x01`\0\x01\x7f\x02\x10\x01\x06limits\x04fuel\x03~\x01\x03\x02\x01\0\
    \x07\x07\x01\x03run\0\0\n\x13\x01\x11\0B\xff\xff\xff\xff\xff\xff\xff\xff\xff\0$\0A\x01\x0b\0\
    \x0e\x04name\x07\x07\x01\0\x04fuel"
);

/// How many bytes the largest of the guests has.
pub const HUGE: usize = 1 << 20;

/// A guest with a section of nothing behind it, so many bytes in all.
pub fn padded(guest: Guest, size: usize) -> Vec<u8> {
    let mut module = guest.bytes.to_vec();
    // A custom section: 0, its length in five bytes, an empty name.
    let length = size - module.len() - 6;
    module.push(0);
    module.extend(number(length));
    module.resize(size, 0);
    module
}

/// A guest with so many bytes of data behind it, which nothing uses. They stay where a guest is rewritten.
pub fn laden(guest: Guest, size: usize) -> Vec<u8> {
    // The section of data, 11: one segment, which is passive, and its length.
    let segment: Vec<u8> = [1, 1].into_iter().chain(number(size)).collect();
    let mut module = guest.bytes.to_vec();
    module.push(11);
    module.extend(number(segment.len() + size));
    module.extend(segment);
    module.resize(module.len() + size, 0);
    module
}

/// A number in five bytes, as linkers write it.
fn number(number: usize) -> impl Iterator<Item = u8> {
    (0..5).map(move |place| {
        let seven = (number >> (7 * place) & 0x7f) as u8;
        if place < 4 { seven | 0x80 } else { seven }
    })
}

/// The twelve, each with its end.
pub fn twelve() -> Vec<(&'static str, Vec<u8>, End)> {
    let (module, name) = ("host".to_owned(), "delete_all".to_owned());
    let mut twelve: Vec<_> = [
        (LOOP, End::OutOfFuel),
        (RECURSION, End::StackExhausted),
        (GROWTH, End::Memory),
        (LARGE_MEMORY, End::Memory),
        (TABLE, End::Table),
        (OUT_OF_BOUNDS, End::Trapped),
        (UNREACHABLE, End::Trapped),
        (DIVISION, End::Trapped),
        (ENDLESS_START, End::OutOfFuel),
        (NOT_GRANTED, End::NotGranted { module, name }),
        (REENTRY, End::Reentered),
    ]
    .into_iter()
    .map(|(guest, end)| (guest.name, guest.bytes.to_vec(), end))
    .collect();
    twelve.push(("a huge module", padded(FRIEND, HUGE), End::TooLarge(HUGE)));
    twelve
}

/// All that have a text.
#[cfg(not(target_family = "wasm"))]
pub const WRITTEN: [Guest; 18] = [
    LOOP,
    RECURSION,
    GROWTH,
    LARGE_MEMORY,
    TABLE,
    OUT_OF_BOUNDS,
    UNREACHABLE,
    DIVISION,
    ENDLESS_START,
    NOT_GRANTED,
    REENTRY,
    FRIEND,
    FULL,
    MODEST,
    WORK,
    WAIT,
    WAIT_AT_START,
    REFILL,
];
