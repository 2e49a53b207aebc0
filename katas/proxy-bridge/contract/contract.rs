//! What is given: the rules of a bridge as data, and what `forward` and `back` must keep to.
//!
//! A bridge is a small server that lends its origin to others: a page asks `/api/users` where it came from, and the
//! bridge asks `http://127.0.0.1:8080/base/users`. [`Bridge`] says which path leads where. `forward` makes the request
//! that is sent to the upstream, and `back` the answer that is sent to the page. They speak HTTP/1.1 and open no
//! connection themselves.
//!
//! **`forward(bridge, request)`** answers the request to send, or [`Refused`]. What it sends:
//!
//! - *Where.* The route with the longest prefix that matches; the order of the routes means nothing. A prefix matches
//!   whole segments of the path, compared byte for byte as they are written: `/api` matches `/api`, `/api/x` and
//!   `/api?x`, but not `/apiary`, `/API` or `/api%2Fx`.
//! - *The target.* An absolute address: `http`, the upstream's authority, its base path, and then what follows the
//!   prefix, with its query, byte for byte as it was written. With an upstream of `http://127.0.0.1:8080/base`, `/api`
//!   leads to `/base`, `/api/` to `/base/`, and `/api//a%2Fb?` to `/base//a%2Fb?`. Without a base, `/api` leads to `/`.
//! - *The headers.* `Host` is the upstream's; `Origin` is as [`Origin`] says. [`HOP_BY_HOP`] headers, and whatever
//!   `Connection` names, `Origin` not excepted, are for the bridge alone and go no further, however they are written.
//!   Beside a `Transfer-Encoding`, whatever it says, a `Content-Length` is void and goes no further, either.
//! - All else, method, version, extensions and body included, is sent as it came: values that are no text, too, and
//!   headers that come twice, in their order.
//!
//! **`back(answer)`** is the same for the headers of an answer: hop-by-hop headers, and the void length, go no further.
//! All else is sent as it came.

use std::fmt;
use std::str::FromStr;

use http::HeaderValue;
use http::header::{
    CONNECTION, HeaderName, PROXY_AUTHENTICATE, PROXY_AUTHORIZATION, TE, TRANSFER_ENCODING, UPGRADE,
};
use http::uri::{Authority, Scheme, Uri};

/// The headers that are always for one connection only, whether `Connection` names them or not.
pub const HOP_BY_HOP: [HeaderName; 8] = [
    CONNECTION,
    HeaderName::from_static("keep-alive"),
    HeaderName::from_static("proxy-connection"),
    PROXY_AUTHENTICATE,
    PROXY_AUTHORIZATION,
    TE,
    TRANSFER_ENCODING,
    UPGRADE,
];

/// Which path leads where, and who may ask.
pub struct Bridge {
    /// In no particular order.
    pub routes: Vec<Route>,
    /// Whether a `Host`, as a request writes it, is a name of this bridge.
    pub is_own: Box<dyn Fn(&str) -> bool + Send + Sync>,
}

/// One path that leads elsewhere.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Route {
    /// The paths that it takes.
    pub prefix: Prefix,
    /// Where they lead.
    pub upstream: Upstream,
    /// What becomes of the header `Origin`.
    pub origin: Origin,
}

/// What becomes of the header `Origin`, by which a server knows whose page is asking.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Origin {
    /// It stays what the browser said, and where the browser said nothing, nothing is added.
    #[default]
    Keep,
    /// Whoever wrote the configuration asked for it: it becomes [`Upstream::origin`] where the browser has sent one.
    Upstream,
}

/// Why a request is not passed on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// Its target is no path: a whole address (`http://elsewhere/`), a server (`elsewhere:443`) or `*`. Only clients of
    /// a forward proxy send the first two. Your own name in such an address changes nothing. What is no path is refused
    /// as that, whatever the routes are.
    #[error("the target of a request must be a path")]
    NotAPath,
    /// It has no `Host`, several, or one that is not a name of this bridge: somebody else's name leads here.
    #[error("this is not the server that the request asks for")]
    ForeignHost,
    /// No prefix matches.
    #[error("no route takes this path")]
    NoRoute,
    /// A segment of its path is `.` or `..`, as servers commonly read it: `%2e` counts as a dot, `\`, `%2f` and `%5c`
    /// count as slashes here, in capital letters too, and what follows a `;` in a segment does not count. Browsers resolve
    /// `..`, `%2e%2e` and `..\` before they ask; `..%2f` and `..;` they send as written. A query may hold what it likes, and
    /// `%252e` is a `%2e` in a name.
    #[error("a path may not have the segments `.` and `..`")]
    DotSegment,
}

/// The start of a path, in whole segments.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Prefix(String);

impl Prefix {
    /// Without a slash at its end: `/api`, and for `/`, which takes every path, the empty text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A server that a bridge leads to: `http`, an authority, and the path below which all its answers are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Upstream {
    authority: Authority,
    host: HeaderValue,
    origin: HeaderValue,
    base: String,
}

impl Upstream {
    /// Its name and port, as they are written in the configuration.
    #[must_use]
    pub fn authority(&self) -> &Authority {
        &self.authority
    }

    /// Its path without a slash at the end: `/base`, or the empty text.
    #[must_use]
    pub fn base(&self) -> &str {
        &self.base
    }

    /// The authority as a `Host`.
    #[must_use]
    pub fn host(&self) -> HeaderValue {
        self.host.clone()
    }

    /// What its own pages have as their `Origin`.
    #[must_use]
    pub fn origin(&self) -> HeaderValue {
        self.origin.clone()
    }
}

impl fmt::Display for Upstream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "http://{}{}", self.authority, self.base)
    }
}

/// Why a text is no [`Prefix`] or no [`Upstream`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotARoute {
    /// Not a path out of plain segments.
    #[error("expected a path out of letters, digits, `-`, `_`, `.` and `~`, such as /api")]
    Path,
    /// Not an address that a bridge can lead to.
    #[error("expected http://host:port/path, without a user, a query or a fragment")]
    Address,
}

impl FromStr for Prefix {
    type Err = NotARoute;

    fn from_str(text: &str) -> Result<Self, NotARoute> {
        plain_path(text).map(|path| Self(path.to_owned()))
    }
}

impl FromStr for Upstream {
    type Err = NotARoute;

    fn from_str(text: &str) -> Result<Self, NotARoute> {
        let uri: Uri = text.parse().map_err(|_| NotARoute::Address)?;
        let authority = uri.authority().ok_or(NotARoute::Address)?;
        let is_plain = uri.scheme() == Some(&Scheme::HTTP)
            && uri.query().is_none()
            && !text.contains(['@', '#']);
        if !is_plain || authority.host().is_empty() {
            return Err(NotARoute::Address);
        }
        // An empty port is allowed in an address, and one beyond 65535 is not found out while it is read.
        let after_host = authority.as_str().strip_prefix(authority.host());
        if after_host.is_none_or(|port| !port.is_empty() && authority.port_u16().is_none()) {
            return Err(NotARoute::Address);
        }
        let own = match authority.port_u16() {
            Some(80) => authority.host(),
            _ => authority.as_str(),
        };
        let value = |text: &str| HeaderValue::from_str(text).map_err(|_| NotARoute::Address);
        Ok(Self {
            host: value(authority.as_str())?,
            origin: value(&format!("http://{own}"))?,
            base: plain_path(uri.path())?.to_owned(),
            authority: authority.clone(),
        })
    }
}

/// A path without the slash at its end, if there is nothing in it that could be read in two ways.
fn plain_path(text: &str) -> Result<&str, NotARoute> {
    let path = text.strip_suffix('/').unwrap_or(text);
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "-_.~".contains(c);
    let is_segment =
        |segment: &str| !matches!(segment, "" | "." | "..") && segment.chars().all(is_plain);
    let is_path = match path.strip_prefix('/') {
        Some(segments) => segments.split('/').all(is_segment),
        None => path.is_empty() && !text.is_empty(),
    };
    if is_path {
        Ok(path)
    } else {
        Err(NotARoute::Path)
    }
}
