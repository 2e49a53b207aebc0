//! What is given: a guest's exports, and why a module or a text is refused.

use js_sys::{
    Function, Object, Reflect, Uint8Array,
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
    /// It does not export what a guest must: a memory, or a function, of this name.
    #[error("the module exports no {0}")]
    Missing(&'static str),
}

/// Why a text is not in the guest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum WriteError {
    /// The text has no UTF-8: half of a surrogate pair stands alone in it.
    #[error("half a surrogate pair at UTF-16 unit {at}")]
    LoneSurrogate {
        /// Where the first such half stands, in UTF-16 units from the start.
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
    #[error("the guest's `alloc` trapped")]
    Trapped,
}

#[wasm_bindgen]
extern "C" {
    /// What a guest exports, by name.
    #[wasm_bindgen(extends = Object)]
    #[derive(Debug)]
    pub type Exports;

    /// The guest's memory. It is the same object for ever; its `buffer` is not.
    #[wasm_bindgen(method, getter)]
    pub fn memory(this: &Exports) -> Memory;

    /// Asks the guest for a block: its address, or 0 if there is no room. The guest's code runs, and
    /// may grow the guest's memory.
    ///
    /// In JavaScript an address above 2 GiB is a negative number. Here it is a `u32`.
    ///
    /// # Errors
    /// What JavaScript caught, if the guest traps.
    #[wasm_bindgen(method, catch)]
    pub fn alloc(this: &Exports, bytes: u32) -> Result<u32, JsValue>;

    /// Gives a block back, with the length that it was asked for.
    ///
    /// # Errors
    /// What JavaScript caught, if the guest traps.
    #[wasm_bindgen(method, catch)]
    pub fn free(this: &Exports, ptr: u32, bytes: u32) -> Result<(), JsValue>;
}

impl Exports {
    /// Starts a guest from a module in WebAssembly's binary format.
    ///
    /// It compiles before it returns, which suits a worker: on the page's own thread an
    /// engine may refuse a large module.
    ///
    /// # Errors
    /// [`LoadError::NotStarted`] if the engine refuses the module, and
    /// [`LoadError::Missing`] if it does not export what a guest must.
    pub fn load(module: &[u8]) -> Result<Self, LoadError> {
        let instance = Module::new(&Uint8Array::from(module))
            .and_then(|module| Instance::new(&module, &Object::new()))
            .map_err(|_| LoadError::NotStarted)?;
        let exports = instance.exports();
        // A name that is not there is `undefined`, and one that is there may be of another kind.
        let export = |name: &str| Reflect::get(&exports, &name.into()).unwrap_or_default();
        if !export("memory").is_instance_of::<Memory>() {
            return Err(LoadError::Missing("memory"));
        }
        for name in ["alloc", "free"] {
            if !export(name).is_instance_of::<Function>() {
                return Err(LoadError::Missing(name));
            }
        }
        Ok(exports.unchecked_into())
    }
}
