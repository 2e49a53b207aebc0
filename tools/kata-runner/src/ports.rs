//! Two neighbouring ports: the page's, and the lab's right after it.
//!
//! A spec knows where its page came from, so it finds the lab without an address
//! that is compiled in.

use std::collections::hash_map::RandomState;
use std::hash::BuildHasher;
use std::net::{IpAddr, Ipv4Addr, SocketAddr, TcpListener};
use std::ops::Range;

use anyhow::{Context, bail};
use kata_lab::{Lab, LabOptions};

/// Below the ports that systems give to outgoing connections, which come and go.
const PORTS: Range<u16> = 20_000..30_000;

/// The port where the stock runner will serve the page.
#[derive(Debug)]
pub struct PagePort(SocketAddr);

impl PagePort {
    /// The address that the reader wishes, or else a free pair. Port 0 is any port.
    pub fn pick(wish: Option<SocketAddr>) -> anyhow::Result<Self> {
        match wish {
            Some(page) if page.port() != 0 => {
                next(page)?;
                TcpListener::bind(page).with_context(|| format!("{page} cannot be had"))?;
                Ok(PagePort(page))
            }
            Some(page) => free_pair(page.ip()),
            None => free_pair(Ipv4Addr::LOCALHOST.into()),
        }
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
        .with_context(|| format!("the lab, which some specs ask, does not start at {addr}"))
    }
}

fn free_pair(ip: IpAddr) -> anyhow::Result<PagePort> {
    let mut last = None;
    for _ in 0..100 {
        let page = SocketAddr::from((ip, random_port()));
        // Both are free again at once, for the page's server and the lab.
        match TcpListener::bind(page).and_then(|_| TcpListener::bind((ip, page.port() + 1))) {
            Ok(_) => return Ok(PagePort(page)),
            Err(error) => last = Some(error),
        }
    }
    let why = last.map(|error| format!(": {error}")).unwrap_or_default();
    bail!("{ip} has no two neighbouring free ports in {PORTS:?}{why}")
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
        let page = PagePort::pick(None).unwrap();
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
    #[test]
    fn a_wish_is_met_or_refused() {
        let any = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
        let page = PagePort::pick(Some(any)).unwrap().address();
        assert!(PORTS.contains(&page.port()));
        let taker = TcpListener::bind(any).unwrap();
        let taken = taker.local_addr().unwrap();
        let error = PagePort::pick(Some(taken)).unwrap_err().to_string();
        assert!(error.contains(&taken.to_string()), "{error}");
        let last = SocketAddr::from((Ipv4Addr::LOCALHOST, u16::MAX));
        assert!(PagePort::pick(Some(last)).is_err());
    }
}
