//! A place for temporary files that browsers can use.
//!
//! They put sockets there, whose paths may have about a hundred bytes in all, and some file systems
//! hold no sockets. So a folder of `TMPDIR` is tried before it is used, and `/tmp` is next.

use std::env;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::net::UnixListener;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail, ensure};
use tempfile::TempDir;

/// The longest path that leaves room for Chromium's socket, which is 57 bytes further down, below the
/// 107 that Linux allows. macOS's own `TMPDIR` has 49.
const LONGEST: usize = 50;

/// Makes a folder that goes away when it is dropped.
pub fn temporary_folder() -> anyhow::Result<TempDir> {
    first_usable(&[env::temp_dir(), "/tmp".into(), "/var/tmp".into()])
}

fn first_usable(parents: &[PathBuf]) -> anyhow::Result<TempDir> {
    let mut reasons = Vec::new();
    for parent in parents {
        match folder_in(parent) {
            Ok(folder) => return Ok(folder),
            Err(reason) => reasons.push(format!("{}: {reason:#}", parent.display())),
        }
    }
    bail!(
        "no folder here can hold a browser's temporary files ({}); TMPDIR names another one",
        reasons.join("; ")
    )
}

fn folder_in(parent: &Path) -> anyhow::Result<TempDir> {
    ensure!(parent.is_absolute(), "not an absolute path");
    ensure!(
        parent.as_os_str().as_bytes().len() <= LONGEST,
        "too long for a browser's sockets"
    );
    let folder = tempfile::Builder::new()
        .prefix("kata-")
        .tempdir_in(parent)?;
    let socket = folder.path().join("socket");
    UnixListener::bind(&socket).context("it holds no sockets")?;
    std::fs::remove_file(socket)?;
    Ok(folder)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_that_cannot_be_used_is_passed_over() {
        let parent = tempfile::tempdir_in("/tmp").unwrap();
        let long = parent.path().join("long".repeat(20));
        std::fs::create_dir(&long).unwrap();
        let missing = parent.path().join("missing");
        let odd = parent.path().join("ein Übel");
        std::fs::create_dir(&odd).unwrap();
        let parents = [long, missing, "relative".into(), odd.clone()];
        let folder = first_usable(&parents).unwrap();
        assert!(folder.path().starts_with(odd));
        let error = first_usable(&parents[..3]).unwrap_err().to_string();
        for words in ["too long", "No such file", "not an absolute path", "TMPDIR"] {
            assert!(error.contains(words), "no `{words}` in {error}");
        }
    }
}
