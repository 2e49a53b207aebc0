//! A gate for plugins: foreign modules that may use what they were granted.

use js_sys::{Function, Object, Proxy, Reflect, WebAssembly::Instance};
use wasm_bindgen::prelude::*;

#[doc(inline)]
pub use contract::*;

/// Starts plugins in a realm.
#[derive(Debug)]
pub struct Gate {
    realm: Realm,
}

impl Gate {
    /// A gate to this realm.
    pub fn new(realm: Realm) -> Self {
        Self { realm }
    }

    /// Starts a plugin, a module in WebAssembly's binary format, with these grants and nothing else.
    ///
    /// - Each import of the module must be granted, under both of its names and in its kind. If one is not, nothing
    ///   of the module runs.
    /// - What one plugin is granted, no other has, also if both start at the same time.
    /// - A granted function takes, answers and throws whatever it did before, and it is no way to anything else. A
    ///   realm or a shim may be foreign, too: from the object that it gets as `imports`, and from the functions in it,
    ///   no property and no prototype leads to the page's `globalThis` or `Function`, and neither does
    ///   the `this` that a function of sloppy JavaScript sees. The host's own function stays as it is.
    /// - A memory, table or global is handed over itself.
    ///
    /// # Errors
    /// See [`GateError`].
    pub async fn start(&self, wasm: &[u8], grants: &Grants) -> Result<Instance, GateError> {
        let compiled = self.realm.compile(wasm).await;
        let module = compiled.map_err(|_| GateError::Invalid)?;
        // Only what this plugin is granted. All else that it asks for does nothing, so every plugin starts.
        let nothing = Closure::<dyn Fn()>::new(|| ()).into_js_value();
        let nothing: Function = nothing.unchecked_into();
        let groups = Object::new();
        for (module, name, grant) in grants.iter() {
            let group = group(&groups, module);
            put(&group, name, grant.value());
        }
        let names = or_else(&Object::new(), nothing.into());
        let imports = or_else(&groups, names.into());
        for (module, ..) in grants.iter() {
            let named = or_else(
                &group(&groups, module),
                Reflect::get(&names, &"".into()).unwrap_or_default(),
            );
            put(&groups, module, &named);
        }
        self.realm
            .instantiate(&module, &imports)
            .await
            .map_err(|thrown| GateError::NotStarted(words(&thrown)))
    }
}

/// An object that has what this one has, and this value under every other name.
fn or_else(object: &Object, value: JsValue) -> Object {
    let get =
        Closure::<dyn Fn(Object, JsValue) -> JsValue>::new(move |object: Object, name: JsValue| {
            match Reflect::get(&object, &name) {
                Ok(found) if !found.is_undefined() => found,
                _ => value.clone(),
            }
        });
    let handler = Object::new();
    put(&handler, "get", &get.into_js_value());
    Proxy::new(object, &handler).unchecked_into()
}

/// What there is to import under this module name.
fn group(imports: &Object, module: &str) -> Object {
    match Reflect::get(imports, &module.into()) {
        Ok(group) if group.is_object() => group.unchecked_into(),
        _ => {
            let group = Object::new();
            put(imports, module, &group);
            group
        }
    }
}

fn put(object: &Object, name: &str, value: &JsValue) {
    // An object of our own takes every property.
    let _ = Reflect::set(object, &name.into(), value);
}
