//! Writes JavaScript's strings into a guest: a WebAssembly module with a memory of its own.
//!
//! A guest exports its `memory`, `alloc(bytes) -> address` and `free(address, bytes)`.
//! `alloc` answers 0 if there is no room; what it does when asked for 0 bytes is its own
//! affair.

use js_sys::{
    Function, JsString, Object, Reflect, Uint8Array,
    WebAssembly::{Instance, Memory, Module},
};
use thiserror::Error;
use wasm_bindgen::prelude::*;

/// Why a module is not a guest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum LoadError {
    /// The bytes are no module, or its imports are not met, or its start function traps.
    #[error("the module cannot be started")]
    NotStarted,
    /// It does not export what a guest must.
    #[error("the module exports no {0}")]
    Missing(&'static str),
}

/// Why a text is not in the guest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum WriteError {
    /// The text has no UTF-8: half of a surrogate pair stands alone in it.
    #[error("half a surrogate pair at UTF-16 unit {at}")]
    LoneSurrogate {
        /// Where, in UTF-16 units from the start.
        at: u32,
    },
    /// The guest has no room for the text.
    #[error("the guest has no room for {bytes} bytes")]
    NoRoom {
        /// How many bytes it was asked for.
        bytes: u32,
    },
    /// The guest answered an address whose bytes are not all in its memory.
    #[error("the guest's memory does not reach from address {ptr} on for {len} bytes")]
    OutOfBounds {
        /// The address that it answered.
        ptr: u32,
        /// How many bytes it was asked for.
        len: u32,
    },
    /// The guest's `alloc` trapped.
    #[error("the guest trapped")]
    Trapped,
}

#[wasm_bindgen]
extern "C" {
    /// What a guest exports.
    #[wasm_bindgen(extends = Object)]
    #[derive(Debug)]
    type Exports;

    #[wasm_bindgen(method, getter)]
    fn memory(this: &Exports) -> Memory;

    #[wasm_bindgen(method, catch)]
    fn alloc(this: &Exports, bytes: u32) -> Result<u32, JsValue>;

    #[wasm_bindgen(method, catch)]
    fn free(this: &Exports, ptr: u32, bytes: u32) -> Result<(), JsValue>;
}

/// A running guest.
#[derive(Debug)]
pub struct Guest {
    exports: Exports,
    memory: Uint8Array,
}

impl Guest {
    /// Starts a guest from a module in WebAssembly's binary format.
    ///
    /// It compiles before it returns, which suits a worker: on the page's own thread an
    /// engine may refuse a large module.
    ///
    /// # Errors
    /// If the engine refuses the module, or if it does not export what a guest must.
    pub fn load(module: &[u8]) -> Result<Self, LoadError> {
        let instance = Module::new(&Uint8Array::from(module))
            .and_then(|module| Instance::new(&module, &Object::new()))
            .map_err(|_| LoadError::NotStarted)?;
        let exports = instance.exports();
        let export = |name: &str| Reflect::get(&exports, &name.into()).unwrap_or_default();
        if !export("memory").is_instance_of::<Memory>() {
            return Err(LoadError::Missing("memory"));
        }
        for name in ["alloc", "free"] {
            if !export(name).is_instance_of::<Function>() {
                return Err(LoadError::Missing(name));
            }
        }
        let exports: Exports = exports.unchecked_into();
        let memory = Uint8Array::new(&exports.memory().buffer());
        Ok(Self { exports, memory })
    }

    /// All that the guest exports.
    pub fn exports(&self) -> &Object {
        &self.exports
    }

    /// Writes a text into the guest's memory, as UTF-8, without a NUL behind it. The guest is
    /// asked for just as many bytes as that takes.
    ///
    /// # Errors
    /// See [`WriteError`]. Then the guest's memory is as it was, except for what its own
    /// `alloc` did to it.
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

/// A text in a guest's memory. It is freed when this is dropped.
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
