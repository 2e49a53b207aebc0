//! Every rule catches what it is there for: a sound repository is broken in one
//! way, and the rule says so.
#![cfg(not(target_family = "wasm"))]
// In a test a panic is the verdict; helpers of tests are tests too.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod earned;
mod repository;
mod spec;

use kata_zones::{Kind, Workspace, shim, write_new_zone};
use repository::Repository;
use std::fs;
use std::path::Path;

/// One test for each way to break the manifest: what is replaced, by what, and the words.
macro_rules! manifest_rules {
    ($($name:ident: $from:expr => $to:expr, $words:expr;)*) => {$(
        #[test]
        fn $name() {
            let repository = Repository::new();
            repository.edit("katas/a-trap/kata.toml", $from, $to);
            repository.has_one_problem("katas/a-trap/kata.toml", $words);
        }
    )*};
}

manifest_rules! {
    a_missing_field_is_caught: "minutes = 10\n" => "", "missing field `minutes`";
    an_unknown_field_is_caught: "minutes = 10" => "minutes = 10\nminuets = 3", "unknown field `minuets`";
    an_unknown_part_is_caught: "part = \"boundary\"" => "part = \"attic\"", "unknown variant `attic`";
    an_empty_title_is_caught: "\"A trap\"" => "\" \"", "`title` is empty";
    an_empty_summary_is_caught: "\"It breaks.\"" => "\"\"", "`summary` is empty";
    an_empty_question_is_caught: "\"What happens?\"" => "\"\"", "`predict.question` is empty";
    an_empty_explanation_is_caught: "explain = \"It fails.\"" => "explain = \"\"", "`predict.explain` is empty";
    an_empty_hint_is_caught: "\"Think.\"" => "\"\"", "exactly three";
    a_fourth_hint_is_caught: "\"Think.\"" => "\"Think.\", \"More.\"", "exactly three";
    no_minutes_is_caught: "minutes = 10" => "minutes = 0", "`minutes` is 0";
    an_endless_time_limit_is_caught: "minutes = 10" => "minutes = 10\ntimeout_ms = 999999", "`timeout_ms`";
    a_question_without_an_answer_is_caught:
        "choices = [{ text = \"It passes\", passes = true }, { text = \"It fails\", words = \"2 * 21\" }]"
        => "choices = [{ text = \"a\" }, { text = \"b\" }]", "a run can make right";
    a_single_choice_is_caught:
        "choices = [{ text = \"It passes\", passes = true }, " => "choices = [", "two choices or more";
    a_choice_that_is_right_both_ways_is_caught:
        "passes = true" => "passes = true, words = \"2 * 21\"", "both `words` and `passes`";
    a_choice_with_words_that_say_nothing_is_caught:
        "text = \"It fails\", words = \"2 * 21\"" => "text = \"It fails\", words = \" \"", "empty `words`";
    a_failure_without_words_is_caught: "words = \"2 * 21\"\n\n[[attempts]]" => "words = \"\"\n\n[[attempts]]", "no `words`";
    an_unknown_engine_is_caught:
        "words = \"2 * 21\"\n\n[[attempts]]" => "words = \"2 * 21\"\nengines = [\"chromium\", \"firefox\", \"webkit\", \"lynx\"]\n\n[[attempts]]", "unknown engine `lynx`";
    a_test_that_is_not_there_is_caught:
        "[[fails]]\ntest = \"doubles_a_number\"" => "[[fails]]\ntest = \"halves_a_number\"", "`halves_a_number`";
    a_predict_test_that_is_not_there_is_caught:
        "question = \"What happens?\"\ntest = \"doubles_a_number\"" => "question = \"What happens?\"\ntest = \"gone\"", "`gone`";
    an_attempt_that_declares_two_ways_is_caught:
        "compile_error = \"E0425\"" => "compile_error = \"E0425\"\nload_error = \"x\"", "declares 2";
    an_attempt_that_declares_nothing_is_caught: "compile_error = \"E0425\"\n" => "", "declares 0";
    an_attempt_whose_test_is_not_there_is_caught:
        "fails = [{ test = \"doubles_a_number\"" => "fails = [{ test = \"thirds_a_number\"", "`thirds_a_number`";
    an_attempt_whose_failure_has_no_words_is_caught:
        "fails = [{ test = \"doubles_a_number\", words = \"2 * 21\"" => "fails = [{ test = \"doubles_a_number\", words = \"\"", "no `words`";
    a_compile_error_that_says_nothing_is_caught: "\"E0425\"" => "\"\"", "empty `compile_error`";
    a_load_error_that_says_nothing_is_caught: "\"unresolved\"" => "\"\"", "empty `load_error`";
    a_load_error_beside_failures_is_caught:
        "load_error = \"unresolved\"" => "load_error = \"unresolved\"\nfails = [{ test = \"doubles_a_number\", words = \"2 * 21\" }]", "declares 2";
    a_load_error_that_says_nothing_on_one_engine_is_caught:
        "load_error = \"unresolved\"" => "load_error = { webkit = \" \" }", "empty `load_error`";
    a_load_error_on_no_engine_is_caught: "load_error = \"unresolved\"" => "load_error = {}", "names no engine";
    a_load_error_on_an_unknown_engine_is_caught:
        "load_error = \"unresolved\"" => "load_error = { lynx = \"unresolved\" }", "`load_error` on an unknown engine `lynx`";
    a_failure_where_nothing_loads_is_caught:
        "load_error = \"unresolved\""
        => "load_error = { webkit = \"unresolved\" }\nfails = [{ test = \"doubles_a_number\", words = \"2 * 21\", engines = [\"webkit\"] }]",
        "does not load on webkit, and declares that `doubles_a_number` fails there";
    an_engine_that_is_named_twice_is_caught:
        "fails = [{ test = \"doubles_a_number\", words = \"2 * 21\" }]"
        => "fails = [{ test = \"doubles_a_number\", words = \"2 * 21\", engines = [\"webkit\", \"webkit\"] }]", "names webkit twice";
    a_failure_that_is_declared_twice_is_caught:
        "fails = [{ test = \"doubles_a_number\", words = \"2 * 21\" }]"
        => "fails = [{ test = \"doubles_a_number\", words = \"2 * 21\" }, { test = \"doubles_a_number\", words = \"42\", engines = [\"webkit\"] }]",
        "attempt `one` declares twice how `doubles_a_number` fails on webkit";
    a_kata_that_fails_nothing_on_one_engine_is_caught:
        "words = \"2 * 21\"\n\n[[attempts]]" => "words = \"2 * 21\"\nengines = [\"chromium\", \"firefox\"]\n\n[[attempts]]", "fail nothing on webkit";
    an_attempt_without_a_title_is_caught: "title = \"One\"" => "title = \"\"", "empty `title`";
    an_attempt_without_a_reason_is_caught: "title = \"One\"\nwhy = \"No.\"" => "title = \"One\"\nwhy = \"\"", "empty `why`";
}

#[test]
fn a_sound_repository_has_no_problems() {
    assert_eq!(Repository::new().problems(), Vec::<String>::new());
}

#[test]
fn an_attempt_may_differ_by_engine() {
    let repository = Repository::new();
    let file = "katas/a-trap/kata.toml";
    // It passes on two engines; another passes on none, and each engine has its own words.
    repository.edit(
        file,
        "fails = [{ test = \"doubles_a_number\", words = \"2 * 21\" }]",
        "fails = [{ test = \"doubles_a_number\", words = \"2 * 21\", engines = [\"webkit\"] }]",
    );
    repository.edit(
        file,
        "load_error = \"unresolved\"",
        "load_error = { webkit = \"unresolved\" }\nfails = [\n  { test = \"doubles_a_number\", words = \"21\", engines = [\"firefox\"] },\n  \
         { test = \"doubles_a_number\", words = \"42\", engines = [\"chromium\"] },\n]",
    );
    assert_eq!(repository.problems(), Vec::<String>::new());
}

#[test]
fn two_attempts_are_too_few() {
    let repository = Repository::new();
    let text = fs::read_to_string(repository.path("katas/a-trap/kata.toml")).unwrap();
    let end = text.find("[[attempts]]\nname = \"three\"").unwrap();
    repository.write("katas/a-trap/kata.toml", &text[..end]);
    fs::remove_file(repository.path("tests/attempts/a-trap/three.rs")).unwrap();
    repository.has_one_problem("katas/a-trap/kata.toml", "three or more");
}

#[test]
fn an_attempt_that_is_declared_twice_is_caught() {
    let repository = Repository::new();
    let file = "katas/a-trap/kata.toml";
    let text = fs::read_to_string(repository.path(file)).unwrap();
    let last = &text[text.find("[[attempts]]\nname = \"three\"").unwrap()..];
    repository.write(file, &format!("{text}\n{last}"));
    let problems = repository.problems();
    assert!(
        problems.contains(&format!("{file}: attempt `three` is declared twice")),
        "{problems:#?}"
    );
}

#[test]
fn an_untouched_failure_list_must_not_be_empty() {
    let repository = Repository::new();
    repository.edit(
        "katas/a-trap/kata.toml",
        "[[fails]]\ntest = \"doubles_a_number\"\nwords = \"2 * 21\"\n",
        "",
    );
    repository.edit(
        "katas/a-trap/kata.toml",
        "minutes = 10",
        "minutes = 10\nfails = []",
    );
    repository.has_one_problem("katas/a-trap/kata.toml", "`fails` is empty");
}

#[test]
fn an_edited_kata_is_caught() {
    let repository = Repository::new();
    repository.edit("katas/a-trap/src/lib.rs", "    n\n", "    n + 1\n");
    repository.has_one_problem(
        "katas/a-trap/src/lib.rs",
        "cp katas/a-trap/src/lib.rs tests/untouched/a-trap.rs",
    );
    fs::remove_file(repository.path("tests/untouched/a-trap.rs")).unwrap();
    repository.has_one_problem("tests/untouched/a-trap.rs", "cannot be read");
}

#[test]
fn a_changed_shim_is_caught() {
    for kind in [Kind::Kata, Kind::Solution] {
        let repository = Repository::new();
        let file = format!("{}/a-trap/tests/spec.rs", kind.names().0);
        assert_eq!(
            fs::read_to_string(repository.path(&file)).unwrap(),
            shim(kind, "a-trap")
        );
        repository.write(&file, "// no tests here\n");
        repository.has_one_problem(&file, "is not the shim");
    }
}

#[test]
fn a_shim_that_is_not_there_is_caught() {
    let repository = Repository::new();
    fs::remove_file(repository.path("katas/a-trap/tests/spec.rs")).unwrap();
    repository.has_one_problem("katas/a-trap/tests/spec.rs", "cannot be read");
}

#[test]
fn a_crate_that_tests_its_lib_is_caught() {
    for (setting, key) in [
        ("\ntest = false\n", "test"),
        ("doctest = false\n", "doctest"),
    ] {
        let repository = Repository::new();
        repository.edit("katas/a-trap/Cargo.toml", setting, "\n");
        let words = format!("`[lib] {key} = false` is missing");
        repository.has_one_problem("katas/a-trap/Cargo.toml", &words);
    }
}

#[test]
fn a_crate_without_its_contract_is_caught() {
    for (kind, path) in [
        ("katas", "\"contract\""),
        ("solutions", "\"../../katas/a-trap/contract\""),
    ] {
        let repository = Repository::new();
        let file = format!("{kind}/a-trap/Cargo.toml");
        repository.edit(&file, path, "\"elsewhere\"");
        repository.has_one_problem(&file, "has no dependency `contract = { path = ");
    }
}

#[test]
fn a_contract_that_is_no_crate_is_caught() {
    let file = "katas/a-trap/contract/Cargo.toml";
    for (from, to, words) in [
        ("contract-a-trap", "a-trap", "not named `contract-a-trap`"),
        (
            "path = \"contract.rs\"\n",
            "",
            "`[lib] path = \"contract.rs\"`",
        ),
        (
            "doctest = false\n",
            "",
            "`[lib] doctest = false` is missing",
        ),
    ] {
        let repository = Repository::new();
        repository.edit(file, from, to);
        repository.has_one_problem(file, words);
    }
    let repository = Repository::new();
    fs::remove_file(repository.path("katas/a-trap/contract/contract.rs")).unwrap();
    repository.has_one_problem("katas/a-trap/contract/contract.rs", "cannot be read");
}

#[test]
fn a_crate_that_cargo_cannot_read_is_caught() {
    let repository = Repository::new();
    repository.write("solutions/a-trap/Cargo.toml", "[package\n");
    repository.has_one_problem("solutions/a-trap/Cargo.toml", "TOML parse error");
    fs::remove_file(repository.path("solutions/a-trap/Cargo.toml")).unwrap();
    repository.has_one_problem("solutions/a-trap/Cargo.toml", "cannot be read");
}

#[test]
fn a_crate_without_code_is_caught() {
    for file in ["katas/a-trap/src/lib.rs", "solutions/a-trap/src/lib.rs"] {
        let repository = Repository::new();
        fs::remove_file(repository.path(file)).unwrap();
        let problem = format!("{file}: is missing");
        let problems = repository.problems();
        assert!(problems.contains(&problem), "{problems:#?}");
    }
}

#[test]
fn a_crate_with_another_name_is_caught() {
    let repository = Repository::new();
    repository.edit(
        "solutions/a-trap/Cargo.toml",
        "solution-a-trap",
        "solved-a-trap",
    );
    repository.has_one_problem("solutions/a-trap/Cargo.toml", "not named `solution-a-trap`");
}

#[test]
fn a_dependency_that_the_reader_does_not_have_is_caught() {
    let repository = Repository::new();
    repository.edit(
        "solutions/a-trap/Cargo.toml",
        "js-sys.workspace = true",
        "js-sys.workspace = true\nmagic = \"1\"",
    );
    repository.has_one_problem("katas/a-trap/Cargo.toml", "other dependencies");
}

#[test]
fn a_dependency_of_one_specs_build_is_caught() {
    let repository = Repository::new();
    repository.edit(
        "katas/a-trap/Cargo.toml",
        "wasm-bindgen-test.workspace = true",
        "wasm-bindgen-test.workspace = true\nmagic = \"1\"",
    );
    repository.has_one_problem("katas/a-trap/Cargo.toml", "other dependencies");
}

#[test]
fn a_zone_without_a_spec_is_caught() {
    let repository = Repository::new();
    fs::remove_file(repository.path("tests/specs/a_trap.rs")).unwrap();
    repository.has_one_problem("tests/specs/a_trap.rs", "No such file");
}

#[test]
fn a_spec_without_tests_is_caught() {
    let repository = Repository::new();
    repository.edit("tests/specs/a_trap.rs", "#[wasm_bindgen_test]", "");
    let problems = repository.problems();
    assert!(
        problems.contains(&"tests/specs/a_trap.rs: has no tests".to_owned()),
        "{problems:#?}"
    );
}

#[test]
fn a_zone_without_a_manifest_is_caught() {
    let repository = Repository::new();
    fs::remove_file(repository.path("katas/a-trap/kata.toml")).unwrap();
    repository.has_one_problem("katas/a-trap/kata.toml", "cannot be read");
}

#[test]
fn a_name_that_is_no_slug_is_caught() {
    let repository = Repository::new();
    repository.edit(
        "Cargo.toml",
        "\nmembers = [",
        "\nmembers = [\n    \"katas/A_Trap\",",
    );
    let problems = repository.problems();
    assert!(
        problems.contains(&"katas/A_Trap/kata.toml: `A_Trap` is not kebab case".to_owned()),
        "{problems:#?}"
    );
}

#[test]
fn a_test_without_a_rule_is_caught() {
    let repository = Repository::new();
    repository.edit(
        "tests/specs/a_trap.rs",
        "/// The rule that this test pins down, in one line.\n",
        "",
    );
    repository.has_one_problem(
        "tests/specs/a_trap.rs",
        "`doubles_a_number` has no doc comment",
    );
}

#[test]
fn an_attempt_without_a_file_is_caught() {
    let repository = Repository::new();
    fs::remove_file(repository.path("tests/attempts/a-trap/two.rs")).unwrap();
    repository.has_one_problem("tests/attempts/a-trap/two.rs", "cannot be read");
}

#[test]
fn an_undeclared_attempt_is_caught() {
    let repository = Repository::new();
    repository.write("tests/attempts/a-trap/four.rs", "");
    repository.has_one_problem("tests/attempts/a-trap/four.rs", "not declared");
}

#[test]
fn twin_attempts_are_caught() {
    let repository = Repository::new();
    repository.write("tests/attempts/a-trap/two.rs", "//! one\n");
    repository.has_one_problem("tests/attempts/a-trap/two.rs", "same text as attempts/one");
}

#[test]
fn an_attempt_that_is_the_kata_is_caught() {
    let repository = Repository::new();
    let kata = fs::read_to_string(repository.path("katas/a-trap/src/lib.rs")).unwrap();
    repository.write("tests/attempts/a-trap/one.rs", &kata);
    repository.has_one_problem("tests/attempts/a-trap/one.rs", "same text as kata");
}

#[test]
fn a_chapter_without_its_kata_is_caught() {
    let repository = Repository::new();
    repository.write("src/boundary/a-trap.md", "# A trap\n");
    repository.has_one_problem("src/boundary/a-trap.md", "{{#kata a-trap}}");
}

#[test]
fn a_zone_without_a_chapter_is_caught() {
    let repository = Repository::new();
    fs::remove_file(repository.path("src/boundary/a-trap.md")).unwrap();
    repository.has_one_problem("src/boundary/a-trap.md", "cannot be read");
}

#[test]
fn a_book_without_a_summary_is_caught() {
    let repository = Repository::new();
    fs::remove_file(repository.path("src/SUMMARY.md")).unwrap();
    repository.has_one_problem("src/SUMMARY.md", "cannot be read");
}

#[test]
fn a_chapter_that_the_summary_forgets_is_caught() {
    let repository = Repository::new();
    repository.write("src/SUMMARY.md", "# Summary\n");
    repository.has_one_problem("src/SUMMARY.md", "does not list boundary/a-trap.md");
}

#[test]
fn a_zone_without_a_picture_is_caught() {
    let repository = Repository::new();
    fs::remove_file(repository.path("theme/shows/a-trap.js")).unwrap();
    repository.has_one_problem("theme/shows/a-trap.js", "is missing");
}

#[test]
fn a_module_that_no_spec_names_is_caught() {
    let repository = Repository::new();
    repository.write("tests/specs/a_trap/left.rs", "");
    repository.has_one_problem("tests/specs/a_trap/left.rs", "no module of the spec");
    let repository = Repository::new();
    repository.write("tests/specs/shared/left.rs", "");
    repository.has_one_problem("tests/specs/shared/left.rs", "no module of any spec");
    repository.edit(
        "tests/specs/a_trap.rs",
        "use crate::zone",
        "#[path = \"shared/left.rs\"]\nmod left;\nuse crate::zone",
    );
    assert_eq!(repository.problems(), Vec::<String>::new());
}

#[test]
fn files_of_no_zone_are_caught() {
    for file in [
        "tests/specs/gone.rs",
        "tests/attempts/gone/one.rs",
        "tests/proofs/gone.toml",
        "tests/untouched/gone.rs",
        "theme/shows/gone.js",
        "solutions/gone/Cargo.toml",
        "katas/gone/notes.txt",
    ] {
        let repository = Repository::new();
        repository.write(file, "");
        let problems = repository.problems();
        assert_eq!(problems.len(), 1, "{file}: {problems:#?}");
        assert!(problems[0].contains("belongs to no zone"), "{problems:#?}");
    }
}

#[test]
fn a_new_zone_is_reported_as_unfinished() {
    let repository = Repository::new();
    write_new_zone(&repository.workspace(), "next-trap").unwrap();
    let problems = repository.problems().join("\n");
    for words in [
        "`title` is empty",
        "`hints`",
        "three or more",
        "does not list boundary/next-trap.md",
    ] {
        assert!(problems.contains(words), "{words} is not in:\n{problems}");
    }
}

#[test]
fn new_overwrites_nothing() {
    let repository = Repository::new();
    let before = fs::read(repository.path("katas/a-trap/src/lib.rs")).unwrap();
    let error = write_new_zone(&repository.workspace(), "a-trap")
        .unwrap_err()
        .to_string();
    assert!(error.contains("exists already"), "{error}");
    assert_eq!(
        fs::read(repository.path("katas/a-trap/src/lib.rs")).unwrap(),
        before
    );
}

#[test]
fn new_refuses_what_is_no_slug() {
    let repository = Repository::new();
    for slug in ["", "A-b", "a--b", "-a", "a_b", "../x", "1a", "shared"] {
        assert!(
            write_new_zone(&repository.workspace(), slug).is_err(),
            "{slug:?} was taken"
        );
    }
}

#[test]
fn outside_the_repository_the_error_says_so() {
    let error = Workspace::find(Path::new("/")).unwrap_err().to_string();
    assert!(
        error.contains("not inside the book's repository"),
        "{error}"
    );
}
