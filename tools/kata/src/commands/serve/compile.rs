//! Compiles what a page sends: the text of its editor, with the zone's spec.
//!
//! The answer comes when the build has ended. A page that no longer waits closes the connection, and with it ends
//! the build and its processes. What the text does is the reader's own affair, as in any clone: this is their
//! compiler. CONTRIBUTING says what is guarded.

use super::bundles::Bundles;
use super::door::{Brought, refusal, refused};
use super::shelf::Shelf;
use super::workshop::Workshop;
use axum::Json;
use axum::extract::{Path, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{MethodRouter, get, post};
use kata_builder::{Answer, Built, Diagnostic};
use kata_zones::{Workspace, Zone, sha256};
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use std::time::Duration;

/// How long one build may take. What a zone depends on may have to be compiled first.
const LIMIT: Duration = Duration::from_secs(120);

/// The path of a compilation and that of what it made, below the place of both.
pub const COMPILE: &str = "compile/{slug}";
pub const BUILT: &str = "built/{slug}/{name}/{file}";

/// What a compilation needs.
pub struct Desk {
    pub ws: Workspace,
    pub workshop: Workshop,
    /// What is built for nobody makes way for what a page waits for.
    pub bundles: Bundles,
    shelf: Shelf,
    /// Where the two paths are, seen from the book's root.
    below: &'static str,
}

/// What a page sends.
#[derive(Deserialize)]
pub struct Posted {
    text: String,
}

/// What it is told.
#[derive(Serialize)]
#[serde(tag = "status", rename_all = "lowercase")]
enum Told {
    Ready {
        url: String,
        identity: String,
        source: String,
        tests: Vec<String>,
        diagnostics: Vec<Diagnostic>,
    },
    Failed {
        diagnostics: Vec<Diagnostic>,
        rendered: String,
    },
}

impl Desk {
    pub fn new(ws: &Workspace, below: &'static str) -> Self {
        Self {
            ws: ws.clone(),
            workshop: Workshop::default(),
            bundles: Bundles::default(),
            shelf: Shelf::default(),
            below,
        }
    }

    async fn compile(&self, zone: &Zone, text: &str) -> anyhow::Result<Told> {
        // In the queue before anybody makes way: else the next one of them would be first again.
        let make_way = async { self.bundles.make_way() };
        let (_turn, ()) = tokio::join!(self.workshop.turn(), make_way);
        let builder = self.workshop.builder(&self.ws).await;
        let builder = builder.clone().map_err(anyhow::Error::msg)?;
        let answer = builder.with_limit(LIMIT).answer(zone, text).await?;
        self.told(zone, text, answer).await
    }

    async fn told(&self, zone: &Zone, text: &str, answer: Answer) -> anyhow::Result<Told> {
        let diagnostics = answer.diagnostics;
        Ok(match answer.built {
            Built::Ready(bundle) => {
                let folder = bundle.dir.file_name().unwrap_or_default();
                let name = format!("{}/{}", zone.slug, folder.to_string_lossy());
                let url = format!("{}built/{name}/", self.below);
                self.shelf.put(name, &bundle.dir).await?;
                Told::Ready {
                    url,
                    identity: bundle.hash,
                    source: sha256(text.as_bytes()),
                    tests: bundle.tests,
                    diagnostics,
                }
            }
            Built::Refused(rendered) => Told::Failed {
                diagnostics,
                rendered,
            },
            Built::TimedOut(limit) => Told::Failed {
                diagnostics,
                rendered: format!("the build did not end within {} s\n", limit.as_secs()),
            },
        })
    }
}

/// Answers a compilation.
pub fn answer<S: Clone + Send + Sync + 'static>(desk: Arc<Desk>) -> MethodRouter<S> {
    post(compile).with_state(desk)
}

/// Answers with what a compilation made.
pub fn made<S: Clone + Send + Sync + 'static>(desk: Arc<Desk>) -> MethodRouter<S> {
    get(built).with_state(desk)
}

async fn compile(
    State(desk): State<Arc<Desk>>,
    Path(slug): Path<String>,
    Brought(posted): Brought<Posted>,
) -> Response {
    let Ok(zone) = desk.ws.zone(&slug) else {
        return refusal(StatusCode::NOT_FOUND, "There is no such zone.");
    };
    if let Some(refused) = refused(&posted.text) {
        return refused;
    }
    match desk.compile(&zone, &posted.text).await {
        Ok(told) => Json(told).into_response(),
        Err(error) => {
            eprintln!("note: {error:#}");
            refusal(StatusCode::INTERNAL_SERVER_ERROR, &format!("{error:#}"))
        }
    }
}

async fn built(
    State(desk): State<Arc<Desk>>,
    Path((slug, name, file)): Path<(String, String, String)>,
) -> Response {
    let Some(files) = desk.shelf.get(&format!("{slug}/{name}")) else {
        return refusal(
            StatusCode::NOT_FOUND,
            "This bundle is no longer there: compile its text again.",
        );
    };
    let (kind, bytes) = match file.as_str() {
        "spec.js" => ("text/javascript", &files.glue),
        "spec_bg.wasm" => ("application/wasm", &files.wasm),
        _ => return StatusCode::NOT_FOUND.into_response(),
    };
    ([(header::CONTENT_TYPE, kind)], bytes.clone()).into_response()
}
