//! A host's own things, and a host's own realm that takes note of what goes through it.

use std::{cell::Cell, cell::RefCell, rc::Rc};

use contract::{Grant, Grants, Import, Realm};
use js_sys::{
    Array, Function, Object, Promise, Reflect, Uint8Array,
    WebAssembly::{Instance, Module},
};
use wasm_bindgen::prelude::*;

use super::plugin::a_host_s_own;

/// A function that counts its calls.
pub struct Counter {
    function: Function,
    calls: Rc<Cell<u32>>,
    // Held for as long as JavaScript may call it.
    _closure: Closure<dyn Fn()>,
}

impl Counter {
    pub fn new() -> Self {
        let calls = Rc::new(Cell::new(0));
        let closure = Closure::<dyn Fn()>::new({
            let calls = Rc::clone(&calls);
            move || calls.set(calls.get() + 1)
        });
        Self {
            function: closure.as_ref().unchecked_ref::<Function>().clone(),
            calls,
            _closure: closure,
        }
    }

    pub fn grant(&self) -> Grant {
        Grant::Function(self.function.clone())
    }

    /// How often it was called since the last time.
    pub fn take(&self) -> u32 {
        self.calls.take()
    }
}

/// One grant of each kind.
pub struct Things {
    pub function: Grant,
    pub memory: Grant,
    pub table: Grant,
    pub global: Grant,
}

impl Things {
    pub fn new() -> Self {
        let module = Module::new(&Uint8Array::from(&a_host_s_own()[..])).unwrap();
        let exports = Instance::new(&module, &Object::new()).unwrap().exports();
        let export = |name: &str| get(&exports, name);
        Self {
            function: Grant::Function(export("function").unchecked_into()),
            memory: Grant::Memory(export("memory").unchecked_into()),
            table: Grant::Table(export("table").unchecked_into()),
            global: Grant::Global(export("global").unchecked_into()),
        }
    }

    pub fn each(&self) -> [&Grant; 4] {
        [&self.function, &self.memory, &self.table, &self.global]
    }
}

/// The grant of one thing.
pub fn only(module: &str, name: &str, grant: &Grant) -> Grants {
    Grants::none().and(module, name, grant.clone())
}

/// A realm that stands before the page's own and keeps each object of imports that it is handed.
pub struct Watched {
    pub realm: Realm,
    handed: Rc<RefCell<Vec<Object>>>,
    _calls: (Compile, Instantiate),
}

type Compile = Closure<dyn Fn(JsValue) -> JsValue>;
type Instantiate = Closure<dyn Fn(JsValue, JsValue) -> JsValue>;

impl Watched {
    pub fn new() -> Self {
        let handed = Rc::<RefCell<Vec<Object>>>::default();
        let (realm, calls) = realm(|bytes| in_page("compile", &[bytes]), {
            let handed = Rc::clone(&handed);
            move |module, imports| {
                // A module that asks for nothing is no plugin of these tests.
                if !Import::all(module.unchecked_ref()).is_empty() {
                    handed.borrow_mut().push(imports.clone().unchecked_into());
                }
                in_page("instantiate", &[module, imports])
            }
        });
        Self {
            realm,
            handed,
            _calls: calls,
        }
    }

    /// What was handed over since the last time, of plugins that import anything.
    pub fn take(&self) -> Vec<Object> {
        self.handed.take()
    }
}

/// A realm made of two functions.
pub fn realm(
    compile: impl Fn(JsValue) -> JsValue + 'static,
    instantiate: impl Fn(JsValue, JsValue) -> JsValue + 'static,
) -> (Realm, (Compile, Instantiate)) {
    let (compile, instantiate) = (Compile::new(compile), Instantiate::new(instantiate));
    let realm = Object::new();
    put(&realm, "compile", compile.as_ref());
    put(&realm, "instantiate", instantiate.as_ref());
    (realm.unchecked_into(), (compile, instantiate))
}

/// What the page's own realm answers: a promise.
pub fn in_page(method: &str, arguments: &[JsValue]) -> JsValue {
    let page = get(&js_sys::global(), "WebAssembly");
    let method: Function = get(&page, method).unchecked_into();
    let arguments: Array = arguments.iter().collect();
    Reflect::apply(&method, &page, &arguments).unwrap()
}

/// A promise that fails with an error of this class of `WebAssembly`'s, in these words.
pub fn failing(class: &str, words: &str) -> JsValue {
    Promise::reject(&error(class, words)).into()
}

/// An error of this class of `WebAssembly`'s, in these words.
pub fn error(class: &str, words: &str) -> JsValue {
    let class: Function = get(&get(&js_sys::global(), "WebAssembly"), class).unchecked_into();
    Reflect::construct(&class, &Array::of1(&words.into())).unwrap()
}

/// A property.
pub fn get(object: &JsValue, name: &str) -> JsValue {
    Reflect::get(object, &name.into()).unwrap()
}

pub fn put(object: &JsValue, name: &str, value: &JsValue) {
    Reflect::set(object, &name.into(), value).unwrap();
}

/// What an instance exports under this name.
pub fn run(instance: &Instance) -> Function {
    get(&instance.exports(), "run").unchecked_into()
}
