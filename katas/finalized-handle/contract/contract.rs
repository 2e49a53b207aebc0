//! What is given: the store behind the handles, why a handle cannot be used, how handles are
//! counted, and how to make a callback for a registry.

use js_sys::{Function, Undefined};
use wasm_bindgen::prelude::*;

/// Where resources come from and go back to: a library in C, a graphics card, a table of
/// open files.
///
/// Either call may come back to the pool: a store that is full closes the oldest handle to
/// make room, and one that has room again opens the next.
pub trait Store {
    /// A new resource, by its number: any number. That of a released one may come again.
    fn acquire(&self) -> u32;

    /// Takes a resource back. To release one twice is an error of the caller's, and may
    /// hit its next owner.
    fn release(&self, resource: u32);
}

/// Why a handle cannot be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum HandleError {
    /// It was closed.
    #[error("the handle is closed")]
    Closed,
    /// It is no handle of this pool.
    #[error("not a handle of this pool")]
    Foreign,
}

/// What became of a pool's handles. A handle has ended as soon as it is closed or finalized,
/// though its resource may be in use for a while.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Counts {
    /// Open: neither closed nor finalized.
    pub live: usize,
    /// Ended because somebody closed them.
    pub closed: usize,
    /// Ended because JavaScript forgot them.
    pub finalized: usize,
}

impl Counts {
    /// After one handle more was opened.
    #[must_use]
    pub fn and_opened(self) -> Self {
        Self {
            live: self.live + 1,
            ..self
        }
    }

    /// After a live handle was closed.
    #[must_use]
    pub fn and_closed(self) -> Self {
        Self {
            live: self.live.saturating_sub(1),
            closed: self.closed + 1,
            ..self
        }
    }

    /// After a live handle was finalized.
    #[must_use]
    pub fn and_finalized(self) -> Self {
        Self {
            live: self.live.saturating_sub(1),
            finalized: self.finalized + 1,
            ..self
        }
    }
}

/// What a `FinalizationRegistry` calls, with the held value of an object that is gone.
pub type Finalizer = Function<fn(JsValue) -> Undefined>;

/// A callback for a registry.
///
/// JavaScript owns the closure, and all that it captures: both live as long as somebody can
/// call it, which may be longer than whoever made it.
pub fn finalizer(finalize: impl Fn(JsValue) + 'static) -> Finalizer {
    Function::from_closure(Closure::<dyn Fn(JsValue) -> Undefined>::new(
        move |held: JsValue| {
            finalize(held);
            Undefined::UNDEFINED
        },
    ))
}
