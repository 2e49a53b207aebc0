//! Who is connected right now: the bound on connections, and the way to end them all.

use std::collections::HashMap;
use std::net::{Shutdown, TcpStream};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Connections beyond the limit which may be told 503 at the same time. Past that they are closed without a word.
const STANDING: usize = 64;

/// All connections of one lab, both origins together.
#[derive(Debug)]
pub(crate) struct Seats {
    limit: usize,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    closed: bool,
    next: u64,
    taken: HashMap<u64, Arc<TcpStream>>,
}

/// What a new connection gets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    /// It is served.
    Seat,
    /// It is told 503.
    Standing,
}

/// One connection's place. Dropping it frees the place.
#[derive(Debug)]
pub(crate) struct Guest<'a> {
    seats: &'a Seats,
    key: u64,
    pub(crate) place: Place,
    pub(crate) stream: Arc<TcpStream>,
}

impl Seats {
    pub(crate) fn new(limit: usize) -> Self {
        Self {
            limit,
            state: Mutex::default(),
        }
    }

    /// Finds a place for a new connection; `None` (and the connection closed) if there is none at all.
    pub(crate) fn admit(&self, stream: TcpStream) -> Option<Guest<'_>> {
        let mut state = self.lock();
        let place = match state.taken.len() {
            _ if state.closed => return None,
            n if n < self.limit => Place::Seat,
            n if n < self.limit + STANDING => Place::Standing,
            _ => return None,
        };
        let stream = Arc::new(stream);
        let key = state.next;
        state.next += 1;
        state.taken.insert(key, Arc::clone(&stream));
        Some(Guest {
            seats: self,
            key,
            place,
            stream,
        })
    }

    /// Ends every connection and admits no more. Whoever waits on one of them wakes at once.
    pub(crate) fn close(&self) {
        let mut state = self.lock();
        state.closed = true;
        for stream in state.taken.values() {
            // Fails only if the client has gone already, which is as good.
            let _ = stream.shutdown(Shutdown::Both);
        }
    }

    pub(crate) fn is_closed(&self) -> bool {
        self.lock().closed
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        // Nothing panics while it holds this lock, so what it guards is whole even if the lock says otherwise.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Guest<'_> {
    fn drop(&mut self) {
        self.seats.lock().taken.remove(&self.key);
    }
}
