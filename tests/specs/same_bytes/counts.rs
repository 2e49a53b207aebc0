//! What decides, counts

use super::expect::apart_from;
use super::module::{Recipe, bare, built};
use wasm_bindgen_test::*;
use wasm_encoder::ValType;

const DOES: &str = "Whoever compares them takes a changed program for the one that was reviewed.";

/// One constant in the code, and it is another program.
#[wasm_bindgen_test]
fn a_constant_in_the_code_counts() {
    let changed = Recipe {
        answer: 2,
        ..bare()
    };
    apart_from(&bare(), &changed, "`quote` answers 1, and 2", DOES);
}

/// One byte of the data, and it is another program: a price list, a table, a key. The last byte of a mebibyte counts like
/// the first.
#[wasm_bindgen_test]
fn a_byte_of_the_data_counts() {
    let changed = Recipe {
        text: b"src/lib.rt".to_vec(),
        ..bare()
    };
    apart_from(
        &bare(),
        &changed,
        "the data ends in \"rs\", and in \"rt\"",
        DOES,
    );
    let long = vec![7; 1 << 20];
    let mut end = long.clone();
    end[(1 << 20) - 1] = 8;
    let at = |text| Recipe { text, ..bare() };
    apart_from(
        &at(long),
        &at(end),
        "a mebibyte of data, the last byte changed",
        DOES,
    );
}

/// A path in the data counts, even if only a panic shows it: it is data like any other, and the program can read it. So a build that must
/// be the same in every folder has to keep folders out of the data, which `--remap-path-prefix` does.
#[wasm_bindgen_test]
fn a_path_in_the_data_counts() {
    for (here, there) in [
        (
            "/home/ada/.cargo/itoa/lib.rs",
            "/builds/7/.cargo/itoa/lib.rs",
        ),
        ("/home/ada/lib.rs", "/home/bob/lib.rs"),
        (r"C:\ada\lib.rs", r"C:\bob\lib.rs"),
    ] {
        let at = |path: &str| Recipe {
            text: path.into(),
            ..built("/shop", "rustc 1.95.0")
        };
        apart_from(
            &at(here),
            &at(there),
            &format!("{here} and {there} in the data"),
            "Nobody can tell a path of the compiler's from one that the program opens. Blanking what looks like one lets \
             changes through; the cure is a build that writes none.",
        );
    }
}

/// Each section of the program counts: types, imports, functions, tables, memories, tags, globals and their order, exports, the
/// start, elements and the count of data.
#[wasm_bindgen_test]
fn every_section_of_the_program_counts() {
    let base = bare;
    for (what, changed) in [
        (
            "a type",
            Recipe {
                takes: ValType::I64,
                ..base()
            },
        ),
        (
            "the name of an import",
            Recipe {
                import: "lag",
                ..base()
            },
        ),
        (
            "the type of a function",
            Recipe {
                type_index: 1,
                ..base()
            },
        ),
        (
            "the limit of a table",
            Recipe {
                table_max: 5,
                ..base()
            },
        ),
        (
            "the limit of the memory",
            Recipe {
                memory_max: 17,
                ..base()
            },
        ),
        (
            "the order of the globals",
            Recipe {
                globals: [20, 10],
                ..base()
            },
        ),
        ("the number of tags", Recipe { tags: 2, ..base() }),
        (
            "the name of an export",
            Recipe {
                export: "quota",
                ..base()
            },
        ),
        ("the function that starts", Recipe { start: 2, ..base() }),
        (
            "the function in the table",
            Recipe {
                element: 2,
                ..base()
            },
        ),
        (
            "whether data is counted",
            Recipe {
                data_count: false,
                ..base()
            },
        ),
    ] {
        apart_from(&base(), &changed, &format!("{what} changed"), DOES);
    }
}
