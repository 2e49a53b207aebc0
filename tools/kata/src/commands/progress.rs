//! How far the reader is: hints seen and katas solved.
//!
//! It is one file in the clone, which git ignores: what frees disk space (`cargo clean`) leaves it alone.
//! It is read and written under a lock and replaced whole, so no interruption and no other command
//! leaves half of it. What cannot be read is kept aside.

use super::owner;
use anyhow::{Context, bail};
use kata_zones::{Workspace, Zone};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File};
use std::io::{ErrorKind, Write};
use std::path::Path;

/// The file, below the repository.
const FILE: &str = ".kata-progress.toml";

/// Held while the file is read or replaced.
const LOCK: &str = ".kata-progress.lock";

/// Where an older version kept the same, in folders that Cargo cleans.
const OLD: [&str; 2] = ["target/kata/hints", "target/kata/solved"];

/// What is known of the reader.
#[derive(Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Progress {
    /// How many hints of each zone were shown.
    hints: BTreeMap<String, usize>,
    /// SHA-256 of the sources with which each zone was solved.
    solved: BTreeMap<String, String>,
}

impl Progress {
    /// How many hints of a zone were shown.
    pub fn hints(&self, slug: &str) -> usize {
        self.hints.get(slug).copied().unwrap_or_default()
    }

    /// So many hints of a zone have been shown.
    pub fn show_hints(&mut self, slug: &str, level: usize) {
        self.hints.insert(slug.to_owned(), level);
    }

    /// Whether the kata, as it is now, has passed its spec.
    pub fn is_solved(&self, zone: &Zone) -> bool {
        self.solved
            .get(&zone.slug)
            .is_some_and(|sum| *sum == zone.kata_sources_sha256())
    }

    /// Forgets a zone, and answers how many of its hints were shown and with which `lib.rs` it was solved.
    pub fn forget(&mut self, slug: &str) -> (usize, Option<String>) {
        let hints = self.hints.remove(slug).unwrap_or_default();
        (hints, self.solved.remove(slug))
    }

    /// The zones of which anything is known.
    pub fn slugs(&self) -> BTreeSet<String> {
        self.hints
            .keys()
            .chain(self.solved.keys())
            .cloned()
            .collect()
    }

    /// The kata, as it is now, passes its spec.
    pub fn solve(&mut self, zone: &Zone) {
        self.solved
            .insert(zone.slug.clone(), zone.kata_sources_sha256());
    }
}

/// What is known; nothing, with a word on why, if that cannot be read.
pub fn read(ws: &Workspace) -> Progress {
    // Without a lock, as in a clone that cannot be written to, nobody else writes either.
    let _turn = lock(ws.root());
    load(ws.root()).unwrap_or_else(|error| {
        eprintln!("note: {error:#}");
        Progress::default()
    })
}

/// Changes what is known.
///
/// # Errors
/// When the file cannot be read or replaced; then it is as it was.
pub fn change(ws: &Workspace, make: impl FnOnce(&mut Progress)) -> anyhow::Result<()> {
    let _turn = lock(ws.root())?;
    let mut progress = load(ws.root())?;
    make(&mut progress);
    save(ws.root(), &progress)
}

fn lock(root: &Path) -> anyhow::Result<File> {
    let path = root.join(LOCK);
    let file = File::create(&path).with_context(|| format!("creating {}", path.display()))?;
    owner::take_from(root, &path);
    file.lock()
        .with_context(|| format!("locking {}", path.display()))?;
    Ok(file)
}

fn load(root: &Path) -> anyhow::Result<Progress> {
    let path = root.join(FILE);
    let bytes = match fs::read(&path) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == ErrorKind::NotFound => {
            return take_over(root);
        }
        Err(error) => return Err(error).with_context(|| format!("reading {}", path.display())),
    };
    let parsed = std::str::from_utf8(&bytes)
        .map_err(|error| error.to_string())
        .and_then(|text| toml::from_str(text).map_err(|error| error.message().to_owned()));
    match parsed {
        Ok(progress) => Ok(progress),
        Err(why) => {
            let aside = put_aside(&path)?;
            eprintln!("note: {FILE} could not be read ({why}); it is kept as {aside}");
            Ok(Progress::default())
        }
    }
}

/// Gives a file a name that nothing has, and answers it.
fn put_aside(path: &Path) -> anyhow::Result<String> {
    for n in 1..1000 {
        let name = format!("{FILE}.{n}.bak");
        let aside = path.with_file_name(&name);
        // Our lock is held: nobody takes the name meanwhile.
        if !aside.exists() {
            fs::rename(path, &aside)
                .with_context(|| format!("keeping {} as {name}", path.display()))?;
            return Ok(name);
        }
    }
    bail!("no free name to keep {} by", path.display())
}

/// What an older version has kept, once.
fn take_over(root: &Path) -> anyhow::Result<Progress> {
    let old = OLD.map(|folder| root.join(folder));
    let mut progress = Progress::default();
    for (slug, level) in texts(&old[0]) {
        if let Ok(level) = level.trim().parse() {
            progress.hints.insert(slug, level);
        }
    }
    progress.solved.extend(texts(&old[1]));
    if progress != Progress::default() {
        save(root, &progress)?;
        for folder in old {
            // What is left is not looked at again: the file is there.
            let _ = fs::remove_dir_all(folder);
        }
    }
    Ok(progress)
}

/// The files of a folder that hold text, by their names.
fn texts(folder: &Path) -> impl Iterator<Item = (String, String)> {
    let entries = folder.read_dir().into_iter().flatten().flatten();
    entries.filter_map(|entry| {
        let name = entry.file_name().into_string().ok()?;
        Some((name, fs::read_to_string(entry.path()).ok()?))
    })
}

fn save(root: &Path, progress: &Progress) -> anyhow::Result<()> {
    let path = root.join(FILE);
    let writing = || format!("writing {}", path.display());
    let text = toml::to_string(progress).with_context(writing)?;
    let mut whole = tempfile::Builder::new()
        .prefix(".kata-progress-")
        .tempfile_in(root)
        .with_context(writing)?;
    write!(
        whole,
        "# Hints that you have seen and katas that you have solved. Only this clone knows.\n{text}"
    )
    .with_context(writing)?;
    whole.as_file().sync_all().with_context(writing)?;
    owner::take_from(root, whole.path());
    whole.persist(&path).with_context(writing)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A clone with nothing in it but what makes it one.
    fn clone() -> (tempfile::TempDir, Workspace) {
        let dir = tempfile::tempdir().unwrap();
        fs::write(dir.path().join("book.toml"), "").unwrap();
        fs::create_dir(dir.path().join("katas")).unwrap();
        let ws = Workspace::find(dir.path()).unwrap();
        (dir, ws)
    }

    fn hint(ws: &Workspace, slug: &str, level: usize) {
        change(ws, |progress| progress.show_hints(slug, level)).unwrap();
    }

    #[test]
    fn commands_that_meet_lose_nothing() {
        let (_dir, ws) = clone();
        std::thread::scope(|scope| {
            for n in 0..20 {
                let ws = &ws;
                scope.spawn(move || hint(ws, &format!("zone-{n}"), n));
            }
        });
        let progress = read(&ws);
        for n in 0..20 {
            assert_eq!(progress.hints(&format!("zone-{n}")), n);
        }
    }

    #[test]
    fn what_is_no_progress_is_kept_aside() {
        let (dir, ws) = clone();
        let texts: [&[u8]; 4] = [b"hints = 7\n", b"<<<<<<< HEAD\n", b"[later]\n", b"\xff\xfe"];
        for (n, text) in texts.iter().enumerate() {
            fs::write(dir.path().join(FILE), text).unwrap();
            hint(&ws, "a-trap", n);
            let kept = dir.path().join(format!("{FILE}.{}.bak", n + 1));
            assert_eq!(fs::read(kept).unwrap(), *text);
            assert_eq!(read(&ws).hints("a-trap"), n);
        }
    }

    #[test]
    fn what_is_forgotten_is_told_and_nothing_else_is() {
        let (_dir, ws) = clone();
        hint(&ws, "a-trap", 2);
        hint(&ws, "another", 1);
        let mut told = None;
        change(&ws, |progress| told = Some(progress.forget("a-trap"))).unwrap();
        assert_eq!(told, Some((2, None)));
        let left: Vec<String> = read(&ws).slugs().into_iter().collect();
        assert_eq!(left, ["another"]);
    }

    #[test]
    fn an_older_versions_progress_is_taken_over_once() {
        let (dir, ws) = clone();
        let old = dir.path().join("target/kata");
        for (file, text) in [
            ("hints/a-trap", "2"),
            ("solved/a-trap", "5e1f"),
            ("hints/odd", "x"),
        ] {
            fs::create_dir_all(old.join(file).parent().unwrap()).unwrap();
            fs::write(old.join(file), text).unwrap();
        }
        let taken = take_over(dir.path()).unwrap();
        assert_eq!(taken.hints("a-trap"), 2);
        assert_eq!(taken.solved["a-trap"], "5e1f");
        assert_eq!(read(&ws), taken);
        // What the reader throws away does not come back.
        let again = take_over(dir.path()).unwrap();
        assert_eq!(again, Progress::default());
    }

    #[test]
    fn what_cannot_be_read_is_not_written_over() {
        let (dir, ws) = clone();
        fs::create_dir(dir.path().join(FILE)).unwrap();
        fs::write(dir.path().join(FILE).join("mine"), "").unwrap();
        assert!(change(&ws, |progress| progress.show_hints("a-trap", 1)).is_err());
        assert!(dir.path().join(FILE).join("mine").is_file());
    }
}
