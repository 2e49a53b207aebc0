//! The attempt: decode the path, so that no `..` can hide in it, and then look.

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
    // What hides in percent signs is found when they are gone.
    let (path, query) = match rest.split_once('?') {
        Some((path, query)) => (decode(path), format!("?{query}")),
        None => (decode(rest), String::new()),
    };
    let dots = |segment: &str| matches!(segment.split(';').next(), Some("." | ".."));
    if path.split(['/', '\\']).any(dots) {
        return Err(Refused::DotSegment);
    }

    let upstream = &route.upstream;
    let slash = match (upstream.base(), path.starts_with('/')) {
        ("", false) => "/",
        _ => "",
    };
    head.uri = Uri::builder()
        .scheme(Scheme::HTTP)
        .authority(upstream.authority().clone())
        .path_and_query(format!("{}{slash}{path}{query}", upstream.base()))
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

/// The text without its percent signs: each `%2e` is a dot again.
fn decode(path: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = path.as_bytes();
    while let [first, others @ ..] = rest {
        let code = (others.get(..2).filter(|_| *first == b'%'))
            .and_then(|digits| std::str::from_utf8(digits).ok())
            .and_then(|digits| u8::from_str_radix(digits, 16).ok());
        match code {
            Some(byte) => {
                bytes.push(byte);
                rest = &others[2..];
            }
            None => {
                bytes.push(*first);
                rest = others;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
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
