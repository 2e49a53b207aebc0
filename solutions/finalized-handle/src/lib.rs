//! Handles for JavaScript to resources that JavaScript cannot see: each goes back to
//! its store exactly once, whoever is first.
//!
//! A handle is an empty object. Three rules make it safe to hand out.
//!
//! - **Nothing that waits for a handle may hold it.** The finalizer gets a number, the
//!   table knows numbers only, and a [`WeakMap`] leads from the handle to its number.
//! - **One place decides.** Closing, the finalizer and teardown all ask the table, and
//!   the table says yes once. Numbers are never used again, so a late caller cannot
//!   meet somebody else's resource.
//! - **A resource in use is not released.** Whoever ends a handle while it is borrowed
//!   leaves the release to the last borrow.

mod table;

use js_sys::{FinalizationRegistry, Function, Number, Object, Undefined, WeakMap};
use std::cell::RefCell;
use std::rc::Rc;
use table::{End, Entry, Key, Table};
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
    shared: Rc<Shared>,
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
        let shared = Rc::new(Shared {
            store,
            table: RefCell::default(),
        });
        // JavaScript owns the closure, so that it lives as long as somebody can call it; and
        // it holds the table weakly, so that a call after the pool's end does nothing.
        let table = Rc::downgrade(&shared);
        let finalize = Closure::<dyn FnMut(JsValue) -> Undefined>::new(move |held: JsValue| {
            if let (Some(shared), Some(key)) = (table.upgrade(), held.as_f64()) {
                shared.end(key as Key, End::Finalized);
            }
            Undefined::UNDEFINED
        });
        Self {
            shared,
            keys: WeakMap::new_typed(),
            registry: registry(&Function::from_closure(finalize)),
        }
    }

    /// Acquires a resource and wraps it in a new handle.
    #[must_use = "a handle that nobody holds is finalized, some day"]
    pub fn open(&self) -> Object {
        let resource = self.shared.store.acquire();
        let handle = Object::new();
        // The registry forgets a handle by this token. We cannot keep the handle itself for
        // that: what we hold is never collected.
        let token = Object::new();
        let key = self.shared.table.borrow_mut().insert(Entry {
            resource,
            token: token.clone(),
            borrows: 0,
            is_open: true,
        });
        let key = Number::from(key as f64);
        self.keys.set(&handle, &key);
        self.registry.register_with_token(&handle, &key, &token);
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
        let Some(token) = self.shared.end(key, End::Closed) else {
            return false;
        };
        self.registry.unregister(&token);
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
        let resource = self.shared.table.borrow_mut().borrow(key);
        Ok(Borrow {
            resource: resource.ok_or(HandleError::Closed)?,
            shared: Rc::clone(&self.shared),
            key,
        })
    }

    /// What became of the handles so far.
    #[must_use]
    pub fn counts(&self) -> Counts {
        self.shared.table.borrow().counts()
    }

    fn key(&self, handle: &Object) -> Option<Key> {
        let key = self.keys.get_checked(handle)?;
        Some(key.value_of() as Key)
    }
}

impl Drop for Pool {
    fn drop(&mut self) {
        let open = self.shared.table.borrow().open();
        for key in open {
            if let Some(token) = self.shared.end(key, End::TornDown) {
                self.registry.unregister(&token);
            }
        }
    }
}

/// A resource in use.
pub struct Borrow {
    resource: u32,
    shared: Rc<Shared>,
    key: Key,
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
        let released = self.shared.table.borrow_mut().give_back(self.key);
        self.shared.release(released);
    }
}

/// What the pool shares with its borrows and its finalizer.
struct Shared {
    store: Rc<dyn Store>,
    table: RefCell<Table>,
}

impl Shared {
    /// Ends a handle and answers its token, if it was open.
    fn end(&self, key: Key, how: End) -> Option<Object> {
        let (token, released) = self.table.borrow_mut().end(key, how)?;
        self.release(released);
        Some(token)
    }

    /// Only called while nobody borrows the table: a store may come back to the pool.
    fn release(&self, resource: Option<u32>) {
        if let Some(resource) = resource {
            self.store.release(resource);
        }
    }
}
