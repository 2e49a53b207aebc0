//! Custom sections that somebody reads

use super::expect::{apart, apart_from};
use super::module::{PREAMBLE, Recipe, accepted, bare, with};
use js_sys::{ArrayBuffer, Uint8Array, WebAssembly};
use wasm_bindgen::prelude::*;
use wasm_bindgen_test::*;

/// A program may keep its settings in a custom section, and read them with `WebAssembly.Module.customSections`. So a section that
/// nobody has heard of counts.
#[wasm_bindgen_test]
fn a_section_that_a_program_reads_counts() {
    let low = with(&[("shop.tax", "7")]).bytes();
    let high = with(&[("shop.tax", "19")]).bytes();
    let read = |module: &[u8]| {
        let module = WebAssembly::Module::new(&Uint8Array::from(module))
            .expect("the spec's own module is sound");
        let found = WebAssembly::Module::custom_sections(&module, "shop.tax").get(0);
        Uint8Array::new(&found.unchecked_into::<ArrayBuffer>().into()).to_vec()
    };
    let taxes = [read(&low), read(&high)];
    assert!(
        taxes == [b"7".to_vec(), b"19".to_vec()],
        "this engine shows a module its own sections: {taxes:?}"
    );
    apart(
        &low,
        &high,
        "a tax of 7 and of 19 percent, in a custom section that the program reads",
        "\"Custom\" says that WebAssembly gives it no meaning. Its program does.",
    );
    apart(
        &low,
        &bare().bytes(),
        "with the section and without",
        "A program that looks for it finds nothing.",
    );
    apart_from(
        &with(&[("shop.open", "")]),
        &bare(),
        "a section that holds nothing, and none",
        "That it is there can be all that it says.",
    );
    apart_from(
        &with(&[("shop.tax", "7\0")]),
        &with(&[("shop.tax", "7")]),
        "with a zero at the end, and without",
        "A zero is a byte like any other.",
    );
}

/// Only the names that are listed do not count. One that looks like them is another name, and `target_features` is none of them: it
/// names the instructions that tools such as `wasm-opt` may use.
#[wasm_bindgen_test]
fn a_name_that_looks_alike_counts() {
    for name in [
        "",
        "names",
        "Name",
        "name ",
        "producer",
        "producers2",
        "sourceMappingURL2",
        "filename",
        "buildid",
        "build_id.shop",
        "sourceMappingUrl",
        "external_debug_info.url",
        "debug_info",
        ".debug",
        ".debugger",
        ".Debug_info",
        "reloc..debug_info",
        "linking",
        "dylink.0",
        "metadata.code.branch_hint",
        "component-type",
        "target_features",
    ] {
        apart_from(
            &with(&[(name, "one")]),
            &with(&[(name, "two")]),
            &format!("custom section {name:?}"),
            "It is none of those that only describe, so somebody may read it. What is not known to be harmless counts.",
        );
    }
}

/// Of two sections with one name the order counts: `customSections` gives them in it. And each of them counts.
#[wasm_bindgen_test]
fn sections_of_one_name_all_count() {
    let base = with(&[("shop.step", "bake"), ("shop.step", "sell")]);
    for (what, other) in [
        (
            "in the other order",
            with(&[("shop.step", "sell"), ("shop.step", "bake")]),
        ),
        (
            "the first changed",
            with(&[("shop.step", "burn"), ("shop.step", "sell")]),
        ),
        (
            "the second changed",
            with(&[("shop.step", "bake"), ("shop.step", "send")]),
        ),
        ("without the first", with(&[("shop.step", "sell")])),
        ("without the second", with(&[("shop.step", "bake")])),
        ("in one section", with(&[("shop.step", "bakesell")])),
    ] {
        apart_from(
            &base,
            &other,
            &format!("two sections of one name, {what}"),
            "A map by name alone keeps one of them.",
        );
    }
}

/// The bare program with these custom sections behind it, which may hold any bytes.
fn holding(sections: &[(&str, Vec<u8>)]) -> Vec<u8> {
    let behind = sections
        .iter()
        .map(|(name, holds)| ((*name).to_owned(), holds.clone()));
    let behind = behind.collect();
    Recipe { behind, ..bare() }.bytes()
}

/// No byte can move over a border: from a body into a name, from one section into its neighbour, or from one kind to another.
#[wasm_bindgen_test]
fn no_byte_crosses_a_border() {
    let lesson = "What is digested is one row of bytes. Without the whole length of each piece in front of it, other \
                  pieces may make the same row, and a separator may stand inside of a piece.";
    apart_from(
        &with(&[("shop", ".tax")]),
        &with(&[("shop.t", "ax")]),
        "\"shop\" that holds \".tax\", and \"shop.t\" that holds \"ax\"",
        lesson,
    );
    let two = with(&[("a", "b"), ("c", "d")]).bytes();
    // How the second section may begin in that row.
    let heads: [&[&[u8]]; 7] = [
        &[b"c"],
        &[b"\0c"],
        &[b"\0", b"c"],
        &[b"custom", b"c"],
        &[b"custom \"c\""],
        &[b"\0\x01c"],
        &[b"Custom(\"c\")"],
    ];
    // Any byte may stand in a body, also one that no name can have.
    let bytes = (0..=u8::MAX).map(|byte| vec![byte]);
    let rows = [
        &b""[..],
        b", ",
        b": ",
        b"::",
        b"--",
        b"\r\n",
        b"\0\0",
        b"\xff\xff",
        b"\xff\0",
        b"\0\xff",
    ];
    for separator in bytes.chain(rows.map(<[u8]>::to_vec)) {
        for head in heads {
            let holds = [&[&b"b"[..]][..], head, &[b"d"]]
                .concat()
                .join(&separator[..]);
            apart(
                &two,
                &holding(&[("a", holds)]),
                &format!(
                    "sections \"a\" and \"c\", and one section \"a\" that holds their bytes with \"{}\" between",
                    separator.escape_ascii()
                ),
                lesson,
            );
        }
    }
    for bytes in [1, 2] {
        let length = |number: usize| number.to_le_bytes()[..bytes].to_vec();
        for head in heads {
            // So long that the one section's length is that of the first, but for what is cut off.
            let head_len: usize = head.iter().map(|part| bytes + part.len()).sum();
            let rest = vec![7; (1 << (8 * bytes)) - head_len - bytes];
            let mut holds = b"b".to_vec();
            for part in head.iter().chain([&&rest[..]]) {
                holds.extend(length(part.len()));
                holds.extend(*part);
            }
            apart(
                &holding(&[("a", b"b".to_vec()), ("c", rest)]),
                &holding(&[("a", holds)]),
                &format!(
                    "two sections, and one that is longer by a number which a length of {bytes} bytes cannot show"
                ),
                lesson,
            );
        }
    }
    let no_entries = |id: u8| accepted([PREAMBLE, &[id, 1, 0]].concat());
    let all: Vec<Vec<u8>> = [1, 2, 3, 4, 5, 6, 7, 9, 12, 10, 11].map(no_entries).into();
    for (index, left) in all.iter().enumerate() {
        for right in &all[index + 1..] {
            apart(
                left,
                right,
                &format!(
                    "a module that is one empty section, of id {} and of id {}",
                    left[8], right[8]
                ),
                "A fingerprint of bodies alone forgets which section they came from.",
            );
        }
    }
}
