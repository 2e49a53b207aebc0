//! Looks into a guest, a WebAssembly module with a memory of its own, and says how that ended.

use js_sys::{RangeError, Uint8Array, WebAssembly::RuntimeError};
use wasm_bindgen::prelude::*;

#[doc(inline)]
pub use contract::*;

/// A running guest.
#[derive(Debug)]
pub struct Guest {
    exports: Exports,
}

impl Guest {
    /// Takes charge of a guest that runs.
    pub fn new(exports: Exports) -> Self {
        Self { exports }
    }

    /// What the guest reads with this accessor, at this address.
    ///
    /// # Errors
    /// See [`Fault`]. It is `OutOfBounds` if, and only if, the bytes do not all lie in the memory as
    /// it is when the request comes. Of an accessor that does something else first, what comes of that
    /// may be said instead.
    pub fn peek(&self, load: Accessor, addr: u32) -> Result<u64, Fault> {
        self.within(addr, load.offset, load.width)?;
        self.exports
            .load(load, addr)
            .map_err(|thrown| self.fault(thrown))
    }

    /// Lets the guest write with this accessor, at this address.
    ///
    /// # Errors
    /// As with [`peek`](Self::peek).
    pub fn poke(&self, store: Accessor, addr: u32, value: u64) -> Result<(), Fault> {
        self.within(addr, store.offset, store.width)?;
        self.exports
            .store(store, addr, value)
            .map_err(|thrown| self.fault(thrown))
    }

    /// The `len` bytes from `addr` on, all of them or none. No bytes can be had at any address up to
    /// the memory's end, that end included, and beyond it not even none. A refusal costs no memory.
    ///
    /// # Errors
    /// [`Fault::OutOfBounds`] if they do not all lie in the memory as it is now.
    pub fn copy(&self, addr: u32, len: u32) -> Result<Vec<u8>, Fault> {
        self.within(addr, 0, len)?;
        // A view of its own for each copy: growth detaches every older one.
        let buffer = self.exports.memory().buffer();
        Ok(Uint8Array::new_with_byte_offset_and_length(&buffer, addr, len).to_vec())
    }

    /// Lets the guest run.
    ///
    /// # Errors
    /// See [`Fault`]. It is never `OutOfBounds`: of the addresses that the guest makes for itself the
    /// host knows nothing.
    pub fn run(&self, task: Task) -> Result<(), Fault> {
        self.exports.run(task).map_err(|thrown| self.fault(thrown))
    }

    /// Refuses `len` bytes from `addr + offset` on unless all of them lie in the memory.
    fn within(&self, addr: u32, offset: u32, len: u32) -> Result<(), Fault> {
        let start = u64::from(addr) + u64::from(offset);
        let size = self.exports.size();
        if start + u64::from(len) <= size {
            Ok(())
        } else {
            Err(Fault::OutOfBounds { start, len, size })
        }
    }

    /// How a request ended that threw this.
    fn fault(&self, thrown: JsValue) -> Fault {
        if self.exports.host_threw(&thrown) {
            Fault::Thrown(thrown)
        } else if thrown.is_instance_of::<RuntimeError>() {
            Fault::Trapped
        } else if thrown.is_instance_of::<RangeError>() {
            Fault::StackExhausted
        } else {
            Fault::Thrown(thrown)
        }
    }
}
