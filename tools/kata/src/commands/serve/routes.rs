//! What the server answers.
//!
//! It takes paths, which it looks up below two folders, and what a page of its own sends: marks of `progress`, a
//! text to compile, and the reader's own file. Who may ask at all is in `guard`, who may send what in `door`.

use super::bundles::{Made, Status};
use super::guard::own_names_only;
use super::{App, News, compile, door, lab, progress, source};
use axum::body::Body;
use axum::extract::{Path, Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::middleware::{self, Next};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use axum::routing::{any, get, post, put};
use axum::{Json, Router};
use kata_builder::LINES;
use kata_zones::Variant;
use serde_json::{Value, json};
use std::convert::Infallible;
use std::io::ErrorKind;
use std::ops::ControlFlow;
use std::sync::Arc;
use tokio_stream::wrappers::BroadcastStream;
use tokio_stream::{Stream, StreamExt};
use tower_http::services::ServeDir;

pub fn router(app: Arc<App>) -> Router {
    let sent = Router::new()
        .route(
            "/-/progress",
            post(progress::write).delete(progress::forget),
        )
        .route("/-/source/{slug}", put(source::write))
        .route("/-/open/{slug}", post(source::open))
        .route(
            &format!("/-/{}", compile::COMPILE),
            compile::answer(app.desk.clone()),
        )
        .route_layer(middleware::from_fn_with_state(
            door::room(),
            door::few_at_once,
        ))
        .route_layer(middleware::from_fn_with_state(
            app.clone(),
            door::token_only,
        ));
    Router::new()
        .merge(sent)
        .route(lab::PREFIX, get(lab::address))
        .route(&format!("{}/{{*asked}}", lab::PREFIX), any(lab::pass))
        .route("/-/progress", get(progress::read))
        .route("/-/source/{slug}", get(source::read))
        .route(
            &format!("/-/{}", compile::BUILT),
            compile::made(app.desk.clone()),
        )
        .route("/-/events", get(events))
        .route("/bundles/{slug}/{variant}/{file}", get(plain_bundle))
        .route(
            "/bundles/{slug}/attempts/{name}/{file}",
            get(attempt_bundle),
        )
        .fallback(page)
        .layer(middleware::from_fn(headers))
        .layer(middleware::from_fn_with_state(app.clone(), other_servers))
        .layer(middleware::from_fn_with_state(app.clone(), own_names_only))
        .with_state(app)
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

/// What is below a prefix of `kata.toml` comes from another server, with that server's headers.
async fn other_servers(State(app): State<Arc<App>>, request: Request, next: Next) -> Response {
    let request = match &app.proxy {
        Some(proxy) => match proxy.answer(request).await {
            ControlFlow::Break(answer) => return answer,
            ControlFlow::Continue(request) => request,
        },
        None => request,
    };
    next.run(request).await
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
    if !known || !["bundle.json", "spec.js", "spec_bg.wasm", LINES].contains(&file) {
        return StatusCode::NOT_FOUND.into_response();
    }
    if file == "bundle.json" {
        match app.bundles().ask(slug, variant) {
            Status::Building(step) => {
                return Json(json!({ "status": "building", "step": step })).into_response();
            }
            Status::Failed(why) => {
                return Json(json!({ "status": "failed", "diagnostics": why })).into_response();
            }
            Status::Ready => {}
        }
    }
    let Some(Made { dir, source }) = app.bundles().files(slug, variant) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let kind = match file {
        "bundle.json" | LINES => "application/json",
        "spec.js" => "text/javascript",
        _ => "application/wasm",
    };
    match tokio::fs::read(dir.join(file)).await {
        Ok(bytes) if file == "bundle.json" => described(&bytes, &source),
        Ok(bytes) => ([(header::CONTENT_TYPE, kind)], bytes).into_response(),
        Err(_) => StatusCode::NOT_FOUND.into_response(),
    }
}

/// What a bundle says of itself, and which text it was made of: a mark of `progress` is for that text.
fn described(bundle: &[u8], source: &str) -> Response {
    match serde_json::from_slice::<Value>(bundle) {
        Ok(mut bundle) if bundle.is_object() => {
            bundle["source"] = source.into();
            Json(bundle).into_response()
        }
        _ => StatusCode::NOT_FOUND.into_response(),
    }
}

async fn page(State(app): State<Arc<App>>, headers: HeaderMap, request: Request<Body>) -> Response {
    let Some(folder) = app.site.folder() else {
        return no_book(&app, &headers);
    };
    match ServeDir::new(folder).try_call(request).await {
        Ok(response) => response.into_response(),
        // No file has such a name, and none can have.
        Err(error)
            if matches!(
                error.kind(),
                ErrorKind::InvalidFilename | ErrorKind::InvalidInput
            ) =>
        {
            StatusCode::NOT_FOUND.into_response()
        }
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
