//! The difference, explained

use contract::{Change, Difference, Kind};
use wasm_bindgen_test::*;
use wasm_encoder::ValType;

use super::expect::{explained, line, print_of};
use super::module::{Recipe, bare, built, with};

/// Exactly these differences are told, in any order.
#[track_caller]
fn tells(
    left: &Recipe,
    right: &Recipe,
    expected: &[(Kind<'_>, bool, Change)],
    what: &str,
    lesson: &str,
) {
    let (left, right) = (left.bytes(), right.bytes());
    let expected: Vec<String> = expected
        .iter()
        .map(|&(kind, counts, change)| {
            line(&Difference {
                kind,
                counts,
                change,
            })
        })
        .collect();
    let told: Vec<String> = explained(&left, &right, what).iter().map(line).collect();
    let missing: Vec<&String> = expected
        .iter()
        .filter(|line| !told.contains(line))
        .collect();
    let wrong: Vec<&String> = told
        .iter()
        .filter(|line| !expected.contains(line))
        .collect();
    assert!(
        missing.is_empty() && wrong.is_empty() && told.len() == expected.len(),
        "{what}: {missing:?} should be told, {wrong:?} should not ({} differences told, not {}). {lesson}",
        told.len(),
        expected.len(),
    );
}

const DIFFERS: fn(usize) -> Change = |at| Change::Differs { at };

/// Of two builds in two folders each section that differs is told, with the first byte that does, and none of them counts.
#[wasm_bindgen_test]
fn two_folders_are_explained() {
    tells(
        &built("/home/ada/shop", "rustc 1.95.0"),
        &built("/home/bo/shop", "rustc 1.95.0"),
        &[
            (Kind::Custom(".debug_info"), false, DIFFERS(22)),
            (Kind::Custom(".debug_line"), false, DIFFERS(15)),
            (Kind::Custom(".debug_str"), false, DIFFERS(13)),
            (Kind::Custom("name"), false, DIFFERS(20)),
            (Kind::Custom("sourceMappingURL"), false, DIFFERS(6)),
        ],
        "built in /home/ada/shop and in /home/bo/shop",
        "Folders are in what describes the build.",
    );
}

/// What decides is told as such, with the first byte that differs. If one body only goes on where the other ends, it is there.
#[wasm_bindgen_test]
fn what_counts_is_told() {
    let changed = Recipe {
        answer: 2,
        text: b"src/lab.rs".to_vec(),
        takes: ValType::F64,
        ..with(&[("shop.tax", "19")])
    };
    tells(
        &with(&[("shop.tax", "17")]),
        &changed,
        &[
            (Kind::Type, true, DIFFERS(9)),
            (Kind::Code, true, DIFFERS(4)),
            (Kind::Data, true, DIFFERS(8)),
            (Kind::Custom("shop.tax"), true, DIFFERS(1)),
        ],
        "another type, constant, path and tax",
        "Each of these changes the fingerprint.",
    );
    let lesson = "Up to the end of the shorter body all bytes are the same.";
    let (short, long) = (with(&[("shop.tax", "19")]), with(&[("shop.tax", "19.5")]));
    let told = [(Kind::Custom("shop.tax"), true, DIFFERS(2))];
    tells(&short, &long, &told, "\"19\" and \"19.5\"", lesson);
    tells(&long, &short, &told, "\"19.5\" and \"19\"", lesson);
    let none = [(Kind::Custom("shop.tax"), true, DIFFERS(0))];
    tells(
        &with(&[("shop.tax", "")]),
        &short,
        &none,
        "nothing and \"19\"",
        lesson,
    );
}

/// A section that one side lacks shifts nothing: it is told, and all behind it is compared with its own kind.
#[wasm_bindgen_test]
fn a_missing_section_shifts_nothing() {
    let lesson = "A list of sections is no list of pairs: compare what has the same kind, wherever it stands.";
    let full = Recipe {
        front: with(&[("producers", "rustc")]).behind,
        ..bare()
    };
    let short = Recipe {
        data_count: false,
        ..bare()
    };
    let (left, right) = (Change::OnlyLeft, Change::OnlyRight);
    let gone = [
        (Kind::Custom("producers"), false, left),
        (Kind::DataCount, true, left),
    ];
    tells(
        &full,
        &short,
        &gone,
        "without `producers` and the data count",
        lesson,
    );
    let new = [
        (Kind::Custom("producers"), false, right),
        (Kind::DataCount, true, right),
    ];
    tells(
        &short,
        &full,
        &new,
        "with `producers` and a data count",
        lesson,
    );
}

/// Custom sections are compared by their names, in any place and order; of one name, the first with the first.
#[wasm_bindgen_test]
fn custom_sections_are_compared_by_name() {
    let lesson = "The name says which section it is; of one name, the order does.";
    let base = with(&[("a", "one"), ("b", "two"), ("a", "three")]);
    let moved = Recipe {
        front: with(&[("b", "two"), ("a", "one"), ("a", "three")]).behind,
        ..bare()
    };
    tells(&base, &moved, &[], "the same sections elsewhere", lesson);
    let other = with(&[("a", "one"), ("a", "thrift"), ("a", "four"), ("b", "two")]);
    let told = [
        (Kind::Custom("a"), true, DIFFERS(3)),
        (Kind::Custom("a"), true, Change::OnlyRight),
    ];
    tells(
        &base,
        &other,
        &told,
        "the second \"a\" changed, a third came",
        lesson,
    );
}

/// Fingerprints are equal if, and only if, no difference counts; and a module does not differ from itself.
#[wasm_bindgen_test]
fn the_explanation_fits_the_fingerprint() {
    let modules: Vec<(usize, Vec<u8>)> = kin().iter().map(Recipe::bytes).enumerate().collect();
    for (i, left) in &modules {
        for (k, right) in &modules {
            let what = format!("modules {i} and {k} of the test's list");
            let equal = print_of(left, &what) == print_of(right, &what);
            let lines = explained(left, right, &what);
            let counting: Vec<String> = lines.iter().filter(|line| line.counts).map(line).collect();
            assert!(
                equal == counting.is_empty(),
                "{what}: the fingerprints are {}equal, and what counts is {counting:?}. One of the two answers is wrong: both \
                 must ask the same question of a section.",
                if equal { "" } else { "not " },
            );
            assert!(
                i != k || lines.is_empty(),
                "{what}: one module, and it differs from itself"
            );
        }
    }
}

fn kin() -> Vec<Recipe> {
    let ada = built("/home/ada/shop", "rustc 1.95.0");
    vec![
        bare(),
        Recipe {
            answer: 2,
            ..bare()
        },
        Recipe {
            text: b"/a/lib.rs".to_vec(),
            ..ada.clone()
        },
        Recipe {
            text: b"/b/lib.rs".to_vec(),
            ..ada.clone()
        },
        Recipe {
            globals: [20, 10],
            ..ada.clone()
        },
        Recipe {
            data_count: false,
            ..bare()
        },
        built("/builds/runner-7/shop", "rustc 1.94.1"),
        ada,
        with(&[("name", "a"), ("shop.tax", "7")]),
        with(&[("shop.tax", "7"), ("shop.menu", "soup")]),
        with(&[("shop.menu", "soup"), ("shop.tax", "7")]),
        Recipe {
            front: with(&[("shop.menu", "soup"), ("shop.tax", "7")]).behind,
            ..bare()
        },
        with(&[("shop.tax", "")]),
        with(&[("shop.tax", "7")]),
        with(&[("shop.tax", "7"), ("shop.tax", "7")]),
        with(&[("shop.tax", "7"), ("shop.tax", "19")]),
        with(&[("shop.tax", "19"), ("shop.tax", "7")]),
        with(&[("target_features", "+simd128")]),
        with(&[
            ("build_id", "1"),
            (".debug_loc", "2"),
            ("external_debug_info", "3"),
        ]),
    ]
}
