//! Who may ask.
//!
//! A page elsewhere could have its own name lead to this machine (DNS rebinding), and read and write as
//! if it were the book. So a request is answered only if it names this server as no stranger's name
//! can: as localhost, as an address, or as the reader has said. The port is of no interest, for
//! whoever forwards a port chooses another.

use super::App;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderName, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use std::net::IpAddr;
use std::sync::Arc;

/// The names that this server answers to.
#[derive(Clone)]
pub struct Names {
    listen: IpAddr,
    /// Those of `--host`.
    given: Vec<String>,
}

impl Names {
    pub fn new(listen: IpAddr, given: &[String]) -> Self {
        Self {
            listen,
            given: given.to_vec(),
        }
    }

    /// Whether a `Host` header, with or without a port, names this server.
    pub fn is_own(&self, host: &str) -> bool {
        let Some(name) = name_of(host) else {
            return false;
        };
        let is_given = |given: &String| given.eq_ignore_ascii_case(name);
        match name.parse::<IpAddr>() {
            // At all addresses means at each of them.
            Ok(ip) => ip.is_loopback() || ip == self.listen || self.listen.is_unspecified(),
            Err(_) => name.eq_ignore_ascii_case("localhost") || self.given.iter().any(is_given),
        }
    }

    /// Whether a request comes from one of this server's own pages, or from no page at all. Sandboxed
    /// frames, where katas run, have an origin without a name; what they may do is for `nameless`.
    fn may_come_from(&self, origin: Option<&str>, nameless: bool) -> bool {
        match origin {
            None => true,
            Some("null") => nameless,
            Some(origin) => origin
                .strip_prefix("http://")
                .or_else(|| origin.strip_prefix("https://"))
                .is_some_and(|host| self.is_own(host)),
        }
    }
}

/// The name in `name`, `name:port`, `[address]` or `[address]:port`.
fn name_of(host: &str) -> Option<&str> {
    let (name, port) = match host.strip_prefix('[') {
        Some(rest) => rest.split_once(']')?,
        None => host.split_at(host.find(':').unwrap_or(host.len())),
    };
    let is_port = |port: &str| port.parse::<u16>().is_ok();
    (port.is_empty() || port.strip_prefix(':').is_some_and(is_port)).then_some(name)
}

/// Answers only what names this server, and comes from none but its own pages.
pub async fn own_names_only(State(app): State<Arc<App>>, request: Request, next: Next) -> Response {
    let headers = request.headers();
    let Some(host) = only(headers, header::HOST) else {
        return (StatusCode::BAD_REQUEST, "A request names one host.\n").into_response();
    };
    if !host.is_some_and(|host| app.names.is_own(host)) {
        return refuse(
            "This server answers to localhost and to its own address only. \
             `cargo kata serve --host NAME` lets it answer to another name.\n",
        );
    }
    let nameless = request.method().is_safe();
    let origin = only(headers, header::ORIGIN);
    if !origin.is_some_and(|origin| app.names.may_come_from(origin, nameless)) {
        return refuse("This server answers to none but its own pages.\n");
    }
    next.run(request).await
}

/// A header that comes at most once: its text, if it is there. `None` for one that comes twice, or that is no text: nobody
/// knows which of two others go by.
fn only(headers: &HeaderMap, name: HeaderName) -> Option<Option<&str>> {
    let mut all = headers.get_all(name).iter();
    match (all.next(), all.next()) {
        (None, _) => Some(None),
        (Some(one), None) => one.to_str().ok().map(Some),
        (Some(_), Some(_)) => None,
    }
}

fn refuse(why: &'static str) -> Response {
    (StatusCode::FORBIDDEN, why).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::net::Ipv4Addr;

    fn local() -> Names {
        Names::new(Ipv4Addr::LOCALHOST.into(), &[])
    }

    #[test]
    fn localhost_by_any_port_is_localhost() {
        for host in [
            "localhost",
            "localhost:3000",
            "LOCALHOST:8080",
            "127.0.0.1:8080",
            "[::1]:3000",
        ] {
            assert!(local().is_own(host), "{host}");
        }
    }

    #[test]
    fn no_strangers_name_is_ours() {
        for host in [
            "",
            ":3000",
            "evil.example:3000",
            "127.0.0.1.evil.example:3000",
            "localhost.evil.example",
            "evil@127.0.0.1:3000",
            "127.0.0.1:3000:3000",
            "localhost:",
            "localhost:port",
            "192.168.1.7:3000",
            "[::1",
            "0.0.0.0:3000",
        ] {
            assert!(!local().is_own(host), "{host}");
        }
    }

    #[test]
    fn a_name_or_an_address_that_was_given_is_ours() {
        let named = Names::new([192, 168, 1, 7].into(), &["devbox.local".into()]);
        for host in ["192.168.1.7:3000", "devbox.local:80", "localhost:3000"] {
            assert!(named.is_own(host), "{host}");
        }
        for host in ["192.168.1.8:3000", "evil.devbox.local"] {
            assert!(!named.is_own(host), "{host}");
        }
        let everywhere = Names::new(Ipv4Addr::UNSPECIFIED.into(), &[]);
        assert!(everywhere.is_own("172.17.0.2:3000"));
        assert!(!everywhere.is_own("evil.example:3000"));
    }

    #[test]
    fn only_our_own_pages_ask() {
        let may = |origin, nameless| local().may_come_from(origin, nameless);
        assert!(may(None, false) && may(Some("http://localhost:8080"), false));
        assert!(may(Some("null"), true) && !may(Some("null"), false));
        for origin in ["http://evil.example", "localhost:3000", "file://localhost"] {
            assert!(!may(Some(origin), true), "{origin}");
        }
    }
}
