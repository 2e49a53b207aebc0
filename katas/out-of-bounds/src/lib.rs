//! Looks into a guest, a WebAssembly module with a memory of its own, and says how that ended.

use js_sys::{Error, Uint8Array};
use wasm_bindgen::prelude::*;

#[doc(inline)]
pub use contract::*;

/// A running guest.
#[derive(Debug)]
pub struct Guest {
    exports: Exports,
    pages: u32,
}

impl Guest {
    /// Takes charge of a guest that runs.
    pub fn new(exports: Exports) -> Self {
        let pages = (exports.size() / u64::from(PAGE)) as u32;
        Self { exports, pages }
    }

    /// What the guest reads with this accessor, at this address.
    ///
    /// # Errors
    /// See [`Fault`]. It is `OutOfBounds` if, and only if, the bytes do not all lie in the memory as
    /// it is when the request comes. Of an accessor that does something else first, what comes of that
    /// may be said instead.
    pub fn peek(&self, load: Accessor, addr: u32) -> Result<u64, Fault> {
        let start = u64::from(addr) + u64::from(load.offset);
        self.within(start, load.width)?;
        self.exports
            .load(load, addr)
            .map_err(|thrown| self.fault(thrown, start, load.width))
    }

    /// Lets the guest write with this accessor, at this address.
    ///
    /// # Errors
    /// As with [`peek`](Self::peek).
    pub fn poke(&self, store: Accessor, addr: u32, value: u64) -> Result<(), Fault> {
        let start = u64::from(addr) + u64::from(store.offset);
        self.within(start, store.width)?;
        self.exports
            .store(store, addr, value)
            .map_err(|thrown| self.fault(thrown, start, store.width))
    }

    /// The `len` bytes from `addr` on, all of them or none. No bytes can be had at any address up to
    /// the memory's end, that end included, and beyond it not even none. A refusal costs no memory.
    ///
    /// # Errors
    /// [`Fault::OutOfBounds`] if they do not all lie in the memory as it is now.
    pub fn copy(&self, addr: u32, len: u32) -> Result<Vec<u8>, Fault> {
        self.within(u64::from(addr), len)?;
        let memory = Uint8Array::new(&self.exports.memory().buffer());
        Ok(memory.subarray(addr, addr + len).to_vec())
    }

    /// Lets the guest run.
    ///
    /// # Errors
    /// See [`Fault`]. It is never `OutOfBounds`: of the addresses that the guest makes for itself the
    /// host knows nothing.
    pub fn run(&self, task: Task) -> Result<(), Fault> {
        self.exports
            .run(task)
            .map_err(|thrown| self.fault(thrown, 0, 0))
    }

    /// Refuses what lies outside.
    fn within(&self, start: u64, len: u32) -> Result<(), Fault> {
        let size = u64::from(self.pages) * u64::from(PAGE);
        if start < size {
            Ok(())
        } else {
            Err(Fault::OutOfBounds { start, len, size })
        }
    }

    /// How a request ended that threw this.
    fn fault(&self, thrown: JsValue, start: u64, len: u32) -> Fault {
        let Some(error) = thrown.dyn_ref::<Error>() else {
            return Fault::Thrown(thrown);
        };
        let text = String::from(error.message());
        if text.contains("out of bounds") {
            let size = self.exports.size();
            Fault::OutOfBounds { start, len, size }
        } else if text.contains("call stack size exceeded") {
            Fault::StackExhausted
        } else {
            Fault::Trapped
        }
    }
}
