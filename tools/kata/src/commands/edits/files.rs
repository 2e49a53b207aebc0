//! How the watched files look, so that a second look tells which have changed.
//!
//! Not every system tells of every edit: there may be no watch left to have, and what is written below an
//! overlay or on the other side of a network mount is told to nobody here. Looking always works.

use std::collections::BTreeMap;
use std::fs::{self, Metadata};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

/// What the book is made of, below the repository.
pub const WATCHED: [&str; 7] = [
    "katas",
    "solutions",
    "tests/specs",
    "tests/attempts",
    "src",
    "theme",
    "book.toml",
];

/// Deeper than any folder of the book is. A link may lead in a circle.
const DEEPEST: usize = 8;

/// The watched files, by their paths below the repository.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Files(BTreeMap<PathBuf, Look>);

/// What changes when a file is written, replaced or put back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Look {
    length: u64,
    inode: u64,
    modified: (i64, i64),
    changed: (i64, i64),
}

impl Files {
    /// Looks at all of them.
    pub fn look(root: &Path) -> Self {
        let mut files = BTreeMap::new();
        for place in WATCHED {
            collect(root, Path::new(place), DEEPEST, &mut files);
        }
        Self(files)
    }

    /// The files that are new, gone or different in a later look.
    pub fn changed_in<'a>(&'a self, later: &'a Self) -> impl Iterator<Item = &'a Path> {
        let other = |(path, look): &(&PathBuf, &Look)| later.0.get(*path) != Some(*look);
        let gone_or_different = self.0.iter().filter(other).map(|(path, _)| path);
        let new = later.0.keys().filter(|path| !self.0.contains_key(*path));
        gone_or_different.chain(new).map(PathBuf::as_path)
    }
}

fn collect(root: &Path, place: &Path, depth: usize, files: &mut BTreeMap<PathBuf, Look>) {
    // What is gone since it was listed, or cannot be read, is not there.
    let path = root.join(place);
    let Ok(metadata) = fs::metadata(&path) else {
        return;
    };
    if metadata.is_file() {
        files.insert(place.to_owned(), look(&metadata));
    } else if metadata.is_dir() && depth > 0 {
        for entry in path.read_dir().into_iter().flatten().flatten() {
            let name = entry.file_name();
            // What Cargo builds is no source.
            if name != "target" {
                collect(root, &place.join(name), depth - 1, files);
            }
        }
    }
}

fn look(metadata: &Metadata) -> Look {
    Look {
        length: metadata.len(),
        inode: metadata.ino(),
        modified: (metadata.mtime(), metadata.mtime_nsec()),
        changed: (metadata.ctime(), metadata.ctime_nsec()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What a second look at a repository finds, after something was done to it.
    fn changed(act: impl FnOnce(&Path)) -> Vec<PathBuf> {
        let dir = tempfile::tempdir().unwrap();
        let source = dir.path().join("katas/a-trap/src");
        fs::create_dir_all(&source).unwrap();
        fs::write(source.join("lib.rs"), "// one\n").unwrap();
        let before = Files::look(dir.path());
        assert_eq!(before.changed_in(&Files::look(dir.path())).count(), 0);
        act(&source);
        let after = Files::look(dir.path());
        before.changed_in(&after).map(Path::to_owned).collect()
    }

    #[test]
    fn every_way_to_save_a_file_is_seen() {
        let lib = [PathBuf::from("katas/a-trap/src/lib.rs")];
        let written = changed(|source| fs::write(source.join("lib.rs"), "// more\n").unwrap());
        assert_eq!(written, lib);
        let replaced = changed(|source| {
            // Of the same length and with the old time, as `cp -p` and some backups leave it.
            let old = fs::metadata(source.join("lib.rs")).unwrap();
            fs::write(source.join("lib.rs~"), "// two\n").unwrap();
            let new = fs::File::options()
                .append(true)
                .open(source.join("lib.rs~"));
            new.unwrap().set_modified(old.modified().unwrap()).unwrap();
            fs::rename(source.join("lib.rs~"), source.join("lib.rs")).unwrap();
        });
        assert_eq!(replaced, lib);
        let removed = changed(|source| fs::remove_dir_all(source).unwrap());
        assert_eq!(removed, lib);
    }

    #[test]
    fn a_new_file_is_seen_and_what_cargo_builds_is_not() {
        let new = changed(|source| {
            fs::create_dir_all(source.join("target/debug")).unwrap();
            fs::write(source.join("target/debug/x"), "").unwrap();
            fs::write(source.join("more.rs"), "").unwrap();
        });
        assert_eq!(new, [PathBuf::from("katas/a-trap/src/more.rs")]);
    }

    #[test]
    fn a_link_that_leads_in_a_circle_has_an_end() {
        let found = changed(|source| std::os::unix::fs::symlink("..", source.join("up")).unwrap());
        assert!(!found.is_empty());
    }
}
