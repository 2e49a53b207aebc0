//! The tests that a spec declares, read from its text.
//!
//! A spec is a file and, in the folder of the same name, its modules. Those that hold tests are
//! its groups; what a group is about stands in the first line of its `//!` comment.

use anyhow::Context;
use std::path::{Path, PathBuf};

/// One `#[wasm_bindgen_test]` of a spec.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SpecTest {
    /// The function's name, of which a spec has one.
    pub name: String,
    /// The heading of its group; `None` in the spec's own file.
    pub group: Option<String>,
    /// Its doc comment, joined to one line: the rule that the test pins down.
    pub doc: String,
    /// The file that holds it.
    pub file: PathBuf,
    /// The line of the `fn`, counted from 1.
    pub line: usize,
    /// The function's text, from its doc comment to its closing brace.
    pub text: String,
}

/// The tests of a spec in order: its own, then those of each group.
pub(crate) fn tests(spec: &Path) -> anyhow::Result<Vec<SpecTest>> {
    let root = read(spec)?;
    let mut found = tests_of(&root, spec, None);
    for path in modules(&root) {
        let file = spec.with_file_name(path);
        let text = read(&file)?;
        let heading = text
            .lines()
            .next()
            .and_then(|line| line.strip_prefix("//!"));
        found.extend(tests_of(
            &text,
            &file,
            heading.unwrap_or_default().trim().into(),
        ));
    }
    Ok(found)
}

/// The files that a spec names as its modules, relative to its folder, in order.
pub(crate) fn modules(spec: &str) -> impl Iterator<Item = &str> {
    spec.lines()
        .filter_map(|line| line.strip_prefix("#[path = \"")?.strip_suffix("\"]"))
}

fn read(file: &Path) -> anyhow::Result<String> {
    std::fs::read_to_string(file).with_context(|| format!("reading {}", file.display()))
}

/// Finds the tests of one file.
///
/// Specs are formatted by rustfmt, so attributes, doc comments and the closing
/// brace of a function in the file's root each stand at the start of a line.
fn tests_of(text: &str, file: &Path, group: Option<&str>) -> Vec<SpecTest> {
    let lines: Vec<&str> = text.lines().collect();
    let mut found = Vec::new();
    for (at, line) in lines.iter().enumerate() {
        if !line.starts_with("#[wasm_bindgen_test") {
            continue;
        }
        let is_head = |l: &&str| l.starts_with("///") || l.starts_with("#[");
        let above = lines[..at].iter().rev().take_while(|l| is_head(l)).count();
        let below = lines[at..].iter().take_while(|l| is_head(l)).count();
        let head = at + below;
        let Some(name) = lines.get(head).and_then(|l| function_name(l)) else {
            continue;
        };
        let doc = lines[at - above..head]
            .iter()
            .filter_map(|l| l.strip_prefix("///"))
            .map(str::trim)
            .collect::<Vec<_>>()
            .join(" ");
        let end = lines[head..]
            .iter()
            .position(|l| *l == "}" || l.ends_with("{}"))
            .map_or(head, |n| head + n);
        found.push(SpecTest {
            name: name.to_owned(),
            group: group.map(str::to_owned),
            doc,
            file: file.to_owned(),
            line: head + 1,
            text: lines[at - above..=end].join("\n"),
        });
    }
    found
}

fn function_name(line: &str) -> Option<&str> {
    let rest = line.strip_prefix("async ").unwrap_or(line);
    rest.strip_prefix("fn ")?.split('(').next()
}

#[cfg(test)]
mod tests {
    use std::fs;

    #[test]
    fn tests_are_found_with_their_rules_and_text() {
        let dir = tempfile::tempdir().unwrap();
        let spec = dir.path().join("a_trap.rs");
        let text = "//! Spec.\n\n/// One rule\n/// on two lines.\n#[wasm_bindgen_test]\nfn first() {\n    body();\n}\n\n#[wasm_bindgen_test]\n#[ignore]\nasync fn second() {}\n\nfn helper() {}\n";
        fs::write(&spec, text).unwrap();
        let tests = super::tests(&spec).unwrap();
        let names: Vec<_> = tests.iter().map(|t| t.name.as_str()).collect();
        assert_eq!(names, ["first", "second"]);
        assert_eq!(tests[0].group, None);
        assert_eq!(tests[0].doc, "One rule on two lines.");
        assert_eq!(tests[0].line, 6);
        assert!(tests[0].text.starts_with("/// One rule"));
        assert!(tests[0].text.ends_with("body();\n}"));
        assert_eq!(tests[1].line, 12);
    }

    #[test]
    fn groups_come_in_the_order_in_which_the_spec_names_them() {
        let dir = tempfile::tempdir().unwrap();
        let spec = dir.path().join("a_trap.rs");
        fs::create_dir(dir.path().join("a_trap")).unwrap();
        let root = "#[path = \"a_trap/late.rs\"]\nmod late;\n\n#[path = \"a_trap/early.rs\"]\nmod early;\n";
        fs::write(&spec, root).unwrap();
        for (file, heading, test) in [("early", "Early on", "one"), ("late", "Late", "two")] {
            let text = format!(
                "//! {heading}\n//!\n//! More.\n\n#[wasm_bindgen_test]\nfn {test}() {{}}\n"
            );
            fs::write(dir.path().join(format!("a_trap/{file}.rs")), text).unwrap();
        }
        let tests = super::tests(&spec).unwrap();
        let all: Vec<_> = tests
            .iter()
            .map(|test| (test.group.as_deref().unwrap(), test.name.as_str()))
            .collect();
        assert_eq!(all, [("Late", "two"), ("Early on", "one")]);
        assert!(tests[0].file.ends_with("a_trap/late.rs"));
    }
}
