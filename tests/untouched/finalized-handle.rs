//! Handles for JavaScript to resources that JavaScript cannot see.
//!
//! Whoever is done with a handle closes it. Whoever forgets to is helped by a
//! `FinalizationRegistry`, so that nothing leaks.

#[doc(inline)]
pub use contract::*;

use js_sys::{Array, FinalizationRegistry, Number, Object, WeakMap};
use std::{cell::Cell, rc::Rc};
use wasm_bindgen::prelude::*;

/// Hands out resources of a store as JavaScript objects.
///
/// Each resource goes back once: when its handle has ended and nobody uses it any more.
/// Dropping the pool ends the handles that are left; a finalizer that comes later does nothing.
/// A pool never keeps a handle from being collected, and keeps nothing of a handle that has ended.
pub struct Pool {
    store: Rc<dyn Store>,
    resources: WeakMap<Object, Number>,
    registry: FinalizationRegistry,
    counts: Rc<Cell<Counts>>,
}

impl Pool {
    /// A pool over `store`. `registry` makes the registry that tells of forgotten handles,
    /// for the callback that it gets: [`FinalizationRegistry::new`], or a test's own.
    pub fn new(
        store: Rc<dyn Store>,
        registry: impl FnOnce(&Finalizer) -> FinalizationRegistry,
    ) -> Self {
        let resources: WeakMap<Object, Number> = WeakMap::new_typed();
        let counts = Rc::new(Cell::new(Counts::default()));
        let finalize = finalizer({
            let (store, counts) = (Rc::clone(&store), Rc::clone(&counts));
            let resources = resources.clone();
            move |held| {
                let held: Array = held.unchecked_into();
                resources.delete(held.get(0).unchecked_ref());
                if let Some(resource) = held.get(1).as_f64() {
                    store.release(resource as u32);
                    counts.update(Counts::and_finalized);
                }
            }
        });
        Self {
            registry: registry(&finalize),
            store,
            resources,
            counts,
        }
    }

    /// Acquires a resource and wraps it in a new handle.
    #[must_use = "a handle that nobody holds is finalized, some day"]
    pub fn open(&self) -> Object {
        let resource = Number::from(self.store.acquire());
        let handle = Object::new();
        self.resources.set(&handle, &resource);
        // What the finalizer needs: the handle to look up, the resource to release.
        let held = Array::of2(&handle, &resource);
        self.registry.register(&handle, &held);
        self.counts.update(Counts::and_opened);
        handle
    }

    /// Ends a handle, and says whether this call did. A handle that has ended, or that is not
    /// of this pool, stays as it is.
    ///
    /// Its resource is released at once, or at the end of the last borrow.
    pub fn close(&self, handle: &Object) -> bool {
        let Some(resource) = self.resource(handle) else {
            return false;
        };
        self.store.release(resource);
        self.counts.update(Counts::and_closed);
        true
    }

    /// Borrows the resource of a handle. It is not released before the borrow ends, even if
    /// the handle is closed or forgotten meanwhile, or the pool dropped.
    ///
    /// # Errors
    ///
    /// [`HandleError::Closed`], or [`HandleError::Foreign`] for whatever this pool did not hand
    /// out, be it a copy, an heir or a proxy of one of its handles.
    pub fn borrow(&self, handle: &Object) -> Result<Borrow, HandleError> {
        let resource = self.resource(handle).ok_or(HandleError::Foreign)?;
        Ok(Borrow { resource })
    }

    /// What became of the handles so far.
    #[must_use]
    pub fn counts(&self) -> Counts {
        self.counts.get()
    }

    fn resource(&self, handle: &Object) -> Option<u32> {
        let resource = self.resources.get_checked(handle)?;
        Some(resource.value_of() as u32)
    }
}

/// A resource in use.
pub struct Borrow {
    resource: u32,
}

impl Borrow {
    /// The resource, for as long as the borrow lives.
    #[must_use]
    pub fn resource(&self) -> u32 {
        self.resource
    }
}
