//! The rules that a zone's files must agree on.
//!
//! These need no compiler and no browser. What a variant does when it runs is
//! judged elsewhere, by running it.

use crate::scaffold::{Kind, is_kebab, shim};
use crate::{Failure, Manifest, SHARED_SPECS, SPECS, Variant, Workspace, Zone};
use anyhow::Context;
use std::collections::BTreeSet;
use std::fmt;
use std::path::{Path, PathBuf};

/// A broken rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The file or folder that is wrong, relative to the repository.
    pub file: PathBuf,
    /// What is wrong with it.
    pub what: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.file.display(), self.what)
    }
}

/// Checks the files of the zones named (all of them if `slugs` is empty) and,
/// when all are asked for, that no file lies about which belongs to no zone.
///
/// # Errors
/// Only when the repository cannot be read; what is wrong with a zone is a
/// [`Problem`].
pub fn check_files(ws: &Workspace, slugs: &[String]) -> anyhow::Result<Vec<Problem>> {
    let all = ws.slugs()?;
    let mut check = Check {
        ws,
        problems: Vec::new(),
    };
    for slug in all
        .iter()
        .filter(|slug| slugs.is_empty() || slugs.contains(slug))
    {
        check.zone(slug)?;
    }
    if slugs.is_empty() {
        check.orphans(&all)?;
        check.shared_modules()?;
    }
    Ok(check.problems)
}

struct Check<'a> {
    ws: &'a Workspace,
    problems: Vec<Problem>,
}

impl Check<'_> {
    fn problem(&mut self, file: impl AsRef<Path>, what: impl Into<String>) {
        let file = file.as_ref();
        let file = file.strip_prefix(self.ws.root()).unwrap_or(file).to_owned();
        self.problems.push(Problem {
            file,
            what: what.into(),
        });
    }

    /// The text of a file that must be there.
    fn text(&mut self, path: &Path) -> Option<String> {
        match std::fs::read_to_string(path) {
            Ok(text) => Some(text),
            Err(error) => {
                self.problem(path, format!("cannot be read: {error}"));
                None
            }
        }
    }

    fn zone(&mut self, slug: &str) -> anyhow::Result<()> {
        let manifest_path = self.ws.root().join("katas").join(slug).join("kata.toml");
        if !is_kebab(slug) {
            self.problem(&manifest_path, format!("`{slug}` is not kebab case"));
        }
        let Some(text) = self.text(&manifest_path) else {
            return Ok(());
        };
        if let Err(error) = Manifest::parse(&text) {
            self.problem(&manifest_path, error.to_string());
            return Ok(());
        }
        let zone = self.ws.zone(slug)?;
        for fault in zone.manifest.faults() {
            self.problem(&manifest_path, fault);
        }
        if !zone.is_untouched() {
            let what = format!(
                "`sha256` is not that of src/lib.rs; if the kata is meant to be as it is, write sha256 = \"{}\"",
                zone.kata_sha256()
            );
            self.problem(&manifest_path, what);
        }
        self.crates(&zone);
        self.spec(&zone, &manifest_path);
        self.spec_modules(&zone)?;
        self.attempts(&zone)?;
        self.book(&zone);
        Ok(())
    }

    /// Both crates: the shim, the lib settings, the same dependencies.
    fn crates(&mut self, zone: &Zone) {
        let mut dependencies = Vec::new();
        for (kind, dir) in [
            (Kind::Kata, zone.kata_dir()),
            (Kind::Solution, zone.solution_dir()),
        ] {
            let shim_path = dir.join("tests/spec.rs");
            let expected = shim(kind, &zone.slug);
            if self.text(&shim_path).is_some_and(|text| text != expected) {
                self.problem(
                    &shim_path,
                    format!("is not the shim, which reads:\n{expected}"),
                );
            }
            let cargo_path = dir.join("Cargo.toml");
            let Some(text) = self.text(&cargo_path) else {
                continue;
            };
            let table = match text.parse::<toml::Table>() {
                Ok(table) => table,
                Err(error) => {
                    self.problem(&cargo_path, error.to_string());
                    continue;
                }
            };
            let name = format!("{}-{}", kind.names().1, zone.slug);
            let actual = table
                .get("package")
                .and_then(|p| p.get("name"))
                .and_then(|n| n.as_str());
            if actual != Some(&name) {
                self.problem(&cargo_path, format!("the package is not named `{name}`"));
            }
            for key in ["test", "doctest"] {
                let value = table
                    .get("lib")
                    .and_then(|lib| lib.get(key))
                    .and_then(|v| v.as_bool());
                if value != Some(false) {
                    self.problem(&cargo_path, format!("`[lib] {key} = false` is missing"));
                }
            }
            dependencies.push((
                table.get("dependencies").cloned(),
                table.get("dev-dependencies").cloned(),
            ));
            if !dir.join("src/lib.rs").is_file() {
                self.problem(dir.join("src/lib.rs"), "is missing");
            }
        }
        if let [kata, solution] = dependencies.as_slice()
            && kata != solution
        {
            let what =
                "has other dependencies than the solution's: a reader could not write the solution";
            self.problem(zone.kata_dir().join("Cargo.toml"), what);
        }
    }

    /// The spec: every test has a rule, every test that the manifest names exists.
    fn spec(&mut self, zone: &Zone, manifest_path: &Path) {
        let Ok(tests) = zone.spec_tests() else {
            self.problem(zone.spec(), "is missing");
            return;
        };
        if tests.is_empty() {
            self.problem(zone.spec(), "has no tests");
        }
        for test in &tests {
            if test.doc.is_empty() {
                self.problem(
                    zone.spec(),
                    format!("`{}` has no doc comment: its rule in one line", test.name),
                );
            }
        }
        let names: BTreeSet<&str> = tests.iter().map(|t| t.name.as_str()).collect();
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

    /// The modules of a spec: the spec names each.
    fn spec_modules(&mut self, zone: &Zone) -> anyhow::Result<()> {
        let spec = std::fs::read_to_string(zone.spec()).unwrap_or_default();
        for path in files_in(&zone.spec_modules())? {
            if !names(&spec, &zone.snake(), &path) {
                self.problem(&path, "is no module of the spec");
            }
        }
        Ok(())
    }

    /// What specs share: some spec names each.
    fn shared_modules(&mut self) -> anyhow::Result<()> {
        let specs = self.ws.root().join(SPECS);
        let texts: Vec<String> = files_in(&specs)?
            .iter()
            .filter_map(|path| std::fs::read_to_string(path).ok())
            .collect();
        for path in files_in(&specs.join(SHARED_SPECS))? {
            if !texts.iter().any(|spec| names(spec, SHARED_SPECS, &path)) {
                self.problem(&path, "is no module of any spec");
            }
        }
        Ok(())
    }

    /// Attempts: a file for each that is declared, none that is not, no two alike.
    fn attempts(&mut self, zone: &Zone) -> anyhow::Result<()> {
        let dir = zone.attempts_dir();
        let mut seen = vec![(
            Variant::Kata,
            std::fs::read_to_string(zone.kata_lib()).unwrap_or_default(),
        )];
        for attempt in &zone.manifest.attempts {
            let path = zone.attempt(&attempt.name);
            let Some(text) = self.text(&path) else {
                continue;
            };
            if let Some((twin, _)) = seen.iter().find(|(_, other)| *other == text) {
                let what = format!("is the same text as {twin}");
                self.problem(&path, what);
            }
            seen.push((Variant::Attempt(attempt.name.clone()), text));
        }
        for path in files_in(&dir)? {
            let stem = path
                .file_stem()
                .unwrap_or_default()
                .to_string_lossy()
                .into_owned();
            if !zone.manifest.attempts.iter().any(|a| a.name == stem) {
                self.problem(&path, "is not declared in kata.toml");
            }
        }
        Ok(())
    }

    /// The chapter is there, holds the kata, and SUMMARY.md lists it; the live
    /// picture exists.
    fn book(&mut self, zone: &Zone) {
        let chapter = format!("{}/{}.md", zone.manifest.part.folder(), zone.slug);
        let path = self.ws.root().join("src").join(&chapter);
        let directive = format!("{{{{#kata {}}}}}", zone.slug);
        if self
            .text(&path)
            .is_some_and(|text| !text.lines().any(|line| line.trim() == directive))
        {
            self.problem(&path, format!("has no line `{directive}`"));
        }
        let summary = self.ws.root().join("src/SUMMARY.md");
        if self
            .text(&summary)
            .is_some_and(|text| !text.contains(&format!("({chapter})")))
        {
            self.problem(&summary, format!("does not list {chapter}"));
        }
        let show = self
            .ws
            .root()
            .join("theme/shows")
            .join(format!("{}.js", zone.slug));
        if !show.is_file() {
            self.problem(&show, "is missing: the chapter's live picture");
        }
    }

    /// Files that belong to no zone.
    fn orphans(&mut self, slugs: &[String]) -> anyhow::Result<()> {
        let root = self.ws.root().to_owned();
        let mut snakes: Vec<String> = slugs.iter().map(|s| s.replace('-', "_")).collect();
        snakes.push(SHARED_SPECS.to_owned());
        for (dir, names) in [
            ("katas", slugs),
            ("solutions", slugs),
            (SPECS, &snakes),
            ("tests/attempts", slugs),
            ("theme/shows", slugs),
        ] {
            for path in files_in(&root.join(dir))? {
                let stem = path
                    .file_stem()
                    .unwrap_or_default()
                    .to_string_lossy()
                    .into_owned();
                if !names.contains(&stem) {
                    self.problem(&path, "belongs to no zone");
                }
            }
        }
        Ok(())
    }
}

/// Whether a spec's text has a file of a folder beside it as a module.
fn names(spec: &str, folder: &str, file: &Path) -> bool {
    let name = file.file_name().unwrap_or_default().to_string_lossy();
    spec.contains(&format!("#[path = \"{folder}/{name}\"]"))
}

/// The entries of a folder, sorted; none if there is no such folder.
fn files_in(dir: &Path) -> anyhow::Result<Vec<PathBuf>> {
    if !dir.is_dir() {
        return Ok(Vec::new());
    }
    let reading = || format!("reading {}", dir.display());
    let mut paths = dir
        .read_dir()
        .with_context(reading)?
        .map(|entry| entry.map(|e| e.path()))
        .collect::<Result<Vec<_>, _>>()
        .with_context(reading)?;
    paths.sort();
    Ok(paths)
}
