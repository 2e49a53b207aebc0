//! The module: what it asks of its host

use js_sys::{Array, Function, Object, Reflect, Uint8Array, WebAssembly};
use wasm_bindgen::prelude::*;
use wasm_bindgen_test::*;
use wasm_encoder::{
    CodeSection, EntityType, ExportKind, ExportSection, FunctionSection, ImportSection, Module,
    TypeSection, ValType,
};

/// An import or export, as `WebAssembly.Module` lists it.
pub struct Import {
    pub module: String,
    pub name: String,
    pub kind: String,
}

/// The imports of a compiled module.
pub fn imports(module: &JsValue) -> Vec<Import> {
    let list: Array = WebAssembly::Module::imports(module.unchecked_ref()).unchecked_into();
    let text = |entry: &JsValue, key: &str| {
        let value = Reflect::get(entry, &key.into()).unwrap_or_default();
        value.as_string().unwrap_or_default()
    };
    let read = |entry: JsValue| Import {
        module: text(&entry, "module"),
        name: text(&entry, "name"),
        kind: text(&entry, "kind"),
    };
    list.iter().map(read).collect()
}

/// The running module asks nothing of `env`, and of nobody but wasm-bindgen's glue. If it did, nobody would supply
/// it, no engine would start the module, and every other rule would be red with the engine's words.
#[wasm_bindgen_test]
fn nothing_is_asked_of_env() {
    let imports = imports(&wasm_bindgen::module());
    let glue = "__wbindgen_init_externref_table";
    let home = imports.iter().find(|import| import.name == glue);
    let home = home.map(|import| import.module.as_str());
    let strangers: Vec<String> = imports
        .iter()
        .filter(|import| import.module == "env" || Some(import.module.as_str()) != home)
        .map(|import| format!("{}.{}", import.module, import.name))
        .collect();
    assert!(
        !imports.is_empty() && strangers.is_empty(),
        "the glue is the JavaScript module {home:?}; the wasm asks for {} besides. A symbol that no linked \
         code defines becomes an import from `env`, and a browser has none.",
        strangers.join(", "),
    );
}

/// One import that nobody supplies stops the whole module, also what never calls it: it is refused before
/// any of its code runs. Supplied, all of it works.
#[wasm_bindgen_test]
fn one_open_import_stops_all() {
    let module = WebAssembly::Module::new(&Uint8Array::from(caller_of_c().as_slice()))
        .expect("the spec's own module is sound");
    let listed: Vec<String> = imports(&module)
        .into_iter()
        .map(|import| format!("{}.{}: {}", import.module, import.name, import.kind))
        .collect();
    assert_eq!(listed, ["env.crc32c_extend: function"]);

    let start = |imports: &Object| WebAssembly::Instance::new(&module, imports);
    let error = start(&Object::new()).expect_err("nobody supplies `env`");
    assert!(
        error.is_instance_of::<js_sys::TypeError>(),
        "without `env`: {error:?}"
    );
    let error = start(&with_env(&Object::new())).expect_err("`env` holds nothing");
    assert!(
        error.is_instance_of::<WebAssembly::LinkError>(),
        "with an empty `env`: {error:?}"
    );

    let env = Object::new();
    let supplied = Closure::<dyn FnMut(i32, i32, i32) -> i32>::new(|state, _, _| state + 1);
    Reflect::set(&env, &"crc32c_extend".into(), supplied.as_ref()).expect("a new object takes it");
    let instance = start(&with_env(&env)).expect("nothing is missing");
    let call = |name: &str| {
        let function = Reflect::get(&instance.exports(), &name.into()).expect("it is exported");
        let answer = function
            .unchecked_ref::<Function>()
            .call0(&JsValue::UNDEFINED);
        answer.expect("it does not trap").as_f64()
    };
    assert_eq!((call("checksum"), call("answer")), (Some(8.0), Some(42.0)));
}

fn with_env(env: &Object) -> Object {
    let imports = Object::new();
    Reflect::set(&imports, &"env".into(), env).expect("a new object takes it");
    imports
}

/// What a linker makes of a call of C, when no C is linked. In the text format:
///
/// ```wat
/// (module
///   (import "env" "crc32c_extend" (func $c (param i32 i32 i32) (result i32)))
///   (func (export "checksum") (result i32)
///     (call $c (i32.const 7) (i32.const 0) (i32.const 0)))
///   (func (export "answer") (result i32) (i32.const 42)))
/// ```
fn caller_of_c() -> Vec<u8> {
    let mut types = TypeSection::new();
    types.ty().function([ValType::I32; 3], [ValType::I32]);
    types.ty().function([], [ValType::I32]);
    let mut open = ImportSection::new();
    open.import("env", "crc32c_extend", EntityType::Function(0));
    let mut functions = FunctionSection::new();
    functions.function(1).function(1);
    let mut exports = ExportSection::new();
    exports.export("checksum", ExportKind::Func, 1);
    exports.export("answer", ExportKind::Func, 2);
    let mut code = CodeSection::new();
    for constants in [&[7, 0, 0][..], &[42]] {
        let mut body = wasm_encoder::Function::new([]);
        for constant in constants {
            body.instructions().i32_const(*constant);
        }
        if constants.len() == 3 {
            body.instructions().call(0);
        }
        body.instructions().end();
        code.function(&body);
    }
    let mut module = Module::new();
    module.section(&types).section(&open).section(&functions);
    module.section(&exports).section(&code);
    module.finish()
}
