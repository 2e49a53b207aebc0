//! Plugins: small modules that ask for what a test wants them to.
//!
//! In the text format every one is this, with the imports and the parts in angle brackets from its [`Recipe`]:
//!
//! ```wat
//! (module
//!   (type $void (func))
//!   (import "env" "note" (func (type $void)))  ;; or (memory 1), (table 1 funcref), (global (mut i32)), (tag)
//!   …
//!   (func $all (export "run")
//!     ;; each function that it imports is called once, and each of its other imports written to
//!     <unreachable, if it traps>)
//!   <(start $all), if it runs at once>)
//! ```

use contract::Kind;
use wasm_encoder::{
    CodeSection, ConstExpr, ElementSection, Elements, EntityType, ExportKind, ExportSection,
    Function, FunctionSection, GlobalType, ImportSection, MemArg, MemoryType, Module, NameMap,
    NameSection, RefType, StartSection, TableType, TagKind, TagType, TypeSection, ValType,
};

/// One import: module, name, kind.
pub type Wish<'a> = (&'a str, &'a str, Kind);

/// What a plugin writes into a memory that it imports, at address 0, and into a global.
pub const MARK: i32 = 42;

/// What a plugin is made of.
#[derive(Clone, Copy, Default)]
pub struct Recipe<'a> {
    /// What it asks for.
    pub wishes: &'a [Wish<'a>],
    /// Whether it runs when it is instantiated.
    pub at_once: bool,
    /// Whether it traps at the end.
    pub traps: bool,
    /// The pages that a memory must have.
    pub pages: u64,
}

impl Recipe<'_> {
    /// The module, in the binary format.
    pub fn module(self) -> Vec<u8> {
        let mut types = TypeSection::new();
        types.ty().function([], []);
        let mut imports = ImportSection::new();
        let mut body = Function::new([]);
        let mut code = body.instructions();
        let [mut functions, mut memories, mut tables, mut globals] = [0_u32; 4];
        for (module, name, kind) in self.wishes {
            let entity: EntityType = match kind {
                Kind::Function => {
                    code.call(functions);
                    functions += 1;
                    EntityType::Function(0)
                }
                Kind::Memory => {
                    code.i32_const(0).i32_const(MARK);
                    code.i32_store(at_start_of(memories));
                    memories += 1;
                    memory(self.pages.max(1)).into()
                }
                Kind::Table => {
                    // Its first place is emptied.
                    code.i32_const(0).ref_null(wasm_encoder::HeapType::FUNC);
                    code.table_set(tables);
                    tables += 1;
                    table().into()
                }
                Kind::Global => {
                    code.i32_const(MARK).global_set(globals);
                    globals += 1;
                    global().into()
                }
                Kind::Other => EntityType::Tag(TagType {
                    kind: TagKind::Exception,
                    func_type_idx: 0,
                }),
            };
            imports.import(module, name, entity);
        }
        if self.traps {
            code.unreachable();
        }
        code.end();
        let mut own = FunctionSection::new();
        own.function(0);
        let mut exports = ExportSection::new();
        exports.export("run", ExportKind::Func, functions);
        let mut code = CodeSection::new();
        code.function(&body);
        let mut module = Module::new();
        module.section(&types).section(&imports).section(&own);
        module.section(&exports);
        if self.at_once {
            module.section(&StartSection {
                function_index: functions,
            });
        }
        module.section(&code);
        module.finish()
    }
}

/// A plugin that asks for these and does nothing until somebody calls `run`.
pub fn asking(wishes: &[Wish]) -> Vec<u8> {
    Recipe {
        wishes,
        ..Recipe::default()
    }
    .module()
}

/// A plugin that asks for these and uses them as soon as it is instantiated.
pub fn at_once(wishes: &[Wish]) -> Vec<u8> {
    Recipe {
        wishes,
        at_once: true,
        ..Recipe::default()
    }
    .module()
}

/// A plugin whose `run` takes one of each (i32, i64, f32, f64, externref), passes them to `env.each`, and answers what
/// that answers: the same kinds in the opposite order.
pub fn of_every_type() -> Vec<u8> {
    let there = [
        ValType::I32,
        ValType::I64,
        ValType::F32,
        ValType::F64,
        ValType::EXTERNREF,
    ];
    let back: Vec<ValType> = there.iter().rev().copied().collect();
    passing_on(&there, &back)
}

/// A plugin whose `run` answers what `env.each` answers, whatever it is.
pub fn curious() -> Vec<u8> {
    passing_on(&[], &[ValType::EXTERNREF])
}

/// `(func (export "run") <type> …)` that calls `(import "env" "each" (func <type>))` with its own parameters.
fn passing_on(there: &[ValType], back: &[ValType]) -> Vec<u8> {
    let mut types = TypeSection::new();
    types
        .ty()
        .function(there.iter().copied(), back.iter().copied());
    let mut imports = ImportSection::new();
    imports.import("env", "each", EntityType::Function(0));
    let mut own = FunctionSection::new();
    own.function(0);
    let mut exports = ExportSection::new();
    exports.export("run", ExportKind::Func, 1);
    let mut body = Function::new([]);
    let mut code = body.instructions();
    for (index, _) in (0..).zip(there) {
        code.local_get(index);
    }
    code.call(0).end();
    let mut bodies = CodeSection::new();
    bodies.function(&body);
    let mut module = Module::new();
    module.section(&types).section(&imports).section(&own);
    module.section(&exports).section(&bodies);
    module.finish()
}

/// A module that no engine compiles: its only function adds what is not there. Its own name for that function is this.
pub fn broken(name: &str) -> Vec<u8> {
    let mut types = TypeSection::new();
    types.ty().function([], []);
    let mut own = FunctionSection::new();
    own.function(0);
    let mut body = Function::new([]);
    body.instructions().i32_add().end();
    let mut bodies = CodeSection::new();
    bodies.function(&body);
    let mut functions = NameMap::new();
    functions.append(0, name);
    let mut names = NameSection::new();
    names.functions(&functions);
    let mut module = Module::new();
    module.section(&types).section(&own).section(&bodies);
    module.section(&names);
    module.finish()
}

/// A function, a memory of one page, a table of one place and a mutable global, as a host has them: its own
/// exports `function`, `memory`, `table` and `global`. The place in the table holds the function.
pub fn a_host_s_own() -> Vec<u8> {
    let mut types = TypeSection::new();
    types.ty().function([], []);
    let mut own = FunctionSection::new();
    own.function(0);
    let mut tables = wasm_encoder::TableSection::new();
    tables.table(table());
    let mut memories = wasm_encoder::MemorySection::new();
    memories.memory(memory(1));
    let mut globals = wasm_encoder::GlobalSection::new();
    globals.global(global(), &ConstExpr::i32_const(0));
    let mut exports = ExportSection::new();
    exports.export("function", ExportKind::Func, 0);
    exports.export("memory", ExportKind::Memory, 0);
    exports.export("table", ExportKind::Table, 0);
    exports.export("global", ExportKind::Global, 0);
    let mut elements = ElementSection::new();
    elements.active(
        None,
        &ConstExpr::i32_const(0),
        Elements::Functions([0][..].into()),
    );
    let mut body = Function::new([]);
    body.instructions().end();
    let mut bodies = CodeSection::new();
    bodies.function(&body);
    let mut module = Module::new();
    module
        .section(&types)
        .section(&own)
        .section(&tables)
        .section(&memories);
    module
        .section(&globals)
        .section(&exports)
        .section(&elements)
        .section(&bodies);
    module.finish()
}

fn memory(minimum: u64) -> MemoryType {
    MemoryType {
        minimum,
        maximum: None,
        memory64: false,
        shared: false,
        page_size_log2: None,
    }
}

fn table() -> TableType {
    TableType {
        element_type: RefType::FUNCREF,
        table64: false,
        minimum: 1,
        maximum: None,
        shared: false,
    }
}

fn global() -> GlobalType {
    GlobalType {
        val_type: ValType::I32,
        mutable: true,
        shared: false,
    }
}

fn at_start_of(memory_index: u32) -> MemArg {
    MemArg {
        offset: 0,
        align: 2,
        memory_index,
    }
}
