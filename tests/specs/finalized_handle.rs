//! What handles to resources must do: give each resource back exactly once, whoever comes
//! first. JavaScript may close a handle, close it again, forget it, or drop it while Rust
//! is still at work with its resource; and the pool may end before any of them.
//!
//! Collections are decided by the tests, through a registry of their own, so that the
//! verdict is the same on every engine. One test asks the engine for a real collection.
//! How you keep the books is up to you.

#![allow(clippy::unwrap_used, clippy::expect_used)]
#![allow(
    clippy::drop_non_drop,
    reason = "whether a borrow has a `Drop` is up to the variant"
)]

#[path = "finalized_handle/once.rs"]
mod once;

#[path = "finalized_handle/stranger.rs"]
mod stranger;

#[path = "finalized_handle/in_use.rs"]
mod in_use;

#[path = "finalized_handle/comes_back.rs"]
mod comes_back;

#[path = "finalized_handle/to_the_end.rs"]
mod to_the_end;

#[path = "shared/engine.rs"]
mod engine;
#[path = "finalized_handle/held.rs"]
mod held;
#[path = "finalized_handle/registry.rs"]
mod registry;
#[path = "finalized_handle/shelf.rs"]
mod shelf;
#[path = "finalized_handle/show.rs"]
mod show;

use crate::zone::Pool;
use js_sys::{Array, Object};
use registry::{Collected, Collector};
use shelf::{Counter, Shelf};
use std::rc::Rc;
use wasm_bindgen::prelude::*;
use wasm_bindgen_test::*;

wasm_bindgen_test_configure!(run_in_dedicated_worker);

/// What the page draws: rows of milliseconds, live, closed, finalized, resources out.
#[wasm_bindgen]
pub async fn show() -> Array {
    show::rows().await
}

/// A pool, the store behind it, and the collector of its registry.
struct World {
    shelf: Rc<Shelf>,
    collector: Collector,
    pool: Rc<Pool>,
}

impl World {
    fn new() -> Self {
        Self::over(Shelf::default())
    }

    fn over(shelf: Shelf) -> Self {
        let shelf = Rc::new(shelf);
        let collector = Collector::default();
        let store = Rc::new(Counter(Rc::clone(&shelf)));
        let pool = Pool::new(store, |callback| collector.registry(callback));
        let pool = Rc::new(pool);
        Self {
            shelf,
            collector,
            pool,
        }
    }

    /// The resource of a handle that should be open.
    fn resource(&self, handle: &Object) -> u32 {
        match self.pool.borrow(handle) {
            Ok(borrow) => borrow.resource(),
            Err(error) => panic!("an open handle must be usable, but `borrow` answered {error:?}"),
        }
    }

    /// Lets JavaScript forget a handle and collects it.
    fn forget(&self, handle: &Object, when: &str) {
        match self.collector.collect(handle) {
            Collected::Called(1) => {}
            Collected::Called(times) => panic!(
                "{when}: a forgotten handle should be finalized once, but its finalizer was called \
                 {times} times. Was it registered?"
            ),
            Collected::StillHeld => panic!(
                "{when}: the held value leads back to the handle, so the registry itself keeps it \
                 alive. It can never be collected, and its finalizer never runs. Hold a number."
            ),
        }
    }
}
