//! Rules about specs of several files.

use crate::repository::Repository;
use std::fmt::Write;

/// A repository whose spec has so many groups, each with so many tests that the kata fails.
fn with_groups(groups: usize, tests: usize) -> Repository {
    let repository = Repository::new();
    let mut fails = String::new();
    for group in 0..groups {
        repository.edit(
            "tests/specs/a_trap.rs",
            "use crate::zone;",
            &format!("#[path = \"a_trap/group{group}.rs\"]\nmod group{group};\nuse crate::zone;"),
        );
        let mut text = format!("//! Group {group}\n");
        for test in 0..tests {
            let name = format!("rule_{group}_{test}");
            write!(
                text,
                "\n/// A rule.\n#[wasm_bindgen_test]\nfn {name}() {{}}\n"
            )
            .unwrap();
            write!(fails, "\n[[fails]]\ntest = \"{name}\"\nwords = \"no\"\n").unwrap();
        }
        repository.write(&format!("tests/specs/a_trap/group{group}.rs"), &text);
    }
    repository.edit(
        "katas/a-trap/kata.toml",
        "\n[[attempts]]",
        &format!("{fails}\n[[attempts]]"),
    );
    repository
}

#[test]
fn many_rules_stand_in_groups() {
    for (groups, tests, words) in [
        (1, 10, None),
        (1, 11, Some("has 12 tests in 1 groups")),
        // One of its own beside them.
        (3, 4, Some("none beside them")),
        (6, 2, Some("in 6 groups")),
    ] {
        let repository = with_groups(groups, tests);
        match words {
            Some(words) => repository.has_one_problem("tests/specs/a_trap.rs", words),
            None => assert_eq!(repository.problems(), Vec::<String>::new()),
        }
    }
}

#[test]
fn a_group_without_a_heading_is_caught() {
    let repository = with_groups(1, 1);
    repository.edit("tests/specs/a_trap/group0.rs", "//! Group 0\n", "");
    repository.has_one_problem("tests/specs/a_trap/group0.rs", "without a heading");
}

#[test]
fn two_tests_of_one_name_are_caught() {
    let repository = with_groups(2, 1);
    repository.edit("tests/specs/a_trap/group0.rs", "rule_0_0", "rule_1_0");
    let problems = repository.problems();
    let words = "`rule_1_0` is the name of another test, too";
    assert!(problems.iter().any(|p| p.contains(words)), "{problems:#?}");
}

#[test]
fn a_module_that_is_not_there_is_caught() {
    let repository = with_groups(1, 1);
    std::fs::remove_file(repository.path("tests/specs/a_trap/group0.rs")).unwrap();
    let problems = repository.problems();
    assert!(problems[0].contains("group0.rs"), "{problems:#?}");
}

#[test]
fn a_file_that_is_too_long_is_caught() {
    let repository = with_groups(1, 1);
    for file in ["tests/specs/a_trap.rs", "tests/specs/a_trap/group0.rs"] {
        let text = std::fs::read_to_string(repository.path(file)).unwrap();
        repository.write(file, &(text.clone() + &"//\n".repeat(400)));
        repository.has_one_problem(file, "lines, more than 400");
        repository.write(file, &text);
    }
}

#[test]
fn what_is_given_is_not_taken_from_the_zone() {
    for taken in ["use crate::zone::HALF;", "use crate::zone::{double, HALF};"] {
        let repository = Repository::new();
        repository.edit("tests/specs/a_trap.rs", "use crate::zone;", taken);
        repository.has_one_problem("tests/specs/a_trap.rs", "`contract::HALF`");
    }
}
