//! Two neighbouring ports: the page's, and the lab's right after it.
//!
//! A spec knows where its page came from, so it finds the lab without an address
//! that is compiled in.

use std::collections::hash_map::RandomState;
use std::env;
use std::hash::BuildHasher;
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::ops::Range;

use anyhow::{Context, bail};
use kata_lab::{Lab, LabOptions};

/// Below the ports that systems give to outgoing connections, which come and go.
const PORTS: Range<u16> = 20_000..30_000;

/// The stock runner's variable for the page's address.
const VARIABLE: &str = "WASM_BINDGEN_TEST_ADDRESS";

/// The port where the stock runner will serve the page.
pub struct PagePort(SocketAddr);

impl PagePort {
    /// What `WASM_BINDGEN_TEST_ADDRESS` says, or else a free pair.
    pub fn pick() -> anyhow::Result<Self> {
        if let Ok(address) = env::var(VARIABLE) {
            let address = address
                .parse()
                .with_context(|| format!("{VARIABLE}={address}"))?;
            return Ok(PagePort(address));
        }
        for _ in 0..100 {
            let page = SocketAddr::from((Ipv4Addr::LOCALHOST, random_port()));
            // Both are free again at once, for the page's server and the lab.
            if TcpListener::bind(page).is_ok() && TcpListener::bind(next(page)?).is_ok() {
                return Ok(PagePort(page));
            }
        }
        bail!("found no two neighbouring free ports in {PORTS:?}")
    }

    /// Where the page will be.
    pub fn address(&self) -> SocketAddr {
        self.0
    }

    /// Starts the lab on the next port.
    pub fn start_lab(&self) -> anyhow::Result<Lab> {
        let addr = next(self.0)?;
        Lab::start(LabOptions {
            addr,
            ..LabOptions::default()
        })
        .context("the lab does not start")
    }
}

fn next(address: SocketAddr) -> anyhow::Result<SocketAddr> {
    let port = address
        .port()
        .checked_add(1)
        .context("there is no port after 65535 for the lab")?;
    Ok(SocketAddr::new(address.ip(), port))
}

/// Two runs that start together must not try the same ports, so: random. The
/// standard library seeds its hash maps well enough for that.
fn random_port() -> u16 {
    let span = u64::from(PORTS.end - PORTS.start);
    let offset = RandomState::new().hash_one(0) % span;
    PORTS.start + u16::try_from(offset).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lab_is_next_to_the_page() {
        let page = PagePort::pick().unwrap();
        let lab = page.start_lab().unwrap();
        assert_eq!(lab.addr().port(), page.address().port() + 1);
        assert!(
            TcpListener::bind(page.address()).is_ok(),
            "the page's port is not free"
        );
    }

    #[test]
    fn ports_are_random_and_in_range() {
        let ports: Vec<_> = (0..50).map(|_| random_port()).collect();
        assert!(ports.iter().all(|port| PORTS.contains(port)), "{ports:?}");
        assert!(ports.iter().any(|port| *port != ports[0]), "{ports:?}");
    }

    #[test]
    fn the_last_port_has_no_neighbour() {
        assert!(next(SocketAddr::from((Ipv4Addr::LOCALHOST, u16::MAX))).is_err());
    }
}
