//! The page that judges, and the way back from it.

use super::verdict::Event;
use anyhow::Context;
use axum::extract::{DefaultBodyLimit, State};
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::Html;
use axum::routing::{get, post};
use axum::{Json, Router};
use kata_zones::Workspace;
use serde::Deserialize;
use std::collections::HashMap;
use std::collections::hash_map::RandomState;
use std::hash::{BuildHasher, Hasher};
use std::net::{IpAddr, SocketAddr};
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::net::TcpListener;
use tokio::sync::mpsc::UnboundedSender;
use tokio::task::JoinHandle;
use tower_http::services::ServeDir;
use tower_http::set_header::SetResponseHeaderLayer;

/// What is expected, by the secret that only the judge's page is told.
type Jobs = Arc<Mutex<HashMap<String, (usize, Events)>>>;

/// Where what the page tells goes, with the number of its job.
pub(super) type Events = UnboundedSender<(usize, Event)>;

/// Bytes of one report. The page cuts what a kata makes longer.
const REPORT_LIMIT: usize = 16 * 1024 * 1024;

/// Serves the judge's page until it is dropped.
#[derive(Debug)]
pub(super) struct Server {
    addr: SocketAddr,
    jobs: Jobs,
    task: JoinHandle<()>,
}

#[derive(Deserialize)]
struct Report {
    job: String,
    events: Vec<Event>,
}

impl Server {
    /// Listens on a free port of `ip`.
    pub async fn start(ws: &Workspace, bundles: &Path, ip: IpAddr) -> anyhow::Result<Self> {
        let jobs = Jobs::default();
        let router = Router::new()
            .route("/", get(|| async { Html(include_str!("judge.html")) }))
            .route(
                "/judge.js",
                get(|| async {
                    (
                        [(header::CONTENT_TYPE, "text/javascript")],
                        include_str!("judge.js"),
                    )
                }),
            )
            .route("/event", post(report))
            .with_state(jobs.clone())
            .nest_service("/kata", ServeDir::new(ws.root().join("theme/kata")))
            .nest_service("/bundles", ServeDir::new(bundles))
            .layer(DefaultBodyLimit::max(REPORT_LIMIT))
            .layer(set("cache-control", "no-store"))
            .layer(set("cross-origin-opener-policy", "same-origin"))
            .layer(set("cross-origin-embedder-policy", "require-corp"))
            .layer(set("cross-origin-resource-policy", "cross-origin"));
        let listener = TcpListener::bind((ip, 0))
            .await
            .context("opening a port for the judge")?;
        let addr = listener
            .local_addr()
            .context("asking for the judge's port")?;
        let task = tokio::spawn(async move {
            // Ends only when the task is aborted.
            let _ = axum::serve(listener, router).await;
        });
        Ok(Self { addr, jobs, task })
    }

    pub fn addr(&self) -> SocketAddr {
        self.addr
    }

    /// A new job: the secret by which the page reports on it. A kata runs in a worker of this very
    /// origin, so whoever can guess a job's name can forge its verdicts.
    pub fn expect(&self, number: usize, events: &Events) -> String {
        let job = secret();
        self.jobs
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .insert(job.clone(), (number, events.clone()));
        job
    }

    /// Nothing more is expected of a job.
    pub fn forget(&self, job: &str) {
        self.jobs
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .remove(job);
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// 128 bits that nobody can guess. The standard library keys its hash maps with such numbers.
fn secret() -> String {
    let random = || RandomState::new().build_hasher().finish();
    format!("{:016x}{:016x}", random(), random())
}

async fn report(State(jobs): State<Jobs>, body: String) -> StatusCode {
    let Ok(Json(report)) = Json::<Report>::from_bytes(body.as_bytes()) else {
        return StatusCode::BAD_REQUEST;
    };
    let jobs = jobs.lock().unwrap_or_else(PoisonError::into_inner);
    let Some((number, events)) = jobs.get(&report.job) else {
        return StatusCode::GONE;
    };
    for event in report.events {
        if events.send((*number, event)).is_err() {
            return StatusCode::GONE;
        }
    }
    StatusCode::NO_CONTENT
}

fn set(name: &'static str, value: &'static str) -> SetResponseHeaderLayer<HeaderValue> {
    SetResponseHeaderLayer::overriding(
        HeaderName::from_static(name),
        HeaderValue::from_static(value),
    )
}
