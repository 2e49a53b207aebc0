//! A stand-in for `cargo kata serve`: the built site, with a compiler that compiles nothing.
//!
//! What the page does with an answer is the page's business, and is seen here in seconds; what the real server answers
//! has tests of its own.

use crate::site::build;
use axum::body::{Body, to_bytes};
use axum::extract::{Path, Request, State};
use axum::http::{StatusCode, header};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use serde_json::{Value, json};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::net::TcpListener;
use tower_http::services::ServeDir;

/// A text with this word does not compile: the word is what rustc complains of.
pub const WRONG: &str = "oops";
/// A text with this word takes longer to compile than any test waits.
pub const SLOW: &str = "slowly";
/// A text with this word does what the solution does.
pub const RIGHT: &str = "repaired";

/// What a test may look at and change while the server runs.
#[derive(Debug, Default)]
pub struct Clone {
    /// The reader's lib.rs.
    pub text: Mutex<String>,
    /// How many builds were ended from outside.
    pub cancelled: Mutex<usize>,
    /// How many pages have asked for news.
    pub listeners: Mutex<usize>,
}

/// Serves until the runtime ends.
pub struct StandIn {
    addr: SocketAddr,
    /// The clone that it serves.
    pub clone: Arc<Clone>,
}

impl StandIn {
    /// Serves the built site as if from a clone whose lib.rs is this.
    pub async fn start(text: &str) -> Self {
        let folder = tokio::task::spawn_blocking(build).await.unwrap();
        let clone = Arc::new(Clone {
            text: Mutex::new(text.to_owned()),
            ..Clone::default()
        });
        let router = Router::new()
            .route("/-/progress", get(progress).post(StatusCode::NO_CONTENT))
            .route("/-/events", get(events))
            .route("/-/source/{slug}", get(read).put(write))
            .route("/-/compile/{slug}", post(compile))
            .fallback_service(ServeDir::new(folder))
            .layer(middleware::from_fn(as_served))
            .with_state(Arc::clone(&clone));
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let addr = listener.local_addr().unwrap();
        tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        Self { addr, clone }
    }

    /// Its address, with a slash at the end.
    pub fn url(&self) -> String {
        format!("http://{}/", self.addr)
    }
}

fn hash(text: &str) -> String {
    let mut hasher = DefaultHasher::new();
    text.hash(&mut hasher);
    format!("{:016x}", hasher.finish())
}

async fn progress() -> Json<Value> {
    Json(json!({ "token": "t", "solved": [], "hints": {} }))
}

/// There is never any news: the connection stays open, as with the real server.
async fn events(State(clone): State<Arc<Clone>>) {
    *clone.listeners.lock().unwrap() += 1;
    std::future::pending().await
}

async fn read(State(clone): State<Arc<Clone>>) -> Json<Value> {
    let text = clone.text.lock().unwrap().clone();
    Json(json!({ "hash": hash(&text), "text": text }))
}

async fn write(State(clone): State<Arc<Clone>>, Json(body): Json<Value>) -> Response {
    let mut text = clone.text.lock().unwrap();
    if body["base"] != hash(&text) {
        let now = json!({ "hash": hash(&text), "text": *text });
        return (StatusCode::CONFLICT, Json(now)).into_response();
    }
    body["text"].as_str().unwrap().clone_into(&mut text);
    Json(json!({ "hash": hash(&text) })).into_response()
}

/// Counts a build whose connection is closed before it has ended.
struct Building(Option<Arc<Clone>>);

impl Drop for Building {
    fn drop(&mut self) {
        if let Some(clone) = &self.0 {
            *clone.cancelled.lock().unwrap() += 1;
        }
    }
}

async fn compile(
    State(clone): State<Arc<Clone>>,
    Path(slug): Path<String>,
    Json(body): Json<Value>,
) -> Json<Value> {
    let text = body["text"].as_str().unwrap();
    if text.contains(SLOW) {
        let mut building = Building(Some(clone));
        tokio::time::sleep(Duration::from_secs(600)).await;
        building.0 = None;
    }
    let wrong = text.lines().enumerate();
    if let Some((line, column)) = wrong
        .filter_map(|(line, text)| Some((line + 1, text.find(WRONG)? + 1)))
        .next()
    {
        let message = format!("cannot find value `{WRONG}` in this scope");
        return Json(json!({
            "status": "failed",
            "rendered": format!("error[E0425]: {message}\n --> src/lib.rs:{line}:{column}\n"),
            "diagnostics": [{
                "level": "error", "message": message, "code": "E0425", "rendered": "",
                "line": line, "column": column, "endLine": line, "endColumn": column + WRONG.len(),
            }],
        }));
    }
    let variant = if text.contains(RIGHT) {
        "solution"
    } else {
        "kata"
    };
    Json(json!({
        "status": "ready", "url": format!("bundles/{slug}/{variant}/"), "identity": hash(text),
        "source": hash(text), "tests": null, "diagnostics": [],
    }))
}

/// Tells each page that it is served from a clone.
async fn as_served(request: Request, next: Next) -> Response {
    let response = next.run(request).await;
    let kind = response.headers().get(header::CONTENT_TYPE);
    if !kind.is_some_and(|kind| kind.as_bytes().starts_with(b"text/html")) {
        return response;
    }
    let (mut parts, body) = response.into_parts();
    let body = to_bytes(body, usize::MAX).await.unwrap();
    let text = String::from_utf8(body.to_vec()).unwrap();
    let fact = |mode| format!("&quot;mode&quot;:&quot;{mode}&quot;");
    parts.headers.remove(header::CONTENT_LENGTH);
    let text = text.replace(&fact("static"), &fact("serve"));
    Response::from_parts(parts, Body::from(text))
}
