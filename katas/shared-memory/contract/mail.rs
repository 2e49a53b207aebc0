//! The same line by mail. Finished: nothing here is to be repaired.
//!
//! Each message is a pair. `["add", n]` adds to the total, `["send", value]` goes into the ring,
//! `["taken", 1]` says that it has been taken out, `["close", 0]` ends the line. A port delivers in the
//! order of posting, and only one end writes into each memory, so there is nothing to race for.

use std::{
    cell::{Cell, RefCell},
    collections::VecDeque,
    future::poll_fn,
    rc::Rc,
    task::{Context, Poll, Waker},
};

use js_sys::Array;
use wasm_bindgen::prelude::*;
use web_sys::{MessageChannel, MessageEvent, MessagePort};

use crate::{Closed, Ticket, slots};

/// One end of a line by mail.
pub struct Mail {
    state: Rc<State>,
    // Held for as long as JavaScript may call it.
    _heard: Closure<dyn Fn(MessageEvent)>,
}

struct State {
    port: MessagePort,
    mine: Cell<i32>,
    theirs: Cell<i32>,
    inbox: RefCell<VecDeque<i32>>,
    room: Cell<u32>,
    closed: Cell<bool>,
    waiting: RefCell<Vec<Waker>>,
}

impl Mail {
    /// One end, and the ticket for the other, with room for `capacity` messages or more: a power of two.
    ///
    /// # Errors
    /// What JavaScript throws if there are no ports.
    pub fn open(capacity: u32) -> Result<(Self, Ticket), JsValue> {
        let room = slots(capacity);
        let channel = MessageChannel::new()?;
        let theirs = channel.port2();
        let ticket = Ticket {
            value: Array::of2(&theirs, &room.into()).into(),
            transfer: Array::of1(&theirs),
        };
        Ok((Self::at(channel.port1(), room), ticket))
    }

    /// The other end.
    ///
    /// # Errors
    /// If this is no ticket.
    pub fn join(ticket: &JsValue) -> Result<Self, JsValue> {
        let parts = ticket.dyn_ref::<Array>().cloned().unwrap_or_default();
        let port: MessagePort = parts
            .get(0)
            .dyn_into()
            .map_err(|_| "this is no ticket of a line")?;
        let room = parts.get(1).as_f64().unwrap_or(1.0);
        Ok(Self::at(port, room as u32))
    }

    fn at(port: MessagePort, room: u32) -> Self {
        let state = Rc::new(State {
            port,
            mine: Cell::default(),
            theirs: Cell::default(),
            inbox: RefCell::default(),
            room: Cell::new(room),
            closed: Cell::default(),
            waiting: RefCell::default(),
        });
        let heard = Closure::<dyn Fn(MessageEvent)>::new({
            let state = Rc::clone(&state);
            move |event: MessageEvent| state.hear(&event.data())
        });
        state.port.set_onmessage(Some(heard.as_ref().unchecked_ref()));
        Self {
            state,
            _heard: heard,
        }
    }

    /// Adds to the total. It counts here at once, and at the other end when the message has come.
    pub fn add(&self, n: i32) {
        let mine = &self.state.mine;
        mine.set(mine.get().wrapping_add(n));
        self.state.tell("add", n);
    }

    /// What this end has added, and what has come of the other.
    pub fn total(&self) -> i32 {
        self.state.mine.get().wrapping_add(self.state.theirs.get())
    }

    /// Sends when there is room.
    ///
    /// # Errors
    /// [`Closed`] if the line is closed before that.
    pub async fn send(&self, value: i32) -> Result<(), Closed> {
        let state = &self.state;
        poll_fn(|cx| match state.room.get() {
            _ if state.closed.get() => Poll::Ready(Err(Closed)),
            0 => state.wait(cx),
            room => {
                state.room.set(room - 1);
                state.tell("send", value);
                Poll::Ready(Ok(()))
            }
        })
        .await
    }

    /// The next message; `None` when the line is closed and all have been taken.
    pub async fn receive(&self) -> Option<i32> {
        let state = &self.state;
        poll_fn(|cx| {
            let next = state.inbox.borrow_mut().pop_front();
            match next {
                Some(value) => {
                    state.tell("taken", 1);
                    Poll::Ready(Some(value))
                }
                None if state.closed.get() => Poll::Ready(None),
                None => state.wait(cx),
            }
        })
        .await
    }

    /// Ends the line for both.
    pub fn close(&self) {
        self.state.tell("close", 0);
        self.state.close();
    }
}

impl Drop for Mail {
    fn drop(&mut self) {
        self.state.port.set_onmessage(None);
        self.state.port.close();
    }
}

impl State {
    fn tell(&self, kind: &str, value: i32) {
        // A pair of a string and a number can always be cloned.
        let _ = self
            .port
            .post_message(&Array::of2(&kind.into(), &value.into()));
    }

    fn hear(&self, message: &JsValue) {
        let pair = message.dyn_ref::<Array>().cloned().unwrap_or_default();
        let value = pair.get(1).as_f64().unwrap_or(0.0) as i32;
        match pair.get(0).as_string().as_deref() {
            Some("add") => self.theirs.set(self.theirs.get().wrapping_add(value)),
            Some("send") => self.inbox.borrow_mut().push_back(value),
            Some("taken") => self.room.set(self.room.get() + 1),
            Some("close") => return self.close(),
            _ => return,
        }
        self.wake();
    }

    fn close(&self) {
        self.closed.set(true);
        self.wake();
    }

    fn wait<T>(&self, cx: &Context) -> Poll<T> {
        self.waiting.borrow_mut().push(cx.waker().clone());
        Poll::Pending
    }

    fn wake(&self) {
        self.waiting.take().into_iter().for_each(Waker::wake);
    }
}
