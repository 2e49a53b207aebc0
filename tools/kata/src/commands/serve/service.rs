//! A compile service: what lets a static site elsewhere compile what its readers write.
//!
//! It answers to the pages of one site, and has neither a book nor a file of anybody's to show. Who sits before those
//! pages it does not know, so it relies on what guards every compilation: the door, and a compiler that sees no more than
//! it needs.

use super::accept;
use super::compile::{self, Desk};
use super::door::{few_at_once, refusal, room};
use anyhow::Context;
use axum::Router;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use kata_builder::{Profile, Request as Wish};
use kata_zones::{Variant, Workspace};
use std::process::ExitCode;
use std::sync::Arc;
use tokio::net::TcpListener;

/// Seconds for which a browser need not ask again whether it may ask.
const PREFLIGHT: &str = "600";

/// Serves the pages of `origin` until it is interrupted.
pub async fn run(ws: &Workspace, listener: TcpListener, origin: &str) -> anyhow::Result<ExitCode> {
    let address = listener.local_addr().context("asking for the port")?;
    let desk = Arc::new(Desk::new(ws, ""));
    println!("Pages of {origin} are compiled for at http://{address}/ (Ctrl-C ends it)");
    if !cfg!(target_os = "linux") {
        eprintln!(
            "note: on this system nothing keeps what is compiled from taking in files that you can read; \
             see CONTRIBUTING"
        );
    }
    let warming = tokio::spawn(warm(desk.clone()));
    let site = HeaderValue::from_str(origin).context("the origin is no header's value")?;
    let router: Router = Router::new()
        .route(
            &format!("/{}", compile::COMPILE),
            compile::answer(desk.clone()),
        )
        .route_layer(middleware::from_fn_with_state(room(), few_at_once))
        .route(&format!("/{}", compile::BUILT), compile::made(desk))
        .layer(middleware::from_fn_with_state(site, one_site_only));
    accept::serve(listener, router).await;
    warming.abort();
    Ok(ExitCode::SUCCESS)
}

/// Compiles what every zone depends on, so that no reader waits for it.
async fn warm(desk: Arc<Desk>) {
    let builder = desk.workshop.builder(&desk.ws).await;
    for zone in desk.ws.zones().unwrap_or_default() {
        let _turn = desk.workshop.turn().await;
        let wish = [Wish::variant(&zone, Variant::Kata)];
        let built = match builder {
            Ok(builder) => builder.build(&wish, Profile::Quick).await.map(|_| ()),
            Err(why) => Err(anyhow::Error::msg(why.clone())),
        };
        if let Err(error) = built {
            eprintln!("note: {}: {error:#}", zone.slug);
        }
    }
}

/// Answers the pages of one site, and lets their browsers read the answers.
async fn one_site_only(State(site): State<HeaderValue>, request: Request, next: Next) -> Response {
    if request.headers().get(header::ORIGIN) != Some(&site) {
        return refusal(
            StatusCode::FORBIDDEN,
            "This service compiles for the pages of another site.",
        );
    }
    let mut response = if request.method() == Method::OPTIONS {
        let may: HeaderMap = [
            (header::ACCESS_CONTROL_ALLOW_METHODS, "GET, POST"),
            (header::ACCESS_CONTROL_ALLOW_HEADERS, "content-type"),
            (header::ACCESS_CONTROL_MAX_AGE, PREFLIGHT),
        ]
        .map(|(name, value)| (name, HeaderValue::from_static(value)))
        .into_iter()
        .collect();
        (StatusCode::NO_CONTENT, may).into_response()
    } else {
        next.run(request).await
    };
    let headers = response.headers_mut();
    headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, site);
    for (name, value) in [
        (header::VARY, "origin"),
        (header::CACHE_CONTROL, "no-store"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    response
}
