//! Files of the stage: copied or written only where they differ.

use super::write;
use anyhow::Context;
use kata_zones::is_hidden;
use std::collections::BTreeMap;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use toml::Table;

pub(super) fn read_toml(path: &Path) -> anyhow::Result<Table> {
    let text =
        std::fs::read_to_string(path).with_context(|| format!("reading {}", path.display()))?;
    text.parse()
        .with_context(|| format!("in {}", path.display()))
}

pub(super) fn write_if_changed(path: &Path, contents: &[u8]) -> anyhow::Result<()> {
    if std::fs::read(path).ok().as_deref() == Some(contents) {
        return Ok(());
    }
    write(path, contents)
}

/// A file of a folder that was listed just now: an editor may have taken it away again.
fn read_listed(path: &Path) -> anyhow::Result<Option<Vec<u8>>> {
    match std::fs::read(path) {
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        read => read
            .map(Some)
            .with_context(|| format!("reading {}", path.display())),
    }
}

/// Makes `to` hold exactly the files of `from` that are not hidden.
pub(super) fn copy_folder(from: &Path, to: &Path) -> anyhow::Result<()> {
    let mut names = Vec::new();
    for entry in from
        .read_dir()
        .with_context(|| format!("reading {}", from.display()))?
    {
        let entry = entry.with_context(|| format!("reading {}", from.display()))?;
        let (path, name) = (entry.path(), entry.file_name());
        if is_hidden(&name) {
            continue;
        }
        if path.is_dir() {
            copy_folder(&path, &to.join(&name))?;
        } else if let Some(text) = read_listed(&path)? {
            write_if_changed(&to.join(&name), &text)?;
        } else {
            continue;
        }
        names.push(name);
    }
    remove_others(to, &names)
}

/// Copies the figures that a folder of chapters keeps.
pub(super) fn copy_figures(from: &Path, to: &Path) -> anyhow::Result<()> {
    let Ok(entries) = from.read_dir() else {
        // A part without a chapter: that is for the check of the files to say.
        return Ok(());
    };
    for path in entries.flatten().map(|entry| entry.path()) {
        if let Some(name) = path.file_name()
            && !is_hidden(name)
            && path
                .extension()
                .is_some_and(|extension| extension == "json")
            && let Some(text) = read_listed(&path)?
        {
            write_if_changed(&to.join(name), &text)?;
        }
    }
    Ok(())
}

/// Makes `to` hold exactly these files. A module of the last answer would be found by this one.
pub(super) fn write_exactly(to: &Path, files: &BTreeMap<PathBuf, String>) -> anyhow::Result<()> {
    let mut folders = vec![PathBuf::new()];
    while let Some(folder) = folders.pop() {
        let Ok(entries) = to.join(&folder).read_dir() else {
            continue;
        };
        for entry in entries.flatten() {
            let (path, name) = (entry.path(), folder.join(entry.file_name()));
            if path.is_dir() {
                folders.push(name);
            } else if !files.contains_key(&name) {
                std::fs::remove_file(&path)
                    .with_context(|| format!("removing {}", path.display()))?;
            }
        }
    }
    for (path, text) in files {
        write_if_changed(&to.join(path), text.as_bytes())?;
    }
    Ok(())
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

    /// Emacs's lock is a link to nowhere; macOS writes a file of its own beside each.
    #[test]
    fn what_editors_and_systems_put_beside_a_file_stays_there() {
        let dir = tempfile::tempdir().unwrap();
        let (from, to) = (dir.path().join("from"), dir.path().join("to"));
        for name in ["lib.rs", "._lib.rs", ".vscode/a.rs", "deep/inner.rs"] {
            crate::write(&from.join(name), "").unwrap();
        }
        crate::write(&to.join("._lib.rs"), "of an older version").unwrap();
        for link in [".#lib.rs", "gone.rs"] {
            std::os::unix::fs::symlink("me@host.4711", from.join(link)).unwrap();
        }
        copy_folder(&from, &to).unwrap();
        assert_eq!(
            kata_zones::rust_files(&from).unwrap(),
            ["deep/inner.rs", "gone.rs", "lib.rs"].map(PathBuf::from)
        );
        let mut copied: Vec<_> = to
            .read_dir()
            .unwrap()
            .map(|entry| entry.unwrap().file_name())
            .collect();
        copied.sort();
        assert_eq!(copied, ["deep", "lib.rs"]);
    }

    #[test]
    fn of_the_last_answer_no_module_stays() {
        let dir = tempfile::tempdir().unwrap();
        let src = dir.path().join("src");
        let files = |names: &[&str]| {
            let all = names
                .iter()
                .map(|name| (PathBuf::from(name), (*name).to_owned()));
            all.collect::<BTreeMap<_, _>>()
        };
        for names in [
            &["deep/inner.rs", "deep/outer.rs", "lib.rs"][..],
            &["deep/outer.rs", "lib.rs"],
            &["deep.rs", "lib.rs"],
        ] {
            write_exactly(&src, &files(names)).unwrap();
            let mut found = Vec::new();
            for name in ["deep.rs", "deep/inner.rs", "deep/outer.rs", "lib.rs"] {
                found.extend(src.join(name).is_file().then_some(name));
            }
            assert_eq!(found, names);
        }
    }
}
