//! Handles for JavaScript to resources that JavaScript cannot see.
//!
//! Whoever is done with a handle closes it. Whoever forgets to is helped by a
//! `FinalizationRegistry`, so that nothing leaks.

use js_sys::{Array, FinalizationRegistry, Function, Number, Object, Undefined, WeakMap};
use std::cell::RefCell;
use std::collections::HashMap;
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

/// One resource that is out.
struct Entry {
    resource: u32,
    borrows: usize,
    is_open: bool,
}

/// All that are out, by a number that is never used again.
#[derive(Default)]
struct Table {
    entries: HashMap<u64, Entry>,
    next: u64,
    counts: Counts,
}

impl Table {
    /// Ends a handle, once. `None` if it has ended before.
    fn end(&mut self, key: u64) -> Option<()> {
        let entry = self.entries.get_mut(&key).filter(|entry| entry.is_open)?;
        entry.is_open = false;
        self.counts.live -= 1;
        Some(())
    }

    /// Takes the resource out, if nobody can use it any more.
    fn take(&mut self, key: u64) -> Option<u32> {
        let entry = self.entries.get(&key)?;
        if entry.is_open || entry.borrows > 0 {
            return None;
        }
        self.entries.remove(&key).map(|entry| entry.resource)
    }
}

/// Hands out resources of a store as JavaScript objects.
///
/// Dropping the pool releases what is left.
pub struct Pool {
    store: Rc<dyn Store>,
    table: Rc<RefCell<Table>>,
    keys: WeakMap<Object, Number>,
    registry: FinalizationRegistry,
}

impl Pool {
    /// A pool over `store`. `registry` makes the registry that tells of forgotten handles,
    /// for the callback that it gets: [`FinalizationRegistry::new`], or a test's own.
    pub fn new(
        store: Rc<dyn Store>,
        registry: impl FnOnce(&Function<fn(JsValue) -> Undefined>) -> FinalizationRegistry,
    ) -> Self {
        let table = Rc::new(RefCell::new(Table::default()));
        let keys = WeakMap::new_typed();
        let finalize = Closure::<dyn FnMut(JsValue) -> Undefined>::new({
            let (store, table) = (Rc::clone(&store), Rc::clone(&table));
            let keys: WeakMap<Object, Number> = keys.clone();
            move |held: JsValue| {
                let held: Array = held.unchecked_into();
                keys.delete(&held.get(0).unchecked_into());
                let key = held.get(1).as_f64().unwrap_or(-1.0) as u64;
                if table.borrow_mut().end(key).is_some() {
                    table.borrow_mut().counts.finalized += 1;
                    let resource = table.borrow_mut().take(key);
                    if let Some(resource) = resource {
                        store.release(resource);
                    }
                }
                Undefined::UNDEFINED
            }
        });
        Self {
            store,
            table,
            keys,
            registry: registry(&Function::from_closure(finalize)),
        }
    }

    /// Acquires a resource and wraps it in a new handle.
    #[must_use = "a handle that nobody holds is finalized, some day"]
    pub fn open(&self) -> Object {
        let resource = self.store.acquire();
        let mut table = self.table.borrow_mut();
        let key = table.next;
        table.next += 1;
        table.counts.live += 1;
        let entry = Entry {
            resource,
            borrows: 0,
            is_open: true,
        };
        table.entries.insert(key, entry);
        let handle = Object::new();
        let key = Number::from(key as f64);
        self.keys.set(&handle, &key);
        let held = Array::of2(&handle, &key);
        self.registry.register(&handle, &held);
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
        if self.table.borrow_mut().end(key).is_none() {
            return false;
        }
        self.table.borrow_mut().counts.closed += 1;
        let resource = self.table.borrow_mut().take(key);
        if let Some(resource) = resource {
            self.store.release(resource);
        }
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
        let key = self.key(handle).ok_or(HandleError::Foreign)?;
        let mut table = self.table.borrow_mut();
        let entry = table.entries.get_mut(&key).filter(|entry| entry.is_open);
        let entry = entry.ok_or(HandleError::Closed)?;
        entry.borrows += 1;
        Ok(Borrow {
            resource: entry.resource,
            key,
            store: Rc::clone(&self.store),
            table: Rc::clone(&self.table),
        })
    }

    /// What became of the handles so far.
    #[must_use]
    pub fn counts(&self) -> Counts {
        self.table.borrow().counts
    }

    fn key(&self, handle: &Object) -> Option<u64> {
        let key = self.keys.get_checked(handle)?;
        Some(key.value_of() as u64)
    }
}

impl Drop for Pool {
    fn drop(&mut self) {
        let keys: Vec<u64> = self.table.borrow().entries.keys().copied().collect();
        for key in keys {
            let resource = {
                let mut table = self.table.borrow_mut();
                let _ = table.end(key);
                table.take(key)
            };
            if let Some(resource) = resource {
                self.store.release(resource);
            }
        }
    }
}

/// A resource in use.
pub struct Borrow {
    resource: u32,
    key: u64,
    store: Rc<dyn Store>,
    table: Rc<RefCell<Table>>,
}

impl Borrow {
    /// The resource, for as long as the borrow lives.
    #[must_use]
    pub fn resource(&self) -> u32 {
        self.resource
    }
}

impl Drop for Borrow {
    fn drop(&mut self) {
        if let Some(entry) = self.table.borrow_mut().entries.get_mut(&self.key) {
            entry.borrows -= 1;
        }
        let resource = self.table.borrow_mut().take(self.key);
        if let Some(resource) = resource {
            self.store.release(resource);
        }
    }
}
