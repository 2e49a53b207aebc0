//! `get`: one HTTP GET with a deadline for the answer to begin.
//!
//! This is what a dialer's deadline, a TLS deadline and a header deadline come to
//! when they are carried over from a native client.

#[doc(inline)]
pub use contract::*;

use std::future::poll_fn;
use std::pin::pin;
use std::task::Poll;
use std::time::Duration;

use web_sys::{AbortController, Headers, RequestInit, Response};

/// Fetches `url` with GET and returns the whole body, within `budget`.
///
/// # Errors
///
/// See [`Kind`]. Every error says in which phase it came, and how late.
pub async fn get(url: &str, budget: Duration) -> Result<Vec<u8>, FetchError> {
    let started = now();
    let fail = |kind, phase| FetchError {
        kind,
        phase,
        elapsed: since(started),
    };

    let abort = AbortController::new()
        .map(AbortOnDrop)
        .map_err(|error| fail(network(error), Phase::Headers))?;
    let init = RequestInit::new();
    init.set_signal(Some(&abort.0.signal()));

    // DNS, connection, TLS, the server's thinking time: all of it is limited.
    let response = within(budget, fetch(url, &init).into_future())
        .await
        .ok_or_else(|| fail(Kind::Timeout, Phase::Headers))?
        .map_err(|error| fail(network(error), Phase::Headers))?;
    if !response.ok() {
        return Err(fail(Kind::Status(response.status()), Phase::Headers));
    }

    // The server is there and talks to us. Now it is only a matter of reading.
    read(&response)
        .await
        .map_err(|kind| fail(kind, Phase::Body))
}

/// The whole body, checked against the length that was promised.
async fn read(response: &Response) -> Result<Vec<u8>, Kind> {
    let mut body = Vec::new();
    let end = read_to_end(response, &mut body).await;
    let received = body.len() as u64;
    match promised_length(&response.headers()) {
        // Engines disagree: some report a short body as a failure, some as an end.
        Some(promised) if received < promised => Err(Kind::Truncated { promised, received }),
        _ => end.map(|()| body),
    }
}

/// How many bytes the body must have at least, if the headers tell. Those of a
/// compressed answer count what was sent, not what arrives here.
fn promised_length(headers: &Headers) -> Option<u64> {
    let header = |name| headers.get(name).ok().flatten();
    match header("content-encoding") {
        Some(_) => None,
        None => header("content-length")?.parse().ok(),
    }
}

/// Says "nobody waits for this any more" to the browser. After the end of the
/// body that changes nothing.
struct AbortOnDrop(AbortController);

impl Drop for AbortOnDrop {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// Runs `work` for at most `budget`; `None` if that was not enough.
async fn within<W: Future>(budget: Duration, work: W) -> Option<W::Output> {
    let mut work = pin!(work);
    let mut timer = pin!(Timer::start(budget));
    poll_fn(|context| match work.as_mut().poll(context) {
        Poll::Ready(output) => Poll::Ready(Some(output)),
        Poll::Pending => timer.as_mut().poll(context).map(|()| None),
    })
    .await
}
