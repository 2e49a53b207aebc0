//! What the callbacks of this spec capture, and how it is counted.

use std::{
    arch::wasm32::memory_size,
    cell::{Cell, RefCell},
    hint::black_box,
    rc::Rc,
};

use super::stage::fire;
use wasm_bindgen::externref_heap_live_count;
use web_sys::EventTarget;

/// How often the tests of memory do what they do.
pub const CYCLES: usize = 6_000;

/// Bytes that a callback captures in the tests of memory.
pub const CAPTURE: usize = 16 << 10;

/// Counts what lives.
#[derive(Default)]
pub struct Census(Rc<()>);

impl Census {
    /// Something of this many bytes for a callback to capture.
    pub fn capture(&self, size: usize) -> Capture {
        Capture {
            bytes: black_box(vec![FILL; size]),
            _counted: Rc::clone(&self.0),
        }
    }

    /// How many captures live.
    pub fn live(&self) -> usize {
        Rc::strong_count(&self.0) - 1
    }
}

thread_local! {
    static LAST_TARGET: RefCell<Option<EventTarget>> = const { RefCell::new(None) };
    static HEARD_ITSELF: Cell<bool> = const { Cell::new(false) };
}

/// What a callback captures that fires an event when it is dropped, if it is told where.
///
/// It has no size. A closure that is dropped before its listener is called while it is being freed,
/// and then it is freed again. With nothing of a size in it that harms no memory, so a test can say
/// what happened.
pub struct LastWord;

impl LastWord {
    /// From now on the drop fires here, once.
    pub fn aim(target: &EventTarget) {
        LAST_TARGET.set(Some(target.clone()));
        HEARD_ITSELF.set(false);
    }

    /// To be called by the callback.
    pub fn hear(&self) {
        HEARD_ITSELF.set(true);
    }

    /// Whether the callback was called since the last word was aimed.
    pub fn heard_itself() -> bool {
        HEARD_ITSELF.get()
    }
}

impl Drop for LastWord {
    fn drop(&mut self) {
        if let Some(target) = LAST_TARGET.take() {
            fire(&target);
        }
    }
}

const FILL: u8 = 0xc4;

/// What a callback captures.
pub struct Capture {
    bytes: Vec<u8>,
    _counted: Rc<()>,
}

impl Capture {
    /// Whether all bytes are as they were.
    pub fn is_intact(&self) -> bool {
        self.bytes.iter().all(|byte| *byte == FILL)
    }
}

/// How often a callback was called.
#[derive(Clone, Default)]
pub struct Calls(Rc<Cell<u32>>);

impl Calls {
    pub fn add(&self) {
        self.0.set(self.0.get() + 1);
    }

    pub fn count(&self) -> u32 {
        self.0.get()
    }
}

/// What may not grow without end: linear memory, and the values of JavaScript's that Rust holds.
pub struct Growth {
    pages: usize,
    held: u32,
}

impl Growth {
    /// From now on.
    pub fn since_now() -> Self {
        Self {
            pages: pages(),
            held: externref_heap_live_count(),
        }
    }

    /// Pages of 64 KiB that have come since.
    pub fn pages(&self) -> usize {
        pages() - self.pages
    }

    /// Values of JavaScript's that Rust holds beyond those of the start.
    pub fn held(&self) -> usize {
        externref_heap_live_count().saturating_sub(self.held) as usize
    }
}

/// The size of linear memory, in pages of 64 KiB.
pub fn pages() -> usize {
    memory_size::<0>()
}
