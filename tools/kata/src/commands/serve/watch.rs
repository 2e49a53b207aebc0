//! What an edit changes in a book that is being served.

use super::bundles::all_keys;
use super::{App, News};
use crate::commands::edits::{Change, Edits};
use kata_zones::Variant;
use std::sync::Arc;
use tokio::task::{JoinHandle, spawn_blocking};

/// Watches until it is dropped.
pub struct Watching {
    following: JoinHandle<()>,
}

impl Drop for Watching {
    fn drop(&mut self) {
        self.following.abort();
    }
}

/// Watches from now on.
pub fn start(app: &Arc<App>) -> Watching {
    let edits = Edits::of(app.ws.root());
    Watching {
        following: tokio::spawn(follow(app.clone(), edits)),
    }
}

async fn follow(app: Arc<App>, mut edits: Edits) {
    loop {
        let changes = edits.next().await;
        for change in &changes {
            match change {
                Change::Edit(slug) => app
                    .bundles()
                    .refresh(vec![(slug.clone(), Variant::Kata)], true),
                Change::Variant(slug, variant) => {
                    app.bundles()
                        .refresh(vec![(slug.clone(), variant.clone())], false);
                }
                Change::Zone(slug) => {
                    let keys = all_keys(&app.ws)
                        .into_iter()
                        .filter(|(s, _)| s == slug)
                        .collect();
                    app.bundles().refresh(keys, false);
                }
                Change::Specs => app.bundles().refresh(all_keys(&app.ws), false),
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
        let rebuilt = spawn_blocking(move || worker.site.rebuild(&worker.ws)).await;
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
