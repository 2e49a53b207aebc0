//! A `FinalizationRegistry` whose collections the test decides.
//!
//! Like a real one it forgets what was unregistered, calls back once, and never for a
//! target that its own held values lead back to: such an object is always reachable. And
//! while it calls back, a `WeakRef` to the target is empty.

use contract::Finalizer;
use js_sys::{
    Array, FinalizationRegistry, Function, JsString, Map, Object, Proxy, Reflect, Set, TypeError,
};
use std::{cell::RefCell, rc::Rc};
use wasm_bindgen::prelude::*;

/// The test's side of the registry.
#[derive(Clone, Default)]
pub struct Collector {
    cells: Rc<RefCell<Vec<Cell>>>,
    callback: Rc<RefCell<Option<Finalizer>>>,
}

struct Cell {
    target: JsValue,
    held: JsValue,
    token: JsValue,
}

/// What a collection came to.
#[derive(Debug, PartialEq, Eq)]
pub enum Collected {
    /// The finalizer was called, so many times.
    Called(usize),
    /// It can never be collected: a held value leads back to it.
    StillHeld,
}

impl Collector {
    /// A registry for this callback, in the shape of the engine's.
    pub fn registry(&self, callback: &Finalizer) -> FinalizationRegistry {
        *self.callback.borrow_mut() = Some(callback.clone());
        let cells = Rc::clone(&self.cells);
        let register = Closure::<dyn FnMut(JsValue, JsValue, JsValue) -> Result<(), JsValue>>::new(
            move |target: JsValue, held: JsValue, token: JsValue| {
                if !target.is_object() || Object::is(&target, &held) {
                    return Err(TypeError::new(
                        "a target is an object, and not its own held value",
                    )
                    .into());
                }
                cells.borrow_mut().push(Cell {
                    target,
                    held,
                    token,
                });
                Ok(())
            },
        );
        let cells = Rc::clone(&self.cells);
        let unregister = Closure::<dyn FnMut(JsValue) -> bool>::new(move |token: JsValue| {
            let mut cells = cells.borrow_mut();
            let before = cells.len();
            cells.retain(|cell| cell.token.is_undefined() || !Object::is(&cell.token, &token));
            cells.len() < before
        });
        let registry = Object::new();
        for (name, method) in [
            ("register", register.into_js_value()),
            ("unregister", unregister.into_js_value()),
        ] {
            Reflect::set(&registry, &name.into(), &method)
                .expect("a plain object takes properties");
        }
        registry.unchecked_into()
    }

    /// Calls back with the held values of all that is registered, and forgets it: what a collection
    /// does that finds no handle held.
    pub fn finalize_all(&self) {
        self.finalize(self.cells.take());
    }

    /// The same, but for one handle that is still held.
    pub fn finalize_all_but(&self, kept: &Object) {
        let gone = |cell: &mut Cell| !Object::is(&cell.target, kept);
        let gone = self.cells.borrow_mut().extract_if(.., gone).collect();
        self.finalize(gone);
    }

    fn finalize(&self, cells: Vec<Cell>) {
        let callback = self.callback();
        for cell in cells {
            if let Err(error) = callback.call1(&JsValue::UNDEFINED, &cell.held) {
                threw(&error);
            }
        }
    }

    /// What happens once JavaScript holds `handle` no longer and a collection has run.
    pub fn collect(&self, handle: &Object) -> Collected {
        let is_it = |cell: &Cell| Object::is(&cell.target, handle);
        if self
            .cells
            .borrow()
            .iter()
            .any(|cell| is_it(cell) && leads_to(&cell.held, handle))
        {
            return Collected::StillHeld;
        }
        let found: Vec<Cell> = self
            .cells
            .borrow_mut()
            .extract_if(.., |cell| is_it(cell))
            .collect();
        let callback = self.callback();
        for cell in &found {
            let answer = without(handle, || callback.call1(&JsValue::UNDEFINED, &cell.held));
            if let Err(error) = answer {
                threw(&error);
            }
        }
        Collected::Called(found.len())
    }

    fn callback(&self) -> Finalizer {
        let callback = self.callback.borrow().clone();
        callback.expect("the pool made its registry")
    }
}

fn threw(error: &JsValue) -> ! {
    let error = error.dyn_ref::<js_sys::Error>().map(js_sys::Error::message);
    panic!(
        "the finalizer threw: {}. An engine calls it on its own, so nobody is there to catch that",
        error.map_or_else(|| "no Error at all".to_owned(), String::from)
    );
}

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(thread_local_v2, js_namespace = WeakRef, js_name = prototype)]
    static WEAK_REF: Object;
}

/// Does something while every `WeakRef` to `gone` is empty, as an engine empties them before it
/// calls a finalizer. `act` must not panic.
fn without<T>(gone: &Object, act: impl FnOnce() -> T) -> T {
    WEAK_REF.with(|prototype| {
        let key = JsValue::from("deref");
        let deref: Function = Reflect::get(prototype, &key)
            .expect("WeakRef has a prototype")
            .unchecked_into();
        // A proxy, because a closure of Rust's does not get to know its `this`.
        let (original, gone) = (deref.clone(), gone.clone());
        let apply = Closure::<dyn FnMut(JsValue, JsValue) -> Result<JsValue, JsValue>>::new(
            move |_function: JsValue, this: JsValue| {
                let target = original.call0(&this)?;
                Ok(match Object::is(&target, &gone) {
                    true => JsValue::UNDEFINED,
                    false => target,
                })
            },
        );
        let handler = Object::new();
        Reflect::set(&handler, &"apply".into(), apply.as_ref())
            .expect("a plain object takes properties");
        Reflect::set(prototype, &key, &Proxy::new(&deref, &handler))
            .expect("deref can be replaced");
        let answer = act();
        Reflect::set(prototype, &key, &deref).expect("deref can be restored");
        answer
    })
}

/// Whether `handle` can be reached from `value` over properties and entries.
fn leads_to(value: &JsValue, handle: &Object) -> bool {
    let mut seen = vec![value.clone()];
    let mut next = 0;
    while let Some(value) = seen.get(next).cloned() {
        if Object::is(&value, handle) {
            return true;
        }
        next += 1;
        for inner in parts(&value).iter() {
            if inner.is_object() && !seen.iter().any(|other| Object::is(other, &inner)) {
                seen.push(inner);
            }
        }
    }
    false
}

fn parts(value: &JsValue) -> Array {
    let Some(object) = value.dyn_ref::<Object>() else {
        return Array::new();
    };
    if let Some(map) = object.dyn_ref::<Map>() {
        return Array::from(map).flat(1);
    }
    if let Some(set) = object.dyn_ref::<Set>() {
        return Array::from(set);
    }
    let keys = Reflect::own_keys(object).unwrap_or_default();
    keys.iter()
        .map(|key| Reflect::get(object, &key).unwrap_or(JsString::from("").into()))
        .collect()
}
