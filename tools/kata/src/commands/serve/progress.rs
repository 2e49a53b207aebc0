//! What is solved, on the page as in the terminal: one truth, in the clone.

use super::App;
use super::door::Brought;
use crate::commands::progress;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::json;
use std::collections::hash_map::RandomState;
use std::hash::BuildHasher;
use std::sync::Arc;

/// A word that nobody can guess. The standard library seeds its hash maps well enough for that.
pub fn new_token() -> String {
    let half = || RandomState::new().hash_one(0);
    format!("{:016x}{:016x}", half(), half())
}

/// A run on the page in which every rule held.
#[derive(Deserialize)]
pub struct Solved {
    slug: String,
    /// SHA-256 of the `lib.rs` that was judged, as its bundle told.
    source: String,
}

/// The zones that are solved as they are now, and the token.
pub async fn read(State(app): State<Arc<App>>) -> Response {
    let progress = progress::read(&app.ws);
    let zones = app.ws.zones().unwrap_or_default();
    let solved = zones.iter().filter(|zone| progress.is_solved(zone));
    let slugs: Vec<&str> = solved.map(|zone| zone.slug.as_str()).collect();
    Json(json!({ "token": app.token, "solved": slugs })).into_response()
}

/// Remembers that a kata is solved, if it still has the text that was judged.
pub async fn write(State(app): State<Arc<App>>, Brought(solved): Brought<Solved>) -> Response {
    let Ok(zone) = app.ws.zone(&solved.slug) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    if zone.kata_sha256() != solved.source {
        return (StatusCode::CONFLICT, "The kata has changed since.\n").into_response();
    }
    match progress::change(&app.ws, |progress| progress.solve(&zone)) {
        Ok(()) => StatusCode::NO_CONTENT.into_response(),
        Err(error) => {
            eprintln!("note: {error:#}");
            (StatusCode::INTERNAL_SERVER_ERROR, format!("{error:#}\n")).into_response()
        }
    }
}
