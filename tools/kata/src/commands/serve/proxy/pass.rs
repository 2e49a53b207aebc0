//! Requests to other servers, and their answers, as they come.

use super::config::{self, Way};
use super::{rules, upgrade};
use crate::commands::serve::guard::Names;
use anyhow::bail;
use axum::body::{Body, Bytes, HttpBody};
use axum::extract::Request;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, Version, header};
use axum::response::{IntoResponse, Response};
use contract::{Bridge, Refused};
use futures_util::stream::{self, Stream, StreamExt};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use std::error::Error;
use std::ops::ControlFlow::{self, Break};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use tokio::time::timeout;

/// What a page of the book proves itself with. No other server needs to know it.
const TOKEN: HeaderName = HeaderName::from_static("kata-token");

/// The ways, and the client that goes them.
pub struct Proxy {
    bridge: Bridge,
    ways: Vec<Way>,
    client: Client<HttpConnector, Body>,
}

/// The proxy that `kata.toml` asks for, if it does. This server has `names` and listens at `port`.
pub fn new(root: &Path, names: &Names, port: u16) -> anyhow::Result<Option<Proxy>> {
    let ways = config::read(root)?;
    if ways.is_empty() {
        return Ok(None);
    }
    for way in &ways {
        let there = way.route.upstream.authority();
        if there.port_u16().unwrap_or(80) == port && names.is_own(there.as_str()) {
            let place = format!("{}:{}", config::FILE, way.line);
            bail!(
                "{place}: the upstream {} is this server itself",
                way.route.upstream
            );
        }
    }
    let own = names.clone();
    Ok(Some(Proxy {
        bridge: Bridge {
            routes: ways.iter().map(|way| way.route.clone()).collect(),
            is_own: Box::new(move |host| own.is_own(host)),
        },
        ways,
        client: Client::builder(TokioExecutor::new()).build_http(),
    }))
}

impl Proxy {
    /// The answer of the server that a request leads to, or else the request again: it is for the book.
    pub async fn answer(&self, request: Request) -> ControlFlow<Response, Request> {
        let (head, body) = request.into_parts();
        let asked = Request::from_parts(head.clone(), ());
        let there = match rules::forward(&self.bridge, asked) {
            Ok(there) => there.map(|()| body),
            Err(Refused::NoRoute) => {
                return ControlFlow::Continue(Request::from_parts(head, body));
            }
            Err(why) => return Break(say(StatusCode::BAD_REQUEST, &why.to_string())),
        };
        // Sandboxed frames, where katas run, read the book. What others serve is not meant for them.
        if head
            .headers
            .get(header::ORIGIN)
            .is_some_and(|origin| origin == "null")
        {
            let why = "a page without an origin may not ask here";
            return Break(say(StatusCode::FORBIDDEN, why));
        }
        let prefix = |way: &&Way| way.route.prefix.as_str().len();
        let is_start = |way: &&Way| is_start(way.route.prefix.as_str(), head.uri.path());
        // The rules have found one; this is it.
        let way = self.ways.iter().filter(is_start).max_by_key(prefix);
        Break(match way {
            Some(way) => self.go(way, &head, there).await,
            None => say(StatusCode::NOT_FOUND, &Refused::NoRoute.to_string()),
        })
    }

    async fn go(
        &self,
        way: &Way,
        head: &axum::http::request::Parts,
        mut there: Request,
    ) -> Response {
        let upstream = &way.route.upstream;
        there.headers_mut().remove(TOKEN);
        *there.version_mut() = Version::HTTP_11;
        let upgrade = upgrade::asked(&head.headers, &mut there);
        let too_large = || {
            let most = format!(
                "the body of a request to {upstream} may have {} bytes",
                way.limit
            );
            say(StatusCode::PAYLOAD_TOO_LARGE, &most)
        };
        let overflow = Arc::new(AtomicBool::new(false));
        match there.body().size_hint().exact() {
            Some(bytes) if bytes > way.limit => return too_large(),
            Some(_) => {}
            None => {
                there = there.map(|body| limited(body, way.limit, overflow.clone()));
            }
        }
        match timeout(way.timeout, self.client.request(there)).await {
            Err(_) => {
                let patience = way.timeout.as_millis();
                let late = format!("{upstream} has not answered within {patience} ms");
                say(StatusCode::GATEWAY_TIMEOUT, &late)
            }
            Ok(Err(_)) if overflow.load(Ordering::Relaxed) => too_large(),
            Ok(Err(error)) => {
                let why = format!("{upstream} cannot be asked: {}", innermost(&error));
                say(StatusCode::BAD_GATEWAY, &why)
            }
            Ok(Ok(mut answer)) => {
                let line = upgrade.and_then(|upgrade| upgrade.accept(&mut answer));
                let mut answer = rules::back(answer.map(Body::new));
                *answer.version_mut() = Version::HTTP_11;
                match line {
                    Some(line) => line.open(answer.headers_mut()),
                    None if is_event_stream(answer.headers()) => {}
                    None => answer = answer.map(|body| patient(body, way.timeout)),
                }
                answer
            }
        }
    }
}

/// Whether a path begins with these segments.
fn is_start(prefix: &str, path: &str) -> bool {
    path.strip_prefix(prefix)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// Events come when there are any. Silence is no fault there.
fn is_event_stream(headers: &HeaderMap) -> bool {
    let kind = headers.get(header::CONTENT_TYPE);
    kind.is_some_and(|kind| kind.as_bytes().starts_with(b"text/event-stream"))
}

/// A body without a length, up to so many bytes.
fn limited(body: Body, limit: u64, overflow: Arc<AtomicBool>) -> Body {
    let mut left = limit;
    Body::from_stream(body.into_data_stream().map(move |piece| {
        let piece = piece?;
        match left.checked_sub(piece.len() as u64) {
            Some(rest) => left = rest,
            None => {
                overflow.store(true, Ordering::Relaxed);
                return Err(axum::Error::new("the body is too large"));
            }
        }
        Ok(piece)
    }))
}

/// A body that breaks off if nothing comes for so long. Its pieces come as they are.
fn patient(body: Body, patience: Duration) -> Body {
    // What has a length and is empty has nothing to wait for, and keeps its length.
    if body.is_end_stream() {
        return body;
    }
    Body::from_stream(pieces(body, patience))
}

fn pieces(body: Body, patience: Duration) -> impl Stream<Item = Result<Bytes, axum::Error>> {
    stream::unfold(Some(body.into_data_stream()), move |pieces| async move {
        let mut pieces = pieces?;
        match timeout(patience, pieces.next()).await {
            Ok(None) => None,
            Ok(Some(Ok(piece))) => Some((Ok(piece), Some(pieces))),
            Ok(Some(Err(error))) => Some((Err(error), None)),
            Err(late) => Some((Err(axum::Error::new(late)), None)),
        }
    })
}

/// The last cause of an error: what the system said.
fn innermost(error: &dyn Error) -> String {
    let mut error = error;
    while let Some(cause) = error.source() {
        error = cause;
    }
    error.to_string()
}

/// A refusal in plain words.
fn say(status: StatusCode, why: &str) -> Response {
    let plain = HeaderValue::from_static("text/plain; charset=utf-8");
    let never = HeaderValue::from_static("no-store");
    let headers = [
        (header::CONTENT_TYPE, plain),
        (header::CACHE_CONTROL, never),
    ];
    (status, headers, format!("{why}\n")).into_response()
}
