//! What is solved and which hints were seen, on the page as in the terminal: one truth, in the clone.

use super::App;
use super::door::Brought;
use crate::commands::progress;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use serde_json::json;
use std::collections::BTreeMap;
use std::collections::hash_map::RandomState;
use std::hash::BuildHasher;
use std::sync::Arc;

/// A word that nobody can guess. The standard library seeds its hash maps well enough for that.
pub fn new_token() -> String {
    let half = || RandomState::new().hash_one(0);
    format!("{:016x}{:016x}", half(), half())
}

/// What the page has to tell of a zone.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewsOfZone {
    slug: String,
    /// Every rule held: SHA-256 of the `lib.rs` that was judged, as its bundle told, or of all sources, as a reset told.
    source: Option<String>,
    /// So many hints have been seen.
    hints: Option<usize>,
}

/// What to forget.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Forget {
    /// One zone, or all of them.
    slug: Option<String>,
}

/// What was forgotten of a zone; a page that takes the reset back sends the same.
#[derive(Serialize)]
struct Forgotten {
    slug: String,
    hints: usize,
    source: Option<String>,
}

/// The zones that are solved as they are now, the hints seen of each, and the token.
pub async fn read(State(app): State<Arc<App>>) -> Response {
    let progress = progress::read(&app.ws);
    let zones = app.ws.zones().unwrap_or_default();
    let solved = zones.iter().filter(|zone| progress.is_solved(zone));
    let solved: Vec<&str> = solved.map(|zone| zone.slug.as_str()).collect();
    let hints: BTreeMap<&str, usize> = zones
        .iter()
        .map(|zone| (zone.slug.as_str(), progress.hints(&zone.slug)))
        .filter(|(_, seen)| *seen > 0)
        .collect();
    Json(json!({ "token": app.token, "solved": solved, "hints": hints })).into_response()
}

/// Remembers that hints were seen, and that a kata is solved if it still has the text that was judged.
pub async fn write(State(app): State<Arc<App>>, Brought(news): Brought<NewsOfZone>) -> Response {
    let Ok(zone) = app.ws.zone(&news.slug) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let is_current =
        |source: &String| [zone.kata_sha256(), zone.kata_sources_sha256()].contains(source);
    let solved = news.source.as_ref().is_some_and(is_current);
    let changed = progress::change(&app.ws, |progress| {
        if let Some(seen) = news.hints {
            let seen = seen.min(zone.manifest.hints.len());
            progress.show_hints(&zone.slug, seen.max(progress.hints(&zone.slug)));
        }
        if solved {
            progress.solve(&zone);
        }
    });
    match changed {
        Err(error) => failed(&error),
        Ok(()) if news.source.is_some() && !solved => {
            (StatusCode::CONFLICT, "The kata has changed since.\n").into_response()
        }
        Ok(()) => StatusCode::NO_CONTENT.into_response(),
    }
}

/// Forgets a zone, or all of them, and answers what there was. The katas' files stay as they are.
pub async fn forget(
    State(app): State<Arc<App>>,
    Brought(Forget { slug }): Brought<Forget>,
) -> Response {
    let mut forgotten = Vec::new();
    let changed = progress::change(&app.ws, |progress| {
        for known in progress.slugs() {
            if slug.as_ref().is_none_or(|slug| *slug == known) {
                let (hints, source) = progress.forget(&known);
                forgotten.push(Forgotten {
                    slug: known,
                    hints,
                    source,
                });
            }
        }
    });
    match changed {
        Ok(()) => Json(forgotten).into_response(),
        Err(error) => failed(&error),
    }
}

fn failed(error: &anyhow::Error) -> Response {
    eprintln!("note: {error:#}");
    (StatusCode::INTERNAL_SERVER_ERROR, format!("{error:#}\n")).into_response()
}
