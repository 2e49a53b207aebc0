//! Built elsewhere, and the same

use super::expect::{print_of, same};
use super::module::{PREAMBLE, Recipe, accepted, bare, built, custom, padded, with};
use wasm_bindgen_test::*;

/// One source, built in two folders, is one module: folders in debug information and in the address of a source
/// map, and hashes in the names of functions, do not count.
#[wasm_bindgen_test]
fn two_folders_give_one_fingerprint() {
    let here = built("/home/ada/shop", "rustc 1.95.0").bytes();
    let there = built("/builds/runner-7/shop", "rustc 1.95.0").bytes();
    same(
        &here,
        &there,
        "built in /home/ada/shop and in /builds/runner-7/shop",
        "What differs only describes the build; no engine acts upon it.",
    );
}

/// What only describes a build does not count, whatever it holds and whether it is there: names, producers, an identifier of
/// the build, debug information and the addresses of it. So a stripped module is the same module.
#[wasm_bindgen_test]
fn what_describes_the_build_does_not_count() {
    for name in [
        "name",
        "producers",
        "build_id",
        ".debug_info",
        ".debug_line",
        ".debug_str",
        ".debug_gdb_scripts",
        ".debug_shop",
        "sourceMappingURL",
        "external_debug_info",
    ] {
        each_way(name);
    }
}

/// With another content, twice, or not there at all.
#[track_caller]
fn each_way(name: &str) {
    let one = with(&[(name, "one")]).bytes();
    let others = [
        with(&[(name, "another")]),
        with(&[(name, "one"), (name, "two")]),
        bare(),
    ];
    for other in others {
        same(
            &one,
            &other.bytes(),
            &format!("custom section {name:?}"),
            "It describes the build for people and their debuggers. The module runs the same without it.",
        );
    }
}

/// Custom sections may stand anywhere, and tools move them about. Where they stand does not count, and neither does the order
/// of those that have different names.
#[wasm_bindgen_test]
fn the_place_of_a_custom_section_does_not_count() {
    let (a, b) = (custom("shop.menu", "soup"), custom("shop.till", "open"));
    let places = [
        (vec![], vec![a.clone(), b.clone()]),
        (vec![], vec![b.clone(), a.clone()]),
        (vec![a.clone(), b.clone()], vec![]),
        (vec![b.clone()], vec![a.clone()]),
    ];
    let modules = places.map(|(front, behind)| {
        Recipe {
            front,
            behind,
            ..bare()
        }
        .bytes()
    });
    for other in &modules[1..] {
        same(
            &modules[0],
            other,
            "the same custom sections in other places",
            "An engine finds a custom section by its name, wherever it stands.",
        );
    }
}

/// A length may be written in more bytes than it needs: linkers leave room for the largest. It is the same length, of a section
/// as of its name.
#[wasm_bindgen_test]
fn how_a_length_is_written_does_not_count() {
    let recipe = with(&[("shop.menu", "soup")]);
    let tight = recipe.bytes();
    let mut roomy = PREAMBLE.to_vec();
    for section in bare().sections() {
        // No section of the bare program is as long as 128 bytes, so its header is two.
        let (header, body) = section.split_at(2);
        roomy.push(header[0]);
        roomy.extend(padded(body.len()));
        roomy.extend(body);
    }
    let (name, holds) = ("shop.menu", "soup");
    let menu = [&padded(name.len())[..], name.as_bytes(), holds.as_bytes()].concat();
    let roomy = [&roomy[..], &[0], &padded(menu.len())[..], &menu[..]].concat();
    same(
        &tight,
        &accepted(roomy),
        "lengths in one byte and in five",
        "Both say the same number. A fingerprint is taken of what a section holds, not of its header.",
    );
}

/// Asked again, the fingerprint is the same: nothing in it depends on the time, or on the order of a hash map. And it is taken
/// of the bytes, not of the place where they stand.
#[wasm_bindgen_test]
fn asked_again_it_is_the_same() {
    let names: Vec<String> = (0..24).map(|index| format!("shop.part{index}")).collect();
    let behind = names.iter().map(|name| custom(name, name)).collect();
    let module = Recipe { behind, ..bare() }.bytes();
    let first = print_of(&module, "the first time");
    for time in 2..=20 {
        let again = print_of(&module, "once more");
        assert!(
            first == again,
            "time {time} of asking for the same bytes, and another fingerprint. A `HashMap` gives its entries in an order \
             of its own, which changes from map to map; a `BTreeMap` or a sorted list does not.",
        );
    }
    // In the same place, as long, and another program.
    let mut buffer = bare().bytes();
    let before = print_of(&buffer, "a buffer");
    let changed = Recipe {
        answer: 2,
        ..bare()
    };
    buffer.copy_from_slice(&changed.bytes());
    assert!(
        before != print_of(&buffer, "the same buffer"),
        "another module of the same length, written over the first, has the first one's fingerprint: a place in memory says \
         nothing of what stands there now.",
    );
}
