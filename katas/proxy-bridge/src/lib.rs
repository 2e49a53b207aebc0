//! `forward` and `back`: the rules of a small bridge, as a development server has one. Or so it says.

#[doc(inline)]
pub use contract::*;

use http::header::{CONNECTION, HOST};
use http::uri::PathAndQuery;
use http::{Request, Response};

/// Makes the request for the upstream out of the one that came.
///
/// # Errors
///
/// See [`Refused`].
pub fn forward<B>(bridge: &Bridge, mut request: Request<B>) -> Result<Request<B>, Refused> {
    let target = request.uri().path_and_query();
    let target = target.map_or("/", PathAndQuery::as_str);
    let (route, rest) = bridge
        .routes
        .iter()
        .find_map(|route| Some((route, target.strip_prefix(route.prefix.as_str())?)))
        .ok_or(Refused::NoRoute)?;

    let there = format!("{}{rest}", route.upstream);
    *request.uri_mut() = there.parse().map_err(|_| Refused::NotAPath)?;

    let headers = request.headers_mut();
    headers.remove(CONNECTION);
    if route.origin == Origin::Upstream {
        // What other development servers call `changeOrigin`.
        headers.insert(HOST, route.upstream.host());
    }
    Ok(request)
}

/// Makes the answer for the page out of the upstream's.
pub fn back<B>(mut answer: Response<B>) -> Response<B> {
    answer.headers_mut().remove(CONNECTION);
    answer
}
