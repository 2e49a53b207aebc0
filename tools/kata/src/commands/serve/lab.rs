//! The lab, through the book's own port: for readers who forward that one and no other.
//!
//! The lab breaks its answers on purpose, and they must break here in the same way. A body that ends too
//! early ends too early, silence is silence, and a client that goes is gone for the lab, too. Only a
//! refused connection and a second origin cannot be had here, and `/info` says so.

use super::App;
use axum::body::{Body, to_bytes};
use axum::extract::connect_info::ConnectInfo;
use axum::extract::{Request, State};
use axum::http::uri::{PathAndQuery, Uri};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::{Json, response};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use serde_json::{Value, json};
use std::net::{Shutdown, TcpStream};
use std::os::fd::AsFd;
use std::sync::Arc;

/// Where the lab is found below the book.
pub const PREFIX: &str = "/-/lab";

/// More than the lab says about itself.
const INFO_LIMIT: usize = 16 * 1024;

/// What only a port of its own can play.
const NEEDS_A_PORT: [&str; 3] = ["refused", "second-origin", "bridge"];

/// Asks the lab, with a connection for each request.
pub type LabClient = Client<HttpConnector, Body>;

pub fn client() -> LabClient {
    Client::builder(TokioExecutor::new())
        .pool_max_idle_per_host(0)
        .build_http()
}

/// The connection that a request came by.
#[derive(Debug, Clone)]
pub struct Line(Option<Arc<TcpStream>>);

impl Line {
    pub fn of(stream: &tokio::net::TcpStream) -> Self {
        let same = stream.as_fd().try_clone_to_owned();
        Self(same.ok().map(|socket| Arc::new(socket.into())))
    }

    /// Ends the connection without a word.
    fn hang_up(&self) -> Response {
        if let Some(socket) = &self.0 {
            // It may be over already.
            let _ = socket.shutdown(Shutdown::Both);
        }
        // Nobody hears it any more.
        StatusCode::BAD_GATEWAY.into_response()
    }
}

/// Where the lab is: at a port of its own, if the reader's browser can reach that.
pub async fn address(State(app): State<Arc<App>>) -> response::Json<Value> {
    Json(json!({ "lab": app.lab }))
}

/// Passes a request on to the lab and its answer back, as it comes.
pub async fn pass(
    State(app): State<Arc<App>>,
    ConnectInfo(line): ConnectInfo<Line>,
    mut request: Request,
) -> Response {
    let asked = request
        .uri()
        .path_and_query()
        .map_or("", PathAndQuery::as_str);
    let asked = asked.strip_prefix(PREFIX).unwrap_or(asked);
    let is_info = asked.split('?').next() == Some("/info");
    let Ok(there) = format!("{}{asked}", app.lab).parse::<Uri>() else {
        return StatusCode::BAD_REQUEST.into_response();
    };
    *request.uri_mut() = there;
    for name in [header::HOST, header::CONNECTION] {
        request.headers_mut().remove(name);
    }
    let Ok(answer) = app.lab_client.request(request).await else {
        return line.hang_up();
    };
    let mut answer = answer.map(Body::new);
    for name in [header::CONNECTION, header::TRANSFER_ENCODING] {
        answer.headers_mut().remove(name);
    }
    if let Some(place) = answer.headers().get(header::LOCATION).and_then(below) {
        answer.headers_mut().insert(header::LOCATION, place);
    }
    if is_info { info(answer).await } else { answer }
}

/// A place in the lab as a place below the book.
fn below(place: &HeaderValue) -> Option<HeaderValue> {
    let path = place.to_str().ok().filter(|path| path.starts_with('/'))?;
    HeaderValue::from_str(&format!("{PREFIX}{path}")).ok()
}

/// What the lab plays, less what it cannot play here.
async fn info(answer: Response) -> Response {
    let body = to_bytes(answer.into_body(), INFO_LIMIT).await;
    let info = body
        .ok()
        .and_then(|body| serde_json::from_slice(&body).ok());
    let Some(mut info) = info.filter(Value::is_object) else {
        return StatusCode::BAD_GATEWAY.into_response();
    };
    info["refused"] = Value::Null;
    info["second"] = Value::Null;
    if let Some(plays) = info["plays"].as_array_mut() {
        plays.retain(|play| !NEEDS_A_PORT.iter().any(|name| play == name));
    }
    Json(info).into_response()
}
