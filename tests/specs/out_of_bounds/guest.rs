//! The guest: its text, the bytes that the text is assembled to, and the names of what it exports.
//!
//! `cargo test --target host-tuple -p solution-out-of-bounds --test native` assembles the text again and
//! compares. (To assemble it here, in each browser, takes 0.8 MB of wasm more in every bundle.)

use contract::{Accessor, Task};

/// The guest in the text format, which no browser needs.
#[cfg(not(target_family = "wasm"))]
pub const TEXT: &str = r#"(module
  (type $task (func))
  (type $read (func (result i64)))
  (import "host" "call" (func $host))
  (memory (export "memory") 1 64)
  (table 1 funcref)
  (tag $exception)
  (global $count (export "count") (mut i32) (i32.const 0))

  ;; Accessors. What stands behind `offset=` is part of the instruction.
  (func (export "load8") (param i32) (result i64) (i64.load8_u (local.get 0)))
  (func (export "load16") (param i32) (result i64) (i64.load16_u (local.get 0)))
  (func (export "load32") (param i32) (result i64) (i64.load32_u (local.get 0)))
  (func (export "load64") (param i32) (result i64) (i64.load (local.get 0)))
  (func (export "load8_next") (param i32) (result i64) (i64.load8_u offset=1 (local.get 0)))
  (func (export "load32_field") (param i32) (result i64) (i64.load32_u offset=12 (local.get 0)))
  (func (export "load64_far") (param i32) (result i64) (i64.load offset=0xfffffff0 (local.get 0)))
  (func (export "store8") (param i32 i64) (i64.store8 (local.get 0) (local.get 1)))
  (func (export "store16") (param i32 i64) (i64.store16 (local.get 0) (local.get 1)))
  (func (export "store32") (param i32 i64) (i64.store32 (local.get 0) (local.get 1)))
  (func (export "store64") (param i32 i64) (i64.store (local.get 0) (local.get 1)))
  (func (export "store32_field") (param i32 i64) (i64.store32 offset=12 (local.get 0) (local.get 1)))

  ;; Accessors that do something else first.
  (func (export "load32_by_table") (param i32) (result i64) (call_indirect (type $read) (local.get 0)))
  (func (export "load32_by_ratio") (param i32) (result i64)
    (i64.div_u (i64.const 1) (i64.load32_u (local.get 0))))
  (func $deeper (export "load32_by_recursion") (param i32) (result i64)
    (i64.add (call $deeper (local.get 0)) (i64.load32_u (local.get 0))))
  (func (export "store32_by_host") (param i32 i64) (call $host) (i64.store32 (local.get 0) (local.get 1)))

  ;; Tasks. Each counts that it has begun.
  (func $begun (export "begin") (global.set $count (i32.add (global.get $count) (i32.const 1))))
  (func (export "grow") (call $begun) (drop (memory.grow (i32.const 1))))
  (func (export "divide") (call $begun) (drop (i32.div_u (i32.const 1) (i32.const 0))))
  (func (export "round") (call $begun) (drop (i32.trunc_f32_s (f32.const nan))))
  (func (export "give_up") (call $begun) (unreachable))
  (func (export "stray_load") (call $begun) (drop (i32.load (i32.const -16))))
  (func (export "stray_call") (call $begun) (call_indirect (type $task) (i32.const 99)))
  (func $recurse (call $recurse) (call $begun))
  (func (export "recurse") (call $begun) (call $recurse))
  (func (export "call_host") (call $begun) (call $host))
  (func (export "throw") (call $begun) (throw $exception)))
"#;

/// The guest in the binary format.
const BYTES: &[u8] = b"\0asm\x01\0\0\0\x01\x12\x04`\0\0`\0\x01~`\x01\x7f\x01~`\x02\x7f~\0\x02\x0d\x01\x04host\x04call\0\0\x03\
    \x1c\x1b\x02\x02\x02\x02\x02\x02\x02\x03\x03\x03\x03\x03\x02\x02\x02\x03\0\0\0\0\0\0\0\0\0\0\0\x04\x04\
    \x01p\0\x01\x05\x04\x01\x01\x01@\x0d\x03\x01\0\0\x06\x06\x01\x7f\x01A\0\x0b\x07\xc3\x02\x1c\x06memory\
    \x02\0\x05count\x03\0\x05load8\0\x01\x06load16\0\x02\x06load32\0\x03\x06load64\0\x04\x0aload8_next\0\x05\
    \x0cload32_field\0\x06\x0aload64_far\0\x07\x06store8\0\x08\x07store16\0\x09\x07store32\0\x0a\x07store64\
    \0\x0b\x0dstore32_field\0\x0c\x0fload32_by_table\0\x0d\x0fload32_by_ratio\0\x0e\x13load32_by_recursion\0\
    \x0f\x0fstore32_by_host\0\x10\x05begin\0\x11\x04grow\0\x12\x06divide\0\x13\x05round\0\x14\x07give_up\0\
    \x15\x0astray_load\0\x16\x0astray_call\0\x17\x07recurse\0\x19\x09call_host\0\x1a\x05throw\0\x1b\x0a\xfe\
    \x01\x1b\x07\0\x20\x001\0\0\x0b\x07\0\x20\x003\x01\0\x0b\x07\0\x20\x005\x02\0\x0b\x07\0\x20\0)\x03\0\x0b\x07\0\
    \x20\x001\0\x01\x0b\x07\0\x20\x005\x02\x0c\x0b\x0b\0\x20\0)\x03\xf0\xff\xff\xff\x0f\x0b\x09\0\x20\0\x20\x01<\
    \0\0\x0b\x09\0\x20\0\x20\x01=\x01\0\x0b\x09\0\x20\0\x20\x01>\x02\0\x0b\x09\0\x20\0\x20\x017\x03\0\x0b\
    \x09\0\x20\0\x20\x01>\x02\x0c\x0b\x07\0\x20\0\x11\x01\0\x0b\x0a\0B\x01\x20\x005\x02\0\x80\x0b\x0c\0\x20\0\
    \x10\x0f\x20\x005\x02\0|\x0b\x0b\0\x10\0\x20\0\x20\x01>\x02\0\x0b\x09\0#\0A\x01j$\0\x0b\x09\0\x10\x11A\x01\
    @\0\x1a\x0b\x0a\0\x10\x11A\x01A\0n\x1a\x0b\x0b\0\x10\x11C\0\0\xc0\x7f\xa8\x1a\x0b\x05\0\x10\x11\0\x0b\
    \x0a\0\x10\x11Ap(\x02\0\x1a\x0b\x0a\0\x10\x11A\xe3\0\x11\0\0\x0b\x06\0\x10\x18\x10\x11\x0b\x06\0\x10\x11\
    \x10\x18\x0b\x06\0\x10\x11\x10\0\x0b\x06\0\x10\x11\x08\0\x0b\0M\x04name\x01\x1f\x04\0\x04host\x0f\x06dee\
    per\x11\x05begun\x18\x07recurse\x04\x0d\x02\0\x04task\x01\x04read\x07\x08\x01\0\x05count\x0b\x0c\x01\0\
    \x09exception";

/// Where the bytes say with how many pages the guest begins.
const PAGES_AT: usize = 83;

/// The guest, with so many pages in place of one.
pub fn with_pages(pages: u8) -> Vec<u8> {
    let mut bytes = BYTES.to_vec();
    bytes[PAGES_AT] = pages;
    bytes
}

const fn accessor(name: &'static str, width: u32, offset: u32) -> Accessor {
    Accessor {
        name,
        width,
        offset,
    }
}

pub const LOAD8: Accessor = accessor("load8", 1, 0);
pub const LOAD16: Accessor = accessor("load16", 2, 0);
pub const LOAD32: Accessor = accessor("load32", 4, 0);
pub const LOAD64: Accessor = accessor("load64", 8, 0);
pub const LOADS: [Accessor; 4] = [LOAD8, LOAD16, LOAD32, LOAD64];
pub const STORE8: Accessor = accessor("store8", 1, 0);
pub const STORE32: Accessor = accessor("store32", 4, 0);
pub const STORE64: Accessor = accessor("store64", 8, 0);
pub const STORES: [Accessor; 4] = [STORE8, accessor("store16", 2, 0), STORE32, STORE64];

/// With an offset: the byte behind, a field of a struct, and one that leads past 4 GiB.
pub const LOAD8_NEXT: Accessor = accessor("load8_next", 1, 1);
pub const LOAD32_FIELD: Accessor = accessor("load32_field", 4, 12);
pub const STORE32_FIELD: Accessor = accessor("store32_field", 4, 12);
pub const LOAD64_FAR: Accessor = accessor("load64_far", 8, 0xffff_fff0);

/// Calls what stands in the table at the address. There is nothing.
pub const LOAD32_BY_TABLE: Accessor = accessor("load32_by_table", 4, 0);
/// Divides 1 by what it reads.
pub const LOAD32_BY_RATIO: Accessor = accessor("load32_by_ratio", 4, 0);
/// Calls itself for ever.
pub const LOAD32_BY_RECURSION: Accessor = accessor("load32_by_recursion", 4, 0);
/// Calls the host before it writes.
pub const STORE32_BY_HOST: Accessor = accessor("store32_by_host", 4, 0);

pub const BEGIN: Task = Task("begin");
pub const GROW: Task = Task("grow");
pub const RECURSE: Task = Task("recurse");
pub const CALL_HOST: Task = Task("call_host");
pub const THROW: Task = Task("throw");

/// Tasks that trap, with the reason.
pub const TRAPS: [(Task, &str); 5] = [
    (Task("divide"), "it divides by zero"),
    (Task("round"), "it rounds NaN to an integer"),
    (
        Task("give_up"),
        "it runs into `unreachable`, as a panic in Rust does",
    ),
    (
        Task("stray_load"),
        "it reads at an address of its own that lies outside",
    ),
    (Task("stray_call"), "it calls what its table does not have"),
];
