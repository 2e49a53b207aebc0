//! A gate for plugins: foreign modules that may use what they were granted.

use js_sys::{Object, Proxy, Reflect, WebAssembly::Instance};
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
        let groups = Object::new();
        for (module, name, grant) in grants.iter() {
            put(&group(&groups, module), name, grant.value());
        }
        for (module, ..) in grants.iter() {
            let named = NAMES.with(|handler| Proxy::new(&group(&groups, module), handler));
            put(&groups, module, &named);
        }
        // Only what this plugin is granted. All else that it asks for does nothing, so that every plugin starts.
        let imports = GROUPS.with(|handler| Proxy::new(&groups, handler));
        self.realm
            .instantiate(&module, imports.unchecked_ref())
            .await
            .map_err(|thrown| GateError::NotStarted(words(&thrown)))
    }
}

thread_local! {
    static NOTHING: JsValue = Closure::<dyn Fn()>::new(|| ()).into_js_value();
    static NAMES: Object = or_else(|| NOTHING.with(JsValue::clone));
    static GROUPS: Object = or_else(|| NAMES.with(|handler| Proxy::new(&Object::new(), handler).into()));
}

/// How a proxy answers: with what the object has, and with this under every other name.
fn or_else(otherwise: fn() -> JsValue) -> Object {
    let get =
        Closure::<dyn Fn(Object, JsValue) -> JsValue>::new(move |object: Object, name: JsValue| {
            match Reflect::get(&object, &name) {
                Ok(found) if !found.is_undefined() => found,
                _ => otherwise(),
            }
        });
    let handler = Object::new();
    put(&handler, "get", &get.into_js_value());
    handler
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
