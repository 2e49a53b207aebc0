//! `get`: one HTTP GET with a time budget. Or so it says.

#[doc(inline)]
pub use contract::*;

use std::time::Duration;

use web_sys::RequestInit;

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

    let response = fetch(url, &RequestInit::new())
        .await
        .map_err(|error| fail(network(error), Phase::Headers))?;
    if since(started) > budget {
        return Err(fail(Kind::Timeout, Phase::Headers));
    }
    if !response.ok() {
        return Err(fail(Kind::Status(response.status()), Phase::Headers));
    }

    let mut body = Vec::new();
    read_to_end(&response, &mut body)
        .await
        .map_err(|kind| fail(kind, Phase::Body))?;
    if since(started) > budget {
        return Err(fail(Kind::Timeout, Phase::Body));
    }
    Ok(body)
}
