//! Guests: small modules with an allocator that keeps books and posts guards.
//!
//! In the text format every guest is this, with the parts in angle brackets from its
//! [`Recipe`]:
//!
//! ```wat
//! (module
//!   (memory (export <name>) <pages> <most, if there is one>)
//!   (global $allocs (export "allocs") (mut i32) (i32.const 0))
//!   (global $asked (export "asked") (mut i32) (i32.const 0))
//!   (global $frees (export "frees") (mut i32) (i32.const 0))
//!   (global $bad_frees (export "bad_frees") (mut i32) (i32.const 0))
//!   (global $top (export "top") (export <a name more, if there is one>) (mut i32) (i32.const <start>))
//!   (func (export <name>) (param $len i32) (result i32) <as the recipe says>)
//!   (func (export <name>) (param $ptr i32) (param $len i32) …)
//!   (func (export "hash") (param $ptr i32) (param $len i32) (result i32) …))
//! ```
//!
//! An honest `alloc` lays its blocks one behind the other, each with guards around it:
//!
//! ```text
//! state (4)  len (4)  guard (8)  | len bytes for the caller |  guard (8)
//! ```
//!
//! `free` counts a block once: if it is live and `len` is the one that it was allocated
//! with. Anything else counts as a bad free, also if it traps. `hash` is how the guest reads:
//! FNV-1a.

use wasm_encoder::{
    BlockType, CodeSection, ConstExpr, ExportKind, ExportSection, Function, FunctionSection,
    GlobalSection, GlobalType, InstructionSink, MemArg, MemorySection, MemoryType, Module,
    TypeSection, ValType,
};

/// Bytes in front of a block: state, length, guard.
pub const HEADER: u32 = 16;
/// Bytes of a guard, in front of a block and behind it.
pub const GUARD: u32 = 8;
/// What stands in a guard, as the guest stores it (little-endian).
pub const GUARD_BYTES: [u8; 8] = *b"canary!!";
/// The state of a block that is in use.
pub const LIVE: u32 = u32::from_le_bytes(*b"LIVE");
/// The state of a block that was freed.
pub const FREED: u32 = u32::from_le_bytes(*b"FREE");
/// Where an ordinary guest's first block begins, header and all.
pub const START: u32 = 1024;

/// What a guest is made of.
#[derive(Clone, Copy)]
pub struct Recipe {
    /// Pages of 64 KiB at the start.
    pub pages: u32,
    /// Pages that it can have at most, if it says so.
    pub most: Option<u32>,
    /// Where its first block begins.
    pub start: u32,
    /// What its `alloc` does.
    pub alloc: Alloc,
    /// Whether its `free` traps.
    pub free_traps: bool,
    /// The names under which it exports its memory, its `alloc` and its `free`.
    pub names: [&'static str; 3],
    /// A second name of one of its globals, if it has one.
    pub global: Option<&'static str>,
}

/// How a guest's `alloc` behaves.
#[derive(Clone, Copy)]
pub enum Alloc {
    /// Answers a new block, or 0 if there is no room. Grows the memory when it must.
    Honest,
    /// The same, and grows the memory by so many pages first, needed or not.
    Growing(u32),
    /// Answers a new block, but 0 if it is asked for 0 bytes, as some allocators do.
    NullForNothing,
    /// Answers this address, whatever is there.
    Answers(u32),
    /// Traps.
    Traps,
}

impl Recipe {
    /// An honest guest of one page, which may grow to 64 MiB.
    pub const HONEST: Self = Self {
        pages: 1,
        most: Some(1024),
        start: START,
        alloc: Alloc::Honest,
        free_traps: false,
        names: ["memory", "alloc", "free"],
        global: None,
    };

    /// The honest guest with another `alloc`.
    pub const fn with(alloc: Alloc) -> Self {
        Self {
            alloc,
            ..Self::HONEST
        }
    }

    /// The guest's module, in WebAssembly's binary format.
    pub fn module(self) -> Vec<u8> {
        let mut types = TypeSection::new();
        let i32s = |n| vec![ValType::I32; n];
        types.ty().function(i32s(1), i32s(1));
        types.ty().function(i32s(2), i32s(0));
        types.ty().function(i32s(2), i32s(1));
        let mut functions = FunctionSection::new();
        functions.function(0).function(1).function(2);

        let mut memories = MemorySection::new();
        memories.memory(MemoryType {
            minimum: self.pages.into(),
            maximum: self.most.map(u64::from),
            memory64: false,
            shared: false,
            page_size_log2: None,
        });

        let mut exports = ExportSection::new();
        let [memory, others @ ..] = self.names;
        exports.export(memory, ExportKind::Memory, 0);
        for (index, name) in others.into_iter().chain(["hash"]).enumerate() {
            exports.export(name, ExportKind::Func, index as u32);
        }
        let mut globals = GlobalSection::new();
        for (index, (name, value)) in [
            ("allocs", 0),
            ("asked", 0),
            ("frees", 0),
            ("bad_frees", 0),
            ("top", self.start),
        ]
        .into_iter()
        .enumerate()
        {
            let kind = GlobalType {
                val_type: ValType::I32,
                mutable: true,
                shared: false,
            };
            globals.global(kind, &ConstExpr::i32_const(value.cast_signed()));
            exports.export(name, ExportKind::Global, index as u32);
        }
        if let Some(name) = self.global {
            exports.export(name, ExportKind::Global, TOP);
        }

        let mut code = CodeSection::new();
        code.function(&self.alloc.function());
        code.function(&free(self.free_traps));
        code.function(&hash());

        let mut module = Module::new();
        module
            .section(&types)
            .section(&functions)
            .section(&memories)
            .section(&globals)
            .section(&exports)
            .section(&code);
        module.finish()
    }
}

// Globals and locals, by index.
const ALLOCS: u32 = 0;
const ASKED: u32 = 1;
const FREES: u32 = 2;
const BAD_FREES: u32 = 3;
const TOP: u32 = 4;
const PTR: u32 = 0;
const LEN: u32 = 1;

impl Alloc {
    /// `(func (param $len i32) (result i32) (local $ptr i32) (local $missing i32) …)`
    fn function(self) -> Function {
        const LEN: u32 = 0;
        const PTR: u32 = 1;
        const MISSING: u32 = 2;
        let mut function = Function::new([(2, ValType::I32)]);
        let mut code = function.instructions();
        add(&mut code, ALLOCS, 1);
        code.global_get(ASKED).local_get(LEN).i32_add();
        code.global_set(ASKED);
        match self {
            Alloc::Honest => {}
            Alloc::Growing(pages) => {
                code.i32_const(pages.cast_signed()).memory_grow(0).drop();
            }
            Alloc::NullForNothing => {
                code.local_get(LEN).i32_eqz().if_(BlockType::Empty);
                code.i32_const(0).return_().end();
            }
            Alloc::Answers(address) => {
                code.i32_const(address.cast_signed()).end();
                return function;
            }
            Alloc::Traps => {
                code.unreachable().end();
                return function;
            }
        }
        // ptr = top + HEADER
        code.global_get(TOP).i32_const(HEADER.cast_signed());
        code.i32_add().local_tee(PTR);
        // missing = pages that reach past ptr + len + GUARD, less those that are there
        code.local_get(LEN).i32_add();
        code.i32_const((GUARD + 0xffff).cast_signed()).i32_add();
        code.i32_const(16).i32_shr_u().memory_size(0).i32_sub();
        code.local_tee(MISSING).i32_const(0).i32_gt_s();
        code.if_(BlockType::Empty);
        {
            code.local_get(MISSING).memory_grow(0);
            code.i32_const(-1).i32_eq().if_(BlockType::Empty);
            code.i32_const(0).return_().end();
        }
        code.end();
        // the header, and the guard behind the block
        let guard = i64::from_le_bytes(GUARD_BYTES);
        code.global_get(TOP).i32_const(LIVE.cast_signed());
        code.i32_store(at(0));
        code.global_get(TOP).local_get(LEN).i32_store(at(4));
        code.global_get(TOP).i64_const(guard).i64_store(at(8));
        code.local_get(PTR).local_get(LEN).i32_add().global_set(TOP);
        code.global_get(TOP).i64_const(guard).i64_store(at(0));
        // top = the end of that guard
        code.global_get(TOP).i32_const(GUARD.cast_signed());
        code.i32_add().global_set(TOP);
        code.local_get(PTR).end();
        function
    }
}

/// `(func (param $ptr i32) (param $len i32) …)`
fn free(traps: bool) -> Function {
    let mut function = Function::new([]);
    let mut code = function.instructions();
    if traps {
        code.unreachable().end();
        return function;
    }
    let header = |code: &mut InstructionSink| {
        code.local_get(PTR).i32_const(HEADER.cast_signed());
        code.i32_sub();
    };
    // A bad free, until the block has turned out to be a good one. The address may be anything,
    // and a look at it may trap: that is a bad free too.
    add(&mut code, BAD_FREES, 1);
    header(&mut code);
    code.i32_load(at(0)).i32_const(LIVE.cast_signed()).i32_eq();
    header(&mut code);
    code.i32_load(at(4)).local_get(LEN).i32_eq();
    code.i32_and().if_(BlockType::Empty);
    header(&mut code);
    code.i32_const(FREED.cast_signed()).i32_store(at(0));
    add(&mut code, FREES, 1);
    add(&mut code, BAD_FREES, -1);
    code.end().end();
    function
}

/// `(func (param $ptr i32) (param $len i32) (result i32) (local $hash i32) …)`
fn hash() -> Function {
    const HASH: u32 = 2;
    let mut function = Function::new([(1, ValType::I32)]);
    let mut code = function.instructions();
    code.i32_const(FNV_BASIS.cast_signed()).local_set(HASH);
    code.block(BlockType::Empty).loop_(BlockType::Empty);
    code.local_get(LEN).i32_eqz().br_if(1);
    code.local_get(HASH).local_get(PTR).i32_load8_u(at(0));
    code.i32_xor().i32_const(FNV_PRIME.cast_signed()).i32_mul();
    code.local_set(HASH);
    code.local_get(PTR).i32_const(1).i32_add().local_set(PTR);
    code.local_get(LEN).i32_const(1).i32_sub().local_set(LEN);
    code.br(0).end().end();
    code.local_get(HASH).end();
    function
}

const FNV_BASIS: u32 = 0x811c_9dc5;
const FNV_PRIME: u32 = 0x0100_0193;

/// FNV-1a, 32 bits: what the guest's `hash` answers for these bytes.
///
/// Source: draft-eastlake-fnv, section 2.
pub fn fnv_1a(bytes: &[u8]) -> u32 {
    bytes.iter().fold(FNV_BASIS, |hash, byte| {
        (hash ^ u32::from(*byte)).wrapping_mul(FNV_PRIME)
    })
}

/// `global = global + what`
fn add(code: &mut InstructionSink, global: u32, what: i32) {
    code.global_get(global).i32_const(what).i32_add();
    code.global_set(global);
}

/// An access so many bytes behind its address, aligned or not.
fn at(offset: u64) -> MemArg {
    MemArg {
        offset,
        align: 0,
        memory_index: 0,
    }
}
