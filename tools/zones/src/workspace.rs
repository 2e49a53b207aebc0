//! Where everything is.

use crate::{Attempt, Expect, Manifest, Proofs, SpecTest, spec};
use anyhow::{Context, bail};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::fmt;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::str::FromStr;

/// The folder of the specs, below the repository.
pub const SPECS: &str = "tests/specs";

/// The folder in it of the modules that several specs use.
pub const SHARED_SPECS: &str = "shared";

/// The folder of the katas as the book has them, below the repository.
pub const UNTOUCHED: &str = "tests/untouched";

/// The folder of the proofs that each rule can fail, below the repository.
pub const PROOFS: &str = "tests/proofs";

/// How Cargo.toml names a kata among the workspace's members: before the slug.
pub(crate) const KATA_MEMBER: &str = "katas/";

/// The repository: a folder with `book.toml`, `katas/` and `solutions/`.
#[derive(Debug, Clone)]
pub struct Workspace {
    root: PathBuf,
}

impl Workspace {
    /// Finds the repository that holds `from`, looking upwards.
    ///
    /// # Errors
    /// When neither `from` nor a folder above it is the repository.
    pub fn find(from: &Path) -> anyhow::Result<Self> {
        let from = from
            .canonicalize()
            .with_context(|| format!("no such folder: {}", from.display()))?;
        from.ancestors()
            .find(|dir| dir.join("book.toml").is_file() && dir.join("katas").is_dir())
            .map(|root| Self { root: root.to_owned() })
            .with_context(|| {
                format!(
                    "{} is not inside the book's repository (no folder above it has book.toml and katas/)",
                    from.display()
                )
            })
    }

    /// The repository's folder, absolute.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// The names of all zones, sorted: those whose katas the repository's `Cargo.toml` names. A
    /// reader's copy of a kata beside it is none.
    ///
    /// # Errors
    /// When `Cargo.toml` cannot be read.
    pub fn slugs(&self) -> anyhow::Result<Vec<String>> {
        let path = self.root.join("Cargo.toml");
        let text = std::fs::read_to_string(&path)
            .with_context(|| format!("reading {}", path.display()))?;
        let table: toml::Table = text
            .parse()
            .with_context(|| format!("in {}", path.display()))?;
        let members = table
            .get("workspace")
            .and_then(|workspace| workspace.get("members"))
            .and_then(|members| members.as_array())
            .with_context(|| format!("{} names no [workspace] members", path.display()))?;
        let mut slugs: Vec<String> = members
            .iter()
            .filter_map(|member| member.as_str()?.strip_prefix(KATA_MEMBER))
            .map(str::to_owned)
            .collect();
        slugs.sort();
        Ok(slugs)
    }

    /// All zones, in the order of the parts and then by slug.
    ///
    /// # Errors
    /// When a zone's `kata.toml` is missing or wrong; the error names the file.
    pub fn zones(&self) -> anyhow::Result<Vec<Zone>> {
        let mut zones = self
            .slugs()?
            .iter()
            .map(|slug| self.zone(slug))
            .collect::<anyhow::Result<Vec<_>>>()?;
        zones.sort_by(|a, b| (a.manifest.part, &a.slug).cmp(&(b.manifest.part, &b.slug)));
        Ok(zones)
    }

    /// One zone.
    ///
    /// # Errors
    /// When there is no such zone (the error lists those that exist), or when its
    /// `kata.toml` is missing or wrong.
    pub fn zone(&self, slug: &str) -> anyhow::Result<Zone> {
        let slugs = self.slugs()?;
        if !slugs.iter().any(|s| s == slug) {
            bail!(
                "there is no zone `{slug}`; the zones are: {}",
                slugs.join(", ")
            );
        }
        let path = self.root.join("katas").join(slug).join("kata.toml");
        let text = std::fs::read_to_string(&path)
            .with_context(|| format!("reading katas/{slug}/kata.toml"))?;
        let manifest =
            Manifest::parse(&text).with_context(|| format!("in katas/{slug}/kata.toml"))?;
        Ok(Zone {
            slug: slug.to_owned(),
            manifest,
            root: self.root.clone(),
        })
    }
}

/// One zone: its slug, its facts and where its files are.
#[derive(Debug, Clone)]
pub struct Zone {
    /// The stable name, in kebab case. Readers' progress is keyed by it.
    pub slug: String,
    /// The facts of `kata.toml`.
    pub manifest: Manifest,
    root: PathBuf,
}

impl Zone {
    /// The slug in snake case, as crate and file names want it.
    pub fn snake(&self) -> String {
        self.slug.replace('-', "_")
    }

    /// `katas/<slug>`.
    pub fn kata_dir(&self) -> PathBuf {
        self.root.join("katas").join(&self.slug)
    }

    /// The kata's `lib.rs`, which is the reader's to edit.
    pub fn kata_lib(&self) -> PathBuf {
        self.kata_dir().join("src/lib.rs")
    }

    /// The folder of the crate that holds what is given.
    pub fn contract_dir(&self) -> PathBuf {
        self.kata_dir().join("contract")
    }

    /// What is given: the code that kata, solution, attempts and spec share and no `lib.rs` can change.
    pub fn contract(&self) -> PathBuf {
        self.contract_dir().join("contract.rs")
    }

    /// The edits of the solution that turn its tests red.
    pub fn proofs_file(&self) -> PathBuf {
        self.root.join(PROOFS).join(format!("{}.toml", self.slug))
    }

    /// The reference solution's folder.
    pub fn solution_dir(&self) -> PathBuf {
        self.root.join("solutions").join(&self.slug)
    }

    /// The reference solution's `lib.rs`.
    pub fn solution_lib(&self) -> PathBuf {
        self.solution_dir().join("src/lib.rs")
    }

    /// Whether the solution is there.
    pub fn has_solution(&self) -> bool {
        self.solution_lib().is_file()
    }

    /// The solution's sources, by their paths below `src`; none where it is withheld.
    ///
    /// # Errors
    /// When one cannot be read.
    pub fn solution_sources(&self) -> anyhow::Result<BTreeMap<PathBuf, String>> {
        texts(&self.solution_dir().join("src"))
    }

    /// The kata's sources, by their paths below `src`.
    ///
    /// # Errors
    /// When one cannot be read.
    pub fn kata_sources(&self) -> anyhow::Result<BTreeMap<PathBuf, String>> {
        texts(&self.kata_dir().join("src"))
    }

    /// The spec that judges every variant.
    pub fn spec(&self) -> PathBuf {
        self.root.join(SPECS).join(format!("{}.rs", self.snake()))
    }

    /// The folder of modules that the spec may be split into.
    pub fn spec_modules(&self) -> PathBuf {
        self.root.join(SPECS).join(self.snake())
    }

    /// The folder of the wrong attempts.
    pub fn attempts_dir(&self) -> PathBuf {
        self.root.join("tests/attempts").join(&self.slug)
    }

    /// A wrong attempt's `lib.rs`.
    pub fn attempt(&self, name: &str) -> PathBuf {
        self.attempts_dir().join(format!("{name}.rs"))
    }

    /// The `lib.rs` of a variant.
    pub fn lib(&self, variant: &Variant) -> PathBuf {
        match variant {
            Variant::Kata => self.kata_lib(),
            Variant::Solution => self.solution_lib(),
            Variant::Attempt(name) => self.attempt(name),
        }
    }

    /// SHA-256 of the kata's `lib.rs` as it is now, in hex; empty if it cannot be read.
    pub fn kata_sha256(&self) -> String {
        std::fs::read(self.kata_lib())
            .map(|text| sha256(&text))
            .unwrap_or_default()
    }

    /// SHA-256 of the kata's sources as they are now, in hex: that of its `lib.rs`, where it has no module beside it; empty if
    /// they cannot be read.
    pub fn kata_sources_sha256(&self) -> String {
        let sources = self.kata_sources().unwrap_or_default();
        if sources.len() < 2 {
            return self.kata_sha256();
        }
        let mut all = String::new();
        for (path, text) in sources {
            all.push_str(&format!("{} {}\n", sha256(text.as_bytes()), path.display()));
        }
        sha256(all.as_bytes())
    }

    /// The kata's `lib.rs` once more, as the book has it: readers edit the other one.
    pub fn untouched(&self) -> PathBuf {
        self.root.join(UNTOUCHED).join(format!("{}.rs", self.slug))
    }

    /// Whether the kata is as the book has it.
    pub fn is_untouched(&self) -> bool {
        let original = std::fs::read(self.untouched());
        original.is_ok_and(|text| std::fs::read(self.kata_lib()).is_ok_and(|kata| kata == text))
    }

    /// The folder whose other modules a variant's `lib.rs` may use, if any.
    pub fn sources(&self, variant: &Variant) -> Option<PathBuf> {
        match variant {
            Variant::Kata => Some(self.kata_dir().join("src")),
            Variant::Solution => Some(self.solution_dir().join("src")),
            Variant::Attempt(_) => None,
        }
    }

    /// Kata, solution and every declared attempt, in that order. A solution may be withheld, as
    /// teachers do: then it is not among them.
    pub fn variants(&self) -> Vec<Variant> {
        let attempts = self
            .manifest
            .attempts
            .iter()
            .map(|a| Variant::Attempt(a.name.clone()));
        let solution = self.has_solution().then_some(Variant::Solution);
        [Variant::Kata]
            .into_iter()
            .chain(solution)
            .chain(attempts)
            .collect()
    }

    /// What a variant is declared to do on an engine; `None` for an attempt that `kata.toml`
    /// does not know.
    pub fn expect(&self, variant: &Variant, engine: &str) -> Option<Expect<'_>> {
        match variant {
            Variant::Kata => Some(Expect::Fail(&self.manifest.fails)),
            Variant::Solution => Some(Expect::Pass),
            Variant::Attempt(name) => self.declared(name).map(|a| a.expect(engine)),
        }
    }

    /// Whether a variant is declared not to compile.
    pub fn is_refused(&self, variant: &Variant) -> bool {
        match variant {
            Variant::Kata | Variant::Solution => false,
            Variant::Attempt(name) => {
                let declared = self.declared(name);
                declared.is_some_and(|attempt| attempt.compile_error.is_some())
            }
        }
    }

    /// An attempt as `kata.toml` declares it.
    fn declared(&self, name: &str) -> Option<&Attempt> {
        self.manifest.attempts.iter().find(|a| a.name == name)
    }

    /// The tests of the spec, in order.
    ///
    /// # Errors
    /// When the spec, or a module that it names, cannot be read.
    pub fn spec_tests(&self) -> anyhow::Result<Vec<SpecTest>> {
        spec::tests(&self.spec())
    }

    /// What turns each of the solution's tests red; nothing if the zone has no such file.
    ///
    /// # Errors
    /// When the file cannot be read or says what it must not; the error names it and the line.
    pub fn proofs(&self) -> anyhow::Result<Proofs> {
        let path = self.proofs_file();
        let text = match std::fs::read_to_string(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Proofs::default()),
            Err(error) => {
                return Err(error).with_context(|| format!("reading {}", path.display()));
            }
        };
        Proofs::parse(&text).with_context(|| format!("in {}", self.display(&path)))
    }

    /// `path` as a reader would write it, relative to the repository.
    pub fn display<'a>(&self, path: &'a Path) -> std::path::Display<'a> {
        path.strip_prefix(&self.root).unwrap_or(path).display()
    }
}

/// Which `lib.rs` of a zone.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Variant {
    /// The broken kata, or what the reader made of it.
    Kata,
    /// The reference solution.
    Solution,
    /// A wrong attempt, by name.
    Attempt(String),
}

impl fmt::Display for Variant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Variant::Kata => f.write_str("kata"),
            Variant::Solution => f.write_str("solution"),
            Variant::Attempt(name) => write!(f, "attempts/{name}"),
        }
    }
}

impl FromStr for Variant {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "kata" => Ok(Variant::Kata),
            "solution" => Ok(Variant::Solution),
            _ => match text.strip_prefix("attempts/") {
                Some(name) if !name.is_empty() => Ok(Variant::Attempt(name.to_owned())),
                _ => Err(format!("`{text}` is not kata, solution or attempts/<name>")),
            },
        }
    }
}

/// Whether a name begins with a dot. No source has such a name, but editors' locks, and what systems add to a file.
pub fn is_hidden(name: &OsStr) -> bool {
    name.as_encoded_bytes().starts_with(b".")
}

/// The Rust sources below a folder, by their paths from there. No link is followed: it may lead back up.
///
/// # Errors
/// When a folder cannot be read.
pub fn rust_files(folder: &Path) -> anyhow::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    let mut folders = vec![PathBuf::new()];
    while let Some(name) = folders.pop() {
        let path = folder.join(&name);
        let reading = || format!("reading {}", path.display());
        for entry in path.read_dir().with_context(reading)? {
            let entry = entry.with_context(reading)?;
            if is_hidden(&entry.file_name()) {
                continue;
            }
            let name = name.join(entry.file_name());
            if entry.file_type().with_context(reading)?.is_dir() {
                folders.push(name);
            } else if name.extension().is_some_and(|extension| extension == "rs") {
                files.push(name);
            }
        }
    }
    files.sort();
    Ok(files)
}

/// The texts of [`rust_files`], by their paths; none if there is no such folder.
fn texts(folder: &Path) -> anyhow::Result<BTreeMap<PathBuf, String>> {
    if !folder.is_dir() {
        return Ok(BTreeMap::new());
    }
    let read = |name: PathBuf| {
        let path = folder.join(&name);
        let text = std::fs::read_to_string(&path)
            .with_context(|| format!("reading {}", path.display()))?;
        Ok((name, text))
    };
    rust_files(folder)?.into_iter().map(read).collect()
}

/// SHA-256 in hex.
pub fn sha256(bytes: &[u8]) -> String {
    format!("{:x}", Sha256::digest(bytes))
}
