//! A repository with one finished zone, to be broken.

use kata_zones::{Workspace, check_files, write_new_zone};
use std::fs;
use tempfile::TempDir;

const MANIFEST: &str = r#"title = "A trap"
part = "boundary"
minutes = 10
summary = "It breaks."
hints = ["Look.", "Think.", "Write."]

[predict]
question = "What happens?"
test = "doubles_a_number"
choices = [{ text = "It passes", passes = true }, { text = "It fails", words = "2 * 21" }]
explain = "It fails."

[[fails]]
test = "doubles_a_number"
words = "2 * 21"

[[attempts]]
name = "one"
title = "One"
why = "No."
fails = [{ test = "doubles_a_number", words = "2 * 21" }]

[[attempts]]
name = "two"
title = "Two"
why = "No."
compile_error = "E0425"

[[attempts]]
name = "three"
title = "Three"
why = "No."
load_error = "unresolved"
"#;

/// A repository with one finished zone, `a-trap`.
pub struct Repository(TempDir);

impl Repository {
    pub fn new() -> Self {
        let this = Self(tempfile::tempdir().unwrap());
        this.write("book.toml", "");
        this.write(
            "Cargo.toml",
            "[workspace]\nmembers = [\n]\ndefault-members = [\n]\n",
        );
        this.write("src/SUMMARY.md", "- [A trap](boundary/a-trap.md)\n");
        fs::create_dir_all(this.path("katas")).unwrap();
        write_new_zone(&this.workspace(), "a-trap").unwrap();
        fs::remove_file(this.path("tests/attempts/a-trap/first-idea.rs")).unwrap();
        for name in ["one", "two", "three"] {
            this.write(
                &format!("tests/attempts/a-trap/{name}.rs"),
                &format!("//! {name}\n"),
            );
        }
        this.write("katas/a-trap/kata.toml", MANIFEST);
        this
    }

    pub fn path(&self, relative: &str) -> std::path::PathBuf {
        self.0.path().join(relative)
    }

    pub fn workspace(&self) -> Workspace {
        Workspace::find(self.0.path()).unwrap()
    }

    pub fn write(&self, relative: &str, text: &str) {
        let path = self.path(relative);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    pub fn edit(&self, relative: &str, from: &str, to: &str) {
        let text = fs::read_to_string(self.path(relative)).unwrap();
        assert!(text.contains(from), "{relative} does not hold {from:?}");
        self.write(relative, &text.replacen(from, to, 1));
    }

    pub fn problems(&self) -> Vec<String> {
        let problems = check_files(&self.workspace(), &[]).unwrap();
        problems.iter().map(ToString::to_string).collect()
    }

    /// Exactly one problem, in this file, with these words.
    #[track_caller]
    pub fn has_one_problem(&self, file: &str, words: &str) {
        let problems = self.problems();
        assert_eq!(problems.len(), 1, "{problems:#?}");
        assert!(
            problems[0].starts_with(&format!("{file}: ")),
            "{problems:#?}"
        );
        assert!(problems[0].contains(words), "{problems:#?}");
    }
}
