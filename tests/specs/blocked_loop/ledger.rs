//! Keeps the books of every JavaScript timer that is set, fires and is cleared while
//! it is open, by standing in for the engine's four timer functions.

use std::{
    cell::{Cell, RefCell},
    collections::HashSet,
    rc::Rc,
};

use js_sys::{Function, Reflect};
use wasm_bindgen::prelude::*;

use super::clock::real;

type Set = Closure<dyn Fn(Function, JsValue) -> f64>;
type Clear = Closure<dyn Fn(JsValue)>;

/// What the books say.
#[derive(Default)]
struct Books {
    armed: RefCell<HashSet<u64>>,
    fired: Cell<usize>,
}

/// Open until dropped. Timers that were set before do not count.
pub struct Ledger {
    books: Rc<Books>,
    // Held for as long as JavaScript may call them.
    _stand_ins: (Set, Set, Clear, Clear),
}

impl Ledger {
    pub fn open() -> Self {
        let books = Rc::<Books>::default();
        let real = real();
        let stand_ins = (
            setter(&real.set_timeout, &books, true),
            setter(&real.set_interval, &books, false),
            clearer(&real.clear_timeout, &books),
            clearer(&real.clear_interval, &books),
        );
        install("setTimeout", stand_ins.0.as_ref());
        install("setInterval", stand_ins.1.as_ref());
        install("clearTimeout", stand_ins.2.as_ref());
        install("clearInterval", stand_ins.3.as_ref());
        Self {
            books,
            _stand_ins: stand_ins,
        }
    }

    /// Timers that are set and have neither fired nor been cleared.
    pub fn armed(&self) -> usize {
        self.books.armed.borrow().len()
    }

    /// How often a timer fired.
    pub fn fired(&self) -> usize {
        self.books.fired.get()
    }
}

impl Drop for Ledger {
    fn drop(&mut self) {
        let real = real();
        install("setTimeout", &real.set_timeout);
        install("setInterval", &real.set_interval);
        install("clearTimeout", &real.clear_timeout);
        install("clearInterval", &real.clear_interval);
    }
}

fn install(name: &str, function: &JsValue) {
    Reflect::set(&js_sys::global(), &name.into(), function).unwrap();
}

fn setter(real: &Function, books: &Rc<Books>, once: bool) -> Set {
    let (real, books) = (real.clone(), Rc::clone(books));
    Closure::new(move |callback: Function, delay: JsValue| {
        let id = Rc::new(Cell::new(0.0));
        let fire = Closure::<dyn FnMut()>::new({
            let (id, books) = (Rc::clone(&id), Rc::clone(&books));
            move || {
                if once {
                    books.armed.borrow_mut().remove(&key(id.get()));
                }
                books.fired.set(books.fired.get() + 1);
                if let Err(thrown) = callback.call0(&JsValue::UNDEFINED) {
                    wasm_bindgen::throw_val(thrown);
                }
            }
        });
        let timer = real
            .call2(&JsValue::UNDEFINED, &fire.into_js_value(), &delay)
            .unwrap_throw();
        id.set(timer.as_f64().unwrap_throw());
        books.armed.borrow_mut().insert(key(id.get()));
        id.get()
    })
}

fn clearer(real: &Function, books: &Rc<Books>) -> Clear {
    let (real, books) = (real.clone(), Rc::clone(books));
    Closure::new(move |id: JsValue| {
        if let Some(id) = id.as_f64() {
            books.armed.borrow_mut().remove(&key(id));
        }
        real.call1(&JsValue::UNDEFINED, &id).unwrap_throw();
    })
}

/// A timer id as something that hashes; browsers hand out whole numbers.
fn key(id: f64) -> u64 {
    id.to_bits()
}
