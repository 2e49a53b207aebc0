//! The folder beside the site, or in it, where the next one is built.
//!
//! A build that ends, is interrupted or fails removes it. One that is killed cannot; its lock goes
//! with it, and the next build beside it removes what nobody holds a lock on.

use anyhow::Context;
use std::fs::{self, File};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

/// How the folders' names begin.
const PREFIX: &str = ".kata-staging-";

/// The file in each folder that its build holds locked.
const LOCK: &str = "lock";

/// A staging folder, gone when it is dropped.
pub struct Staging {
    dir: TempDir,
    _lock: File,
}

impl Staging {
    /// Makes a folder beside `out`; in it, where nothing can take its place: it is a mount point, or its parent cannot be
    /// written to.
    ///
    /// # Errors
    /// When neither can be made.
    pub fn of(out: &Path) -> anyhow::Result<Self> {
        let parent = out.parent().context("the output folder needs a parent")?;
        fs::create_dir_all(parent).with_context(|| format!("creating {}", parent.display()))?;
        let device = |folder: &Path| fs::metadata(folder).map(|folder| folder.dev());
        if !out.is_dir() {
            return Self::create(parent);
        }
        if device(out)? != device(parent)? {
            return Self::create(out);
        }
        Self::create(parent).or_else(|_| Self::create(out))
    }

    /// Makes a folder in `parent`, after removing those of builds that were killed.
    ///
    /// # Errors
    /// When it cannot be made. What cannot be removed now is removed another time.
    fn create(parent: &Path) -> anyhow::Result<Self> {
        for left in abandoned(parent) {
            let _ = fs::remove_dir_all(left);
        }
        let making = || format!("making a staging folder in {}", parent.display());
        let dir = tempfile::Builder::new()
            .prefix(PREFIX)
            .tempdir_in(parent)
            .with_context(making)?;
        // Under its name only once it is held, so that no other build takes us for dead.
        let unnamed = dir.path().join("lock.new");
        let lock = File::create(&unnamed).with_context(making)?;
        lock.lock().with_context(making)?;
        fs::rename(&unnamed, dir.path().join(LOCK)).with_context(making)?;
        Ok(Self { dir, _lock: lock })
    }

    /// The folder.
    pub fn path(&self) -> &Path {
        self.dir.path()
    }
}

/// The folders whose builds are gone.
fn abandoned(parent: &Path) -> Vec<PathBuf> {
    let Ok(entries) = parent.read_dir() else {
        return Vec::new();
    };
    entries
        .flatten()
        .filter(|entry| entry.file_name().to_string_lossy().starts_with(PREFIX))
        .map(|entry| entry.path())
        .filter(|path| File::open(path.join(LOCK)).is_ok_and(|lock| lock.try_lock().is_ok()))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_killed_build_left_is_removed_and_nothing_else() {
        let parent = tempfile::tempdir().unwrap();
        let living = Staging::create(parent.path()).unwrap();
        let killed = parent.path().join(".kata-staging-killed");
        fs::create_dir_all(killed.join("site")).unwrap();
        fs::write(killed.join(LOCK), "").unwrap();
        let others = [".kata-staging-begins", "lock"].map(|name| parent.path().join(name));
        for other in &others {
            fs::create_dir(other).unwrap();
        }
        let next = Staging::create(parent.path()).unwrap();
        assert!(!killed.exists(), "a killed build's folder is still there");
        assert!(living.path().exists(), "a living build lost its folder");
        assert!(others.iter().all(|other| other.exists()));
        assert!(next.path().exists());
    }
}
