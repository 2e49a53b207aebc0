//! A gate for plugins: foreign modules that may use what they were granted.

use js_sys::{Object, Reflect, WebAssembly::Instance};
use wasm_bindgen::prelude::*;

#[doc(inline)]
pub use contract::*;

/// Starts plugins in a realm.
#[derive(Debug)]
pub struct Gate {
    realm: Realm,
    /// What there is to import, as `imports[module][name]`. A module takes what it declares.
    imports: Object,
}

impl Gate {
    /// A gate to this realm.
    pub fn new(realm: Realm) -> Self {
        let imports = Object::new();
        Self { realm, imports }
    }

    /// Starts a plugin, a module in WebAssembly's binary format, with these grants and
    /// nothing else.
    ///
    /// - Each import of the module must be granted, under both of its names and in its
    ///   kind. If one is not, nothing of the module runs.
    /// - What one plugin is granted, no other has, also if both start at the same time.
    /// - A granted function takes, answers and throws whatever it did before, and it is no
    ///   way to anything else. A realm or a shim may be foreign, too: from the object that
    ///   it gets as `imports`, and from the functions in it, no property and no prototype
    ///   leads to the page's `globalThis` or `Function`, and neither does the `this` that a
    ///   function of sloppy JavaScript sees, or what `new` would make. The host's own
    ///   function stays as it is.
    /// - A memory, table or global is handed over itself.
    /// - Of a plugin that is gone, started or refused, the gate keeps nothing.
    ///
    /// # Errors
    /// See [`GateError`].
    pub async fn start(&self, wasm: &[u8], grants: &Grants) -> Result<Instance, GateError> {
        let compiled = self.realm.compile(wasm).await;
        let module = compiled.map_err(|_| GateError::Invalid)?;
        for (module, name, grant) in grants.iter() {
            put(&self.group(module), name, grant.value());
        }
        self.realm
            .instantiate(&module, &self.imports)
            .await
            .map_err(|thrown| GateError::NotStarted(words(&thrown)))
    }

    /// What there is to import under this module name.
    fn group(&self, module: &str) -> Object {
        match Reflect::get(&self.imports, &module.into()) {
            Ok(group) if group.is_object() => group.unchecked_into(),
            _ => {
                let group = Object::new();
                put(&self.imports, module, &group);
                group
            }
        }
    }
}

fn put(object: &Object, name: &str, value: &JsValue) {
    // An object of our own takes every property.
    let _ = Reflect::set(object, &name.into(), value);
}
