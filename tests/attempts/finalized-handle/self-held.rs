//! Handles for JavaScript to resources that JavaScript cannot see.
//!
//! Whoever is done with a handle closes it. Whoever forgets to is helped by a
//! `FinalizationRegistry`, so that nothing leaks.

#[doc(inline)]
pub use contract::*;

use js_sys::{Array, FinalizationRegistry, Number, Object, WeakMap};
use std::{
    cell::{Cell, RefCell},
    collections::HashMap,
    rc::Rc,
};
use wasm_bindgen::prelude::*;

/// Hands out resources of a store as JavaScript objects.
///
/// Each resource goes back once: when its handle has ended and nobody uses it any more.
/// Dropping the pool ends the handles that are left; a finalizer that comes later does nothing.
/// A pool never keeps a handle from being collected, and keeps nothing of a handle that has ended.
pub struct Pool {
    store: Rc<dyn Store>,
    table: Rc<Table>,
    keys: WeakMap<Object, Number>,
    registry: FinalizationRegistry,
}

impl Pool {
    /// A pool over `store`. `registry` makes the registry that tells of forgotten handles,
    /// for the callback that it gets: [`FinalizationRegistry::new`], or a test's own.
    pub fn new(
        store: Rc<dyn Store>,
        registry: impl FnOnce(&Finalizer) -> FinalizationRegistry,
    ) -> Self {
        let table = Rc::new(Table::default());
        let keys: WeakMap<Object, Number> = WeakMap::new_typed();
        let finalize = finalizer({
            let (table, keys) = (Rc::downgrade(&table), keys.clone());
            move |held| {
                let held: Array = held.unchecked_into();
                keys.delete(held.get(0).unchecked_ref());
                if let (Some(table), Some(key)) = (table.upgrade(), held.get(1).as_f64()) {
                    table.end(key as u64, Counts::and_finalized);
                }
            }
        });
        Self {
            registry: registry(&finalize),
            store,
            table,
            keys,
        }
    }

    /// Acquires a resource and wraps it in a new handle.
    #[must_use = "a handle that nobody holds is finalized, some day"]
    pub fn open(&self) -> Object {
        let lease = Lease {
            resource: self.store.acquire(),
            store: Rc::clone(&self.store),
        };
        let handle = Object::new();
        let key = Number::from(self.table.insert(lease) as f64);
        self.keys.set(&handle, &key);
        let held = Array::of2(&handle, &key);
        self.registry.register_with_token(&handle, &held, &handle);
        handle
    }

    /// Ends a handle, and says whether this call did. A handle that has ended, or that is not
    /// of this pool, stays as it is.
    ///
    /// Its resource is released at once, or at the end of the last borrow.
    pub fn close(&self, handle: &Object) -> bool {
        let Some(key) = self.key(handle) else {
            return false;
        };
        let ended = self.table.end(key, Counts::and_closed);
        self.registry.unregister(handle);
        ended
    }

    /// Borrows the resource of a handle. It is not released before the borrow ends, even if
    /// the handle is closed or forgotten meanwhile, or the pool dropped.
    ///
    /// # Errors
    ///
    /// [`HandleError::Closed`], or [`HandleError::Foreign`] for whatever this pool did not hand
    /// out, be it a copy, an heir or a proxy of one of its handles.
    pub fn borrow(&self, handle: &Object) -> Result<Borrow, HandleError> {
        let key = self.key(handle).ok_or(HandleError::Foreign)?;
        let leases = self.table.leases.borrow();
        let lease = leases.get(&key).cloned().ok_or(HandleError::Closed)?;
        Ok(Borrow { lease })
    }

    /// What became of the handles so far.
    #[must_use]
    pub fn counts(&self) -> Counts {
        self.table.counts.get()
    }

    fn key(&self, handle: &Object) -> Option<u64> {
        let key = self.keys.get_checked(handle)?;
        Some(key.value_of() as u64)
    }
}

/// A resource in use.
pub struct Borrow {
    lease: Rc<Lease>,
}

impl Borrow {
    /// The resource, for as long as the borrow lives.
    #[must_use]
    pub fn resource(&self) -> u32 {
        self.lease.resource
    }
}

/// A resource that is out. It goes back when its last owner is gone: the open handle, or a
/// borrow.
struct Lease {
    resource: u32,
    store: Rc<dyn Store>,
}

impl Drop for Lease {
    fn drop(&mut self) {
        self.store.release(self.resource);
    }
}

/// What the pool shares with its finalizer: the leases of the open handles, by number.
#[derive(Default)]
struct Table {
    leases: RefCell<HashMap<u64, Rc<Lease>>>,
    // Each number is used once; JavaScript's numbers hold it up to 2^53.
    next: Cell<u64>,
    counts: Cell<Counts>,
}

impl Table {
    fn insert(&self, lease: Lease) -> u64 {
        let key = self.next.get();
        self.next.set(key + 1);
        self.leases.borrow_mut().insert(key, Rc::new(lease));
        self.counts.update(Counts::and_opened);
        key
    }

    /// Ends a handle, and says whether this call did.
    fn end(&self, key: u64, count: fn(Counts) -> Counts) -> bool {
        // The table is free again before the lease goes: a store may come back to the pool.
        let lease = self.leases.borrow_mut().remove(&key);
        let ended = lease.is_some();
        if ended {
            self.counts.update(count);
        }
        ended
    }
}
