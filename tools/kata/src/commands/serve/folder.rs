//! The folder that one server builds its book in, gone when the server is.
//!
//! A server that is interrupted removes its folder. One that is killed cannot; its
//! lock goes with it, and the next server removes what nobody holds a lock on.

use anyhow::Context;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use tempfile::TempDir;

/// The file in each folder that its server holds locked.
const LOCK: &str = "lock";

/// A folder of one server's own.
pub struct Folder {
    dir: TempDir,
    _lock: File,
}

impl Folder {
    /// Makes a folder in `parent`, after removing those of servers that were killed.
    pub fn create(parent: &Path) -> anyhow::Result<Self> {
        fs::create_dir_all(parent).with_context(|| format!("creating {}", parent.display()))?;
        // Servers that start together take turns: a folder is never seen before its lock is held.
        let turn = parent.join(".turn");
        let turn = File::create(&turn).with_context(|| format!("creating {}", turn.display()))?;
        turn.lock().context("waiting for another server to start")?;
        for left in abandoned(parent)? {
            fs::remove_dir_all(&left).with_context(|| format!("removing {}", left.display()))?;
        }
        let dir = tempfile::tempdir_in(parent).context("making a folder for the book")?;
        let lock = File::create(dir.path().join(LOCK)).context("making the folder's lock")?;
        lock.lock().context("locking the folder")?;
        Ok(Self { dir, _lock: lock })
    }

    pub fn path(&self) -> &Path {
        self.dir.path()
    }
}

/// The folders whose servers are gone.
fn abandoned(parent: &Path) -> anyhow::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(parent).with_context(|| format!("reading {}", parent.display()))? {
        let path = entry
            .with_context(|| format!("reading {}", parent.display()))?
            .path();
        let held = File::open(path.join(LOCK)).is_ok_and(|lock| lock.try_lock().is_err());
        if path.is_dir() && !held {
            found.push(path);
        }
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_of_a_killed_server_is_removed_and_a_living_one_stays() {
        let parent = tempfile::tempdir().unwrap();
        let living = Folder::create(parent.path()).unwrap();
        // A killed server: its folder and lock file are there, but nobody holds the lock.
        let killed = parent.path().join("killed");
        fs::create_dir_all(killed.join("site")).unwrap();
        fs::write(killed.join(LOCK), "").unwrap();
        let next = Folder::create(parent.path()).unwrap();
        assert!(!killed.exists(), "a killed server's folder is still there");
        assert!(living.path().exists(), "a living server lost its folder");
        assert_ne!(living.path(), next.path());
    }
}
