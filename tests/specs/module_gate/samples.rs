//! Modules that need one proposal each, and some that need none or several: the text, the bytes that it is assembled to, and
//! what is needed where.
//!
//! `cargo test --target host-tuple -p solution-module-gate --test native` assembles the texts again and compares.

/// A module of which all is known.
#[derive(Debug, Clone, Copy)]
pub struct Sample {
    /// What it is for. In [`SAMPLES`] the name of a proposal.
    pub name: &'static str,
    /// The module in the text format, which no browser needs.
    #[cfg(not(target_family = "wasm"))]
    pub text: &'static str,
    /// The module.
    pub bytes: &'static [u8],
    /// What it needs, and the offset of the first byte that the validator does not take without it.
    pub needs: &'static [(&'static str, usize)],
}

/// One for each proposal that concerns modules, in the order of `Proposal::all`.
pub const SAMPLES: &[Sample] = &[
    Sample {
        name: "mutable-global",
        #[cfg(not(target_family = "wasm"))]
        text: r#"(module (global (export "count") (mut i32) (i32.const 0)))"#,
        bytes: b"\0asm\x01\0\0\0\x06\x06\x01\x7f\x01A\0\x0b\x07\t\x01\x05count\x03\0",
        needs: &[("mutable-global", 0x13)],
    },
    Sample {
        name: "saturating-float-to-int",
        #[cfg(not(target_family = "wasm"))]
        text: r#"(module (func (param f32) (result i32) (i32.trunc_sat_f32_s (local.get 0))))"#,
        bytes: b"\0asm\x01\0\0\0\x01\x06\x01`\x01}\x01\x7f\x03\x02\x01\0\n\x08\x01\x06\0\x20\0\xfc\0\x0b",
        needs: &[("floats", 0xb), ("saturating-float-to-int", 0x1b)],
    },
    Sample {
        name: "sign-extension",
        #[cfg(not(target_family = "wasm"))]
        text: r#"(module (func (param i32) (result i32) (i32.extend8_s (local.get 0))))"#,
        bytes: b"\0asm\x01\0\0\0\x01\x06\x01`\x01\x7f\x01\x7f\x03\x02\x01\0\n\x07\x01\x05\0\x20\0\xc0\x0b",
        needs: &[("sign-extension", 0x1b)],
    },
    Sample {
        name: "reference-types",
        #[cfg(not(target_family = "wasm"))]
        text: r#"(module (table 1 funcref) (table 1 funcref))"#,
        bytes: b"\0asm\x01\0\0\0\x04\x07\x02p\0\x01p\0\x01",
        needs: &[("reference-types", 0xa)],
    },
    Sample {
        name: "multi-value",
        #[cfg(not(target_family = "wasm"))]
        text: r#"(module (func (result i32 i32) (i32.const 1) (i32.const 2)))"#,
        bytes: b"\0asm\x01\0\0\0\x01\x06\x01`\0\x02\x7f\x7f\x03\x02\x01\0\n\x08\x01\x06\0A\x01A\x02\x0b",
        needs: &[("multi-value", 0xb)],
    },
    Sample {
        name: "bulk-memory",
        #[cfg(not(target_family = "wasm"))]
        text: r#"(module (memory 1) (func (memory.init 0 (i32.const 0) (i32.const 0) (i32.const 1))) (data "x"))"#,
        bytes: b"\0asm\x01\0\0\0\x01\x04\x01`\0\0\x03\x02\x01\0\x05\x03\x01\0\x01\x0c\x01\x01\n\x0e\x01\x0c\0A\0A\
            \0A\x01\xfc\x08\0\0\x0b\x0b\x04\x01\x01\x01x",
        needs: &[("bulk-memory", 0x2d)],
    },
    Sample {
        name: "simd",
        #[cfg(not(target_family = "wasm"))]
        text: r#"(module (func (drop (v128.const i64x2 1 2))))"#,
        bytes: b"\0asm\x01\0\0\0\x01\x04\x01`\0\0\x03\x02\x01\0\n\x17\x01\x15\0\xfd\x0c\x01\0\0\0\0\0\0\0\x02\0\0\
            \0\0\0\0\0\x1a\x0b",
        needs: &[("simd", 0x17)],
    },
    Sample {
        name: "relaxed-simd",
        #[cfg(not(target_family = "wasm"))]
        text: r#"(module (func (param v128) (result v128) (i8x16.relaxed_swizzle (local.get 0) (local.get 0))))"#,
        bytes: b"\0asm\x01\0\0\0\x01\x06\x01`\x01{\x01{\x03\x02\x01\0\n\x0b\x01\t\0\x20\0\x20\0\xfd\x80\x02\x0b",
        needs: &[("simd", 0xb), ("relaxed-simd", 0x1d)],
    },
    Sample {
        name: "threads",
        #[cfg(not(target_family = "wasm"))]
        text: r#"(module (memory 1 1 shared))"#,
        bytes: b"\0asm\x01\0\0\0\x05\x04\x01\x03\x01\x01",
        needs: &[("threads", 0xb)],
    },
    Sample {
        name: "shared-everything-threads",
        #[cfg(not(target_family = "wasm"))]
        text: r#"(module (global (shared i32) (i32.const 0)))"#,
        bytes: b"\0asm\x01\0\0\0\x06\x06\x01\x7f\x02A\0\x0b",
        needs: &[("shared-everything-threads", 0xb)],
    },
    Sample {
        name: "tail-call",
        #[cfg(not(target_family = "wasm"))]
        text: r#"(module (func (return_call 0)))"#,
        bytes: b"\0asm\x01\0\0\0\x01\x04\x01`\0\0\x03\x02\x01\0\n\x06\x01\x04\0\x12\0\x0b",
        needs: &[("tail-call", 0x17)],
    },
    Sample {
        name: "floats",
        #[cfg(not(target_family = "wasm"))]
        text: r#"(module (func (param f64)))"#,
        bytes: b"\0asm\x01\0\0\0\x01\x05\x01`\x01|\0\x03\x02\x01\0\n\x04\x01\x02\0\x0b",
        needs: &[("floats", 0xb)],
    },
    Sample {
        name: "multi-memory",
        #[cfg(not(target_family = "wasm"))]
        text: r#"(module (memory 1) (memory 1))"#,
        bytes: b"\0asm\x01\0\0\0\x05\x05\x02\0\x01\0\x01",
        needs: &[("multi-memory", 0xa)],
    },
    Sample {
        name: "exceptions",
        #[cfg(not(target_family = "wasm"))]
        text: r#"(module (tag))"#,
        bytes: b"\0asm\x01\0\0\0\x01\x04\x01`\0\0\r\x03\x01\0\0",
        needs: &[("exceptions", 0x10)],
    },
    Sample {
        name: "memory64",
        #[cfg(not(target_family = "wasm"))]
        text: r#"(module (memory i64 1))"#,
        bytes: b"\0asm\x01\0\0\0\x05\x03\x01\x04\x01",
        needs: &[("memory64", 0xb)],
    },
    Sample {
        name: "extended-const",
        #[cfg(not(target_family = "wasm"))]
        text: r#"(module (global i32 (i32.add (i32.const 1) (i32.const 2))))"#,
        bytes: b"\0asm\x01\0\0\0\x06\t\x01\x7f\0A\x01A\x02j\x0b",
        needs: &[("extended-const", 0x11)],
    },
    Sample {
        name: "memory-control",
        #[cfg(not(target_family = "wasm"))]
        text: r#"(module (memory 1) (func (memory.discard (i32.const 0) (i32.const 0))))"#,
        bytes: b"\0asm\x01\0\0\0\x01\x04\x01`\0\0\x03\x02\x01\0\x05\x03\x01\0\x01\n\x0b\x01\t\0A\0A\0\xfc\x12\0\
            \x0b",
        needs: &[("memory-control", 0x20)],
    },
    Sample {
        name: "gc",
        #[cfg(not(target_family = "wasm"))]
        text: r#"(module (type (struct (field i32))))"#,
        bytes: b"\0asm\x01\0\0\0\x01\x05\x01_\x01\x7f\0",
        needs: &[("gc", 0xb), ("gc-types", 0xb)],
    },
    Sample {
        name: "custom-page-sizes",
        #[cfg(not(target_family = "wasm"))]
        text: r#"(module (memory 1 (pagesize 1)))"#,
        bytes: b"\0asm\x01\0\0\0\x05\x04\x01\x08\x01\0",
        needs: &[("custom-page-sizes", 0xb)],
    },
    Sample {
        name: "legacy-exceptions",
        #[cfg(not(target_family = "wasm"))]
        text: r#"(module (func try catch_all end))"#,
        bytes: b"\0asm\x01\0\0\0\x01\x04\x01`\0\0\x03\x02\x01\0\n\x08\x01\x06\0\x06@\x19\x0b\x0b",
        needs: &[("legacy-exceptions", 0x17)],
    },
    Sample {
        name: "gc-types",
        #[cfg(not(target_family = "wasm"))]
        text: r#"(module (func (param externref)))"#,
        bytes: b"\0asm\x01\0\0\0\x01\x05\x01`\x01o\0\x03\x02\x01\0\n\x04\x01\x02\0\x0b",
        needs: &[("reference-types", 0xb), ("gc-types", 0xb)],
    },
    Sample {
        name: "stack-switching",
        #[cfg(not(target_family = "wasm"))]
        text: r#"(module (type (func)) (type (cont 0)))"#,
        bytes: b"\0asm\x01\0\0\0\x01\x06\x02`\0\0]\0",
        needs: &[("gc-types", 0xe), ("stack-switching", 0xe)],
    },
    Sample {
        name: "wide-arithmetic",
        #[cfg(not(target_family = "wasm"))]
        text: r#"(module (func (param i64 i64) (drop (i64.mul_wide_s (local.get 0) (local.get 1))) (drop)))"#,
        bytes: b"\0asm\x01\0\0\0\x01\x06\x01`\x02~~\0\x03\x02\x01\0\n\x0c\x01\n\0\x20\0\x20\x01\xfc\x15\x1a\x1a\
            \x0b",
        needs: &[("wide-arithmetic", 0x1d)],
    },
    Sample {
        name: "call-indirect-overlong",
        #[cfg(not(target_family = "wasm"))]
        text: r#"(module binary "\00asm\01\00\00\00\01\04\01\60\00\00\03\02\01\00\04\04\01\70\00\01\0a\0d\01\0b\00\41\00\11\00\80\80\80\80\00\0b")"#,
        bytes: b"\0asm\x01\0\0\0\x01\x04\x01`\0\0\x03\x02\x01\0\x04\x04\x01p\0\x01\n\r\x01\x0b\0A\0\x11\0\x80\x80\
            \x80\x80\0\x0b",
        needs: &[("call-indirect-overlong", 0x21)],
    },
    Sample {
        name: "bulk-memory-opt",
        #[cfg(not(target_family = "wasm"))]
        text: r#"(module (memory 1) (func (memory.fill (i32.const 0) (i32.const 0) (i32.const 9))))"#,
        bytes: b"\0asm\x01\0\0\0\x01\x04\x01`\0\0\x03\x02\x01\0\x05\x03\x01\0\x01\n\r\x01\x0b\0A\0A\0A\t\xfc\x0b\
            \0\x0b",
        needs: &[("bulk-memory-opt", 0x22)],
    },
    Sample {
        name: "custom-descriptors",
        #[cfg(not(target_family = "wasm"))]
        text: r#"(module (type (func)) (func (param (ref null (exact 0)))))"#,
        bytes: b"\0asm\x01\0\0\0\x01\n\x02`\0\0`\x01cb\0\0\x03\x02\x01\x01\n\x04\x01\x02\0\x0b",
        needs: &[("reference-types", 0xe), ("custom-descriptors", 0xe)],
    },
    Sample {
        name: "compact-imports",
        #[cfg(not(target_family = "wasm"))]
        text: r#"(module binary "\00asm\01\00\00\00\01\04\01\60\00\00\02\10\01\03env\00\7f\02\01a\00\00\01b\00\00")"#,
        bytes: b"\0asm\x01\0\0\0\x01\x04\x01`\0\0\x02\x10\x01\x03env\0\x7f\x02\x01a\0\0\x01b\0\0",
        needs: &[("compact-imports", 0x16)],
    },
    Sample {
        name: "function-references",
        #[cfg(not(target_family = "wasm"))]
        text: r#"(module (type (func)) (func (param (ref 0)) (call_ref 0 (local.get 0))))"#,
        bytes: b"\0asm\x01\0\0\0\x01\t\x02`\0\0`\x01d\0\0\x03\x02\x01\x01\n\x08\x01\x06\0\x20\0\x14\0\x0b",
        needs: &[("reference-types", 0xe), ("function-references", 0xe)],
    },
];

/// The first WebAssembly, with all that it has of interest here.
pub const PLAIN: Sample = Sample {
    name: "plain",
    #[cfg(not(target_family = "wasm"))]
    text: r#"(module
  (import "env" "log" (func (param i32)))
  (memory (export "memory") 1)
  (global i32 (i32.const 7))
  (func (export "half") (param f64) (result f64) (f64.div (local.get 0) (f64.const 2)))
  (func (export "run") (call 0 (i32.load (i32.const 16)))))"#,
    bytes: b"\0asm\x01\0\0\0\x01\r\x03`\x01\x7f\0`\x01|\x01|`\0\0\x02\x0b\x01\x03env\x03log\0\0\x03\x03\x02\
      \x01\x02\x05\x03\x01\0\x01\x06\x06\x01\x7f\0A\x07\x0b\x07\x17\x03\x06memory\x02\0\x04half\0\x01\
      \x03run\0\x02\n\x1a\x02\x0e\0\x20\0D\0\0\0\0\0\0\0@\xa3\x0b\t\0A\x10(\x02\0\x10\0\x0b",
    needs: &[("floats", 0xf)],
};

/// Needs several proposals, in an order that no list has.
pub const SEVERAL: Sample = Sample {
    name: "several",
    #[cfg(not(target_family = "wasm"))]
    text: r#"(module
  (memory 1)
  (global (export "count") (mut i32) (i32.const 0))
  (func (memory.fill (i32.const 0) (i32.const 0) (i32.const 9)))
  (func (param i32) (result i32) (i32.extend8_s (local.get 0)))
  (func (param f32) (result i32) (i32.trunc_sat_f32_s (local.get 0)))
  (func (param i32) (result i32) (i32.extend16_s (local.get 0))))"#,
    bytes: b"\0asm\x01\0\0\0\x01\x0e\x03`\0\0`\x01\x7f\x01\x7f`\x01}\x01\x7f\x03\x05\x04\0\x01\x02\x01\x05\
      \x03\x01\0\x01\x06\x06\x01\x7f\x01A\0\x0b\x07\t\x01\x05count\x03\0\n\x20\x04\x0b\0A\0A\0A\t\xfc\
      \x0b\0\x0b\x05\0\x20\0\xc0\x0b\x06\0\x20\0\xfc\0\x0b\x05\0\x20\0\xc1\x0b",
    needs: &[
        ("floats", 0x13),
        ("mutable-global", 0x2f),
        ("bulk-memory-opt", 0x42),
        ("sign-extension", 0x4a),
        ("saturating-float-to-int", 0x50),
    ],
};

/// Valid with either of two proposals: the smaller one is named.
pub const EITHER: Sample = Sample {
    name: "either",
    #[cfg(not(target_family = "wasm"))]
    text: r#"(module (type (func)) (func (param (ref null 0))))"#,
    bytes: b"\0asm\x01\0\0\0\x01\t\x02`\0\0`\x01c\0\0\x03\x02\x01\x01\n\x04\x01\x02\0\x0b",
    needs: &[("reference-types", 0xe), ("function-references", 0xe)],
};

/// Imports and exports of every kind, a memory of its own and another's.
pub const LISTS: Sample = Sample {
    name: "lists",
    #[cfg(not(target_family = "wasm"))]
    text: r#"(module
  (type (func))
  (import "env" "table" (table 1 funcref))
  (import "env" "memory" (memory 2 5))
  (import "js" "tag" (tag (type 0)))
  (import "env" "" (global i32))
  (import "env" "call" (func (type 0)))
  (memory 3)
  (func (type 0))
  (func (type 0))
  (export "m" (memory 1)) (export "f" (func 2)) (export "t" (table 0)) (export "g" (global 0)) (export "x" (tag 0)))"#,
    bytes: b"\0asm\x01\0\0\0\x01\x04\x01`\0\0\x02;\x05\x03env\x05table\x01p\0\x01\x03env\x06memory\x02\x01\
      \x02\x05\x02js\x03tag\x04\0\0\x03env\0\x03\x7f\0\x03env\x04call\0\0\x03\x03\x02\0\0\x05\x03\x01\
      \0\x03\x07\x15\x05\x01m\x02\x01\x01f\0\x02\x01t\x01\0\x01g\x03\0\x01x\x04\0\n\x07\x02\x02\0\x0b\
      \x02\0\x0b",
    needs: &[("exceptions", 0x2e), ("multi-memory", 0x52)],
};
