//! Writes JavaScript's strings into a guest: a WebAssembly module with a memory of its own.
//!
//! A guest exports its `memory`, `alloc(bytes) -> address` and `free(address, bytes)`.
//! `alloc` answers 0 if there is no room; what it does when asked for 0 bytes is its own
//! affair, so it is not asked.
//!
//! The order of the steps is what keeps this sound:
//!
//! 1. Encode. Only the UTF-8 says how many bytes to ask for, and only now do we know
//!    that the text has a UTF-8.
//! 2. Call `alloc`. It runs the guest's code and may grow the guest's memory, which
//!    detaches every view of it. So no view may be older than this call.
//! 3. Look at the memory, and at the address. It is a number from foreign code, and a
//!    typed array ignores what is written past its end. So nobody else will check it.
//! 4. Write.

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
        let memory = exports.memory();
        // A buffer that gets longer with the memory, so that its view is never stale.
        let buffer = memory.to_resizable_buffer();
        let memory = Uint8Array::new(&buffer.unwrap_or_else(|_| memory.buffer().into()));
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
        let bytes = utf8(text)?;
        let len = bytes.len() as u32; // no loss: `usize` has 32 bits here
        if len == 0 {
            return Ok(GuestString {
                guest: self,
                ptr: NOWHERE,
                len,
            });
        }
        let ptr = match self.exports.alloc(len) {
            Ok(0) => return Err(WriteError::NoRoom { bytes: len }),
            Ok(ptr) => ptr,
            Err(_) => return Err(WriteError::Trapped),
        };
        if u64::from(ptr) + u64::from(len) > u64::from(self.memory.length()) {
            return Err(WriteError::OutOfBounds { ptr, len });
        }
        self.memory.subarray(ptr, ptr + len).copy_from(&bytes);
        Ok(GuestString {
            guest: self,
            ptr,
            len,
        })
    }
}

/// The address of a string without bytes. Not 0, for in Rust and in C++ many an address
/// must not be null even if nothing is read there.
const NOWHERE: u32 = 1;

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
        if self.len > 0 {
            // A guest that traps here has broken itself; there is nothing left to free.
            let _ = self.guest.exports.free(self.ptr, self.len);
        }
    }
}

/// The UTF-8 of a text. (`String::from` alone would put U+FFFD for half a pair.)
fn utf8(text: &JsString) -> Result<Vec<u8>, WriteError> {
    if text.is_well_formed() {
        return Ok(String::from(text).into_bytes());
    }
    let mut at = 0;
    for unit in char::decode_utf16(text.iter()) {
        match unit {
            Ok(char) => at += char.len_utf16() as u32,
            Err(_) => break,
        }
    }
    Err(WriteError::LoneSurrogate { at })
}
