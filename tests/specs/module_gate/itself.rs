//! What a module says of itself is no evidence

use contract::{Export, Import, Kind, Memory, PAGE};
use wasm_bindgen_test::*;
use wasmparser::WasmFeatures;

use super::expect::{ROOM, allowing, expect_needs, forbidden, inspected, mvp_and, passes};
use super::guests::{AS_IT_COMES, FOR_MVP};
use super::make::with_custom;
use super::samples::{LISTS, PLAIN};
use crate::zone::inspect;

/// What Rust makes of an ordinary program goes beyond the first WebAssembly, in four places: a call through a function
/// pointer, a cleared buffer, a signed byte, and `as i32`.
#[wasm_bindgen_test]
fn rust_as_it_comes_is_beyond_the_first_webassembly() {
    expect_needs(
        AS_IT_COMES.bytes,
        &AS_IT_COMES,
        "a program compiled by rustc 1.95.0 as it comes",
    );
    forbidden(
        AS_IT_COMES.bytes,
        &allowing(WasmFeatures::MVP),
        ("call-indirect-overlong", 0xa5),
        "A policy that allows the first WebAssembly alone. The first thing beyond is a call through a function pointer, whose \
         index of a table is written with five bytes.",
    );
    passes(
        AS_IT_COMES.bytes,
        &allowing(WasmFeatures::LIME1),
        "Rust keeps to \"lime1\", a small set on which compilers agreed.",
    );
}

/// The same program, compiled for the first WebAssembly, keeps to it. Its section `target_features` claims eight features all the
/// same, which come from the standard library.
#[wasm_bindgen_test]
fn rust_for_mvp_keeps_to_it() {
    let claims = b"bulk-memory+";
    let claimed = FOR_MVP
        .bytes
        .windows(claims.len())
        .any(|bytes| bytes == claims);
    assert!(claimed, "the spec's own module has lost its section");
    let mut needed = inspected(
        FOR_MVP.bytes,
        "a program compiled for the first WebAssembly",
    )
    .needs;
    needed.retain(|need| !WasmFeatures::MVP.contains(need.proposal.features()));
    assert!(
        needed.is_empty(),
        "a program compiled with `-C target-cpu=mvp` needs no proposal, whatever its section `target_features` claims, and \
         `inspect` found {needed:?}."
    );
    passes(
        FOR_MVP.bytes,
        &allowing(WasmFeatures::MVP),
        "A program compiled with `-C target-cpu=mvp`, and a policy that allows the first WebAssembly.",
    );
}

/// A module may write what it likes into its names and custom sections: features that it does not use, and none that it uses.
/// Where it says who made it, it may lie.
#[wasm_bindgen_test]
fn names_and_custom_sections_count_for_nothing() {
    let claims = with_custom(
        PLAIN.bytes,
        "target_features",
        b"\x02+\x07simd128+\x08sign-ext",
    );
    expect_needs(
        &claims,
        &PLAIN,
        "the first WebAssembly, and a section that claims SIMD",
    );
    // What no one can read is nobody's business either.
    let noise = with_custom(PLAIN.bytes, "target_features", b"\xff\xff\xff\xff\xff\xff");
    expect_needs(
        &noise,
        &PLAIN,
        "the first WebAssembly, and a section of noise",
    );

    let bare = &AS_IT_COMES.bytes[..custom_sections()];
    expect_needs(
        bare,
        &AS_IT_COMES,
        "a program of Rust, without any custom section",
    );
    passes(
        bare,
        &allowing(WasmFeatures::LIME1),
        "A program of Rust, without any custom section.",
    );
    let mut renamed = AS_IT_COMES.bytes.to_vec();
    for (name, other) in [("__heap_base", "malloc_base"), ("__data_end", "stack_size")] {
        let at = renamed
            .windows(name.len())
            .position(|bytes| bytes == name.as_bytes())
            .unwrap();
        renamed[at..at + name.len()].copy_from_slice(other.as_bytes());
    }
    expect_needs(
        &renamed,
        &AS_IT_COMES,
        "a program of Rust that exports other names",
    );
    forbidden(
        &renamed,
        &allowing(mvp_and(&["call-indirect-overlong"])),
        ("bulk-memory-opt", 0xba),
        "A program of Rust that exports other names.",
    );
}

/// Where the custom sections of the program begin, which are its last.
fn custom_sections() -> usize {
    let name = b"\0H\x04name";
    AS_IT_COMES
        .bytes
        .windows(name.len())
        .position(|bytes| bytes == name)
        .unwrap()
}

/// What a module declares is told as it declares it: its imports and exports with their kinds, in its own order, its memories and
/// how many functions it defines.
#[wasm_bindgen_test]
fn what_it_declares_is_told() {
    expect_needs(
        LISTS.bytes,
        &LISTS,
        "a module that imports a tag, and has two memories",
    );
    let report = inspect(LISTS.bytes, ROOM).unwrap();
    let import = |module, name, kind| Import { module, name, kind };
    let imports = [
        import("env", "table", Kind::Table),
        import("env", "memory", Kind::Memory),
        import("js", "tag", Kind::Tag),
        import("env", "", Kind::Global),
        import("env", "call", Kind::Function),
    ];
    let export = |name, kind| Export { name, kind };
    let exports = [
        export("m", Kind::Memory),
        export("f", Kind::Function),
        export("t", Kind::Table),
        export("g", Kind::Global),
        export("x", Kind::Tag),
    ];
    let memory = |initial, maximum| Memory {
        initial,
        maximum,
        page: PAGE,
    };
    assert!(
        report.imports == imports && report.exports == exports,
        "the module imports {imports:?} and exports {exports:?}; `inspect` told {:?} and {:?}.",
        report.imports,
        report.exports,
    );
    let memories = [memory(2, Some(5)), memory(3, None)];
    assert!(
        report.memories == memories && report.functions == 2 && report.bytes == LISTS.bytes.len(),
        "the module has {} bytes, two functions of its own and the memories {memories:?}; `inspect` told {} bytes, {} \
         functions and {:?}.",
        LISTS.bytes.len(),
        report.bytes,
        report.functions,
        report.memories,
    );
}
