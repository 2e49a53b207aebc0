//! The lab: a small HTTP server that misbehaves on request.
//!
//! A kata about networks needs a network that goes wrong in a known way: a server that never answers, a body that stops
//! half way, a connection that is torn down. Each endpoint here plays one such fault over a real socket, and counts what it
//! saw, so that a spec can ask whether a request was really cancelled (`GET /` on a running lab lists the endpoints).
//!
//! One thread serves one connection. A fault is mostly waiting, and a thread which waits on its socket with a timeout hears
//! the client hang up in that very moment; nothing has to be polled and no runtime has to be compiled.
//!
//! ```no_run
//! # fn main() -> anyhow::Result<()> {
//! let lab = kata_lab::Lab::start(kata_lab::LabOptions::default())?;
//! println!("fetch {}/silence if you are patient", lab.base_url());
//! # Ok(())
//! # }
//! ```
#![cfg(not(target_family = "wasm"))]

mod answer;
mod bridge;
mod connection;
mod endpoints;
mod gzip;
mod origin;
mod query;
mod request;
mod seats;
mod seen;
mod server;
mod shared;

use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::Duration;

use anyhow::{Context, Result};
use socket2::{Domain, Socket, Type};

use crate::origin::Origin;
use crate::seats::Seats;
use crate::seen::Seen;
use crate::shared::Shared;

/// How a lab is started. The defaults are what every kata is written for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LabOptions {
    /// Where the first origin listens; port 0 asks for a free port. There is no protection beyond this address, so give a
    /// loopback address unless the browser runs on another machine.
    pub addr: SocketAddr,
    /// Connections served at a time, both origins together. A further one is answered 503.
    pub max_connections: usize,
    /// How long a connection lives at most, whatever it plays. More than a day counts as a day.
    pub lifetime: Duration,
}

impl Default for LabOptions {
    /// A free port of 127.0.0.1, 256 connections, 30 seconds each.
    fn default() -> Self {
        Self {
            addr: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
            max_connections: 256,
            lifetime: Duration::from_secs(30),
        }
    }
}

/// A running lab. Dropping it closes every connection and returns when the last of its threads has ended.
#[derive(Debug)]
pub struct Lab {
    shared: Arc<Shared>,
    origins: Vec<JoinHandle<()>>,
    /// Bound, never listening: see [`reserve_refusing_port`].
    _refused: Socket,
}

impl Lab {
    /// Opens both origins and starts to serve.
    ///
    /// # Errors
    /// If the address cannot be listened on (a taken port, say), or the system refuses a socket or a thread.
    pub fn start(options: LabOptions) -> Result<Self> {
        let first = listen(options.addr)?;
        let second = listen(SocketAddr::new(options.addr.ip(), 0))?;
        let (refused, refused_addr) = reserve_refusing_port(options.addr)?;
        let shared = Arc::new(Shared {
            first: first
                .local_addr()
                .context("the first origin has no address")?,
            second: second
                .local_addr()
                .context("the second origin has no address")?,
            refused: refused_addr,
            lifetime: options.lifetime,
            seats: Seats::new(options.max_connections),
            seen: Seen::default(),
        });
        // From here on dropping `lab` stops whatever has been started.
        let mut lab = Self {
            shared,
            origins: Vec::with_capacity(2),
            _refused: refused,
        };
        for (listener, origin) in [(first, Origin::First), (second, Origin::Second)] {
            lab.origins
                .push(server::spawn(listener, origin, Arc::clone(&lab.shared))?);
        }
        Ok(lab)
    }

    /// Where the first origin listens.
    #[must_use]
    pub fn addr(&self) -> SocketAddr {
        self.shared.first
    }

    /// The first origin, `http://host:port` without a trailing slash. This is what a spec is given.
    #[must_use]
    pub fn base_url(&self) -> String {
        origin::url(self.shared.first)
    }

    /// The second origin, which sends no CORS headers, in the same form.
    #[must_use]
    pub fn second_origin_url(&self) -> String {
        origin::url(self.shared.second)
    }
}

impl Drop for Lab {
    fn drop(&mut self) {
        self.shared.seats.close();
        let addrs = [self.shared.first, self.shared.second];
        for (thread, addr) in self.origins.drain(..).zip(addrs) {
            server::wake(&thread, addr);
            // A panic in there has been printed; a destructor has no better answer to it.
            let _ = thread.join();
        }
    }
}

fn listen(addr: SocketAddr) -> Result<TcpListener> {
    TcpListener::bind(addr).with_context(|| {
        format!("the lab cannot listen on {addr}: does another program use that port?")
    })
}

/// A port where a connection is certain to be refused for as long as the socket lives.
///
/// The socket is bound but does not listen: the system answers a connection with a reset, and will not hand the port to
/// anybody else. Binding and closing again would leave a race, in which another program (or the client itself, as its own
/// source port) can get the port and answer.
fn reserve_refusing_port(beside: SocketAddr) -> Result<(Socket, SocketAddr)> {
    let what = "cannot reserve a port that refuses connections";
    let socket = Socket::new(Domain::for_address(beside), Type::STREAM, None).context(what)?;
    socket
        .bind(&SocketAddr::new(beside.ip(), 0).into())
        .context(what)?;
    let addr = socket
        .local_addr()
        .context(what)?
        .as_socket()
        .context(what)?;
    Ok((socket, addr))
}
