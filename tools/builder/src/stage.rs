//! The stage: a generated workspace for each zone, which holds one package for each variant.
//!
//! One workspace for all zones would have hundreds of members, and Cargo would look at each of them after
//! every edit. They share a target folder, which is the stage's own: two workspaces that share one, with
//! packages of the same name at the same relative path, get the same artifact names, and then a
//! build of one can run the binary of the other. Files are copied only where
//! their text differs, always with a fresh time stamp: Cargo goes by time stamps
//! and would not rebuild for a file that is older than the last build, such as
//! one of another clone that shares this target folder.

use super::files::{copy_figures, copy_folder, read_toml, write_exactly, write_if_changed};
use super::profile::profile_of;
use super::source::{Edited, Source, proof_folder};
use super::toolchain::TARGET;
use super::{Profile, asked, write};
use anyhow::{Context, bail};
use kata_zones::{SPECS, Workspace, Zone};
use std::collections::BTreeMap;
use std::fs::{File, TryLockError};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};
use toml::{Table, Value};

/// How often a build that waits for another looks whether that one is done.
const LOCK_LOOK: Duration = Duration::from_millis(20);

/// The name of the stage's profile.
pub(super) const PROFILE: &str = "kata";

/// The root of every package.
const LIB: &str = "lib.rs";

/// The chapters, and the figures that commands keep beside them.
const CHAPTERS: &str = "src";

/// The specs of proofs: as deep as the others, since a spec may include a file by its relative path.
const ASKED: &str = "tests/asked";

#[derive(Debug, Clone)]
pub(super) struct Stage {
    ws: Workspace,
    dir: PathBuf,
    target: PathBuf,
}

/// A package of the stage.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Package {
    pub name: String,
    zone: String,
    /// Below the zone's workspace.
    folder: String,
}

impl Stage {
    pub fn new(ws: &Workspace, state: &Path) -> anyhow::Result<Self> {
        let dir = state.join("stages");
        std::fs::create_dir_all(&dir).with_context(|| format!("creating {}", dir.display()))?;
        Ok(Self {
            ws: ws.clone(),
            dir,
            target: state.join("stage-target"),
        })
    }

    /// The folder of all workspaces.
    pub fn dir(&self) -> &Path {
        &self.dir
    }

    /// Where compilers put what they need for a moment: the reader's `TMPDIR` may not be there.
    pub fn temporary(&self) -> PathBuf {
        self.dir.with_file_name("tmp")
    }

    /// A zone's workspace.
    pub fn of_zone(&self, slug: &str) -> PathBuf {
        self.dir.join(slug)
    }

    /// A package's workspace.
    pub fn of_package(&self, package: &Package) -> PathBuf {
        self.of_zone(&package.zone)
    }

    pub fn target(&self) -> &Path {
        &self.target
    }

    /// A package's `Cargo.toml`, by which Cargo names it in its messages.
    pub fn manifest(&self, package: &Package) -> PathBuf {
        self.of_package(package)
            .join(&package.folder)
            .join("Cargo.toml")
    }

    /// What rustc calls a package's `lib.rs`.
    pub fn lib(&self, package: &Package) -> String {
        format!("{}/src/{LIB}", package.folder)
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
        forget_future(&self.target, SystemTime::now());
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
            zone: zone.slug.clone(),
            folder,
        };
        let dir = self.stage.of_package(&package).join(&package.folder);

        let up = "../".repeat(package.folder.split('/').count());
        let contract = self.put_contract(zone)?;
        let mut manifest = read_toml(&zone.kata_dir().join("Cargo.toml"))?;
        if let Some(Value::Table(table)) = manifest.get_mut("package") {
            table.insert("name".into(), package.name.clone().into());
        }
        if let Some(Value::Table(dependencies)) = manifest.get_mut("dependencies")
            && let Some(Value::Table(given)) = dependencies.get_mut("contract")
        {
            given.insert("path".into(), format!("{up}{contract}").into());
        }
        write_if_changed(&dir.join("Cargo.toml"), manifest.to_string().as_bytes())?;

        let spec = match source {
            Source::Proof(edited) => self.put_asked(zone, edited)?,
            Source::Variant(_) | Source::Graded(_) | Source::Posted(_) => {
                format!("{SPECS}/{}.rs", zone.snake())
            }
        };
        let shim = format!(
            "use {} as zone;\n#[path = \"../{up}{spec}\"]\nmod spec;\n",
            package.name.replace('-', "_"),
        );
        write_if_changed(&dir.join("tests/spec.rs"), shim.as_bytes())?;

        let src = dir.join("src");
        match source {
            Source::Graded(files) | Source::Proof(Edited { files, .. }) => {
                write_exactly(&src, files)?;
            }
            Source::Posted(text) => {
                let mut files = zone.kata_sources()?;
                files.insert(LIB.into(), text.clone());
                write_exactly(&src, &files)?;
            }
            Source::Variant(variant) => match zone.sources(variant) {
                Some(from) => copy_folder(&from, &src)?,
                None => {
                    let path = zone.lib(variant);
                    let text = std::fs::read(&path)
                        .with_context(|| format!("reading {}", path.display()))?;
                    write_if_changed(&src.join(LIB), &text)?;
                }
            },
        }
        Ok(package)
    }

    /// Puts the spec of a proof on the stage and answers its file.
    fn put_asked(&self, zone: &Zone, edited: &Edited) -> anyhow::Result<String> {
        let name = format!("{}_{}", zone.snake(), edited.number);
        for (path, text) in asked::spec(zone, &edited.tests, &name)? {
            let asked = self.stage.of_zone(&zone.slug).join(ASKED);
            write_if_changed(&asked.join(path), text.as_bytes())?;
        }
        Ok(format!("{ASKED}/{name}.rs"))
    }

    /// Puts what is given in a zone on the stage, once for all its packages, and answers its folder.
    fn put_contract(&self, zone: &Zone) -> anyhow::Result<String> {
        let folder = format!("katas/{}/contract", zone.slug);
        for name in ["Cargo.toml", "contract.rs"] {
            let from = zone.contract_dir().join(name);
            let text =
                std::fs::read(&from).with_context(|| format!("reading {}", from.display()))?;
            let to = self.stage.of_zone(&zone.slug).join(&folder).join(name);
            write_if_changed(&to, &text)?;
        }
        Ok(folder)
    }

    /// Writes what the packages of a zone share: the workspace's manifest, the lock file,
    /// the spec, and the figures of the zone's part.
    pub fn finish(
        &self,
        zone: &Zone,
        packages: &[Package],
        profile: Profile,
    ) -> anyhow::Result<()> {
        let root = self.stage.ws.root();
        let dir = self.stage.of_zone(&zone.slug);
        let mut rooted = read_toml(&root.join("Cargo.toml"))?;
        let mut workspace = match rooted.remove("workspace") {
            Some(Value::Table(workspace)) => workspace,
            _ => bail!("{} has no [workspace]", root.join("Cargo.toml").display()),
        };
        workspace.remove("default-members");
        if let Some(Value::Table(dependencies)) = workspace.get_mut("dependencies") {
            dependencies.retain(|_, spec| spec.get("path").is_none());
        }
        let members = members(zone, packages, &dir);
        let release = match rooted.remove("profile") {
            Some(Value::Table(mut profiles)) => profiles.remove("release"),
            _ => None,
        };
        let mut profiles = Table::new();
        profiles.insert(
            PROFILE.into(),
            profile_of(release, profile, &members).into(),
        );
        workspace.insert("members".into(), members.into());
        let mut manifest = Table::new();
        manifest.insert("workspace".into(), workspace.into());
        manifest.insert("profile".into(), profiles.into());
        write_if_changed(&dir.join("Cargo.toml"), manifest.to_string().as_bytes())?;

        // Cargo prunes what the zone does not need and keeps every version.
        let lock = root.join("Cargo.lock");
        let seen = dir.join("Cargo.lock.seen");
        let text = std::fs::read(&lock).with_context(|| format!("reading {}", lock.display()))?;
        if std::fs::read(&seen).ok().as_deref() != Some(&text) {
            write(&dir.join("Cargo.lock"), &text)?;
            write(&seen, &text)?;
        }

        // All of them, since specs share modules.
        copy_folder(&root.join(SPECS), &dir.join(SPECS))?;
        // What a command keeps for a chapter, a spec may hold against the browser.
        let part = Path::new(CHAPTERS).join(zone.manifest.part.folder());
        copy_figures(&root.join(&part), &dir.join(&part))
    }
}

/// Every package of a zone whose variant still exists. They stay members between
/// builds: another list of members would be another workspace to resolve.
fn members(zone: &Zone, packages: &[Package], dir: &Path) -> Vec<String> {
    let variants = zone.variants().into_iter();
    let variants = variants.map(|variant| Source::Variant(variant).folder(&zone.slug));
    let graded = Source::Graded(BTreeMap::new()).folder(&zone.slug);
    let proofs = zone.proofs().map_or(0, |proofs| proofs.proofs.len());
    let proofs = (1..=proofs).map(|number| proof_folder(&zone.slug, number));
    let known = variants.chain([graded]).chain(proofs);
    let mut members: Vec<String> = packages
        .iter()
        .map(|package| package.folder.clone())
        .chain(known.filter(|folder| dir.join(folder).join("src/lib.rs").is_file()))
        .collect();
    members.sort();
    members.dedup();
    members
}

/// Has Cargo forget what it built later than `now`, before the clock was set back: a text that is written now would be older,
/// and so the old program would be taken for it.
fn forget_future(target: &Path, now: SystemTime) {
    let known = target.join(TARGET).join(PROFILE).join(".fingerprint");
    for unit in known.read_dir().into_iter().flatten().flatten() {
        let built = std::fs::metadata(unit.path().join("invoked.timestamp"));
        if built.is_ok_and(|file| file.modified().is_ok_and(|built| built > now)) {
            // What stays is as Cargo has it.
            let _ = std::fs::remove_dir_all(unit.path());
        }
    }
}

/// The name of the package in a folder of the stage.
pub(super) fn package_name(folder: &str) -> String {
    format!("stage-{}", folder.replace('/', "-"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_built_later_than_now_is_forgotten() {
        let dir = tempfile::tempdir().unwrap();
        let known = dir.path().join(TARGET).join(PROFILE).join(".fingerprint");
        let now = SystemTime::now();
        for (unit, built) in [
            ("later", now + Duration::from_secs(60)),
            ("before", now - Duration::from_secs(60)),
        ] {
            let file = known.join(unit).join("invoked.timestamp");
            write(&file, "").unwrap();
            let file = File::options().write(true).open(file).unwrap();
            file.set_modified(built).unwrap();
        }
        forget_future(dir.path(), now);
        assert!(known.join("before").is_dir());
        assert!(!known.join("later").exists());
    }
}
