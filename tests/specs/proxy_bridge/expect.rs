//! A bridge, requests for it, and what must become of them.

use http::header::HOST;
use http::{HeaderMap, HeaderName, HeaderValue, Request};

use crate::zone::forward;
use contract::{Bridge, Origin, Refused, Route};

/// How a page names the bridge.
pub const OWN: &str = "localhost:3000";
/// The server of the first route.
pub const SERVER: &str = "127.0.0.1:8080";
/// Where `/api` leads.
pub const UPSTREAM: &str = "http://127.0.0.1:8080/base";

/// One route, from this prefix to this address.
pub fn route(prefix: &str, upstream: &str) -> Route {
    Route {
        prefix: prefix.parse().unwrap(),
        upstream: upstream.parse().unwrap(),
        origin: Origin::Keep,
    }
}

/// A bridge with these routes, which answers to `localhost:3000` and `127.0.0.1:3000`.
pub fn bridge(routes: &[(&str, &str)]) -> Bridge {
    Bridge {
        routes: (routes.iter())
            .map(|(prefix, upstream)| route(prefix, upstream))
            .collect(),
        is_own: Box::new(|host| [OWN, "127.0.0.1:3000"].contains(&host)),
    }
}

/// A bridge from `/api` to `http://127.0.0.1:8080/base`.
pub fn api() -> Bridge {
    bridge(&[("/api", UPSTREAM)])
}

/// A request for `target`, as a page of the bridge's own makes it.
pub fn request(target: &str) -> Request<()> {
    Request::builder()
        .uri(target)
        .header(HOST, OWN)
        .body(())
        .unwrap()
}

/// The same with these headers, in this order.
pub fn request_with(headers: &[(&str, &str)]) -> Request<()> {
    let mut request = request("/api/users");
    add(request.headers_mut(), headers);
    request
}

/// Appends headers.
pub fn add(map: &mut HeaderMap, headers: &[(&str, &str)]) {
    for (name, value) in headers {
        let name = HeaderName::from_bytes(name.as_bytes()).unwrap();
        map.append(name, HeaderValue::from_str(value).unwrap());
    }
}

/// The whole address that is asked, or why none is.
pub fn asked(bridge: &Bridge, target: &str) -> Result<String, Refused> {
    forward(bridge, request(target)).map(|request| request.uri().to_string())
}

/// The target must lead to exactly this address.
#[track_caller]
pub fn leads(bridge: &Bridge, target: &str, there: &str, lesson: &str) {
    match asked(bridge, target) {
        Ok(asked) => assert!(
            asked == there,
            "{target} leads to {asked}, not to {there}: {lesson}"
        ),
        Err(refused) => {
            panic!("{target} is refused as {refused:?}, and should lead to {there}: {lesson}")
        }
    }
}

/// The target must be refused for exactly this reason.
#[track_caller]
pub fn is_refused(bridge: &Bridge, target: &str, why: Refused, lesson: &str) {
    match asked(bridge, target) {
        Err(refused) if refused == why => {}
        Err(refused) => panic!("{target} is refused as {refused:?}, not as {why:?}: {lesson}"),
        Ok(asked) => panic!("{target} leads to {asked}: {lesson}"),
    }
}

/// What is sent for this request, which must be sent.
#[track_caller]
pub fn sent<B>(bridge: &Bridge, request: Request<B>) -> Request<B> {
    forward(bridge, request)
        .unwrap_or_else(|refused| panic!("an ordinary request is refused as {refused:?}"))
}

/// All values of a header, as text.
pub fn values(headers: &HeaderMap, name: &str) -> Vec<String> {
    headers
        .get_all(name)
        .iter()
        .map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned())
        .collect()
}
