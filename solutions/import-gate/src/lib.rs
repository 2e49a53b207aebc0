//! A gate for plugins: foreign modules that may use what they were granted.
//!
//! What a plugin can do is what it is handed, so each gets an object of its own that holds
//! what it asks for and was granted, and nothing that anybody could find behind it:
//!
//! 1. Compile. Nothing of the plugin runs yet, and the module says what it wants.
//! 2. Compare each import with the grants: both names and the kind. The names are the
//!    plugin's own and may be those of properties that every object of JavaScript has, so
//!    it is these grants that are asked, never an object.
//! 3. Hand over, without prototypes: an engine looks `imports[module][name]` up as any
//!    JavaScript does.
//! 4. Make the instance. Its start function runs before anybody gets it, so step 2 cannot
//!    come later.

use js_sys::{Function, Object, Reflect, WebAssembly::Instance};
use wasm_bindgen::prelude::*;

#[doc(inline)]
pub use contract::*;

/// The smallest module: four bytes of magic, four of version. A realm that refuses it
/// refuses all.
const SMALLEST: &[u8] = b"\0asm\x01\0\0\0";

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
        let Ok(module) = self.realm.compile(wasm).await else {
            return Err(self.blocked_or(GateError::Invalid).await);
        };
        let imports = bare();
        let mut refused = Vec::new();
        for import in Import::all(&module) {
            match grants.get(&import.module, &import.name) {
                Some(grant) if grant.kind() == import.kind => hand(&imports, &import, grant),
                other => refused.push(Refusal {
                    granted: other.map(Grant::kind),
                    import,
                }),
            }
        }
        if !refused.is_empty() {
            return Err(GateError::Refused(refused));
        }
        match self.realm.instantiate(&module, &imports).await {
            Ok(instance) => Ok(instance),
            Err(thrown) => {
                let error = GateError::NotStarted(words(&thrown));
                Err(self.blocked_or(error).await)
            }
        }
    }

    /// Whether it was the policy. Each engine words its refusal differently, one refuses
    /// later than the others, and all throw the error of a broken module. What the policy
    /// leaves tells: not even the smallest module.
    async fn blocked_or(&self, error: GateError) -> GateError {
        let started = match self.realm.compile(SMALLEST).await {
            Ok(module) => self.realm.instantiate(&module, &bare()).await.is_ok(),
            Err(_) => false,
        };
        if started { error } else { GateError::Blocked }
    }
}

/// Puts a grant where the engine will look for it.
fn hand(imports: &Object, import: &Import, grant: &Grant) {
    let module = JsValue::from(&import.module);
    let group = match Reflect::get(imports, &module) {
        Ok(group) if group.is_object() => group.unchecked_into(),
        _ => {
            let group = bare();
            put(imports, &module, &group);
            group
        }
    };
    let name = JsValue::from(&import.name);
    match grant {
        Grant::Function(function) => put(&group, &name, &only_a_call(function)),
        other => put(&group, &name, other.value()),
    }
}

#[wasm_bindgen]
extern "C" {
    /// JavaScript's `Function.prototype.call`, bound: it calls this function with this
    /// `this`. Unlike `function.bind(this)` it can never be used with `new`.
    #[wasm_bindgen(js_namespace = ["Function", "prototype", "call"], js_name = bind)]
    fn bound_call(function: &Function, this: &Object) -> Function;
}

/// A function that calls this one and leads nowhere. It has no prototype, and so no
/// `constructor`, which would make functions of text; and its `this` is fixed, for to a
/// sloppy function none would be the whole page.
fn only_a_call(function: &Function) -> Function {
    let call = bound_call(function, &Object::freeze(&bare()));
    Object::set_prototype_of(&call, JsValue::NULL.unchecked_ref());
    Object::freeze(&call);
    call
}

/// An object without a prototype: it has what is put into it, whatever the name, and
/// nothing else.
fn bare() -> Object {
    Object::create(JsValue::NULL.unchecked_ref::<Object>())
}

fn put(object: &Object, name: &JsValue, value: &JsValue) {
    // An object of our own takes every property.
    let _ = Reflect::set(object, name, value);
}
