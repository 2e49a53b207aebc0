//! The edits of the book's files, one after the other, and what each asks for.
//!
//! A system that tells of edits wakes us at once. Whatever it tells, what has changed is what looks
//! different, and we look every second in any case.

mod files;

use anyhow::Context;
use files::{Files, WATCHED};
use kata_zones::{SHARED_SPECS, Variant};
use notify::{EventKind, RecommendedWatcher, RecursiveMode, Watcher};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::sync::Notify;
use tokio::task::spawn_blocking;
use tokio::time::sleep;

/// Editors write a file in several steps: it is saved when it has looked the same for so long.
const SETTLE: Duration = Duration::from_millis(30);

/// How long a file that never looks the same is waited for, in looks.
const PATIENCE: usize = 20;

/// How often the files are looked at when nobody tells of an edit.
const LOOK: Duration = Duration::from_secs(1);

/// What a look takes of the time at most, as a divisor: on some mounts each file is a question to
/// another machine.
const SHARE: u32 = 20;

/// The edits, one after the other.
pub struct Edits {
    root: PathBuf,
    _told: Option<RecommendedWatcher>,
    seen: Files,
    wake: Arc<Notify>,
    pause: Duration,
}

impl Edits {
    /// Those from now on. A system that tells of no edits is a word, and no reason to stop.
    pub fn of(root: &Path) -> Self {
        let wake = Arc::new(Notify::new());
        let told = match be_told(root, wake.clone()) {
            Ok(watcher) => Some(watcher),
            Err(error) => {
                eprintln!(
                    "note: this system does not tell of edits ({error:#}); the files are looked at \
                     every second instead"
                );
                None
            }
        };
        Self::new(root, wake, told)
    }

    fn new(root: &Path, wake: Arc<Notify>, told: Option<RecommendedWatcher>) -> Self {
        Self {
            root: root.to_owned(),
            _told: told,
            seen: Files::look(root),
            wake,
            pause: LOOK,
        }
    }

    /// Waits until something has changed, and says what that asks for.
    pub async fn next(&mut self) -> BTreeSet<Change> {
        loop {
            tokio::select! {
                () = self.wake.notified() => {}
                () = sleep(self.pause) => {}
            }
            let begun = Instant::now();
            let mut now = self.look().await;
            self.pause = LOOK.max(begun.elapsed() * SHARE);
            for _ in 0..PATIENCE {
                if now == self.seen {
                    break;
                }
                sleep(SETTLE).await;
                let later = self.look().await;
                if later == now {
                    break;
                }
                now = later;
            }
            let changes: BTreeSet<Change> = self.seen.changed_in(&now).filter_map(change).collect();
            self.seen = now;
            if !changes.is_empty() {
                return changes;
            }
        }
    }

    async fn look(&self) -> Files {
        let root = self.root.clone();
        // A look that fails has seen nothing new.
        spawn_blocking(move || Files::look(&root))
            .await
            .unwrap_or_else(|_| self.seen.clone())
    }
}

/// What a change asks for.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Change {
    /// A kata's own source: the reader is at work.
    Edit(String),
    /// Another variant of a zone.
    Variant(String, Variant),
    /// The spec or the manifest: every variant.
    Zone(String),
    /// What several specs share: every variant of every zone.
    Specs,
    /// A chapter or the theme.
    Book,
}

fn change(relative: &Path) -> Option<Change> {
    let parts: Vec<&str> = relative.iter().filter_map(|part| part.to_str()).collect();
    let name = parts.last()?;
    // What editors write beside a file: vi, Emacs, JetBrains.
    if name.starts_with(['.', '#'])
        || name.contains("___jb_")
        || name.ends_with('~')
        || name.ends_with(".bak")
        || name.ends_with(".new")
    {
        return None;
    }
    let stem = |name: &str| name.trim_end_matches(".rs").replace('_', "-");
    Some(match parts.as_slice() {
        ["katas", slug, "src", ..] => Change::Edit((*slug).to_owned()),
        ["katas", slug, ..] => Change::Zone((*slug).to_owned()),
        ["solutions", slug, ..] => Change::Variant((*slug).to_owned(), Variant::Solution),
        ["tests", "attempts", slug, file] => Change::Variant(
            (*slug).to_owned(),
            Variant::Attempt(file.trim_end_matches(".rs").to_owned()),
        ),
        ["tests", "specs", SHARED_SPECS, ..] => Change::Specs,
        ["tests", "specs", first, ..] => Change::Zone(stem(first)),
        ["src" | "theme", ..] | ["book.toml"] => Change::Book,
        _ => return None,
    })
}

/// Asks the system to wake us at each edit.
fn be_told(root: &Path, wake: Arc<Notify>) -> anyhow::Result<RecommendedWatcher> {
    let tell = move |event: notify::Result<notify::Event>| {
        let is_edit = |kind: &EventKind| {
            use EventKind::{Create, Modify, Remove};
            matches!(kind, Create(_) | Modify(_) | Remove(_))
        };
        // An error, or what nobody knows: something may have been missed.
        if event.is_ok_and(|event| is_edit(&event.kind) || event.need_rescan()) {
            wake.notify_one();
        }
    };
    let mut watcher = notify::recommended_watcher(tell).context("asking to be told")?;
    for place in WATCHED {
        let path = root.join(place);
        if path.exists() {
            watcher
                .watch(&path, RecursiveMode::Recursive)
                .with_context(|| format!("watching {}", path.display()))?;
        }
    }
    Ok(watcher)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_file_asks_for_what_depends_on_it() {
        let of = |path: &str| change(Path::new(path));
        assert_eq!(of("katas/a-b/src/lib.rs"), Some(Change::Edit("a-b".into())));
        assert_eq!(of("katas/a-b/kata.toml"), Some(Change::Zone("a-b".into())));
        assert_eq!(of("tests/specs/shared/random.rs"), Some(Change::Specs));
        assert_eq!(of("tests/specs/a_b.rs"), Some(Change::Zone("a-b".into())));
        assert_eq!(
            of("tests/specs/a_b/tables.rs"),
            Some(Change::Zone("a-b".into()))
        );
        assert_eq!(
            of("tests/attempts/a-b/wrong.rs"),
            Some(Change::Variant(
                "a-b".into(),
                Variant::Attempt("wrong".into())
            ))
        );
        assert_eq!(of("theme/kata.css"), Some(Change::Book));
        for beside in [".lib.rs.swp", "#lib.rs#", "lib.rs~", "lib.rs___jb_tmp___"] {
            assert_eq!(of(&format!("katas/a-b/src/{beside}")), None, "{beside}");
        }
        assert_eq!(of("target/x"), None);
    }

    /// A repository with one file, whose edits nobody tells of.
    fn untold() -> (tempfile::TempDir, PathBuf, Edits) {
        let dir = tempfile::tempdir().unwrap();
        let lib = dir.path().join("katas/a-b/src/lib.rs");
        std::fs::create_dir_all(lib.parent().unwrap()).unwrap();
        std::fs::write(&lib, "// one\n").unwrap();
        let edits = Edits::new(dir.path(), Arc::default(), None);
        (dir, lib, edits)
    }

    #[tokio::test]
    async fn an_edit_that_nobody_tells_of_is_seen() {
        let (_dir, lib, mut edits) = untold();
        std::fs::write(&lib, "// another\n").unwrap();
        let next = tokio::time::timeout(Duration::from_secs(20), edits.next()).await;
        assert_eq!(next.unwrap(), [Change::Edit("a-b".into())].into());
    }

    #[tokio::test]
    async fn a_file_that_is_written_in_steps_is_one_edit() {
        let (_dir, lib, mut edits) = untold();
        edits.wake.notify_one();
        std::fs::write(&lib, "").unwrap();
        let rest = async {
            sleep(SETTLE / 2).await;
            std::fs::write(lib.with_extension("tmp"), "// two").unwrap();
            std::fs::rename(lib.with_extension("tmp"), &lib).unwrap();
        };
        let (changes, ()) = tokio::join!(edits.next(), rest);
        assert_eq!(changes, [Change::Edit("a-b".into())].into());
        edits.wake.notify_one();
        let more = tokio::time::timeout(3 * SETTLE, edits.next()).await;
        assert!(more.is_err(), "what was saved once is built twice");
    }
}
