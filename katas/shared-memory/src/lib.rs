//! A line between two threads: a total that both add to, and a ring of messages from one to the other.

#[doc(inline)]
pub use contract::*;

use wasm_bindgen::prelude::*;

/// One end of a line. Dropping it tells the other end nothing: close the line first.
pub enum Line {
    /// Over shared memory.
    Shared(Words),
    /// By mail.
    Messages(Mail),
}

impl Line {
    /// Opens a line with room for `capacity` messages, and the ticket with which the other end joins. It runs
    /// over shared memory wherever the engine gives any to this page, and by mail everywhere else.
    ///
    /// # Errors
    /// What JavaScript throws if it can do neither.
    pub fn open(capacity: u32) -> Result<(Self, Ticket), JsValue> {
        if is_isolated() {
            let words = Words::shared(capacity)?;
            let ticket = words.ticket();
            return Ok((Self::Shared(words), ticket));
        }
        let (mail, ticket) = Mail::open(capacity)?;
        Ok((Self::Messages(mail), ticket))
    }

    /// The other end, from a ticket's `value`.
    ///
    /// # Errors
    /// If this is no ticket.
    pub fn join(ticket: &JsValue) -> Result<Self, JsValue> {
        match Words::of(ticket) {
            Some(words) => Ok(Self::Shared(words)),
            None => Mail::join(ticket).map(Self::Messages),
        }
    }

    /// An end over these words.
    pub fn on(words: Words) -> Self {
        Self::Shared(words)
    }

    /// Which way this line runs.
    pub fn way(&self) -> Way {
        match self {
            Self::Shared(_) => Way::Shared,
            Self::Messages(_) => Way::Messages,
        }
    }

    /// Adds to the total, which wraps around. Both ends may at any time, and no addition is lost.
    pub fn add(&self, n: i32) {
        match self {
            Self::Shared(words) => words.set(TOTAL, words.get(TOTAL).wrapping_add(n)),
            Self::Messages(mail) => mail.add(n),
        }
    }

    /// The total of both ends. By mail, what the other end adds counts when its message has come.
    pub fn total(&self) -> i32 {
        match self {
            Self::Shared(words) => words.get(TOTAL),
            Self::Messages(mail) => mail.total(),
        }
    }

    /// Sends a message. While the ring is full this waits, and the thread goes on with other things. One end
    /// sends, with one `send` after the other.
    ///
    /// # Errors
    /// [`Closed`] if the line is closed, or is closed while this waits; then nothing was sent.
    pub async fn send(&self, value: i32) -> Result<(), Closed> {
        let words = match self {
            Self::Shared(words) => words,
            Self::Messages(mail) => return mail.send(value).await,
        };
        loop {
            if words.get(CLOSED) != 0 {
                return Err(Closed);
            }
            let sent = words.get(SENT);
            let waiting = sent.wrapping_sub(words.get(TAKEN)).cast_unsigned();
            if waiting < words.capacity() {
                words.set(words.slot(sent), value);
                words.set(SENT, sent.wrapping_add(1));
                tell(words);
                return Ok(());
            }
            words.wait(EVENTS, words.get(EVENTS));
        }
    }

    /// The next message, in the order of sending. While there is none this waits, and the thread goes on with
    /// other things. `None` when the line is closed and all that was sent has been taken. The other end
    /// receives, with one `receive` after the other.
    pub async fn receive(&self) -> Option<i32> {
        let words = match self {
            Self::Shared(words) => words,
            Self::Messages(mail) => return mail.receive().await,
        };
        loop {
            let taken = words.get(TAKEN);
            if words.get(SENT) != taken {
                let value = words.get(words.slot(taken));
                words.set(TAKEN, taken.wrapping_add(1));
                tell(words);
                return Some(value);
            }
            if words.get(CLOSED) != 0 {
                return None;
            }
            words.wait(EVENTS, words.get(EVENTS));
        }
    }

    /// Closes the line, for both ends and for good. Whoever waits is woken, and finds that it is over; what was
    /// sent before can still be received.
    pub fn close(&self) {
        match self {
            Self::Shared(words) => words.set(CLOSED, 1),
            Self::Messages(mail) => mail.close(),
        }
    }
}

/// Something has happened.
fn tell(words: &Words) {
    words.set(EVENTS, words.get(EVENTS).wrapping_add(1));
    words.notify(EVENTS);
}
