//! Limits hold to the last one

use contract::{Policy, Refusal};
use wasm_bindgen_test::*;
use wasmparser::WasmFeatures;

use super::expect::{allowing, forbidden, mvp_and, passes, refused};
use super::make::{functions, memories};
use super::samples::{LISTS, PLAIN, SEVERAL};

/// A file of just as many bytes as are allowed passes, and of one more it does not, whatever is in it.
#[wasm_bindgen_test]
fn a_file_beyond_the_limit_is_refused_unread() {
    let len = PLAIN.bytes.len();
    let within = |bytes| Policy {
        bytes,
        ..allowing(WasmFeatures::MVP)
    };
    passes(
        PLAIN.bytes,
        &within(len),
        "A file of just as many bytes as are allowed.",
    );
    let refusal = |bytes, limit| Refusal::Bytes { bytes, limit };
    refused(
        PLAIN.bytes,
        &within(len - 1),
        &refusal(len, len - 1),
        "A file of one byte too many.",
    );
    let noise = vec![0xaa; len];
    refused(
        &noise,
        &within(len - 1),
        &refusal(len, len - 1),
        "A file that is too large and no module. Who refuses by size need not read.",
    );
}

/// The functions that a module defines are counted, and those that it imports are not. If there are several reasons, a proposal
/// comes before functions, and these before pages.
#[wasm_bindgen_test]
fn functions_are_counted() {
    let within = |functions| Policy {
        functions,
        ..allowing(mvp_and(&["exceptions", "multi-memory"]))
    };
    passes(
        LISTS.bytes,
        &within(2),
        "A module of two functions, and one that it imports.",
    );
    let refusal = |functions, limit| Refusal::Functions { functions, limit };
    refused(
        LISTS.bytes,
        &within(1),
        &refusal(2, 1),
        "A module of two functions, where one is allowed.",
    );
    let many = functions(&[&[][..]; 1000]);
    passes(&many, &within(1000), "A module of 1000 functions.");
    refused(
        &many,
        &within(999),
        &refusal(1000, 999),
        "A module of 1000 functions.",
    );
    passes(
        b"\0asm\x01\0\0\0",
        &within(0),
        "A module without functions.",
    );
    let none = Policy {
        functions: 0,
        pages: 0,
        ..allowing(WasmFeatures::MVP)
    };
    forbidden(
        SEVERAL.bytes,
        &none,
        ("mutable-global", 0x2f),
        "A module that needs what is not allowed, and has too many functions and pages.",
    );
    let functions = Refusal::Functions {
        functions: 2,
        limit: 0,
    };
    refused(
        PLAIN.bytes,
        &none,
        &functions,
        "A module with two functions and a page too many.",
    );
    let pages = Policy {
        functions: 2,
        ..none
    };
    let last = Refusal::Pages { pages: 1, limit: 0 };
    refused(PLAIN.bytes, &pages, &last, "A module with a page too many.");
}

/// The pages of all memories count together, imported ones too; small pages count for what they hold, and no sum wraps.
#[wasm_bindgen_test]
fn pages_are_summed() {
    let within = |pages| Policy {
        pages,
        ..allowing(mvp_and(&[
            "exceptions",
            "multi-memory",
            "memory64",
            "custom-page-sizes",
        ]))
    };
    let refusal = |pages, limit| Refusal::Pages { pages, limit };
    passes(
        LISTS.bytes,
        &within(5),
        "A module that imports 2 pages and has 3 of its own.",
    );
    refused(
        LISTS.bytes,
        &within(4),
        &refusal(5, 4),
        "A module that imports 2 pages and has 3 of its own.",
    );
    // The flags say: no maximum, 64 bits, a page size of its own (a power of two).
    let (plain, long, small) = (0, 4, 8);
    let bytes = memories(&[(small, &[65_537, 0])]);
    passes(
        &bytes,
        &within(2),
        "A memory of 65,537 pages of one byte, which is one page of 64 KiB and a byte.",
    );
    refused(
        &bytes,
        &within(1),
        &refusal(2, 1),
        "A memory of 65,537 pages of one byte, which is one page of 64 KiB and a byte.",
    );
    let whole = 1_u64 << 48;
    let huge = memories(&[(long, &[whole]), (long, &[whole]), (plain, &[1])]);
    refused(
        &huge,
        &within(1024),
        &refusal(2 * whole + 1, 1024),
        "Two memories that fill all 64 bits, and one of a page: 2 times 2^48 pages, and one.",
    );
}
