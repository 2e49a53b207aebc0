//! A guest with what a test sees of it past the code that it judges, and a host function to order.

use std::cell::RefCell;
use std::rc::Rc;

use super::guest;
use crate::zone::Guest;
use contract::{Exports, PAGE};
use js_sys::{
    Function, Reflect, Uint8Array,
    WebAssembly::{Global, Memory},
};
use wasm_bindgen::prelude::*;

/// What the host function does when the guest calls it.
#[derive(Clone)]
pub enum Host {
    Returns,
    Throws(JsValue),
    /// Grows the guest's memory by a page.
    Grows,
}

type Callback = Closure<dyn Fn() -> Result<(), JsValue>>;

pub struct Stage {
    pub guest: Guest,
    memory: Memory,
    count: Global,
    host: Rc<RefCell<Host>>,
    _callback: Callback,
}

/// A guest of one page.
pub fn stage() -> Stage {
    with_pages(1)
}

/// A guest that begins with so many pages. Each byte of them is another than its neighbours', and none is 0.
pub fn with_pages(pages: u8) -> Stage {
    let host = Rc::new(RefCell::new(Host::Returns));
    let place: Rc<RefCell<Option<Memory>>> = Rc::default();
    let (wish, reached) = (Rc::clone(&host), Rc::clone(&place));
    let callback = Callback::new(move || match wish.borrow().clone() {
        Host::Returns => Ok(()),
        Host::Throws(value) => Err(value),
        Host::Grows => {
            reached.borrow().as_ref().unwrap().grow(1);
            Ok(())
        }
    });
    let function: Function = callback.as_ref().clone().unchecked_into();
    let exports = Exports::start(&guest::with_pages(pages), function).expect("the guest is sound");
    let memory = exports.memory().clone();
    let count = Reflect::get(exports.object(), &"count".into())
        .unwrap()
        .unchecked_into();
    *place.borrow_mut() = Some(memory.clone());
    let size = u32::from(pages) * PAGE;
    let bytes: Vec<u8> = (0..size).map(pattern).collect();
    Uint8Array::new(&memory.buffer()).copy_from(&bytes);
    Stage {
        guest: Guest::new(exports),
        memory,
        count,
        host,
        _callback: callback,
    }
}

/// What stands at an address before a test writes there.
pub fn pattern(addr: u32) -> u8 {
    (addr % 251 + 1) as u8
}

/// The same, for several bytes, as a number.
pub fn number(start: u32, width: u32) -> u64 {
    let bytes = (start..start + width).rev();
    bytes.fold(0, |number, addr| number << 8 | u64::from(pattern(addr)))
}

impl Stage {
    /// Lets the host function do this from now on.
    pub fn host(&self, host: Host) {
        *self.host.borrow_mut() = host;
    }

    /// The whole memory.
    pub fn bytes(&self) -> Vec<u8> {
        Uint8Array::new(&self.memory.buffer()).to_vec()
    }

    /// Grows the memory, as JavaScript would.
    pub fn grow(&self, pages: u32) {
        self.memory.grow(pages);
    }

    /// How many tasks the guest has begun.
    pub fn count(&self) -> u32 {
        let value = Reflect::get(&self.count, &"value".into());
        value.unwrap().as_f64().unwrap() as u32
    }
}
