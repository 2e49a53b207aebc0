//! What is brought here from outside: by whom, how many at once, how much, and how long it may take.
//!
//! Everybody who can see the book may read it. To write takes the token of this launch, which only a page of this
//! server can have read: a page elsewhere can send requests here, but sees no answer. What is turned away is
//! told why, in a line.

use super::App;
use axum::body::{Body, to_bytes};
use axum::extract::{FromRequest, Request, State};
use axum::http::{StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use serde::de::DeserializeOwned;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Semaphore;
use tokio::time::timeout;

/// The header that brings the token back.
const TOKEN: &str = "kata-token";

/// Requests that are at work or wait at once. More are told to come back.
const AT_ONCE: usize = 32;

/// Bytes of the largest body.
const LARGEST: usize = 1 << 20;

/// Bytes of the longest `lib.rs`. The longest of the book has a tenth of that.
const LONGEST: usize = 256 << 10;

/// How long a body may take to arrive.
const PATIENCE: Duration = Duration::from_secs(10);

/// A line that says why nothing was done.
pub fn refusal(status: StatusCode, why: &str) -> Response {
    (status, format!("{why}\n")).into_response()
}

/// Lets nobody in without the token of this launch.
pub async fn token_only(State(app): State<Arc<App>>, request: Request, next: Next) -> Response {
    let brought = request.headers().get(TOKEN);
    if !brought.is_some_and(|token| are_equal(token.as_bytes(), app.token.as_bytes())) {
        return refusal(
            StatusCode::FORBIDDEN,
            "The token of this launch is missing.",
        );
    }
    next.run(request).await
}

/// Whether two texts are equal, in a time that does not tell where they differ.
fn are_equal(one: &[u8], other: &[u8]) -> bool {
    let differ = one.iter().zip(other).fold(0, |all, (a, b)| all | (a ^ b));
    one.len() == other.len() && differ == 0
}

/// Room for so many requests at once.
pub fn room() -> Arc<Semaphore> {
    Arc::new(Semaphore::new(AT_ONCE))
}

/// Lets in as many as there is room for.
pub async fn few_at_once(
    State(room): State<Arc<Semaphore>>,
    request: Request,
    next: Next,
) -> Response {
    let Ok(_place) = room.try_acquire() else {
        let why = refusal(
            StatusCode::SERVICE_UNAVAILABLE,
            "Too many requests at once; try again in a moment.",
        );
        return ([(header::RETRY_AFTER, "1")], why).into_response();
    };
    next.run(request).await
}

/// A body of JSON, not too large and in good time. A form of another page cannot have this type.
pub struct Brought<T>(pub T);

impl<S: Sync, T: DeserializeOwned> FromRequest<S> for Brought<T> {
    type Rejection = Response;

    async fn from_request(request: Request, _: &S) -> Result<Self, Response> {
        let kind = request.headers().get(header::CONTENT_TYPE);
        let kind = kind.and_then(|kind| kind.to_str().ok()).unwrap_or_default();
        let kind = kind.split(';').next().unwrap_or_default().trim();
        if !kind.eq_ignore_ascii_case("application/json") {
            return Err(refusal(
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                "The body must be application/json.",
            ));
        }
        let body = read(request.into_body()).await?;
        serde_json::from_slice(&body).map(Self).map_err(|error| {
            let why = format!("The body is not what is expected here: {error}.");
            refusal(StatusCode::BAD_REQUEST, &why)
        })
    }
}

async fn read(body: Body) -> Result<axum::body::Bytes, Response> {
    match timeout(PATIENCE, to_bytes(body, LARGEST)).await {
        Ok(Ok(bytes)) => Ok(bytes),
        Ok(Err(_)) => Err(refusal(
            StatusCode::PAYLOAD_TOO_LARGE,
            &format!(
                "The body was cut off, or is larger than {} KiB.",
                LARGEST >> 10
            ),
        )),
        Err(_) => Err(refusal(
            StatusCode::REQUEST_TIMEOUT,
            &format!("The body took longer than {} s.", PATIENCE.as_secs()),
        )),
    }
}

/// Why a text is none of a `lib.rs`, if it is none.
pub fn refused(text: &str) -> Option<Response> {
    let why = if text.len() > LONGEST {
        format!("A lib.rs of more than {} KiB is too long.", LONGEST >> 10)
    } else if let Some(at) = text.find('\0') {
        let line = 1 + text[..at].matches('\n').count();
        format!("There is a NUL character in line {line}, which no Rust source has.")
    } else {
        return None;
    };
    Some(refusal(StatusCode::UNPROCESSABLE_ENTITY, &why))
}
