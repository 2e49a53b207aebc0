//! The little of HTTP/1.1 that the lab has to read: one request head.

use std::fmt;

/// A request head longer than this is answered 431.
pub(crate) const MAX_HEAD: usize = 8 * 1024;

/// A request, as far as the lab cares. Headers are not looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Request {
    pub(crate) method: String,
    /// Starts with a slash and is visible ASCII, as the client wrote it.
    pub(crate) target: String,
}

/// Why a head is no request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct NotHttp(&'static str);

impl fmt::Display for NotHttp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the lab cannot read this request: {}", self.0)
    }
}

/// The length of the head in `bytes`, its empty line included, once it is there.
pub(crate) fn head_length(bytes: &[u8]) -> Option<usize> {
    bytes
        .windows(4)
        .position(|four| four == b"\r\n\r\n")
        .map(|at| at + 4)
}

impl Request {
    /// Reads the request line of a head.
    ///
    /// # Errors
    /// If it is not of the form `METHOD /path?query HTTP/1.x`.
    pub(crate) fn parse(head: &[u8]) -> Result<Self, NotHttp> {
        let line = head.split(|&byte| byte == b'\r').next().unwrap_or_default();
        let line = std::str::from_utf8(line).map_err(|_| NotHttp("its first line is not text"))?;
        let mut words = line.split(' ');
        let (Some(method), Some(target), Some(version), None) =
            (words.next(), words.next(), words.next(), words.next())
        else {
            return Err(NotHttp("its first line is not `METHOD /path HTTP/1.1`"));
        };
        if method.is_empty() || !method.bytes().all(|byte| byte.is_ascii_uppercase()) {
            return Err(NotHttp("the method is not in capital letters"));
        }
        if !version.starts_with("HTTP/1.") {
            return Err(NotHttp("the version is not HTTP/1.x"));
        }
        if !target.starts_with('/') || !target.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err(NotHttp("the target is not a path"));
        }
        Ok(Self {
            method: method.to_owned(),
            target: target.to_owned(),
        })
    }

    /// The target up to the question mark.
    pub(crate) fn path(&self) -> &str {
        self.target
            .split_once('?')
            .map_or(&self.target, |(path, _)| path)
    }

    /// What follows the question mark; empty if there is none.
    pub(crate) fn query(&self) -> &str {
        self.target.split_once('?').map_or("", |(_, query)| query)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_line_comes_apart() {
        let request =
            Request::parse(b"GET /stall?bytes=3&id=a HTTP/1.1\r\nHost: x\r\n\r\n").unwrap();
        assert_eq!(
            (request.method.as_str(), request.path(), request.query()),
            ("GET", "/stall", "bytes=3&id=a")
        );
        let request = Request::parse(b"GET /info HTTP/1.1\r\n\r\n").unwrap();
        assert_eq!((request.path(), request.query()), ("/info", ""));
    }

    #[test]
    fn what_is_not_a_request_is_refused() {
        for head in [
            "",
            "\r\n\r\n",
            "GET\r\n\r\n",
            "GET /\r\n\r\n",
            "get / HTTP/1.1\r\n\r\n",
            "GET / HTTP/2\r\n\r\n",
            "GET  HTTP/1.1\r\n\r\n",
            "GET x HTTP/1.1\r\n\r\n",
            "GET http://elsewhere/ HTTP/1.1\r\n\r\n",
            "GET /a b HTTP/1.1\r\n\r\n",
            "GET /\u{e9} HTTP/1.1\r\n\r\n",
        ] {
            assert!(
                Request::parse(head.as_bytes()).is_err(),
                "{head:?} must be refused"
            );
        }
    }
}
