//! What is given: words of memory that two threads share, who may be waiting for them, and mail for where
//! nothing can be shared.
//!
//! Both ends of a line keep to the same layout, and either may be a worker in plain JavaScript. The five
//! words below have a meaning, and behind them stand the slots of a ring. Every word is an `i32`; counts go
//! on from `i32::MAX` to `i32::MIN`, so take their difference with `wrapping_sub`.

use std::{
    cell::{Cell, RefCell},
    collections::VecDeque,
    future::poll_fn,
    rc::Rc,
    task::{Context, Poll, Waker},
};

use js_sys::{Array, Atomics, Function, Int32Array, Promise, Reflect, Symbol};
use wasm_bindgen::prelude::*;
use web_sys::{MessageChannel, MessageEvent, MessagePort};

/// The total. Both ends add to it.
pub const TOTAL: u32 = 0;
/// How often something has happened: whoever has sent, taken or closed adds 1 and then notifies all who wait
/// for this word to change. Both ends do. Whoever waits, waits for this one.
pub const EVENTS: u32 = 1;
/// How many messages have been sent. Only the sender changes it, after it has filled the slot.
pub const SENT: u32 = 2;
/// How many messages have been taken. Only the receiver changes it, after it has read the slot.
pub const TAKEN: u32 = 3;
/// Not 0 once the line is closed.
pub const CLOSED: u32 = 4;
/// The first of the slots.
pub const SLOTS: u32 = 5;

/// Which way a line runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// Over memory that both ends see.
    Shared,
    /// By mail: each end has its own memory.
    Messages,
}

/// The line is closed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the line is closed")]
pub struct Closed;

/// What the other end needs to join a line: post `value`, and let `transfer` move with it.
#[derive(Debug, Clone)]
pub struct Ticket {
    /// The message, or a part of it.
    pub value: JsValue,
    /// What `postMessage` must move.
    pub transfer: Array,
}

/// Whether the page is cross-origin isolated: its server has sent the two headers for it, or a service
/// worker has put them in.
pub fn is_isolated() -> bool {
    Reflect::get(&js_sys::global(), &"crossOriginIsolated".into())
        .is_ok_and(|isolated| isolated.is_truthy())
}

/// The words of a line in shared memory. A clone is the same words.
#[derive(Clone)]
pub struct Words {
    array: Int32Array,
    turn: Option<Rc<dyn Fn()>>,
}

impl Words {
    /// New words with `capacity` slots or more, but no more than 2^20: a power of two.
    ///
    /// # Errors
    /// What the engine throws where it has no shared memory for this page.
    pub fn shared(capacity: u32) -> Result<Self, JsValue> {
        let bytes = 4 * (SLOTS + slots(capacity));
        Self::of(&SharedBuffer::new(bytes)?.into()).ok_or_else(|| "this is no shared memory".into())
    }

    /// The words in a `SharedArrayBuffer` that came from elsewhere. `None` if it is none, or not of this
    /// layout: whole words, and a power of two of slots.
    pub fn of(buffer: &JsValue) -> Option<Self> {
        // By its tag: without isolation, and in some engines, the class has no name to ask for.
        let tag = Reflect::get(buffer, &Symbol::to_string_tag()).ok()?;
        if tag != "SharedArrayBuffer" {
            return None;
        }
        let array: Int32Array = View::new(buffer).ok()?.unchecked_into();
        let slots = array.length().checked_sub(SLOTS)?;
        // Something else with that tag was copied, and is not shared.
        let is_shared = js_sys::Object::is(&array.buffer(), buffer);
        (is_shared && slots.is_power_of_two()).then_some(Self { array, turn: None })
    }

    /// The same words, but before each access through these somebody else gets a turn. That is what two
    /// threads are: between any two accesses of yours the other may do whatever it does.
    pub fn watched(&self, turn: impl Fn() + 'static) -> Self {
        Self {
            array: self.array.clone(),
            turn: Some(Rc::new(turn)),
        }
    }

    /// What the other end needs to join.
    pub fn ticket(&self) -> Ticket {
        Ticket {
            value: self.array.buffer().into(),
            transfer: Array::new(),
        }
    }

    /// How many messages have room in the ring.
    pub fn capacity(&self) -> u32 {
        self.array.length() - SLOTS
    }

    /// The word where message number `count` stands, counted from 0 as [`SENT`] and [`TAKEN`] do.
    pub fn slot(&self, count: i32) -> u32 {
        SLOTS + count.cast_unsigned() % self.capacity()
    }

    /// Reads a word the plain way.
    pub fn get(&self, at: u32) -> i32 {
        self.turn();
        self.array.get_index(at)
    }

    /// Writes a word the plain way.
    pub fn set(&self, at: u32, value: i32) {
        self.turn();
        self.array.set_index(at, value);
    }

    /// Reads a word: `Atomics.load`.
    pub fn load(&self, at: u32) -> i32 {
        self.turn();
        Atomics::load(&self.array, at).unwrap_throw()
    }

    /// Writes a word: `Atomics.store`.
    pub fn store(&self, at: u32, value: i32) {
        self.turn();
        Atomics::store(&self.array, at, value).unwrap_throw();
    }

    /// Adds to a word in one step that nobody comes between, and answers what it was: `Atomics.add`.
    pub fn add(&self, at: u32, value: i32) -> i32 {
        self.turn();
        Atomics::add(&self.array, at, value).unwrap_throw()
    }

    /// Writes `new` if the word is `expected`, in one step, and answers what it was:
    /// `Atomics.compareExchange`.
    pub fn compare_exchange(&self, at: u32, expected: i32, new: i32) -> i32 {
        self.turn();
        Atomics::compare_exchange(&self.array, at, expected, new).unwrap_throw()
    }

    /// Wakes all who wait for this word, on any thread: `Atomics.notify`.
    pub fn notify(&self, at: u32) {
        self.turn();
        Atomics::notify(&self.array, at).unwrap_throw();
    }

    /// Puts this thread to sleep until somebody notifies, unless the word is no longer `seen`:
    /// `Atomics.wait`. Nothing else runs on the thread meanwhile.
    pub fn wait(&self, at: u32, seen: i32) {
        self.turn();
        if let Err(thrown) = Atomics::wait(&self.array, at, seen) {
            wasm_bindgen::throw_val(thrown);
        }
    }

    /// Waits until somebody notifies, unless the word is no longer `seen`, and lets everything else on this
    /// thread run meanwhile: `Atomics.waitAsync`. It may also end for no reason, so look again. If it is given
    /// up, the engine keeps it until the next event.
    pub async fn changed(&self, at: u32, seen: i32) {
        self.turn();
        let Ok(waiting) = Atomics::wait_async(&self.array, at, seen) else {
            return pause().await;
        };
        let value = Reflect::get(&waiting, &"value".into()).unwrap_throw();
        if let Ok(promise) = value.dyn_into::<Promise>() {
            // It resolves with "ok" and never rejects.
            let _ = promise.await;
        }
    }

    fn turn(&self) {
        if let Some(turn) = &self.turn {
            turn();
        }
    }
}

/// The number of slots for a capacity that is wished for.
fn slots(capacity: u32) -> u32 {
    capacity.clamp(1, 1 << 20).next_power_of_two()
}

/// For browsers without `Atomics.waitAsync`: a moment, after which the caller looks again.
async fn pause() {
    let timer = Promise::new(&mut |resolve, _reject| later(&resolve, 4));
    let _ = timer.await;
}

#[wasm_bindgen]
extern "C" {
    /// As in `js_sys`, but a missing class is an error and no trap.
    #[wasm_bindgen(js_name = SharedArrayBuffer)]
    type SharedBuffer;
    #[wasm_bindgen(constructor, catch, js_class = "SharedArrayBuffer")]
    fn new(bytes: u32) -> Result<SharedBuffer, JsValue>;
    /// As in `js_sys`, but a buffer that is not of whole words is an error and no trap.
    #[wasm_bindgen(js_name = Int32Array)]
    type View;
    #[wasm_bindgen(constructor, catch, js_class = "Int32Array")]
    fn new(buffer: &JsValue) -> Result<View, JsValue>;
    #[wasm_bindgen(js_name = setTimeout)]
    fn later(callback: &Function, milliseconds: i32);
}

/// One end of a line by mail. Finished: nothing here is to be repaired.
///
/// Each message is a pair. `["add", n]` adds to the total, `["send", value]` goes into the ring,
/// `["taken", 1]` says that it has been taken out, `["close", 0]` ends the line. A port delivers in the
/// order of posting, and only one end writes into each memory, so there is nothing to race for.
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
    /// One end, and the ticket for the other, with room for `capacity` messages or more, but no more than
    /// 2^20: a power of two.
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
        state
            .port
            .set_onmessage(Some(heard.as_ref().unchecked_ref()));
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
