//! What the rules ask of two modules.

use contract::{Difference, Fingerprint, Malformed};

use super::module::Recipe;
use crate::zone;

/// The fingerprint of a module that is one.
#[track_caller]
pub fn print_of(module: &[u8], what: &str) -> Fingerprint {
    match zone::fingerprint(module) {
        Ok(print) => print,
        Err(error) => {
            panic!("{what}: a module that every engine accepts is refused: {error} ({error:?})")
        }
    }
}

/// Two modules are one for the fingerprint.
#[track_caller]
pub fn same(left: &[u8], right: &[u8], what: &str, lesson: &str) {
    let (a, b) = (print_of(left, what), print_of(right, what));
    assert!(
        a == b,
        "{what}: one module, two fingerprints, {a:.8} and {b:.8}. {lesson}",
        a = a.to_string(),
        b = b.to_string()
    );
}

/// Two modules are two for the fingerprint.
#[track_caller]
pub fn apart(left: &[u8], right: &[u8], what: &str, lesson: &str) {
    let (a, b) = (print_of(left, what), print_of(right, what));
    assert!(a != b, "{what}: two modules, one fingerprint. {lesson}");
}

/// [`apart`], for programs.
#[track_caller]
pub fn apart_from(left: &Recipe, right: &Recipe, what: &str, lesson: &str) {
    apart(&left.bytes(), &right.bytes(), what, lesson);
}

/// How two modules differ, in the order of the kinds.
#[track_caller]
pub fn explained<'a>(left: &'a [u8], right: &'a [u8], what: &str) -> Vec<Difference<'a>> {
    match zone::explain(left, right) {
        Ok(mut lines) => {
            lines.sort_by_key(|line| (line.kind, format!("{:?}", line.change)));
            lines
        }
        Err(error) => {
            panic!("{what}: a module that every engine accepts is refused: {error} ({error:?})")
        }
    }
}

/// A difference in a few words.
pub fn line(difference: &Difference<'_>) -> String {
    let counts = if difference.counts {
        "counts"
    } else {
        "does not count"
    };
    format!("{}: {:?}, {counts}", difference.kind, difference.change)
}

/// What is no module is refused for this reason, by everyone who is handed it.
#[track_caller]
pub fn refused(bytes: &[u8], expected: Malformed, what: &str) {
    let good = super::module::bare().bytes();
    let answers = [
        ("fingerprint", zone::fingerprint(bytes).map(|_| ())),
        (
            "explain, on the left",
            zone::explain(bytes, &good).map(|_| ()),
        ),
        (
            "explain, on the right",
            zone::explain(&good, bytes).map(|_| ()),
        ),
    ];
    for (asked, answer) in answers {
        assert!(
            answer == Err(expected),
            "{what}: `{asked}` should say {expected:?}, and says {answer:?}. What is no module has no fingerprint: \
             a download that broke off, or the page that a server sent instead of it, would get one too.",
        );
    }
}
