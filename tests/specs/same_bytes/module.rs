//! The modules: one small program, with a knob for each section.

use js_sys::{Uint8Array, WebAssembly};
use wasm_encoder::{
    CodeSection, ConstExpr, CustomSection, DataCountSection, DataSection, ElementSection, Elements,
    EntityType, ExportKind, ExportSection, Function, FunctionSection, GlobalSection, GlobalType,
    ImportSection, MemorySection, MemoryType, RefType, Section, StartSection, TableSection,
    TableType, TagKind, TagSection, TagType, TypeSection, ValType,
};

pub const PREAMBLE: &[u8] = b"\0asm\x01\0\0\0";

/// A custom section: its name, and what it holds.
pub type Custom = (String, Vec<u8>);

/// A program, and what describes its build.
#[derive(Clone)]
pub struct Recipe {
    /// What its function answers.
    pub answer: i32,
    /// What the last of its types takes. No function has this type.
    pub takes: ValType,
    /// What it imports.
    pub import: &'static str,
    /// Which of two equal types its last function has.
    pub type_index: u32,
    pub table_max: u64,
    pub memory_max: u64,
    pub tags: u32,
    pub globals: [i32; 2],
    pub export: &'static str,
    /// Which of two functions runs at the start.
    pub start: u32,
    /// Which of two functions stands in the table.
    pub element: u32,
    /// Whether it says in front of its code how many pieces of data it has.
    pub data_count: bool,
    /// Its data, where a panic finds the place in the source.
    pub text: Vec<u8>,
    /// Custom sections behind the preamble.
    pub front: Vec<Custom>,
    /// Custom sections behind everything.
    pub behind: Vec<Custom>,
}

/// The program without a custom section.
pub fn bare() -> Recipe {
    Recipe {
        answer: 1,
        takes: ValType::I32,
        import: "log",
        type_index: 0,
        table_max: 4,
        memory_max: 16,
        tags: 1,
        globals: [10, 20],
        export: "quote",
        start: 1,
        element: 1,
        data_count: true,
        text: b"src/lib.rs".to_vec(),
        front: Vec::new(),
        behind: Vec::new(),
    }
}

/// The program as a compiler leaves it, built in a folder by a version of the tools.
pub fn built(folder: &str, tools: &str) -> Recipe {
    let note = |what: &str| format!("{what} {folder} {tools}");
    Recipe {
        behind: vec![
            custom(".debug_info", &note("compile unit in")),
            custom(".debug_line", &note("lines of")),
            custom(".debug_str", &note("folder")),
            custom("name", &format!("quote::h{:016x}", folder.len() * 0x9e37)),
            custom("producers", tools),
            custom("target_features", "+bulk-memory"),
            custom("sourceMappingURL", &format!("{folder}/quote.wasm.map")),
        ],
        ..bare()
    }
}

pub fn custom(name: &str, holds: &str) -> Custom {
    (name.to_owned(), holds.as_bytes().to_vec())
}

/// The bare program with these custom sections behind it.
pub fn with(sections: &[(&str, &str)]) -> Recipe {
    let behind = sections.iter().map(|(name, holds)| custom(name, holds));
    Recipe {
        behind: behind.collect(),
        ..bare()
    }
}

impl Recipe {
    /// The module. The engine has looked at it.
    pub fn bytes(&self) -> Vec<u8> {
        accepted([PREAMBLE.to_vec(), self.sections().concat()].concat())
    }

    /// Its sections, each with its header.
    pub fn sections(&self) -> Vec<Vec<u8>> {
        let mut all: Vec<Vec<u8>> = self.front.iter().map(encoded_custom).collect();
        all.extend(self.program());
        all.extend(self.behind.iter().map(encoded_custom));
        all
    }

    fn program(&self) -> Vec<Vec<u8>> {
        let mut types = TypeSection::new();
        for takes in [&[][..], &[], &[self.takes]] {
            types.ty().function(takes.iter().copied(), []);
        }
        types.ty().function([], [ValType::I32]);
        let mut imports = ImportSection::new();
        imports.import("env", self.import, EntityType::Function(0));
        let mut functions = FunctionSection::new();
        for index in [3, 0, self.type_index] {
            functions.function(index);
        }
        let mut tables = TableSection::new();
        tables.table(TableType {
            element_type: RefType::FUNCREF,
            table64: false,
            minimum: 2,
            maximum: Some(self.table_max),
            shared: false,
        });
        let mut memories = MemorySection::new();
        memories.memory(MemoryType {
            minimum: 1,
            maximum: Some(self.memory_max),
            memory64: false,
            shared: false,
            page_size_log2: None,
        });
        let mut tags = TagSection::new();
        for _ in 0..self.tags {
            tags.tag(TagType {
                kind: TagKind::Exception,
                func_type_idx: 0,
            });
        }
        let mut globals = GlobalSection::new();
        let kind = GlobalType {
            val_type: ValType::I32,
            mutable: false,
            shared: false,
        };
        for global in self.globals {
            globals.global(kind, &ConstExpr::i32_const(global));
        }
        let mut exports = ExportSection::new();
        exports.export(self.export, ExportKind::Func, 1);
        let start = StartSection {
            function_index: self.start + 1,
        };
        let mut elements = ElementSection::new();
        let listed = [self.element];
        elements.active(
            None,
            &ConstExpr::i32_const(0),
            Elements::Functions(listed[..].into()),
        );
        let count = DataCountSection { count: 1 };
        let mut code = CodeSection::new();
        let mut answer = Function::new([]);
        answer.instructions().i32_const(self.answer).end();
        code.function(&answer);
        for _ in 0..2 {
            let mut nothing = Function::new([]);
            nothing.instructions().end();
            code.function(&nothing);
        }
        let mut data = DataSection::new();
        data.passive(self.text.iter().copied());
        let mut all = vec![
            encoded(&types),
            encoded(&imports),
            encoded(&functions),
            encoded(&tables),
            encoded(&memories),
            encoded(&tags),
            encoded(&globals),
            encoded(&exports),
            encoded(&start),
            encoded(&elements),
        ];
        if self.data_count {
            all.push(encoded(&count));
        }
        all.extend([encoded(&code), encoded(&data)]);
        all
    }
}

/// A section with its header.
fn encoded(section: &impl Section) -> Vec<u8> {
    let mut bytes = Vec::new();
    section.append_to(&mut bytes);
    bytes
}

pub fn encoded_custom((name, data): &Custom) -> Vec<u8> {
    encoded(&CustomSection {
        name: name.into(),
        data: data.into(),
    })
}

/// A number in five bytes of LEB128, as a linker writes it that leaves room for any.
pub fn padded(number: usize) -> [u8; 5] {
    let group = |index: usize| (number >> (7 * index)) as u8 & 0x7f;
    [0, 1, 2, 3, 4].map(|index| group(index) | if index < 4 { 0x80 } else { 0 })
}

/// These bytes, which every engine takes for a module. If one does not, this spec is wrong.
pub fn accepted(bytes: Vec<u8>) -> Vec<u8> {
    let view = Uint8Array::from(bytes.as_slice());
    let valid = WebAssembly::validate(&view).unwrap_or(false);
    assert!(
        valid,
        "the spec's own module is not accepted by this engine"
    );
    bytes
}
