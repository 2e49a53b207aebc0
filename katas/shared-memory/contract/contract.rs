//! What is given: words of memory that two threads share, who may be waiting for them, and mail for where
//! nothing can be shared.
//!
//! Both ends of a line keep to the same layout, and either may be a worker in plain JavaScript. The five
//! words below have a meaning, and behind them stand the slots of a ring. Every word is an `i32`; counts go
//! on from `i32::MAX` to `i32::MIN`, so take their difference with `wrapping_sub`.

mod mail;

use std::rc::Rc;

use js_sys::{Array, Atomics, Function, Int32Array, Promise, Reflect, Symbol};
use wasm_bindgen::prelude::*;

pub use mail::Mail;

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
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
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
    /// New words with `capacity` slots or more: a power of two.
    ///
    /// # Errors
    /// What the engine throws where it has no shared memory for this page.
    pub fn shared(capacity: u32) -> Result<Self, JsValue> {
        let bytes = 4 * (SLOTS + slots(capacity));
        Self::of(&SharedBuffer::new(bytes)?.into()).ok_or_else(|| "this is no shared memory".into())
    }

    /// The words in a `SharedArrayBuffer` that came from elsewhere; `None` if it is none.
    pub fn of(buffer: &JsValue) -> Option<Self> {
        // By its tag: without isolation, and in some engines, the class has no name to ask for.
        let tag = Reflect::get(buffer, &Symbol::to_string_tag()).ok()?;
        (tag == "SharedArrayBuffer").then(|| Self {
            array: Int32Array::new(buffer),
            turn: None,
        })
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
    /// thread run meanwhile: `Atomics.waitAsync`. It may also end for no reason, so look again.
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
    #[wasm_bindgen(js_name = setTimeout)]
    fn later(callback: &Function, milliseconds: i32);
}
