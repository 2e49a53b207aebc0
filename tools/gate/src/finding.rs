//! What was found out about a file.

use serde::Serialize;

/// What was found out about a file, as JSON has it, too.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// Why it may not pass; nothing if it may.
    pub refused: Option<String>,
    /// SHA-256 of the file, in hexadecimal digits.
    pub sha256: String,
    /// The size of the file.
    pub bytes: usize,
    /// What it declares; nothing if it is no valid module.
    #[serde(flatten)]
    pub module: Option<Module>,
}

/// What a valid module needs and declares.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Module {
    /// The proposals without which it is not valid, each with the first offset that needs it.
    pub needs: Vec<Need>,
    /// How many functions it defines.
    pub functions: u32,
    /// Its memories, imported ones first.
    pub memories: Vec<Memory>,
    /// What it asks for.
    pub imports: Vec<Import>,
    /// What it offers.
    pub exports: Vec<Export>,
}

/// A proposal that a module needs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Need {
    /// Its name.
    pub proposal: String,
    /// In bytes from the beginning of the file.
    pub offset: usize,
}

/// The limits of a memory, in pages.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Memory {
    /// At the start.
    pub initial: u64,
    /// At most, if it says so.
    pub maximum: Option<u64>,
    /// Bytes of a page.
    pub page: u64,
}

/// What a module asks for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Import {
    /// The first name.
    pub module: String,
    /// The second name.
    pub name: String,
    /// `function`, `memory`, `table`, `global` or `tag`.
    pub kind: String,
}

/// What a module offers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Export {
    /// Its name.
    pub name: String,
    /// As that of an import.
    pub kind: String,
}

#[cfg(has_solutions)]
mod inquiry {
    use super::{Export, Finding, Import, Memory, Module, Need};
    use crate::gate::inspect;
    use contract::{Policy, Report};
    use sha2::{Digest, Sha256};

    /// Asks the gate.
    pub fn of(wasm: &[u8], policy: &Policy) -> Finding {
        let report = inspect(wasm, policy.bytes);
        let refused = match &report {
            Ok(report) => policy.check(report).err(),
            Err(refusal) => Some(refusal.clone()),
        };
        Finding {
            refused: refused.map(|refusal| refusal.to_string()),
            sha256: format!("{:x}", Sha256::digest(wasm)),
            bytes: wasm.len(),
            module: report.ok().map(|report| module(&report)),
        }
    }

    fn module(report: &Report<'_>) -> Module {
        Module {
            needs: (report.needs.iter())
                .map(|need| Need {
                    proposal: need.proposal.to_string(),
                    offset: need.offset,
                })
                .collect(),
            functions: report.functions,
            memories: (report.memories.iter())
                .map(|memory| Memory {
                    initial: memory.initial,
                    maximum: memory.maximum,
                    page: memory.page,
                })
                .collect(),
            imports: (report.imports.iter())
                .map(|import| Import {
                    module: import.module.to_owned(),
                    name: import.name.to_owned(),
                    kind: import.kind.to_string(),
                })
                .collect(),
            exports: (report.exports.iter())
                .map(|export| Export {
                    name: export.name.to_owned(),
                    kind: export.kind.to_string(),
                })
                .collect(),
        }
    }
}

#[cfg(has_solutions)]
pub(crate) use inquiry::of;
