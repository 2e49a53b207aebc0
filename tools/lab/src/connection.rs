//! One connection: sending, waiting with an ear at the socket, and the three ways to hang up.

use std::io::{ErrorKind, Read, Write};
use std::net::{Shutdown, TcpStream};
use std::sync::Arc;
use std::time::{Duration, Instant};

use socket2::SockRef;

use crate::request::{MAX_HEAD, head_length};
use crate::seats::Seats;
use crate::seen::End;

/// How long the client may take to hang up after the answer, in order not to lose the answer's end.
const FAREWELL: Duration = Duration::from_secs(1);

/// No connection is meant to live longer, whatever its options say; and a far longer one would overflow the clock.
const A_DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// A longer wait is cut into slices of this length. Linux rounds a socket's timeout up, the more the longer it is: 30 s
/// became 31.4 s here, while a quarter of a second is kept to a few milliseconds.
const SLICE: Duration = Duration::from_millis(200);

/// A connection with a deadline.
#[derive(Debug)]
pub(crate) struct Connection<'a> {
    stream: Arc<TcpStream>,
    seats: &'a Seats,
    deadline: Instant,
}

/// Why a connection is over before the lab had done with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Cut {
    /// The client closed it.
    ByClient,
    /// Its time was up, or the lab stopped.
    ByLab,
}

/// Why there is no request head.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum NoHead {
    /// It grew past [`MAX_HEAD`].
    TooLong,
    /// It was begun, but not ended in time.
    TooSlow,
    /// The connection is over; there is nobody to answer.
    Cut,
}

impl From<Cut> for End {
    fn from(cut: Cut) -> Self {
        match cut {
            Cut::ByClient => Self::ClosedByClient,
            Cut::ByLab => Self::EndedByLab,
        }
    }
}

impl<'a> Connection<'a> {
    pub(crate) fn new(stream: Arc<TcpStream>, seats: &'a Seats, lifetime: Duration) -> Self {
        // A drip must drip: without this the system would collect small writes. It is a comfort, not a condition.
        let _ = stream.set_nodelay(true);
        Self {
            stream,
            seats,
            deadline: Instant::now() + lifetime.min(A_DAY),
        }
    }

    /// Reads until the empty line that ends a request head. What follows it, the start of a body, is let go.
    pub(crate) fn read_head(&self, patience: Duration) -> Result<Vec<u8>, NoHead> {
        let until = self.deadline.min(Instant::now() + patience);
        let mut head = Vec::with_capacity(1024);
        let mut buffer = [0; 1024];
        loop {
            match self.read(&mut buffer, until) {
                Ok(Some(read)) => head.extend_from_slice(buffer.get(..read).unwrap_or_default()),
                Ok(None) if head.is_empty() => return Err(NoHead::Cut),
                Ok(None) => return Err(NoHead::TooSlow),
                Err(_) => return Err(NoHead::Cut),
            }
            match head_length(&head) {
                Some(length) if length <= MAX_HEAD => {
                    head.truncate(length);
                    return Ok(head);
                }
                None if head.len() <= MAX_HEAD => {}
                _ => return Err(NoHead::TooLong),
            }
        }
    }

    /// Sends all of `bytes`.
    pub(crate) fn send(&self, bytes: &[u8]) -> Result<(), Cut> {
        let mut left = bytes;
        while !left.is_empty() {
            let Some(patience) = until(self.deadline) else {
                return Err(Cut::ByLab);
            };
            let written = self
                .stream
                .set_write_timeout(Some(patience))
                .and_then(|()| (&*self.stream).write(left));
            match written {
                Ok(0) => return Err(self.cut()),
                Ok(written) => left = left.get(written..).unwrap_or_default(),
                Err(error) if is_pause(error.kind()) => {}
                Err(_) => return Err(self.cut()),
            }
        }
        Ok(())
    }

    /// Waits until `when`; returns early, and at once, if the client hangs up meanwhile.
    pub(crate) fn wait_until(&self, when: Instant) -> Result<(), Cut> {
        // What the client sends meanwhile (a request's body) is of no interest.
        let mut ignored = [0; 1024];
        while self.read(&mut ignored, when.min(self.deadline))?.is_some() {}
        if when < self.deadline {
            Ok(())
        } else {
            Err(Cut::ByLab)
        }
    }

    /// Waits for the end of the connection, whoever brings it.
    pub(crate) fn wait_for_the_end(&self) -> Cut {
        self.wait_until(self.deadline).err().unwrap_or(Cut::ByLab)
    }

    /// Says that nothing more will come (FIN), and lets the client hang up. Closing at once would answer what the client
    /// still sends with a reset, and a reset can destroy an answer that the client has not read yet.
    pub(crate) fn finish(self) {
        if self.stream.shutdown(Shutdown::Write).is_ok() {
            // Whether it ends by the client or by the clock, there is nothing left to do.
            let _ = self.wait_until(Instant::now() + FAREWELL);
        }
    }

    /// Makes the closing of this connection a reset (RST), as if the other machine had crashed.
    pub(crate) fn reset(self) {
        // With a linger time of zero, closing throws away what is unsent and resets. Should the system refuse, the client
        // sees an ordinary close without an answer, which is the same fault in a milder form.
        let _ = SockRef::from(&*self.stream).set_linger(Some(Duration::ZERO));
    }

    /// Reads something before `until`: `None` if the time is up.
    fn read(&self, buffer: &mut [u8], when: Instant) -> Result<Option<usize>, Cut> {
        loop {
            let Some(patience) = until(when) else {
                return Ok(None);
            };
            let read = self
                .stream
                .set_read_timeout(Some(patience))
                .and_then(|()| (&*self.stream).read(buffer));
            match read {
                Ok(0) => return Err(self.cut()),
                Ok(read) => return Ok(Some(read)),
                Err(error) if is_pause(error.kind()) => {}
                Err(_) => return Err(self.cut()),
            }
        }
    }

    /// Who ended a connection that has just been found closed: the lab closes all of them when it stops.
    fn cut(&self) -> Cut {
        if self.seats.is_closed() {
            Cut::ByLab
        } else {
            Cut::ByClient
        }
    }
}

/// The time left until `when`, in a form that a socket takes as a timeout: at least a millisecond, at most a [`SLICE`].
fn until(when: Instant) -> Option<Duration> {
    let left = when.checked_duration_since(Instant::now())?;
    (!left.is_zero()).then(|| left.clamp(Duration::from_millis(1), SLICE))
}

/// Not an end: a timeout (which systems report under either name) or a signal.
fn is_pause(kind: ErrorKind) -> bool {
    matches!(
        kind,
        ErrorKind::WouldBlock | ErrorKind::TimedOut | ErrorKind::Interrupted
    )
}
