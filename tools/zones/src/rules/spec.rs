//! The spec of a zone: rules, groups and modules.

use super::{Check, files_in};
use crate::{Failure, SHARED_SPECS, SPECS, SpecTest, Zone, spec};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// Lines of the longest file of a spec.
const LONGEST: usize = 400;

/// Tests that one list still holds. More of them stand in groups.
const ONE_LIST: usize = 11;

impl Check<'_> {
    /// Every test has a rule and a group; every test that the manifest names exists; what is given
    /// comes from the contract.
    pub(super) fn spec(&mut self, zone: &Zone, manifest_path: &Path) {
        let tests = match zone.spec_tests() {
            Ok(tests) => tests,
            Err(error) => {
                self.problem(zone.spec(), format!("{error:#}"));
                return;
            }
        };
        if tests.is_empty() {
            self.problem(zone.spec(), "has no tests");
        }
        let mut names = BTreeSet::new();
        for test in &tests {
            if test.doc.is_empty() {
                self.problem(
                    &test.file,
                    format!("`{}` has no doc comment: its rule in one line", test.name),
                );
            }
            if !names.insert(test.name.as_str()) {
                self.problem(
                    &test.file,
                    format!("`{}` is the name of another test, too", test.name),
                );
            }
        }
        self.groups(zone, &tests);
        let manifest = &zone.manifest;
        let mut asked = vec![manifest.predict.test.as_str()];
        let failures = manifest
            .attempts
            .iter()
            .flat_map(|a| &a.fails)
            .chain(&manifest.fails);
        asked.extend(failures.map(|failure: &Failure| failure.test.as_str()));
        for test in asked.into_iter().collect::<BTreeSet<_>>() {
            if !names.contains(test) {
                self.problem(
                    manifest_path,
                    format!("names a test `{test}`, which the spec does not have"),
                );
            }
        }
    }

    /// A reader meets a few headings with some rules each, not one long list.
    fn groups(&mut self, zone: &Zone, tests: &[SpecTest]) {
        let headings: BTreeMap<&Path, &str> = tests
            .iter()
            .filter_map(|test| Some((test.file.as_path(), test.group.as_deref()?)))
            .collect();
        for (file, heading) in &headings {
            if heading.is_empty() {
                self.problem(
                    file,
                    "begins without a heading: `//! What these rules are about`",
                );
            }
        }
        if tests.len() > ONE_LIST
            && (!(3..=5).contains(&headings.len()) || tests.iter().any(|t| t.group.is_none()))
        {
            self.problem(
                zone.spec(),
                format!(
                    "has {} tests in {} groups; so many stand in three to five, none beside them",
                    tests.len(),
                    headings.len()
                ),
            );
        }
    }

    /// The files of a spec: the spec names each, none is too long, and each takes what is given from
    /// the contract: a `lib.rs` may have a type of the same name.
    pub(super) fn spec_modules(&mut self, zone: &Zone) -> anyhow::Result<()> {
        let root = std::fs::read_to_string(zone.spec()).unwrap_or_default();
        let given = std::fs::read_to_string(zone.contract()).unwrap_or_default();
        let given: BTreeSet<&str> = given.lines().filter_map(public_item).collect();
        let modules = files_in(&zone.spec_modules())?;
        for path in &modules {
            if !names(&root, &zone.snake(), path) {
                self.problem(path, "is no module of the spec");
            }
        }
        for path in [zone.spec()].iter().chain(&modules) {
            // What cannot be read is reported by whoever needs it.
            let Ok(text) = std::fs::read_to_string(path) else {
                continue;
            };
            self.length(path, &text);
            for name in from_zone(&text).filter(|name| given.contains(name)) {
                self.problem(
                    path,
                    format!("takes `{name}` from the zone; it is given, so: `contract::{name}`"),
                );
            }
        }
        Ok(())
    }

    fn length(&mut self, path: &Path, text: &str) {
        let lines = text.lines().count();
        if lines > LONGEST {
            self.problem(path, format!("has {lines} lines, more than {LONGEST}"));
        }
    }

    /// What specs share: some spec names each.
    pub(super) fn shared_modules(&mut self) -> anyhow::Result<()> {
        let specs = self.ws.root().join(SPECS);
        let texts: Vec<String> = files_in(&specs)?
            .iter()
            .filter_map(|path: &PathBuf| std::fs::read_to_string(path).ok())
            .collect();
        for path in files_in(&specs.join(SHARED_SPECS))? {
            if !texts.iter().any(|spec| names(spec, SHARED_SPECS, &path)) {
                self.problem(&path, "is no module of any spec");
            }
        }
        Ok(())
    }
}

/// Whether a spec's text has a file of a folder beside it as a module.
fn names(spec: &str, folder: &str, file: &Path) -> bool {
    let name = file.file_name().unwrap_or_default().to_string_lossy();
    let path = format!("{folder}/{name}");
    spec::modules(spec).any(|module| module == path)
}

/// The name of the public item that a line of a file's root declares.
fn public_item(line: &str) -> Option<&str> {
    let rest = line.strip_prefix("pub ")?;
    let rest = ["const fn ", "async fn ", "unsafe fn "]
        .iter()
        .find_map(|start| rest.strip_prefix(start))
        .or_else(|| rest.split_once(' ').map(|(_, rest)| rest))?;
    rest.split(|c: char| !c.is_alphanumeric() && c != '_')
        .next()
}

/// The names that a text takes from the zone, by path or by import.
fn from_zone(text: &str) -> impl Iterator<Item = &str> {
    text.match_indices("zone::").flat_map(|(at, found)| {
        let rest = &text[at + found.len()..];
        let list = match rest.strip_prefix('{') {
            Some(list) => list.split('}').next().unwrap_or_default(),
            None => rest
                .split(|c: char| !c.is_alphanumeric() && c != '_')
                .next()
                .unwrap_or_default(),
        };
        list.split(',').map(str::trim)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_read_from_items_and_imports() {
        let items = [
            "pub enum Error {",
            "pub const fn one<T>() {}",
            "pub const LIMIT: u32 = 1;",
            "pub(crate) fn hidden() {}",
            "    pub fn method() {}",
        ];
        let items: Vec<_> = items.into_iter().filter_map(public_item).collect();
        assert_eq!(items, ["Error", "one", "LIMIT"]);
        let text =
            "use crate::zone::{One, Two};\nlet x = zone::three(1);\nuse crate::zone::Four;\n";
        let taken: Vec<_> = from_zone(text).collect();
        assert_eq!(taken, ["One", "Two", "three", "Four"]);
    }
}
