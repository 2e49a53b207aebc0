//! `tests/proofs/<slug>.toml`: small edits of a solution that turn its tests red.
//!
//! A test that never failed proves nothing. Most rules of a spec are broken by the kata or by an
//! attempt; for each of the others there is an edit here, or a reason why none can be.

use crate::Failure;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::path::PathBuf;

/// What a zone's file of proofs says.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Proofs {
    /// The edits, each on its own.
    #[serde(default, rename = "proof")]
    pub proofs: Vec<Proof>,
    /// Tests that no variant can turn red.
    #[serde(default)]
    pub excused: Vec<Excused>,
}

/// One edit of the solution.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Proof {
    /// A text that occurs exactly once in its sources.
    pub find: String,
    /// What stands in its place.
    pub replace: String,
    /// Tests that must fail now, with these words. Others may fail too.
    pub fails: Vec<Failure>,
}

/// A test that judges the spec's own judge.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Excused {
    /// The test's name.
    pub test: String,
    /// Why no edit of a solution can turn it red, in one line.
    pub reason: String,
}

impl Proofs {
    /// Reads the text of a file of proofs.
    ///
    /// # Errors
    /// When the text is not TOML, lacks a field or has one that is not known; the error shows the line.
    pub fn parse(text: &str) -> Result<Self, toml::de::Error> {
        toml::from_str(text)
    }
}

impl Proof {
    /// The solution's sources with this edit.
    ///
    /// # Errors
    /// When what is to be found does not occur exactly once in all of them, or the edit changes nothing;
    /// the error says how often it occurs.
    pub fn apply(
        &self,
        solution: &BTreeMap<PathBuf, String>,
    ) -> Result<BTreeMap<PathBuf, String>, String> {
        let occurs = |text: &String| text.matches(&self.find).count();
        let times: usize = solution.values().map(occurs).sum();
        if self.find.trim().is_empty() || times != 1 {
            return Err(format!(
                "{} occurs {times} times in the solution, not once",
                self.name()
            ));
        }
        if self.find == self.replace {
            return Err(format!("{} is replaced by itself", self.name()));
        }
        let edit = |text: &String| text.replacen(&self.find, &self.replace, 1);
        let files = solution.iter();
        Ok(files
            .map(|(path, text)| (path.clone(), edit(text)))
            .collect())
    }

    /// The edit's name in messages: the first line of the text that it looks for.
    pub fn name(&self) -> String {
        format!("`{}`", self.find.trim().lines().next().unwrap_or_default())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn proof(find: &str, replace: &str) -> Proof {
        Proof {
            find: find.into(),
            replace: replace.into(),
            fails: Vec::new(),
        }
    }

    #[test]
    fn an_edit_has_one_place() {
        let files = |lib: &str| {
            let more = ("deep/more.rs", "d - e;");
            [("lib.rs", lib), more]
                .map(|(name, text)| (PathBuf::from(name), text.to_owned()))
                .into()
        };
        let solution = files("a + b; a - c;");
        assert_eq!(
            proof("a + b", "a").apply(&solution).unwrap(),
            files("a; a - c;")
        );
        for (find, words) in [
            ("a", "`a` occurs 2 times"),
            ("-", "`-` occurs 2 times"),
            ("f\ng", "`f` occurs 0 times"),
            ("", "not once"),
        ] {
            let error = proof(find, "x").apply(&solution).unwrap_err();
            assert!(error.contains(words), "{error}");
        }
        assert!(proof("d - e", "d - e").apply(&solution).is_err());
    }

    #[test]
    fn a_field_that_is_not_known_is_refused() {
        let text = "[[proof]]\nfind = \"a\"\nreplace = \"b\"\ntest = \"c\"\n";
        assert!(Proofs::parse(text).is_err());
        assert_eq!(Proofs::parse("").unwrap(), Proofs::default());
    }
}
