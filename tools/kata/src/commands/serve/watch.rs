//! Files that change, and what each change means.

use super::bundles::all_keys;
use super::{App, News};
use anyhow::Context;
use kata_zones::{SHARED_SPECS, Variant};
use notify::{EventKind, RecommendedWatcher, RecursiveMode, Watcher};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};

/// Editors write a file in several steps; they count as one.
const SETTLE: Duration = Duration::from_millis(30);

/// Watches until the answer is dropped.
pub fn start(app: &Arc<App>) -> anyhow::Result<RecommendedWatcher> {
    let (sender, receiver) = unbounded_channel();
    let mut watcher = notify::recommended_watcher(move |event: notify::Result<notify::Event>| {
        if let Ok(event) = event
            && matches!(
                event.kind,
                EventKind::Create(_) | EventKind::Modify(_) | EventKind::Remove(_)
            )
        {
            for path in event.paths {
                // The receiver is gone when the server ends.
                let _ = sender.send(path);
            }
        }
    })
    .context("watching the files")?;
    let root = app.ws.root();
    for folder in [
        "katas",
        "solutions",
        "tests/specs",
        "tests/attempts",
        "src",
        "theme",
    ] {
        let path = root.join(folder);
        if path.is_dir() {
            watcher
                .watch(&path, RecursiveMode::Recursive)
                .with_context(|| format!("watching {}", path.display()))?;
        }
    }
    let book = root.join("book.toml");
    watcher
        .watch(&book, RecursiveMode::NonRecursive)
        .context("watching book.toml")?;
    tokio::spawn(react(app.clone(), receiver));
    Ok(watcher)
}

/// What a change asks for.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Change {
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

pub(super) fn change(relative: &Path) -> Option<Change> {
    let parts: Vec<&str> = relative.iter().filter_map(|part| part.to_str()).collect();
    let name = parts.last()?;
    if name.starts_with('.')
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

async fn react(app: Arc<App>, mut paths: UnboundedReceiver<PathBuf>) {
    while let Some(first) = paths.recv().await {
        tokio::time::sleep(SETTLE).await;
        let mut changes = BTreeSet::new();
        let mut next = Some(first);
        while let Some(path) = next {
            changes.extend(path.strip_prefix(app.ws.root()).ok().and_then(change));
            next = paths.try_recv().ok();
        }
        if changes.is_empty() {
            continue;
        }
        for change in &changes {
            match change {
                Change::Edit(slug) => app
                    .bundles
                    .refresh(vec![(slug.clone(), Variant::Kata)], true),
                Change::Variant(slug, variant) => {
                    app.bundles
                        .refresh(vec![(slug.clone(), variant.clone())], false);
                }
                Change::Zone(slug) => {
                    let keys = all_keys(&app.ws)
                        .into_iter()
                        .filter(|(s, _)| s == slug)
                        .collect();
                    app.bundles.refresh(keys, false);
                }
                Change::Specs => app.bundles.refresh(all_keys(&app.ws), false),
                Change::Book => {}
            }
        }
        // An edit of the reader's shows in the page after the next load; the page
        // itself stays where it is and runs the new bundle.
        let edits_only = changes
            .iter()
            .all(|change| matches!(change, Change::Edit(_)));
        let quiet = edits_only && app.site.problem().is_none();
        let worker = app.clone();
        let rebuilt = tokio::task::spawn_blocking(move || worker.site.rebuild(&worker.ws)).await;
        match rebuilt {
            Ok(Ok(())) if quiet => {}
            Ok(Ok(())) => app.tell(News::Reload {}),
            Ok(Err(error)) => {
                eprintln!("the book does not build: {error:#}");
                app.tell(News::Problem {
                    message: format!("{error:#}"),
                });
            }
            Err(error) => app.tell(News::Problem {
                message: error.to_string(),
            }),
        }
    }
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
        assert_eq!(of("katas/a-b/src/.lib.rs.swp"), None);
        assert_eq!(of("target/x"), None);
    }
}
