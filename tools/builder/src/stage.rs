//! The stage: a generated workspace that holds one package for each variant.
//!
//! It has a target folder of its own: two workspaces that share one, with
//! packages at the same relative path, get the same artifact names, and then a
//! build of one can run the binary of the other. Files are copied only where
//! their text differs, always with a fresh time stamp: Cargo goes by time stamps
//! and would not rebuild for a file that is older than the last build, such as
//! one of another clone that shares this target folder.

use super::{Profile, write};
use anyhow::{Context, bail};
use kata_zones::{SPECS, Variant, Workspace, Zone};
use std::fs::{File, TryLockError};
use std::path::{Path, PathBuf};
use std::time::Duration;
use toml::{Table, Value};

/// How often a build that waits for another looks whether that one is done.
const LOCK_LOOK: Duration = Duration::from_millis(20);

/// The stage's folder of attempts.
const ATTEMPTS: &str = "attempts/";

/// Where the text of a `lib.rs` comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    /// A variant of the repository.
    Variant(Variant),
    /// Any text, to be graded.
    Graded(String),
}

impl Source {
    /// The variant's name in verdicts and folders.
    pub fn label(&self) -> String {
        match self {
            Source::Variant(variant) => variant.to_string(),
            Source::Graded(_) => "graded".to_owned(),
        }
    }

    /// The package's folder in the stage. A panic's location shows it, so it is
    /// the path that the reader knows.
    fn folder(&self, slug: &str) -> String {
        match self {
            Source::Variant(Variant::Kata) => format!("katas/{slug}"),
            Source::Variant(Variant::Solution) => format!("solutions/{slug}"),
            Source::Variant(Variant::Attempt(name)) => format!("{ATTEMPTS}{slug}/{name}"),
            Source::Graded(_) => format!("graded/{slug}"),
        }
    }
}

#[derive(Debug)]
pub(super) struct Stage {
    ws: Workspace,
    dir: PathBuf,
    target: PathBuf,
}

/// A package of the stage.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Package {
    pub name: String,
    folder: String,
}

impl Stage {
    pub fn new(ws: &Workspace, state: &Path) -> anyhow::Result<Self> {
        let dir = state.join("stage");
        std::fs::create_dir_all(&dir).with_context(|| format!("creating {}", dir.display()))?;
        Ok(Self {
            ws: ws.clone(),
            dir,
            target: state.join("stage-target"),
        })
    }

    pub fn dir(&self) -> &Path {
        &self.dir
    }

    pub fn target(&self) -> &Path {
        &self.target
    }

    /// A package's `Cargo.toml`, by which Cargo names it in its messages.
    pub fn manifest(&self, package: &Package) -> PathBuf {
        self.dir.join(&package.folder).join("Cargo.toml")
    }

    /// Waits until no other build uses the stage, and says so. The wait can be interrupted.
    pub async fn lock(&self) -> anyhow::Result<Locked<'_>> {
        let path = self.dir.join(".lock");
        let file = File::create(&path).with_context(|| format!("creating {}", path.display()))?;
        let mut told = false;
        while let Err(error) = file.try_lock() {
            let TryLockError::WouldBlock = error else {
                return Err(error).with_context(|| format!("locking {}", path.display()));
            };
            if !told {
                eprintln!("another `cargo kata` is compiling; waiting for it");
                told = true;
            }
            tokio::time::sleep(LOCK_LOOK).await;
        }
        Ok(Locked {
            stage: self,
            _file: file,
        })
    }
}

/// The stage, held by one build.
pub(super) struct Locked<'a> {
    stage: &'a Stage,
    _file: File,
}

impl Locked<'_> {
    /// Puts a package on the stage.
    pub fn put(&self, zone: &Zone, source: &Source) -> anyhow::Result<Package> {
        let folder = source.folder(&zone.slug);
        let package = Package {
            name: package_name(&folder),
            folder,
        };
        let dir = self.stage.dir.join(&package.folder);

        let mut manifest = read_toml(&zone.kata_dir().join("Cargo.toml"))?;
        if let Some(Value::Table(table)) = manifest.get_mut("package") {
            table.insert("name".into(), package.name.clone().into());
        }
        write_if_changed(&dir.join("Cargo.toml"), manifest.to_string().as_bytes())?;

        let up = "../".repeat(package.folder.split('/').count() + 1);
        let shim = format!(
            "use {} as zone;\n#[path = \"{up}tests/specs/{}.rs\"]\nmod spec;\n",
            package.name.replace('-', "_"),
            zone.snake()
        );
        write_if_changed(&dir.join("tests/spec.rs"), shim.as_bytes())?;

        let src = dir.join("src");
        match source {
            Source::Graded(text) => {
                remove_others(&src, &["lib.rs".into()])?;
                write_if_changed(&src.join("lib.rs"), text.as_bytes())?;
            }
            Source::Variant(variant) => match zone.sources(variant) {
                Some(from) => copy_folder(&from, &src)?,
                None => {
                    let path = zone.lib(variant);
                    let text = std::fs::read(&path)
                        .with_context(|| format!("reading {}", path.display()))?;
                    write_if_changed(&src.join("lib.rs"), &text)?;
                }
            },
        }
        Ok(package)
    }

    /// Writes what the packages share: the workspace's manifest, the lock file,
    /// and the specs.
    pub fn finish(&self, packages: &[Package], profile: Profile) -> anyhow::Result<()> {
        let root = self.stage.ws.root();
        let mut rooted = read_toml(&root.join("Cargo.toml"))?;
        let mut workspace = match rooted.remove("workspace") {
            Some(Value::Table(workspace)) => workspace,
            _ => bail!("{} has no [workspace]", root.join("Cargo.toml").display()),
        };
        workspace.remove("default-members");
        if let Some(Value::Table(dependencies)) = workspace.get_mut("dependencies") {
            dependencies.retain(|_, spec| spec.get("path").is_none());
        }
        let members = self.members(packages)?;
        let release = match rooted.remove("profile") {
            Some(Value::Table(mut profiles)) => profiles.remove("release"),
            _ => None,
        };
        let mut profiles = Table::new();
        profiles.insert(
            "release".into(),
            profile_of(release, profile, &members).into(),
        );
        workspace.insert("members".into(), members.into());
        let mut manifest = Table::new();
        manifest.insert("workspace".into(), workspace.into());
        manifest.insert("profile".into(), profiles.into());
        write_if_changed(
            &self.stage.dir.join("Cargo.toml"),
            manifest.to_string().as_bytes(),
        )?;

        // Cargo prunes what the stage does not need and keeps every version.
        let lock = root.join("Cargo.lock");
        let seen = self.stage.dir.join("Cargo.lock.seen");
        let text = std::fs::read(&lock).with_context(|| format!("reading {}", lock.display()))?;
        if std::fs::read(&seen).ok().as_deref() != Some(&text) {
            write(&self.stage.dir.join("Cargo.lock"), &text)?;
            write(&seen, &text)?;
        }

        let tests = self.stage.dir.join("tests");
        if tests.is_symlink() {
            // Of an older version: through it, a copy would go into somebody's sources.
            std::fs::remove_file(&tests)
                .with_context(|| format!("removing {}", tests.display()))?;
        }
        copy_folder(&root.join(SPECS), &self.stage.dir.join(SPECS))
    }

    /// Every package whose variant still exists. They stay members between
    /// builds: another list of members would be another workspace to resolve.
    fn members(&self, packages: &[Package]) -> anyhow::Result<Vec<String>> {
        let mut members: Vec<String> = packages.iter().map(|p| p.folder.clone()).collect();
        for slug in self.stage.ws.slugs()? {
            let Ok(zone) = self.stage.ws.zone(&slug) else {
                continue;
            };
            for variant in zone.variants() {
                let folder = Source::Variant(variant).folder(&slug);
                if self.stage.dir.join(&folder).join("src/lib.rs").is_file() {
                    members.push(folder);
                }
            }
            let graded = Source::Graded(String::new()).folder(&slug);
            if self.stage.dir.join(&graded).join("src/lib.rs").is_file() {
                members.push(graded);
            }
        }
        members.sort();
        members.dedup();
        Ok(members)
    }
}

/// The one profile of the stage, named `release` for both of ours: what all katas depend on is
/// compiled once for both, and so are attempts. For the quick one the other members are debug builds
/// in it, checks and all, which are optimized a little: without that each compiles in about a second
/// less, and a spec that crunches numbers runs for a second more.
fn profile_of(release: Option<Value>, profile: Profile, members: &[String]) -> Table {
    let mut table = match release {
        Some(Value::Table(release)) => release,
        _ => Table::new(),
    };
    // What is one unit needs none. What is several would be optimized twice.
    table.insert("lto".into(), "off".into());
    if profile == Profile::Quick {
        let mut quick = Table::new();
        quick.insert("opt-level".into(), 1.into());
        quick.insert("codegen-units".into(), 256.into());
        for check in ["debug-assertions", "overflow-checks", "incremental"] {
            quick.insert(check.into(), true.into());
        }
        let edited = members
            .iter()
            .filter(|folder| !folder.starts_with(ATTEMPTS));
        let packages = edited.map(|folder| (package_name(folder), quick.clone().into()));
        table.insert("package".into(), Table::from_iter(packages).into());
    }
    table
}

/// The name of the package in a folder of the stage.
fn package_name(folder: &str) -> String {
    format!("stage-{}", folder.replace('/', "-"))
}

fn read_toml(path: &Path) -> anyhow::Result<Table> {
    let text =
        std::fs::read_to_string(path).with_context(|| format!("reading {}", path.display()))?;
    text.parse()
        .with_context(|| format!("in {}", path.display()))
}

fn write_if_changed(path: &Path, contents: &[u8]) -> anyhow::Result<()> {
    if std::fs::read(path).ok().as_deref() == Some(contents) {
        return Ok(());
    }
    write(path, contents)
}

/// Makes `to` hold exactly the files of `from`.
fn copy_folder(from: &Path, to: &Path) -> anyhow::Result<()> {
    let mut names = Vec::new();
    for entry in from
        .read_dir()
        .with_context(|| format!("reading {}", from.display()))?
    {
        let entry = entry.with_context(|| format!("reading {}", from.display()))?;
        let (path, name) = (entry.path(), entry.file_name());
        if path.is_dir() {
            copy_folder(&path, &to.join(&name))?;
        } else {
            let text =
                std::fs::read(&path).with_context(|| format!("reading {}", path.display()))?;
            write_if_changed(&to.join(&name), &text)?;
        }
        names.push(name);
    }
    remove_others(to, &names)
}

/// Removes what is in `dir` under other names than `keep`.
fn remove_others(dir: &Path, keep: &[std::ffi::OsString]) -> anyhow::Result<()> {
    let Ok(entries) = dir.read_dir() else {
        return Ok(());
    };
    for entry in entries
        .flatten()
        .filter(|entry| !keep.contains(&entry.file_name()))
    {
        let path = entry.path();
        let removed = if path.is_dir() {
            std::fs::remove_dir_all(&path)
        } else {
            std::fs::remove_file(&path)
        };
        removed.with_context(|| format!("removing {}", path.display()))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn release() -> Option<Value> {
        let text = "opt-level = 3\ncodegen-units = 1\n";
        Some(text.parse::<Table>().unwrap().into())
    }

    #[test]
    fn quick_builds_check_the_reader_and_share_the_dependencies() {
        let members = ["katas/a-b", "graded/a-b", "attempts/a-b/c"].map(str::to_owned);
        let published = profile_of(release(), Profile::Release, &members);
        assert!(!published.contains_key("package"), "{published}");
        let mut quick = profile_of(release(), Profile::Quick, &members);
        let Some(Value::Table(packages)) = quick.remove("package") else {
            panic!("no overrides: {quick}");
        };
        assert_eq!(quick, published, "dependencies would be compiled twice");
        for name in ["stage-katas-a-b", "stage-graded-a-b"] {
            let package = packages[name].as_table().unwrap();
            assert_eq!(package["debug-assertions"], Value::Boolean(true));
            assert_eq!(package["overflow-checks"], Value::Boolean(true));
        }
        assert_eq!(packages.len(), 2, "an attempt has one build: {packages}");
    }
}
