//! Rules about proofs.

use crate::repository::Repository;

const PROOFS: &str = "tests/proofs/a-trap.toml";

/// A zone with a second test, which neither its kata nor an attempt fails.
fn with_a_second_test() -> Repository {
    let repository = Repository::new();
    repository.edit(
        "tests/specs/a_trap.rs",
        "/// What the page draws",
        "/// Zero stays zero.\n#[wasm_bindgen_test]\nfn zero_stays_zero() {}\n\n/// What the page draws",
    );
    repository
}

fn proof(find: &str, test: &str, words: &str) -> String {
    format!(
        "[[proof]]\nfind = \"{find}\"\nreplace = \"n + 1\"\nfails = [{{ test = \"{test}\", words = \"{words}\" }}]\n"
    )
}

#[test]
fn a_test_that_nothing_turns_red_is_caught() {
    let repository = with_a_second_test();
    repository.has_one_problem("tests/specs/a_trap.rs", "`zero_stays_zero` is not earned");
    repository.write(PROOFS, &proof("n * 2", "zero_stays_zero", "0"));
    assert_eq!(repository.problems(), Vec::<String>::new());
    let excused = "[[excused]]\ntest = \"zero_stays_zero\"\nreason = \"It judges the judge.\"\n";
    repository.write(PROOFS, excused);
    assert_eq!(repository.problems(), Vec::<String>::new());
}

#[test]
fn a_proof_that_fits_no_place_is_caught() {
    for (find, words) in [
        ("n * 3", "`n * 3` occurs 0 times"),
        ("n", "`n` occurs"),
        (" ", "not once"),
    ] {
        let repository = with_a_second_test();
        repository.write(PROOFS, &proof(find, "zero_stays_zero", "0"));
        repository.has_one_problem(PROOFS, words);
    }
}

#[test]
fn a_proof_that_says_nothing_is_caught() {
    for (good, bad, words) in [
        ("words = \"0\"", "words = \" \"", "without words"),
        (
            "words = \"0\"",
            "words = \"0\", engines = [\"webkit\"]",
            "judged on one",
        ),
        ("\"n + 1\"", "\"n * 2\"", "replaced by itself"),
    ] {
        let repository = with_a_second_test();
        let text = proof("n * 2", "zero_stays_zero", "0");
        assert!(text.contains(good));
        repository.write(PROOFS, &text.replace(good, bad));
        repository.has_one_problem(PROOFS, words);
    }
}

#[test]
fn a_proof_of_what_is_declared_already_is_caught() {
    let repository = Repository::new();
    repository.write(PROOFS, &proof("n * 2", "doubles_a_number", "2 * 21"));
    repository.has_one_problem(PROOFS, "declares already");
    repository.write(PROOFS, &proof("n * 2", "doubles_a_number", "22"));
    assert_eq!(repository.problems(), Vec::<String>::new());
}

#[test]
fn a_proof_of_a_test_that_is_not_there_is_caught() {
    let repository = Repository::new();
    repository.write(PROOFS, &proof("n * 2", "gone", "0"));
    repository.has_one_problem(PROOFS, "`gone`, which the spec does not have");
}

#[test]
fn an_excuse_is_for_a_test_that_nothing_fails_and_has_a_reason() {
    for (test, reason, words) in [
        ("doubles_a_number", "Why.", "which is seen to fail"),
        ("gone", "Why.", "`gone`, which the spec does not have"),
        ("zero_stays_zero", " ", "without a reason"),
    ] {
        let repository = with_a_second_test();
        let text = proof("n * 2", "doubles_a_number", "22");
        let text = format!("{text}\n[[excused]]\ntest = \"{test}\"\nreason = \"{reason}\"\n");
        repository.write(PROOFS, &text);
        let problems = repository.problems();
        assert!(problems.iter().any(|p| p.contains(words)), "{problems:#?}");
    }
}

#[test]
fn a_file_of_proofs_that_nobody_can_read_is_caught() {
    let repository = Repository::new();
    repository.write(PROOFS, "[[proofs]]\n");
    repository.has_one_problem(PROOFS, "unknown field `proofs`");
}
