//! Listening, and what happens to a connection before and after its endpoint plays.

use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::thread::{self, JoinHandle, Scope};
use std::time::Duration;

use anyhow::{Context, Result};

use crate::answer::Answer;
use crate::connection::{Connection, NoHead};
use crate::endpoints;
use crate::origin::Origin;
use crate::request::{MAX_HEAD, Request};
use crate::seats::{Guest, Place};
use crate::shared::Shared;

/// How long a client may take to send its request head. Browsers open connections ahead of need and leave them idle.
const HEAD_PATIENCE: Duration = Duration::from_secs(10);
/// The same for a client that will be told 503.
const STANDING_PATIENCE: Duration = Duration::from_secs(1);
/// A connection's thread holds a few small buffers, no more.
const STACK: usize = 256 * 1024;

/// Starts a thread that serves one origin until the seats are closed. It ends after the last of its connections.
pub(crate) fn spawn(
    listener: TcpListener,
    origin: Origin,
    shared: Arc<Shared>,
) -> Result<JoinHandle<()>> {
    thread::Builder::new()
        .name(shared.thread_name())
        .spawn(move || thread::scope(|scope| accept(scope, &listener, origin, &shared)))
        .context("cannot start a thread for the lab")
}

/// Wakes a thread from waiting for a connection, so that it sees that the seats are closed.
pub(crate) fn wake(thread: &JoinHandle<()>, addr: SocketAddr) {
    while !thread.is_finished() {
        match TcpStream::connect_timeout(&addr, Duration::from_secs(1)) {
            Ok(_) => return,
            // Out of sockets, perhaps: those of the connections that are ending now will come free.
            Err(_) => thread::sleep(Duration::from_millis(5)),
        }
    }
}

fn accept<'scope>(
    scope: &'scope Scope<'scope, '_>,
    listener: &TcpListener,
    origin: Origin,
    shared: &'scope Shared,
) {
    while !shared.seats.is_closed() {
        let Ok((stream, _)) = listener.accept() else {
            // The client went away in the queue, or the system is out of sockets: not a reason to spin.
            thread::sleep(Duration::from_millis(5));
            continue;
        };
        let Some(guest) = shared.seats.admit(stream) else {
            continue;
        };
        // If the system has no thread to give, the guest is dropped and its connection closed. Nothing better can be done.
        let _ = thread::Builder::new()
            .name(shared.thread_name())
            .stack_size(STACK)
            .spawn_scoped(scope, move || serve(&guest, origin, shared));
    }
}

fn serve(guest: &Guest<'_>, origin: Origin, shared: &Shared) {
    let connection = Connection::new(Arc::clone(&guest.stream), &shared.seats, shared.lifetime);
    let (patience, seated) = match guest.place {
        Place::Seat => (HEAD_PATIENCE, true),
        Place::Standing => (STANDING_PATIENCE, false),
    };
    let refusal = match connection.read_head(patience) {
        Err(NoHead::Cut) => return,
        _ if !seated => Answer::text(
            503,
            "All places in the lab are taken. Try again in a moment.",
        ),
        Err(NoHead::TooSlow) => Answer::text(408, "The request head did not arrive in time."),
        Err(NoHead::TooLong) => {
            Answer::text(431, &format!("A request head may have {MAX_HEAD} bytes."))
        }
        Ok(head) => match Request::parse(&head) {
            Ok(request) => return endpoints::play(connection, &request, origin, shared),
            Err(error) => Answer::text(400, &error.to_string()),
        },
    };
    // Should the client be gone already, there is nobody left to tell.
    if connection.send(&refusal.bytes(origin)).is_ok() {
        connection.finish();
    }
}
