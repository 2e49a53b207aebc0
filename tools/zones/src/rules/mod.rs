//! The rules that a zone's files must agree on.
//!
//! These need no compiler and no browser. What a variant does when it runs is
//! judged elsewhere, by running it.

mod crates;
mod earned;
mod spec;

use crate::scaffold::is_kebab;
use crate::{Manifest, PROOFS, SHARED_SPECS, SPECS, UNTOUCHED, Variant, Workspace, Zone};
use anyhow::Context;
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
        if self.text(&zone.untouched()).is_some() && !zone.is_untouched() {
            let (lib, copy) = (zone.kata_lib(), zone.untouched());
            let (lib, copy) = (zone.display(&lib), zone.display(&copy));
            let what =
                format!("is not {copy}; if the kata is meant to be as it is: cp {lib} {copy}");
            self.problem(zone.kata_lib(), what);
        }
        self.crates(&zone);
        self.spec(&zone, &manifest_path);
        self.spec_modules(&zone)?;
        self.attempts(&zone)?;
        self.earned(&zone);
        self.book(&zone);
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
            (PROOFS, slugs),
            (UNTOUCHED, slugs),
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
