//! What the server answers.
//!
//! It listens on the loopback address only, answers no request that names
//! another host (a page elsewhere could otherwise reach it by a rebound name),
//! takes no input but paths, and looks those up below two folders.

use super::bundles::Status;
use super::{App, News};
use axum::body::Body;
use axum::extract::{Path, Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::middleware::{self, Next};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use kata_zones::Variant;
use serde_json::json;
use std::convert::Infallible;
use std::sync::Arc;
use tokio_stream::wrappers::BroadcastStream;
use tokio_stream::{Stream, StreamExt};
use tower_http::services::ServeDir;

pub fn router(app: Arc<App>) -> Router {
    Router::new()
        .route(
            "/-/lab",
            get(|State(app): State<Arc<App>>| async move { Json(json!({ "lab": app.lab })) }),
        )
        .route("/-/events", get(events))
        .route("/bundles/{slug}/{variant}/{file}", get(plain_bundle))
        .route(
            "/bundles/{slug}/attempts/{name}/{file}",
            get(attempt_bundle),
        )
        .fallback(page)
        .layer(middleware::from_fn(headers))
        .layer(middleware::from_fn_with_state(app.clone(), own_host_only))
        .with_state(app)
}

async fn own_host_only(State(app): State<Arc<App>>, request: Request, next: Next) -> Response {
    match request
        .headers()
        .get(header::HOST)
        .and_then(|host| host.to_str().ok())
    {
        Some(host) if is_own(host, app.port) => next.run(request).await,
        _ => (
            StatusCode::FORBIDDEN,
            "This server answers to 127.0.0.1 and localhost only.\n",
        )
            .into_response(),
    }
}

/// Whether a `Host` header names this server. Browsers leave out HTTP's own port.
fn is_own(host: &str, port: u16) -> bool {
    let (name, given) = host.rsplit_once(':').unwrap_or((host, "80"));
    ["127.0.0.1", "localhost"].contains(&name) && given.parse() == Ok(port)
}

/// Never cached, and cross-origin isolated: clocks are fine and shared memory is there.
/// Frames that run katas have an origin of their own, and load the guest's script: so every
/// origin may load what is here, which is a public book.
async fn headers(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    for (name, value) in [
        ("cache-control", "no-store"),
        ("cross-origin-opener-policy", "same-origin"),
        ("cross-origin-embedder-policy", "require-corp"),
        ("cross-origin-resource-policy", "cross-origin"),
        ("x-content-type-options", "nosniff"),
    ] {
        response.headers_mut().insert(
            HeaderName::from_static(name),
            HeaderValue::from_static(value),
        );
    }
    response
}

async fn events(
    State(app): State<Arc<App>>,
) -> Sse<impl Stream<Item = Result<Event, Infallible>> + use<>> {
    let problem = app.site.problem().map(|message| News::Problem { message });
    let later = BroadcastStream::new(app.news.subscribe()).filter_map(Result::ok);
    let all = tokio_stream::iter(problem).chain(later).map(|news| {
        let name = match &news {
            News::Reload {} => "reload",
            News::Bundle { .. } => "bundle",
            News::Problem { .. } => "problem",
        };
        Ok(Event::default()
            .event(name)
            .json_data(&news)
            .unwrap_or_default())
    });
    Sse::new(all).keep_alive(KeepAlive::default())
}

async fn plain_bundle(
    State(app): State<Arc<App>>,
    Path((slug, variant, file)): Path<(String, String, String)>,
) -> Response {
    match variant.parse() {
        Ok(variant) => bundle(&app, &slug, &variant, &file).await,
        Err(_) => StatusCode::NOT_FOUND.into_response(),
    }
}

async fn attempt_bundle(
    State(app): State<Arc<App>>,
    Path((slug, name, file)): Path<(String, String, String)>,
) -> Response {
    bundle(&app, &slug, &Variant::Attempt(name), &file).await
}

async fn bundle(app: &App, slug: &str, variant: &Variant, file: &str) -> Response {
    // Only what the repository declares is ever looked up.
    let known = app
        .ws
        .zone(slug)
        .is_ok_and(|zone| zone.variants().contains(variant));
    if !known || !["bundle.json", "spec.js", "spec_bg.wasm"].contains(&file) {
        return StatusCode::NOT_FOUND.into_response();
    }
    if file == "bundle.json" {
        match app.bundles.ask(slug, variant) {
            Status::Building(step) => {
                return Json(json!({ "status": "building", "step": step })).into_response();
            }
            Status::Failed(why) => {
                return Json(json!({ "status": "failed", "diagnostics": why })).into_response();
            }
            Status::Ready => {}
        }
    }
    let Some(dir) = app.bundles.files(slug, variant) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let kind = match file {
        "bundle.json" => "application/json",
        "spec.js" => "text/javascript",
        _ => "application/wasm",
    };
    match tokio::fs::read(dir.join(file)).await {
        Ok(bytes) => ([(header::CONTENT_TYPE, kind)], bytes).into_response(),
        Err(_) => StatusCode::NOT_FOUND.into_response(),
    }
}

async fn page(State(app): State<Arc<App>>, headers: HeaderMap, request: Request<Body>) -> Response {
    let Some(folder) = app.site.folder() else {
        return no_book(&app, &headers);
    };
    match ServeDir::new(folder).try_call(request).await {
        Ok(response) => response.into_response(),
        Err(error) => (StatusCode::INTERNAL_SERVER_ERROR, error.to_string()).into_response(),
    }
}

/// There is no good build yet: say why, and look again when that changes.
fn no_book(app: &App, headers: &HeaderMap) -> Response {
    let why = app
        .site
        .problem()
        .unwrap_or_else(|| "it is still being built".to_owned());
    let wants_html = headers
        .get(header::ACCEPT)
        .and_then(|accept| accept.to_str().ok())
        .is_some_and(|accept| accept.contains("text/html"));
    if !wants_html {
        return (StatusCode::SERVICE_UNAVAILABLE, why).into_response();
    }
    let why = why.replace('&', "&amp;").replace('<', "&lt;");
    let html = format!(
        "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><meta http-equiv=\"refresh\" content=\"2\">\
         <title>The book does not build</title><h1>The book does not build</h1><pre>{why}</pre>"
    );
    (
        StatusCode::SERVICE_UNAVAILABLE,
        [(header::CONTENT_TYPE, "text/html; charset=utf-8")],
        html,
    )
        .into_response()
}

#[cfg(test)]
mod tests {
    use super::is_own;

    #[test]
    fn only_our_own_names_are_answered() {
        for host in ["127.0.0.1:3000", "localhost:3000"] {
            assert!(is_own(host, 3000), "{host}");
        }
        for host in [
            "",
            "localhost",
            "127.0.0.1:3001",
            "evil.example:3000",
            "127.0.0.1.evil.example:3000",
            "evil@127.0.0.1:3000",
            "[::1]:3000",
            "127.0.0.1:3000:3000",
        ] {
            assert!(!is_own(host, 3000), "{host}");
        }
        assert!(is_own("localhost", 80));
    }
}
