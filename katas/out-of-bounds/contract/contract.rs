//! What is given: a running guest, what it can be asked to do, and how a request may end.

use js_sys::{
    BigInt, Function, Object, Reflect, Uint8Array,
    WebAssembly::{Instance, Memory, Module},
};
use std::cell::RefCell;
use std::rc::Rc;
use thiserror::Error;
use wasm_bindgen::prelude::*;

/// Bytes of a page, by which a memory grows.
pub const PAGE: u32 = 1 << 16;

/// Why a request was not met.
#[derive(Debug, Clone, PartialEq, Error)]
pub enum Fault {
    /// Not all of the bytes lie in the guest's memory. None of them was read or written.
    #[error("{len} bytes from {start} on do not lie in a memory of {size} bytes")]
    OutOfBounds {
        /// The address of the first byte, an accessor's offset included. It has more than 32 bits.
        start: u64,
        /// How many bytes were asked for.
        len: u32,
        /// How many bytes the memory has.
        size: u64,
    },
    /// The guest trapped, for whatever other reason: it divided by zero, gave up, followed an
    /// address of its own into nowhere. An engine throws a `WebAssembly.RuntimeError` then, whose text
    /// is its own affair.
    #[error("the guest trapped")]
    Trapped,
    /// The guest's calls went too deep. No standard says what is thrown then, only that it is
    /// no trap: Chromium and WebKit throw a `RangeError`, and Firefox throws an `InternalError`,
    /// which it alone has.
    #[error("the guest's calls went too deep")]
    StackExhausted,
    /// Somebody threw this: the host function that the guest called, or the guest itself, which
    /// throws a `WebAssembly.Exception`. It is handed on as it is.
    #[error("something was thrown")]
    Thrown(JsValue),
}

/// A function of the guest that reads or writes its memory at the address that it is given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Accessor {
    /// The name under which the guest exports it.
    pub name: &'static str,
    /// How many bytes it reads or writes: 1, 2, 4 or 8.
    pub width: u32,
    /// What its instruction adds to the address. The sum has 33 bits and does not wrap.
    pub offset: u32,
}

/// What else the guest can be asked to do, by the names of the functions that it exports.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Task(pub &'static str);

/// What a guest exports, and the host function that it may call.
#[derive(Debug)]
pub struct Exports {
    exports: Object,
    memory: Memory,
    thrown: Rc<RefCell<Option<JsValue>>>,
    _host: Closure<dyn Fn() -> Result<(), JsValue>>,
}

impl Exports {
    /// Starts a guest from a module in WebAssembly's binary format. It imports one function, `call` of
    /// `host`, which calls `host`.
    ///
    /// # Errors
    /// What the engine throws if it refuses the module, and what stands in the memory's place if it
    /// exports none.
    pub fn start(module: &[u8], host: Function) -> Result<Self, JsValue> {
        let thrown = Rc::new(RefCell::new(None));
        let last = Rc::clone(&thrown);
        let host = Closure::<dyn Fn() -> Result<(), JsValue>>::new(move || {
            let answer = host.call0(&JsValue::UNDEFINED);
            *last.borrow_mut() = answer.as_ref().err().cloned();
            answer.map(drop)
        });
        let (imports, functions) = (Object::new(), Object::new());
        Reflect::set(&functions, &"call".into(), host.as_ref())?;
        Reflect::set(&imports, &"host".into(), &functions)?;
        let module = Module::new(&Uint8Array::from(module))?;
        let exports = Instance::new(&module, &imports)?.exports();
        let memory = Reflect::get(&exports, &"memory".into())?.dyn_into()?;
        Ok(Self {
            exports,
            memory,
            thrown,
            _host: host,
        })
    }

    /// All that the guest exports.
    pub fn object(&self) -> &Object {
        &self.exports
    }

    /// The guest's memory. It is the same object for ever; its `buffer` is not.
    pub fn memory(&self) -> &Memory {
        &self.memory
    }

    /// How many bytes the memory has now. More than a `u32` holds, if it is all of 4 GiB.
    pub fn size(&self) -> u64 {
        let bytes = Reflect::get(&self.memory.buffer(), &"byteLength".into());
        bytes.ok().and_then(|bytes| bytes.as_f64()).unwrap_or(0.0) as u64
    }

    /// Lets the guest read with this accessor.
    ///
    /// # Errors
    /// What is thrown, if the guest does not come to an end. The export itself, if it is no function, and
    /// its answer, if that is no `i64`.
    pub fn load(&self, load: Accessor, addr: u32) -> Result<u64, JsValue> {
        let read = self.function(load.name)?;
        let value = read.call1(&JsValue::UNDEFINED, &addr.into())?;
        // JavaScript shows an i64 with a sign.
        Ok(i64::try_from(value)?.cast_unsigned())
    }

    /// Lets the guest write with this accessor, which takes as many of the low bytes as it is wide.
    ///
    /// # Errors
    /// What is thrown, if the guest does not come to an end. The export itself, if it is no function.
    pub fn store(&self, store: Accessor, addr: u32, value: u64) -> Result<(), JsValue> {
        let write = self.function(store.name)?;
        write.call2(&JsValue::UNDEFINED, &addr.into(), &BigInt::from(value))?;
        Ok(())
    }

    /// Lets the guest run.
    ///
    /// # Errors
    /// What is thrown, if the guest does not come to an end. The export itself, if it is no function.
    pub fn run(&self, task: Task) -> Result<(), JsValue> {
        self.function(task.0)?.call0(&JsValue::UNDEFINED)?;
        Ok(())
    }

    /// Whether this very value is what the host function threw, in the request that ended last.
    /// Nobody can tell by looking at it: a host function may throw whatever an engine throws.
    pub fn host_threw(&self, thrown: &JsValue) -> bool {
        let last = self.thrown.borrow();
        last.as_ref().is_some_and(|last| Object::is(last, thrown))
    }

    /// An exported function, for a new request.
    fn function(&self, name: &str) -> Result<Function, JsValue> {
        *self.thrown.borrow_mut() = None;
        Reflect::get(&self.exports, &name.into())?.dyn_into()
    }
}
