//! What is built: whose text of a `lib.rs`, where it stands in the stage, and which tests are asked of it.

use kata_zones::{SpecTest, Variant};
use std::collections::BTreeMap;
use std::path::PathBuf;

/// The stage's folders of what no reader edits.
pub(super) const SOLUTIONS: &str = "solutions/";
pub(super) const ATTEMPTS: &str = "attempts/";
pub(super) const PROOFS: &str = "proofs/";

/// Where the text of a `lib.rs` comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    /// A variant of the repository.
    Variant(Variant),
    /// Any files, to be graded: a `lib.rs` and its modules, by their paths below `src`.
    Graded(BTreeMap<PathBuf, String>),
    /// The solution with the edit of a proof.
    Proof(Edited),
    /// The kata with another text of its `lib.rs`: that of an editor, saved or not.
    Posted(String),
}

/// What a proof is made of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edited {
    /// Its number, counted from 1.
    pub number: usize,
    /// The solution's files after the edit, by their paths below `src`.
    pub files: BTreeMap<PathBuf, String>,
    /// The tests that must turn red. Its spec has no others.
    pub tests: Vec<String>,
}

impl Source {
    /// The variant's name in verdicts and folders.
    pub fn label(&self) -> String {
        match self {
            Source::Variant(variant) => variant.to_string(),
            Source::Graded(_) => "graded".to_owned(),
            Source::Proof(edited) => format!("{PROOFS}{}", edited.number),
            Source::Posted(_) => "posted".to_owned(),
        }
    }

    /// The package's folder in the stage. A panic's location shows it, so it is
    /// the path that the reader knows.
    pub(super) fn folder(&self, slug: &str) -> String {
        match self {
            // One package, so that what was compiled of the one need not be compiled of the other.
            Source::Variant(Variant::Kata) | Source::Posted(_) => format!("katas/{slug}"),
            Source::Variant(Variant::Solution) => format!("{SOLUTIONS}{slug}"),
            Source::Variant(Variant::Attempt(name)) => format!("{ATTEMPTS}{slug}/{name}"),
            Source::Graded(_) => format!("graded/{slug}"),
            Source::Proof(edited) => proof_folder(slug, edited.number),
        }
    }

    /// The names of the tests that are asked for, of those that a spec declares.
    pub(super) fn asks<'a>(&self, declared: &'a [SpecTest]) -> Vec<&'a str> {
        let all = declared.iter().map(|test| test.name.as_str());
        match self {
            Source::Proof(edited) => all
                .filter(|name| edited.tests.iter().any(|asked| asked == name))
                .collect(),
            Source::Variant(_) | Source::Graded(_) | Source::Posted(_) => all.collect(),
        }
    }
}

/// The folder of a proof, by its number.
pub(super) fn proof_folder(slug: &str, number: usize) -> String {
    format!("{PROOFS}{slug}/{number}")
}
