//! The two origins of a lab.

use std::net::SocketAddr;

/// Which of the two origins a connection came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Origin {
    /// Readable from everywhere: it sends CORS headers.
    First,
    /// Readable from nowhere else: it sends none.
    Second,
}

/// An origin as a URL without a trailing slash.
pub(crate) fn url(addr: SocketAddr) -> String {
    format!("http://{addr}")
}
