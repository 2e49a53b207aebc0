//! What is given: proposals by their names, a policy and its file, what a module declares, and why one is refused.
//!
//! Nothing here asks an engine, so it is the same in every browser and on your machine.

use std::{fmt, str::FromStr};

use bitflags::Flags;
use thiserror::Error;
use wasmparser::{
    BinaryReaderError, ExternalKind, Imports, MemoryType, Parser, Payload, TypeRef, WasmFeatures,
};

/// One extension of WebAssembly, by the name that `wasmparser` has for it: `bulk-memory`, `memory64`.
///
/// Two are no extensions but pieces of the first WebAssembly that can be switched off: `floats` and `gc-types`. And two are
/// parts of others: `bulk-memory` contains `bulk-memory-opt`, `reference-types` contains `call-indirect-overlong`.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Proposal {
    constant: &'static str,
    features: WasmFeatures,
}

impl Proposal {
    /// All that concern modules, and none of those that concern components. What contains a part comes before it, and
    /// `function-references`, in whose place `gc` may stand, is the last.
    pub fn all() -> impl Iterator<Item = Self> {
        let of_components = |name: &str| name == "COMPONENT_MODEL" || name.starts_with("CM");
        let is_last = |one: &Self| one.features == WasmFeatures::FUNCTION_REFERENCES;
        let all = <WasmFeatures as Flags>::FLAGS
            .iter()
            .filter(move |flag| !of_components(flag.name()))
            .map(|flag| Self {
                constant: flag.name(),
                features: *flag.value(),
            });
        let last = all.clone().filter(is_last);
        all.filter(move |one| !is_last(one)).chain(last)
    }

    /// The proposal of this name.
    pub fn named(name: &str) -> Option<Self> {
        Self::all().find(|proposal| proposal.to_string() == name)
    }

    /// What a validator must have on for it: the proposal and its parts.
    pub fn features(self) -> WasmFeatures {
        self.features
    }

    /// Whether the other is this proposal or a part of it.
    pub fn contains(self, other: Self) -> bool {
        self.features.contains(other.features)
    }

    /// These features without this proposal. Its parts stay on; what contains it goes off with it.
    pub fn off(self, features: WasmFeatures) -> WasmFeatures {
        let parts = Self::all().filter(|part| *part != self && self.contains(*part));
        features - parts.fold(self.features, |own, part| own - part.features)
    }

    /// All proposals together: what a validator has on that knows no policy.
    pub fn everything() -> WasmFeatures {
        Self::all().fold(WasmFeatures::empty(), |on, one| on | one.features)
    }
}

impl fmt::Display for Proposal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.constant.to_ascii_lowercase().replace('_', "-"))
    }
}

impl fmt::Debug for Proposal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// A proposal that a module needs: with all of its needs on, and no others, the module is valid, and with one of them less it is
/// not.
///
/// One thing is allowed by either of two proposals: a reference to a type by its number, by `function-references` or by `gc`, which
/// builds on it. For such a reference alone, `function-references` is named.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Need {
    /// Which one. If a part of a proposal is enough, the part.
    pub proposal: Proposal,
    /// Where `wasmparser`'s validator stops then: the first place in the file that needs it.
    pub offset: usize,
}

/// What may pass. As a file, each line is a word and what belongs to it, and `#` begins a comment:
///
/// ```text
/// start     mvp            # or wasm1, wasm2, wasm3, lime1; first, if it is there
/// allow     bulk-memory, mutable-global
/// forbid    floats
/// bytes     1048576        # of the whole file
/// functions 2000           # that the module defines
/// pages     256            # of 64 KiB, that its memories have at the start
/// ```
///
/// What is left out is [`Policy::default`]. A proposal is allowed and forbidden with its parts, and whoever forbids a part forbids
/// what contains it. `gc` brings `function-references` along, and goes with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Policy {
    /// The proposals that may be used.
    pub features: WasmFeatures,
    /// The most bytes that a file may have. (In a browser, a number of 32 bits.)
    pub bytes: usize,
    /// The most functions that a module may define. Those that it imports are another's.
    pub functions: u32,
    /// The most pages of 64 KiB that its memories may have at the start, all together, imported ones too.
    pub pages: u64,
}

impl Default for Policy {
    /// The first WebAssembly without any proposal, 16 MiB, 100,000 functions, 1,024 pages (64 MiB).
    fn default() -> Self {
        Self {
            features: WasmFeatures::MVP,
            bytes: 16 << 20,
            functions: 100_000,
            pages: 1024,
        }
    }
}

/// Why a text is no policy.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("line {line}: {fault}")]
pub struct PolicyError {
    /// Counted from 1.
    pub line: usize,
    /// What is wrong there.
    pub fault: PolicyFault,
}

/// What is wrong in a line of a policy.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum PolicyFault {
    /// It begins with a word that no policy has.
    #[error("no policy has {0:?}; it has start, allow, forbid, bytes, functions and pages")]
    Word(String),
    /// A word that may stand there once stands there again, or `start` is not the first.
    #[error("{0:?} comes too late")]
    TooLate(String),
    /// `wasmparser` has no proposal of that name, or it is one of components.
    #[error("{0:?} is no proposal for modules")]
    Proposal(String),
    /// There is no such start.
    #[error("{0:?} is no start; there are mvp, wasm1, wasm2, wasm3 and lime1")]
    Start(String),
    /// It is no whole number, or too large.
    #[error("{0:?} is no number that fits")]
    Number(String),
}

impl FromStr for Policy {
    type Err = PolicyError;

    fn from_str(text: &str) -> Result<Self, PolicyError> {
        let mut policy = Self::default();
        let mut seen: Vec<&str> = Vec::new();
        for (index, line) in text.lines().enumerate() {
            let line = line.split('#').next().unwrap_or_default().trim();
            let (word, rest) = line.split_once(char::is_whitespace).unwrap_or((line, ""));
            if word.is_empty() {
                continue;
            }
            let fault = |fault| PolicyError {
                line: index + 1,
                fault,
            };
            let late = match word {
                "start" => !seen.is_empty(),
                "allow" | "forbid" => false,
                _ => seen.contains(&word),
            };
            if late {
                return Err(fault(PolicyFault::TooLate(word.to_owned())));
            }
            policy.read(word, rest.trim()).map_err(fault)?;
            seen.push(word);
        }
        Ok(policy)
    }
}

impl Policy {
    fn read(&mut self, word: &str, rest: &str) -> Result<(), PolicyFault> {
        match word {
            "start" => {
                self.features = match rest {
                    "mvp" => WasmFeatures::MVP,
                    "wasm1" => WasmFeatures::WASM1,
                    "wasm2" => WasmFeatures::WASM2,
                    "wasm3" => WasmFeatures::WASM3,
                    "lime1" => WasmFeatures::LIME1,
                    _ => return Err(PolicyFault::Start(rest.to_owned())),
                }
            }
            "allow" | "forbid" => {
                for name in rest.split(',').map(str::trim) {
                    let proposal = Proposal::named(name);
                    let proposal =
                        proposal.ok_or_else(|| PolicyFault::Proposal(name.to_owned()))?;
                    let allow = word == "allow";
                    self.features.set(proposal.features, allow);
                    // The one builds on the other.
                    if allow && proposal.features == WasmFeatures::GC {
                        self.features |= WasmFeatures::FUNCTION_REFERENCES;
                    }
                    if !allow && proposal.features == WasmFeatures::FUNCTION_REFERENCES {
                        self.features -= WasmFeatures::GC;
                    }
                }
            }
            "bytes" => self.bytes = number(rest)?,
            "functions" => self.functions = number(rest)?,
            "pages" => self.pages = number(rest)?,
            _ => return Err(PolicyFault::Word(word.to_owned())),
        }
        Ok(())
    }

    /// Whether a module may use this proposal.
    pub fn allows(&self, proposal: Proposal) -> bool {
        self.features.contains(proposal.features)
    }

    /// Compares what a module needs and declares with what may pass: first the proposals, then functions, then pages.
    ///
    /// # Errors
    /// The first of the module's needs that is not allowed; `Functions` or `Pages` if there are too many.
    pub fn check(&self, report: &Report) -> Result<(), Refusal> {
        let mut forbidden: Vec<&Need> = report.needs.iter().collect();
        forbidden.retain(|need| !self.allows(need.proposal));
        if let Some(need) = forbidden.iter().min_by_key(|need| need.offset) {
            return Err(Refusal::Forbidden(**need));
        }
        if report.functions > self.functions {
            let (functions, limit) = (report.functions, self.functions);
            return Err(Refusal::Functions { functions, limit });
        }
        let (pages, limit) = (report.pages(), self.pages);
        if pages > limit {
            return Err(Refusal::Pages { pages, limit });
        }
        Ok(())
    }
}

fn number<T: FromStr>(text: &str) -> Result<T, PolicyFault> {
    let digits = text.bytes().all(|byte| byte.is_ascii_digit());
    let number = text.parse().ok().filter(|_| digits);
    number.ok_or_else(|| PolicyFault::Number(text.to_owned()))
}

/// Why a file does not pass. If there is more than one reason, the first in this order.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum Refusal {
    /// It has too many bytes, whatever they are.
    #[error("{bytes} bytes are more than {limit}")]
    Bytes {
        /// How many it has.
        bytes: usize,
        /// How many it may have.
        limit: usize,
    },
    /// It does not begin as WebAssembly does, with a zero and `asm`.
    #[error("this is no WebAssembly")]
    NotWasm,
    /// It is WebAssembly, but of another layer: a component.
    #[error("this is a component, which is no module")]
    Component,
    /// It ends in the middle of its header, or of the section that begins here.
    #[error("the file ends in the middle of what begins at {offset:#x}")]
    Truncated {
        /// Where the header or the section begins.
        offset: usize,
    },
    /// It is no valid module, even with every proposal on; or it lists more than any engine takes.
    #[error("no module, at {offset:#x}: {reason}")]
    Malformed {
        /// Where `wasmparser` stops.
        offset: usize,
        /// For people. Its words are `wasmparser`'s own, and other versions have others.
        reason: String,
    },
    /// It needs a proposal that is not allowed. Of several, the one that is needed first.
    #[error("{} is not allowed, and needed at {:#x}", .0.proposal, .0.offset)]
    Forbidden(Need),
    /// It defines too many functions.
    #[error("{functions} functions are more than {limit}")]
    Functions {
        /// How many it defines.
        functions: u32,
        /// How many it may.
        limit: u32,
    },
    /// Its memories are too large at the start.
    #[error("{pages} pages of memory are more than {limit}")]
    Pages {
        /// How many pages of 64 KiB they have.
        pages: u64,
        /// How many they may have.
        limit: u64,
    },
}

impl From<BinaryReaderError> for Refusal {
    fn from(error: BinaryReaderError) -> Self {
        Self::Malformed {
            offset: error.offset(),
            reason: error.message().to_owned(),
        }
    }
}

/// What a module is made of, with the names that stand in its bytes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Report<'a> {
    /// The size of the file.
    pub bytes: usize,
    /// What it needs, in the order of the offsets; at the same offset, in the order of [`Proposal::all`]. Of a proposal and its part
    /// there is the whole alone, at the place for which the part is not enough.
    pub needs: Vec<Need>,
    /// How many functions it defines.
    pub functions: u32,
    /// Its memories, the imported ones first.
    pub memories: Vec<Memory>,
    /// What it asks for, in its own order.
    pub imports: Vec<Import<'a>>,
    /// What it offers, in its own order.
    pub exports: Vec<Export<'a>>,
}

/// What an import or an export is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A function.
    Function,
    /// A linear memory.
    Memory,
    /// A table of references.
    Table,
    /// A global variable.
    Global,
    /// A tag of exceptions.
    Tag,
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Function => "function",
            Self::Memory => "memory",
            Self::Table => "table",
            Self::Global => "global",
            Self::Tag => "tag",
        })
    }
}

/// What a module asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Import<'a> {
    /// The first name, of a group.
    pub module: &'a str,
    /// The second name, within the group.
    pub name: &'a str,
    /// What it must be.
    pub kind: Kind,
}

/// What a module offers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Export<'a> {
    /// Its name.
    pub name: &'a str,
    /// What it is.
    pub kind: Kind,
}

/// The limits of a memory, in pages of its own size.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Memory {
    /// How many it has at the start.
    pub initial: u64,
    /// How many it may grow to, if it says so.
    pub maximum: Option<u64>,
    /// How many bytes a page has: 65,536, unless the module says otherwise.
    pub page: u64,
}

impl From<MemoryType> for Memory {
    fn from(memory: MemoryType) -> Self {
        Self {
            initial: memory.initial,
            maximum: memory.maximum,
            page: memory
                .page_size_log2
                .map_or(PAGE, |log| 1_u64.checked_shl(log).unwrap_or(PAGE)),
        }
    }
}

/// The bytes of a page of memory.
pub const PAGE: u64 = 65_536;

/// The most imports or exports that any engine takes in a module, by the standard's own list of limits. (Of memories it takes
/// fewer; what has more than that is for the validator to say.)
const MOST_ENTRIES: usize = 1_000_000;

/// The most bytes of names that imports may have, each with both of its own. Compact imports write a module's name
/// once for all, and 160 KB can stand for 6 GB. Validators write them out.
const MOST_NAMED: usize = 16 << 20;

impl<'a> Report<'a> {
    /// Reads what a module declares, and whether its outer form is one: the header, and sections that end inside of the file. It
    /// does not look into functions, and says nothing of needs.
    ///
    /// # Errors
    /// `Bytes`, `NotWasm`, `Component`, `Truncated`; `Malformed` if what it declares cannot be read.
    pub fn read(wasm: &'a [u8], most_bytes: usize) -> Result<Self, Refusal> {
        if wasm.len() > most_bytes {
            let (bytes, limit) = (wasm.len(), most_bytes);
            return Err(Refusal::Bytes { bytes, limit });
        }
        outer_form(wasm)?;
        let mut report = Self {
            bytes: wasm.len(),
            ..Self::default()
        };
        let mut named = 0;
        for payload in Parser::new(0).parse_all(wasm) {
            match payload? {
                Payload::ImportSection(groups) => {
                    for group in groups {
                        report.import(group?, &mut named)?;
                    }
                }
                Payload::FunctionSection(functions) => report.functions = functions.count(),
                Payload::MemorySection(memories) => {
                    for memory in memories.into_iter_with_offsets() {
                        let (offset, memory) = memory?;
                        few(report.memories.len(), offset)?;
                        report.memories.push(memory.into());
                    }
                }
                Payload::ExportSection(exports) => {
                    for export in exports.into_iter_with_offsets() {
                        let (offset, export) = export?;
                        few(report.exports.len(), offset)?;
                        report.exports.push(Export {
                            name: export.name,
                            kind: match export.kind {
                                ExternalKind::Func | ExternalKind::FuncExact => Kind::Function,
                                ExternalKind::Memory => Kind::Memory,
                                ExternalKind::Table => Kind::Table,
                                ExternalKind::Global => Kind::Global,
                                ExternalKind::Tag => Kind::Tag,
                            },
                        });
                    }
                }
                _ => {}
            }
        }
        Ok(report)
    }

    fn import(&mut self, group: Imports<'a>, named: &mut usize) -> Result<(), Refusal> {
        match group {
            Imports::Single(offset, import) => {
                self.ask(offset, (import.module, import.name), import.ty, named)
            }
            Imports::Compact1 { module, items } => {
                items.into_iter_with_offsets().try_for_each(|item| {
                    let (offset, item) = item?;
                    self.ask(offset, (module, item.name), item.ty, named)
                })
            }
            Imports::Compact2 { module, ty, names } => {
                names.into_iter_with_offsets().try_for_each(|name| {
                    let (offset, name) = name?;
                    self.ask(offset, (module, name), ty, named)
                })
            }
        }
    }

    fn ask(
        &mut self,
        offset: usize,
        (module, name): (&'a str, &'a str),
        ty: TypeRef,
        named: &mut usize,
    ) -> Result<(), Refusal> {
        few(self.imports.len(), offset)?;
        *named += module.len() + name.len();
        if *named > MOST_NAMED {
            let reason = format!("names of imports with more than {MOST_NAMED} bytes");
            return Err(Refusal::Malformed { offset, reason });
        }
        let kind = match ty {
            TypeRef::Func(_) | TypeRef::FuncExact(_) => Kind::Function,
            TypeRef::Table(_) => Kind::Table,
            TypeRef::Global(_) => Kind::Global,
            TypeRef::Tag(_) => Kind::Tag,
            TypeRef::Memory(memory) => {
                self.memories.push(memory.into());
                Kind::Memory
            }
        };
        self.imports.push(Import { module, name, kind });
        Ok(())
    }

    /// How many pages of 64 KiB its memories have at the start, all together; what is left of one counts as one.
    pub fn pages(&self) -> u64 {
        let bytes = self
            .memories
            .iter()
            .map(|memory| u128::from(memory.initial) * u128::from(memory.page));
        u64::try_from(bytes.sum::<u128>().div_ceil(u128::from(PAGE))).unwrap_or(u64::MAX)
    }
}

/// So that no list is longer than any engine takes.
fn few(entries: usize, offset: usize) -> Result<(), Refusal> {
    if entries < MOST_ENTRIES {
        return Ok(());
    }
    let reason = format!("more than {MOST_ENTRIES} imports, exports or memories");
    Err(Refusal::Malformed { offset, reason })
}

/// Whether the header is a module's, and each section ends inside of the file.
fn outer_form(wasm: &[u8]) -> Result<(), Refusal> {
    const MAGIC: &[u8] = b"\0asm";
    const MODULE: &[u8] = &[1, 0, 0, 0];
    let magic = &wasm[..wasm.len().min(4)];
    if !MAGIC.starts_with(magic) {
        return Err(Refusal::NotWasm);
    }
    let Some(version) = wasm.get(4..8) else {
        return Err(Refusal::Truncated { offset: 0 });
    };
    if version != MODULE {
        if version[2..] == [1, 0] {
            return Err(Refusal::Component);
        }
        let reason = "a version of WebAssembly that nobody knows".to_owned();
        return Err(Refusal::Malformed { offset: 4, reason });
    }
    let mut offset = 8;
    while offset < wasm.len() {
        offset = end_of_section(wasm, offset)?;
    }
    Ok(())
}

/// Where the section ends that begins here with a number of its own and its length.
fn end_of_section(wasm: &[u8], offset: usize) -> Result<usize, Refusal> {
    let truncated = Refusal::Truncated { offset };
    let mut length = 0_u64;
    for place in 0..5 {
        let at = offset + 1 + place;
        let byte = *wasm.get(at).ok_or(truncated.clone())?;
        length |= u64::from(byte & 0x7f) << (7 * place);
        if byte & 0x80 == 0 && length <= u64::from(u32::MAX) {
            let end = (at as u64 + 1).saturating_add(length);
            let inside = usize::try_from(end).ok().filter(|end| *end <= wasm.len());
            return inside.ok_or(truncated);
        }
    }
    let reason = "a length of more than 32 bits".to_owned();
    let offset = offset + 1;
    Err(Refusal::Malformed { offset, reason })
}
