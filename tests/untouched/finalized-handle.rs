//! Handles for JavaScript to resources that JavaScript cannot see.
//!
//! Whoever is done with a handle closes it. Whoever forgets to is helped by a
//! `FinalizationRegistry`, so that nothing leaks.

use js_sys::{Array, FinalizationRegistry, Function, Number, Object, Undefined, WeakMap};
use std::cell::Cell;
use std::rc::Rc;
use wasm_bindgen::prelude::*;

/// Where resources come from and go back to: a library in C, a graphics card, a table of
/// open files.
pub trait Store {
    /// A new resource, by its number. The number of a released one may come again.
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

/// What became of a pool's handles.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Counts {
    /// Open: neither closed nor finalized.
    pub live: usize,
    /// Ended by [`Pool::close`].
    pub closed: usize,
    /// Ended because JavaScript forgot them.
    pub finalized: usize,
}

/// Hands out resources of a store as JavaScript objects.
///
/// Dropping the pool releases what is left.
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
        registry: impl FnOnce(&Function<fn(JsValue) -> Undefined>) -> FinalizationRegistry,
    ) -> Self {
        let resources = WeakMap::new_typed();
        let counts = Rc::new(Cell::new(Counts::default()));
        let finalize = Closure::<dyn FnMut(JsValue) -> Undefined>::new({
            let (store, counts) = (Rc::clone(&store), Rc::clone(&counts));
            let resources: WeakMap<Object, Number> = resources.clone();
            move |held: JsValue| {
                let held: Array = held.unchecked_into();
                resources.delete(&held.get(0).unchecked_into());
                if let Some(resource) = held.get(1).as_f64() {
                    store.release(resource as u32);
                    let Counts {
                        live, finalized, ..
                    } = counts.get();
                    counts.set(Counts {
                        live: live.saturating_sub(1),
                        finalized: finalized + 1,
                        ..counts.get()
                    });
                }
                Undefined::UNDEFINED
            }
        });
        Self {
            store,
            resources,
            registry: registry(&Function::from_closure(finalize)),
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
        let counts = self.counts.get();
        self.counts.set(Counts {
            live: counts.live + 1,
            ..counts
        });
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
        let Counts { live, closed, .. } = self.counts.get();
        self.counts.set(Counts {
            live: live.saturating_sub(1),
            closed: closed + 1,
            ..self.counts.get()
        });
        true
    }

    /// Borrows the resource of a handle. It is not released before the borrow ends, even if
    /// the handle is closed or forgotten meanwhile, or the pool dropped.
    ///
    /// # Errors
    ///
    /// [`HandleError::Closed`], or [`HandleError::Foreign`] for an object that this pool did
    /// not hand out.
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
