//! Writes JavaScript's strings into a guest: a WebAssembly module with a memory of its own.
//!
//! A guest exports its `memory`, `alloc(bytes) -> address` and `free(address, bytes)`.
//! `alloc` answers 0 if there is no room; what it does when asked for 0 bytes is its own
//! affair.

use js_sys::{JsString, Object, Uint8Array};

#[doc(inline)]
pub use contract::*;

/// A running guest.
#[derive(Debug)]
pub struct Guest {
    exports: Exports,
    memory: Uint8Array,
}

impl Guest {
    /// Starts a guest from a module in WebAssembly's binary format.
    ///
    /// # Errors
    /// See [`Exports::load`].
    pub fn load(module: &[u8]) -> Result<Self, LoadError> {
        let exports = Exports::load(module)?;
        let memory = Uint8Array::new(&exports.memory().buffer());
        Ok(Self { exports, memory })
    }

    /// All that the guest exports.
    pub fn exports(&self) -> &Object {
        &self.exports
    }

    /// Writes a text into the guest's memory, as UTF-8, without a NUL behind it. The guest is
    /// asked once, for just as many bytes as that takes.
    ///
    /// An empty text needs no room. It is written, whatever `alloc` would do.
    ///
    /// # Errors
    /// See [`WriteError`]. Then the guest's memory is as it was, except for what its own
    /// `alloc` did to it, and no block is left behind.
    pub fn write(&self, text: &JsString) -> Result<GuestString<'_>, WriteError> {
        let len = text.length();
        let ptr = self.exports.alloc(len).map_err(|_| WriteError::Trapped)?;
        for (index, byte) in String::from(text).bytes().enumerate() {
            self.memory.set_index(ptr + index as u32, byte);
        }
        Ok(GuestString {
            guest: self,
            ptr,
            len,
        })
    }
}

/// A text in a guest's memory, in a block of its own. That is freed once, when this is dropped, and
/// nothing is left of it on either side. A guest that traps then does not concern the caller.
#[derive(Debug)]
pub struct GuestString<'guest> {
    guest: &'guest Guest,
    ptr: u32,
    len: u32,
}

impl GuestString<'_> {
    /// The address of the first byte in the guest's memory.
    pub fn ptr(&self) -> u32 {
        self.ptr
    }

    /// How many bytes of UTF-8 there are.
    pub fn len(&self) -> u32 {
        self.len
    }

    /// Whether the text is empty.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }
}

impl Drop for GuestString<'_> {
    fn drop(&mut self) {
        // A guest that traps here has broken itself; there is nothing left to free.
        let _ = self.guest.exports.free(self.ptr, self.len);
    }
}
