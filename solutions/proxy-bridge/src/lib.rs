//! The rules of a bridge that lends its origin to another server, and to no other.
//!
//! The address to ask is put together out of parts, never out of text: the server comes from the configuration, so no path
//! can name another one. Nothing is decoded, and so nothing changes its meaning on the way.

#[doc(inline)]
pub use contract::*;

use http::header::{
    CONNECTION, CONTENT_LENGTH, HOST, HeaderMap, HeaderName, ORIGIN, TRANSFER_ENCODING,
};
use http::uri::{PathAndQuery, Scheme, Uri};
use http::{Request, Response};

/// Makes the request for the upstream out of the one that came.
///
/// # Errors
///
/// See [`Refused`].
pub fn forward<B>(bridge: &Bridge, request: Request<B>) -> Result<Request<B>, Refused> {
    let (mut head, body) = request.into_parts();
    if !is_for(bridge, &head.headers) {
        return Err(Refused::ForeignHost);
    }
    let target = path_of(&head.uri).ok_or(Refused::NotAPath)?;
    let (route, rest) = longest(&bridge.routes, target.as_str()).ok_or(Refused::NoRoute)?;
    if has_dot_segment(target.path()) {
        return Err(Refused::DotSegment);
    }

    let upstream = &route.upstream;
    let slash = match (upstream.base(), rest.starts_with('/')) {
        ("", false) => "/",
        _ => "",
    };
    head.uri = Uri::builder()
        .scheme(Scheme::HTTP)
        .authority(upstream.authority().clone())
        .path_and_query(format!("{}{slash}{rest}", upstream.base()))
        .build()
        .map_err(|_| Refused::NotAPath)?;

    // First, or else `Connection: host` would take the new one away.
    drop_hop_by_hop(&mut head.headers);
    head.headers.insert(HOST, upstream.host());
    if route.origin == Origin::Upstream && head.headers.contains_key(ORIGIN) {
        head.headers.insert(ORIGIN, upstream.origin());
    }
    Ok(Request::from_parts(head, body))
}

/// Makes the answer for the page out of the upstream's.
pub fn back<B>(mut answer: Response<B>) -> Response<B> {
    drop_hop_by_hop(answer.headers_mut());
    answer
}

/// Whether a request names this bridge, and nobody else.
fn is_for(bridge: &Bridge, headers: &HeaderMap) -> bool {
    let mut hosts = headers.get_all(HOST).iter();
    match (hosts.next(), hosts.next()) {
        (Some(host), None) => host.to_str().is_ok_and(|host| (bridge.is_own)(host)),
        _ => false,
    }
}

/// The target of a request, if it is a path and no more.
fn path_of(target: &Uri) -> Option<&PathAndQuery> {
    let is_path = target.authority().is_none() && target.path().starts_with('/');
    target.path_and_query().filter(|_| is_path)
}

/// The route with the longest prefix, and what follows that prefix.
fn longest<'a, 'b>(routes: &'a [Route], target: &'b str) -> Option<(&'a Route, &'b str)> {
    routes
        .iter()
        .filter_map(|route| Some((route, target.strip_prefix(route.prefix.as_str())?)))
        .filter(|(_, rest)| rest.is_empty() || rest.starts_with(['/', '?']))
        .max_by_key(|(route, _)| route.prefix.as_str().len())
}

/// Whether some server could read a segment of this path as `.` or `..`. What is read for that is thrown away again.
fn has_dot_segment(path: &str) -> bool {
    let plain = path.to_ascii_lowercase().replace("%2e", ".");
    let plain = plain.replace("%2f", "/").replace("%5c", "/");
    plain
        .split(['/', '\\'])
        .any(|segment| matches!(segment.split(';').next(), Some("." | "..")))
}

/// Drops what was said to this connection, and not to the server or the page at its end.
fn drop_hop_by_hop(headers: &mut HeaderMap) {
    // Two lengths that disagree are how one request is made to look like two.
    if headers.contains_key(TRANSFER_ENCODING) {
        headers.remove(CONTENT_LENGTH);
    }
    let named: Vec<HeaderName> = headers
        .get_all(CONNECTION)
        .iter()
        .flat_map(|value| value.as_bytes().split(|&byte| byte == b','))
        .filter_map(|name| HeaderName::from_bytes(name.trim_ascii()).ok())
        .collect();
    for name in named.iter().chain(&HOP_BY_HOP) {
        headers.remove(name);
    }
}
