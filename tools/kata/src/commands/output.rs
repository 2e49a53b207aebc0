//! The folder where a site goes: what a build made there is replaced, what no build made survives.
//!
//! People put a `CNAME`, a note or a whole `.git` into it. A list of what the last build made tells
//! those from its own. They are linked into the new site before it takes the old one's place, so there is
//! no moment without them, however the command ends.

use anyhow::{Context, bail};
use rustix::fs::{CWD, RenameFlags, renameat_with};
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// Marks a folder as one that a build made, and lists the files of that build, one a line.
const MARKER: &str = ".kata-site";

/// The first line of the list.
const HEAD: &str = "Files that `cargo kata build` made here; it replaces these and no others.";

/// An output folder that may be written.
#[derive(Debug)]
pub struct Output {
    out: PathBuf,
    made: Made,
}

/// What the last build left.
#[derive(Debug)]
enum Made {
    /// These files.
    Files(BTreeSet<PathBuf>),
    /// A version that kept no list made it: whatever the next build does not make stays.
    Unknown,
}

impl Output {
    /// The folder, if it does not exist, is empty, or is one that a build made.
    ///
    /// # Errors
    /// When it is a file, or holds what no build made and nothing that one did.
    pub fn of(out: &Path) -> anyhow::Result<Self> {
        if out.is_file() {
            bail!("{} is a file; the site needs a folder", out.display());
        }
        let is_empty = out
            .read_dir()
            .is_ok_and(|mut entries| entries.next().is_none());
        let made = match fs::read_to_string(out.join(MARKER)) {
            Ok(list) => match list.strip_prefix(HEAD) {
                Some(files) => Made::Files(files.lines().skip(1).map(PathBuf::from).collect()),
                None => Made::Unknown,
            },
            Err(_) if is_empty || !out.exists() => Made::Files(BTreeSet::new()),
            Err(_) => bail!(
                "{} is not empty and was not made by this command; it is left as it is",
                out.display()
            ),
        };
        Ok(Self {
            out: out.to_owned(),
            made,
        })
    }

    /// Puts `site` in the folder's place, with everything that no build made; the old site goes with
    /// the staging folder.
    ///
    /// # Errors
    /// When the site would write over a file that no build made, or cannot be moved. Then the folder is
    /// as it was, unless its entries are replaced one by one.
    pub fn replace(&self, site: &Path, staging: &Path) -> anyhow::Result<()> {
        let mut list = format!("{HEAD}\n{MARKER}\n");
        for (name, _) in entries_below(site)?
            .iter()
            .filter(|(_, kind)| !kind.is_dir())
        {
            let name = name.to_str().context("a site has plain names")?;
            list.push_str(name);
            list.push('\n');
        }
        fs::write(site.join(MARKER), list).context("marking the site")?;
        self.carry_over(site, staging)?;
        if staging.starts_with(&self.out) {
            return swap_entries(site, &self.out, staging);
        }
        swap(site, &self.out, &staging.join("old"))
    }

    /// Links what no build made into the new site, and gives its folders the modes of the old ones.
    fn carry_over(&self, site: &Path, staging: &Path) -> anyhow::Result<()> {
        if !self.out.exists() {
            return Ok(());
        }
        let mut kept = vec![(self.out.clone(), site.to_owned())];
        let mut all = entries_below(&self.out)?;
        all.retain(|(name, _)| !self.out.join(name).starts_with(staging));
        let is_made = |name: &Path| match &self.made {
            Made::Files(files) => files.contains(name),
            Made::Unknown => site.join(name).symlink_metadata().is_ok(),
        };
        for (name, kind) in &all {
            let (from, to) = (self.out.join(name), site.join(name));
            let keeping = || format!("keeping {}, which no build made", from.display());
            if kind.is_dir() {
                // One that holds nothing else than files of the last build goes with them.
                let below = all.iter().filter(|(other, _)| other.starts_with(name));
                let mut files = below.filter(|(_, kind)| !kind.is_dir()).peekable();
                let goes = files.peek().is_some() && files.all(|(file, _)| is_made(file));
                if !goes {
                    fs::create_dir_all(&to).with_context(keeping)?;
                    kept.push((from, to));
                }
            } else if !is_made(name) {
                if to.symlink_metadata().is_ok() {
                    bail!(
                        "{} was not made by this command, and the new site has a file of that name; move yours away. Nothing was changed",
                        from.display()
                    );
                }
                link(&from, &to, *kind).with_context(keeping)?;
            }
        }
        // At last: what may not be written to could not be filled.
        for (from, to) in kept {
            let mode = fs::metadata(&from).map(|folder| folder.permissions());
            mode.and_then(|mode| fs::set_permissions(&to, mode))
                .with_context(|| format!("keeping the mode of {}", from.display()))?;
        }
        Ok(())
    }
}

/// The same file under another name, or a copy where the system links none.
fn link(from: &Path, to: &Path, kind: fs::FileType) -> std::io::Result<()> {
    if kind.is_symlink() {
        return std::os::unix::fs::symlink(fs::read_link(from)?, to);
    }
    fs::hard_link(from, to).or_else(|_| fs::copy(from, to).map(|_| ()))
}

/// Everything below a folder, by its path from there; folders before what they hold.
fn entries_below(folder: &Path) -> anyhow::Result<Vec<(PathBuf, fs::FileType)>> {
    let mut found = Vec::new();
    let mut folders = vec![PathBuf::new()];
    while let Some(name) = folders.pop() {
        let path = folder.join(&name);
        let reading = || format!("reading {}", path.display());
        for entry in path.read_dir().with_context(reading)? {
            let entry = entry.with_context(reading)?;
            let kind = entry.file_type().with_context(reading)?;
            let name = name.join(entry.file_name());
            if kind.is_dir() {
                folders.push(name.clone());
            }
            found.push((name, kind));
        }
    }
    Ok(found)
}

/// Puts `site` in the place of `out`; the old site goes with the staging folder, as `site` or as `old`. Where the system
/// can exchange two folders, there is a site at every moment, even for a visitor or a `SIGKILL`.
fn swap(site: &Path, out: &Path, old: &Path) -> anyhow::Result<()> {
    if out.exists() && renameat_with(CWD, site, CWD, out, RenameFlags::EXCHANGE).is_ok() {
        return Ok(());
    }
    if out.exists() {
        std::fs::rename(out, old).with_context(|| format!("moving {} aside", out.display()))?;
    }
    if let Err(error) = std::fs::rename(site, out) {
        if old.exists() {
            std::fs::rename(old, out).context("putting the old site back")?;
        }
        return Err(error).with_context(|| format!("moving the new site to {}", out.display()));
    }
    Ok(())
}

/// Puts the entries of `site` in the place of those of `out`, one by one; the old ones go with the staging folder, which is
/// in `out`.
fn swap_entries(site: &Path, out: &Path, staging: &Path) -> anyhow::Result<()> {
    let old = staging.join("old");
    fs::create_dir(&old).context("making room for the old site")?;
    let names = |folder: &Path| {
        let entries = folder.read_dir()?;
        entries
            .map(|entry| entry.map(|entry| entry.file_name()))
            .collect::<Result<BTreeSet<_>, _>>()
    };
    let reading = || format!("reading {}", out.display());
    let (new, all) = (
        names(site).with_context(reading)?,
        names(out).with_context(reading)?,
    );
    for name in &new {
        swap(&site.join(name), &out.join(name), &old.join(name))?;
    }
    for name in all.difference(&new) {
        let path = out.join(name);
        if !staging.starts_with(&path) {
            fs::rename(&path, old.join(name))
                .with_context(|| format!("moving {} aside", path.display()))?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::{MetadataExt, PermissionsExt};

    /// Two builds into one folder, and what came of it: each is the files of its site.
    struct Folder {
        parent: tempfile::TempDir,
        /// The folder itself cannot be replaced.
        is_fixed: bool,
    }

    impl Folder {
        fn new() -> Self {
            Self {
                parent: tempfile::tempdir().unwrap(),
                is_fixed: false,
            }
        }

        fn out(&self) -> PathBuf {
            self.parent.path().join("out")
        }

        fn build(&self, files: &[(&str, &str)]) -> anyhow::Result<()> {
            let output = Output::of(&self.out())?;
            let place = match self.is_fixed {
                true => self.out(),
                false => self.parent.path().to_owned(),
            };
            fs::create_dir_all(&place).unwrap();
            let staging = tempfile::tempdir_in(place).unwrap();
            let site = staging.path().join("site");
            for (name, text) in files {
                write(&site.join(name), text);
            }
            output.replace(&site, staging.path())
        }

        fn put(&self, name: &str, text: &str) {
            write(&self.out().join(name), text);
        }

        fn text(&self, name: &str) -> Option<String> {
            fs::read_to_string(self.out().join(name)).ok()
        }
    }

    fn write(path: &Path, text: &str) {
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    #[test]
    fn what_no_build_made_survives_the_next_one() {
        for is_fixed in [false, true] {
            survives(&Folder {
                is_fixed,
                ..Folder::new()
            });
        }
    }

    fn survives(folder: &Folder) {
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o7777;
        let inode = || fs::metadata(folder.out()).unwrap().ino();
        folder
            .build(&[("index.html", "1"), ("old/page.html", "1")])
            .unwrap();
        let kept = [
            "CNAME",
            ".git/objects/ab/cd",
            "old/note.txt",
            "index.html.bak",
        ];
        for name in kept {
            folder.put(name, name);
        }
        let link = folder.out().join("link");
        std::os::unix::fs::symlink("nowhere", &link).unwrap();
        let private = folder.out().join("private");
        fs::create_dir(&private).unwrap();
        let modes = [(private, 0o700), (folder.out(), 0o2775)];
        for (path, mode) in &modes {
            fs::set_permissions(path, fs::Permissions::from_mode(*mode)).unwrap();
        }
        let first = inode();
        for round in ["2", "3"] {
            folder.build(&[("index.html", round)]).unwrap();
            assert_eq!(folder.text("index.html").as_deref(), Some(round));
            assert_eq!(folder.text("old/page.html"), None, "of an older build");
            for name in kept {
                assert_eq!(folder.text(name).as_deref(), Some(name), "{name} is lost");
            }
            assert_eq!(fs::read_link(&link).unwrap(), Path::new("nowhere"));
            for (path, wanted) in &modes {
                assert_eq!(mode(path), *wanted, "{}", path.display());
            }
            assert!(!folder.is_fixed || inode() == first);
            let entries = folder.out().read_dir().unwrap().count();
            assert_eq!(entries, 8, "something of the staging folder is left");
        }
    }

    #[test]
    fn nothing_foreign_is_written_over() {
        let folder = Folder::new();
        folder.build(&[("index.html", "1")]).unwrap();
        folder.put("search.html", "mine");
        for made in ["search.html", "search.html/deep"] {
            let error = folder
                .build(&[("index.html", "2"), (made, "2")])
                .unwrap_err();
            assert!(format!("{error:#}").contains("search.html"), "{error:#}");
            assert_eq!(folder.text("search.html").as_deref(), Some("mine"));
            assert_eq!(folder.text("index.html").as_deref(), Some("1"));
        }
    }

    #[test]
    fn a_folder_that_no_build_made_is_refused() {
        let folder = Folder::new();
        folder.put("thesis.txt", "mine");
        let error = folder.build(&[("index.html", "1")]).unwrap_err();
        assert!(
            error.to_string().contains("was not made by this command"),
            "{error}"
        );
        assert_eq!(folder.text("thesis.txt").as_deref(), Some("mine"));
    }

    #[test]
    fn a_site_of_an_older_version_loses_nothing() {
        let folder = Folder::new();
        for (name, text) in [
            (MARKER, "0123456789abcdef"),
            ("index.html", "0"),
            ("CNAME", "a.org"),
        ] {
            folder.put(name, text);
        }
        folder.build(&[("index.html", "1")]).unwrap();
        assert_eq!(folder.text("index.html").as_deref(), Some("1"));
        assert_eq!(folder.text("CNAME").as_deref(), Some("a.org"));
    }

    #[test]
    fn a_swap_leaves_no_moment_without_a_site() {
        let parent = tempfile::tempdir().unwrap();
        let (out, site) = (parent.path().join("out"), parent.path().join("site"));
        fs::create_dir(&out).unwrap();
        fs::write(out.join("page"), "0").unwrap();
        let watched = out.join("page");
        let done = std::sync::atomic::AtomicBool::new(false);
        std::thread::scope(|scope| {
            let watcher = scope.spawn(|| {
                let mut missed = 0;
                while !done.load(std::sync::atomic::Ordering::Relaxed) {
                    missed += usize::from(!watched.exists());
                }
                missed
            });
            for round in 1..500 {
                let staging = parent.path().join(format!("staging-{round}"));
                fs::create_dir_all(&staging).unwrap();
                fs::create_dir(&site).unwrap();
                fs::write(site.join("page"), round.to_string()).unwrap();
                swap(&site, &out, &staging.join("old")).unwrap();
                assert_eq!(fs::read_to_string(&watched).unwrap(), round.to_string());
                let _ = fs::remove_dir_all(&site);
            }
            done.store(true, std::sync::atomic::Ordering::Relaxed);
            assert_eq!(watcher.join().unwrap(), 0, "moments without a site");
        });
    }
}
