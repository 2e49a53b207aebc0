//! No file breaks the gate

use contract::Refusal;
use wasm_bindgen_test::*;

use super::expect::ROOM;
use super::guests::AS_IT_COMES;
use super::make::{body, functions, leb, list, module};
use super::samples::{LISTS, PLAIN, SAMPLES, SEVERAL};
use crate::zone::inspect;

/// What is no WebAssembly, what is a component, and what has a version that nobody knows is told apart.
#[wasm_bindgen_test]
fn what_is_no_module_is_told_apart() {
    let no_module: [(&[u8], Refusal, &str); 6] = [
        (
            b"<!doctype html>",
            Refusal::NotWasm,
            "a page of text, as servers send for what they do not find",
        ),
        (
            b"\x7fELF\x02\x01\x01\0",
            Refusal::NotWasm,
            "a program for Linux",
        ),
        (b"", Refusal::Truncated { offset: 0 }, "no bytes"),
        (
            b"\0asm\x01\0",
            Refusal::Truncated { offset: 0 },
            "six bytes of the header",
        ),
        (b"\0asm\x0d\0\x01\0", Refusal::Component, "a component"),
        (
            b"\0asm\x0d\0\x01\0\x07\x05\x01",
            Refusal::Component,
            "a component that ends too early",
        ),
    ];
    for (bytes, expected, what) in no_module {
        let came = inspect(bytes, ROOM);
        assert!(
            came.as_ref() == Err(&expected),
            "{what}: expected Err({expected:?}), came {came:?}."
        );
    }
    let came = inspect(b"\0asm\x02\0\0\0", ROOM);
    assert!(
        matches!(came, Err(Refusal::Malformed { offset: 4, .. })),
        "WebAssembly of version 2, which nobody knows: expected Malformed at 4, came {came:?}."
    );
}

/// A file that ends too early is refused, wherever it ends, with the place where the header or the section begins that is cut.
#[wasm_bindgen_test]
fn a_cut_file_is_refused() {
    for sample in [PLAIN, SEVERAL, LISTS, AS_IT_COMES] {
        let ends = ends_of_sections(sample.bytes);
        for len in 0..sample.bytes.len() {
            let cut = &sample.bytes[..len];
            let came = inspect(cut, ROOM);
            if ends.contains(&len) {
                // A shorter module, or one in which something is missing.
                let told = matches!(&came, Ok(_) | Err(Refusal::Malformed { .. }));
                assert!(
                    told,
                    "the first sections of the module {:?}: came {came:?}.",
                    sample.name
                );
                continue;
            }
            let offset = ends.iter().copied().rfind(|end| *end < len).unwrap_or(0);
            assert!(
                came.as_ref() == Err(&Refusal::Truncated { offset }),
                "the first {len} bytes of the module {:?} end in what begins at {offset:#x}: expected Truncated there, came \
                 {came:?}.",
                sample.name,
            );
        }
    }
}

/// Where the header and each section end. All lengths here are of one or two bytes.
fn ends_of_sections(wasm: &[u8]) -> Vec<usize> {
    let mut ends = vec![8];
    let mut at = 8;
    while at < wasm.len() {
        let first = usize::from(wasm[at + 1]);
        at += match first {
            0..0x80 => 2 + first,
            _ => 3 + (first & 0x7f) + (usize::from(wasm[at + 2]) << 7),
        };
        ends.push(at);
    }
    ends
}

/// What is not valid is refused with the place where the validator stops, though every proposal is on.
#[wasm_bindgen_test]
fn what_is_not_valid_says_where() {
    let types = || list(&[vec![0x60, 0, 0]]);
    let own = || list(&[vec![0]]);
    let empty = || list(&[body(&[])]);
    let cases: [(Vec<u8>, usize, &str); 8] = [
        (
            functions(&[&[0x6a]]),
            0x17,
            "a function that adds what is not there",
        ),
        (
            functions(&[&[], &[0x41, 1]]),
            0x1d,
            "a second function that leaves a number behind",
        ),
        (
            functions(&[&[0xff, 0]]),
            0x17,
            "an instruction that nobody knows",
        ),
        (
            module(&[(1, types()), (3, own())]),
            0x12,
            "a function without a body",
        ),
        (
            module(&[(3, own()), (10, empty())]),
            0xb,
            "a function of a type that is not there",
        ),
        (
            module(&[(3, own()), (1, types())]),
            0xe,
            "sections in another order",
        ),
        (
            module(&[(77, vec![1, 2, 3])]),
            0xa,
            "a section that nobody knows",
        ),
        (
            module(&[
                (1, types()),
                (3, own()),
                (7, list(&[vec![1, b'f', 0, 9]])),
                (10, empty()),
            ]),
            0x15,
            "an export of what is not there",
        ),
    ];
    for (wasm, at, what) in &cases {
        match inspect(wasm, ROOM) {
            Err(Refusal::Malformed { offset, .. }) if offset == *at => {}
            came => panic!(
                "{what}: no module, with whatever proposal. Expected Malformed at {at:#x}, came {came:x?}."
            ),
        }
    }
}

/// Any byte may be any other. The answer is a report or a refusal with a place inside of the file, and never a panic.
#[wasm_bindgen_test]
fn any_byte_may_be_another() {
    let mut random = 0x2545_f491_4f6c_dd1d_u64;
    for sample in SAMPLES.iter().chain([&PLAIN, &SEVERAL, &LISTS]) {
        for at in 8..sample.bytes.len() {
            let mut bytes = sample.bytes.to_vec();
            for byte in [0, 0x7f, 0x80, 0xff, bytes[at] ^ 1, (random & 0xff) as u8] {
                random ^= random << 13;
                random ^= random >> 7;
                random ^= random << 17;
                bytes[at] = byte;
                let came = inspect(&bytes, ROOM);
                let inside = match &came {
                    Ok(report) => report.needs.iter().all(|need| need.offset <= bytes.len()),
                    Err(Refusal::Malformed { offset, .. } | Refusal::Truncated { offset }) => {
                        *offset <= bytes.len()
                    }
                    Err(_) => false,
                };
                assert!(
                    inside,
                    "the module {:?} with {byte:#x} at {at:#x}: expected a report or a refusal with a place in the file, came \
                     {came:?}.",
                    sample.name,
                );
            }
        }
    }
}

/// Large files are answered, too: long data, many functions, code ten thousand blocks deep, a long name for a thousand imports.
/// And so are those that only pretend to be small, and those that lie about a length.
#[wasm_bindgen_test]
fn a_large_file_is_answered() {
    let data = module(&[(
        11,
        list(&[[vec![1], leb(1 << 20), vec![7; 1 << 20]].concat()]),
    )]);
    let deep = functions(&[&[[2, 0x40].repeat(10_000), vec![0x0b; 10_000]].concat()]);
    // The last of them signs a byte.
    let mut codes = vec![&[0x41, 0, 0x1a][..]; 5_000];
    codes.push(&[0x41, 0, 0xc0, 0x1a]);
    let many = functions(&codes);
    let names = one_name_for_all(1_000, 1_000);
    for (wasm, needs, what) in [
        (&data, &["bulk-memory"][..], "1 MiB of data"),
        (&deep, &[], "10,000 blocks, one in the other"),
        (&many, &["sign-extension"], "5,001 functions"),
        (
            &names,
            &["compact-imports"],
            "1,000 imports under one long name",
        ),
    ] {
        let came = inspect(wasm, ROOM);
        let report = came.as_ref().unwrap_or_else(|refusal| {
            let len = wasm.len();
            panic!("{what}, in {len} bytes: a valid module, and `inspect` answered {refusal:?}.")
        });
        let found: Vec<String> = report
            .needs
            .iter()
            .map(|need| need.proposal.to_string())
            .collect();
        assert!(
            found == needs,
            "{what}, in {} bytes: expected the needs {needs:?}, found {found:?}.",
            wasm.len(),
        );
    }
    let types = list(&[vec![0x60, 0, 0]]);
    let lie = module(&[(1, types), (3, leb(0xffff_ffff))]);
    let bomb = one_name_for_all(100_000, 60_000);
    for (wasm, what) in [
        (
            &lie,
            "a section that announces four billion functions and ends",
        ),
        (
            &bomb,
            "100,000 imports under one name of 60,000 bytes, which a validator would write out as 6 GB",
        ),
    ] {
        let came = inspect(wasm, ROOM).map(|report| report.functions);
        assert!(
            matches!(came, Err(Refusal::Malformed { .. })),
            "{what}: expected Malformed, came {came:?}."
        );
    }
}

/// Compact imports: the name of a module once, then so many names without a letter.
fn one_name_for_all(imports: usize, len: usize) -> Vec<u8> {
    let name = [leb(len), vec![b'm'; len]].concat();
    let group = [name, vec![0, 0x7e, 0, 0], leb(imports), vec![0; imports]].concat();
    let types = list(&[vec![0x60, 0, 0]]);
    module(&[(1, types), (2, list(&[group]))])
}
