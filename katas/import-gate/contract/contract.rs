//! What is given: imports and grants, why a plugin is refused, and the realm in which it would run.

use std::{collections::BTreeMap, fmt};

use js_sys::{
    Array, Error, Function, Object, Promise, Reflect, Uint8Array,
    WebAssembly::{Global, Instance, Memory, Module, Table},
};
use thiserror::Error;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;

/// What a module can ask for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A function to call.
    Function,
    /// A linear memory.
    Memory,
    /// A table of references.
    Table,
    /// A global variable.
    Global,
    /// What nobody can grant here: a tag, or what a later WebAssembly brings.
    Other,
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Function => "function",
            Self::Memory => "memory",
            Self::Table => "table",
            Self::Global => "global",
            Self::Other => "other",
        })
    }
}

/// One line of a module's list of imports. Both names are any text that the module's author liked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Import {
    /// The first name, of a group; compilers write `env` or `wasi_snapshot_preview1` here.
    pub module: String,
    /// The second name, within the group.
    pub name: String,
    /// What it must be.
    pub kind: Kind,
}

impl Import {
    /// All that a module asks for, in its own order. The same name may come twice.
    pub fn all(module: &Module) -> Vec<Self> {
        let line = |line: JsValue| {
            let text = |key: &str| Reflect::get(&line, &key.into()).unwrap_or_default();
            let kind = match text("kind").as_string().as_deref() {
                Some("function") => Kind::Function,
                Some("memory") => Kind::Memory,
                Some("table") => Kind::Table,
                Some("global") => Kind::Global,
                _ => Kind::Other,
            };
            Self {
                module: text("module").as_string().unwrap_or_default(),
                name: text("name").as_string().unwrap_or_default(),
                kind,
            }
        };
        let lines = imports(module).unwrap_or_default();
        lines.iter().map(line).collect()
    }
}

/// One thing that a plugin may use.
#[derive(Debug, Clone)]
pub enum Grant {
    /// It may call this.
    Function(Function),
    /// It may read and write this, and make it grow.
    Memory(Memory),
    /// It may use what is in this.
    Table(Table),
    /// It may read this, and write it if it is mutable.
    Global(Global),
}

impl Grant {
    /// What it is.
    pub fn kind(&self) -> Kind {
        match self {
            Self::Function(_) => Kind::Function,
            Self::Memory(_) => Kind::Memory,
            Self::Table(_) => Kind::Table,
            Self::Global(_) => Kind::Global,
        }
    }

    /// The same, as JavaScript has it.
    pub fn value(&self) -> &JsValue {
        match self {
            Self::Function(function) => function,
            Self::Memory(memory) => memory,
            Self::Table(table) => table,
            Self::Global(global) => global,
        }
    }
}

/// What one plugin may use, by the two names under which it asks.
#[derive(Debug, Clone, Default)]
pub struct Grants(BTreeMap<String, BTreeMap<String, Grant>>);

impl Grants {
    /// No grants at all.
    pub fn none() -> Self {
        Self::default()
    }

    /// The same grants and one more.
    pub fn and(mut self, module: &str, name: &str, grant: Grant) -> Self {
        let group = self.0.entry(module.to_owned()).or_default();
        group.insert(name.to_owned(), grant);
        self
    }

    /// What is granted under these two names.
    pub fn get(&self, module: &str, name: &str) -> Option<&Grant> {
        self.0.get(module)?.get(name)
    }

    /// All of them: module, name, grant.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str, &Grant)> {
        self.0.iter().flat_map(|(module, group)| {
            group
                .iter()
                .map(|(name, grant)| (module.as_str(), name.as_str(), grant))
        })
    }
}

/// An import that is not met.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// What the module asks for.
    pub import: Import,
    /// What is granted under these two names, which is of another kind. Nothing, if nothing is.
    pub granted: Option<Kind>,
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Import { module, name, kind } = &self.import;
        write!(f, "{kind} {module:?} {name:?} is not granted")?;
        match self.granted {
            Some(other) => write!(f, " (but a {other} is)"),
            None => Ok(()),
        }
    }
}

/// Why a plugin does not run.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum GateError {
    /// The page's policy forbids WebAssembly: in this realm not even the smallest module can be compiled and
    /// started. Some engines say so when they compile, others only when they make an instance. If something
    /// is wrong with the plugin, too, then either error is true.
    #[error("the policy of this page forbids WebAssembly")]
    Blocked,
    /// The bytes are no module that this engine can compile.
    #[error("these bytes are no module that this engine can compile")]
    Invalid,
    /// Not all imports are granted. Nothing of the plugin has run. There is one refusal for each import that is
    /// not met, in the module's order.
    #[error("{}", list(.0))]
    Refused(Vec<Refusal>),
    /// All is granted, and yet it does not start: a grant does not fit (a memory may be too small), or the module's
    /// start function trapped, or a granted function threw. With the engine's words, for people.
    #[error("the plugin does not start: {0}")]
    NotStarted(String),
}

fn list(refusals: &[Refusal]) -> String {
    let lines: Vec<String> = refusals.iter().map(Refusal::to_string).collect();
    lines.join(", ")
}

#[wasm_bindgen]
extern "C" {
    /// Where modules are compiled and started: what `WebAssembly` is to a page.
    ///
    /// It may be another: an interpreter, a shim, a frame with a policy of its own. It is foreign code then, and
    /// sees every object that a plugin is handed.
    #[wasm_bindgen(extends = Object)]
    #[derive(Debug, Clone)]
    pub type Realm;

    // Another realm's module is none of this realm's class, and yet a module.
    #[wasm_bindgen(catch, js_namespace = ["WebAssembly", "Module"])]
    fn imports(module: &JsValue) -> Result<Array, JsValue>;

    #[wasm_bindgen(thread_local_v2, js_name = WebAssembly)]
    static PAGE: Realm;

    #[wasm_bindgen(method, catch, js_name = compile)]
    fn compile_bytes(this: &Realm, bytes: &Uint8Array) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(method, catch, js_name = instantiate)]
    fn instantiate_module(
        this: &Realm,
        module: &Module,
        imports: &Object,
    ) -> Result<JsValue, JsValue>;
}

impl Realm {
    /// The page's own.
    pub fn page() -> Self {
        PAGE.with(Self::clone)
    }

    /// Compiles a module. Nothing of it runs.
    ///
    /// # Errors
    /// What the realm throws.
    pub async fn compile(&self, wasm: &[u8]) -> Result<Module, JsValue> {
        let module = settled(self.compile_bytes(&Uint8Array::from(wasm))?).await?;
        imports(&module)?;
        Ok(module.unchecked_into())
    }

    /// Makes an instance of a module. For each import the engine reads `imports[module][name]`, as any code in
    /// JavaScript would. Then the module's start function runs, if it has one.
    ///
    /// # Errors
    /// What the realm throws: it may refuse, an import may be missing or not fit, or the start function may
    /// trap.
    pub async fn instantiate(
        &self,
        module: &Module,
        imports: &Object,
    ) -> Result<Instance, JsValue> {
        settled(self.instantiate_module(module, imports)?)
            .await
            .map(JsValue::unchecked_into)
    }
}

/// What a promise comes to.
async fn settled(promise: JsValue) -> Result<JsValue, JsValue> {
    JsFuture::from(Promise::<JsValue>::resolve(&promise)).await
}

/// What was thrown, for people. Its words are the engine's own, and each engine has others.
pub fn words(thrown: &JsValue) -> String {
    match thrown.dyn_ref::<Error>() {
        Some(error) => format!("{}: {}", error.name(), error.message()),
        None => format!("{thrown:?}"),
    }
}
