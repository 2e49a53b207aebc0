//! What all connections of a lab share.

use std::net::SocketAddr;
use std::time::Duration;

use crate::seats::Seats;
use crate::seen::Seen;

#[derive(Debug)]
pub(crate) struct Shared {
    pub(crate) first: SocketAddr,
    pub(crate) second: SocketAddr,
    pub(crate) refused: SocketAddr,
    pub(crate) lifetime: Duration,
    pub(crate) seats: Seats,
    pub(crate) seen: Seen,
}

impl Shared {
    /// The name of all threads of this lab, short enough for every system to show it whole.
    pub(crate) fn thread_name(&self) -> String {
        format!("lab-{}", self.first.port())
    }
}
