//! Where each instruction of a bundle stands in Rust, as a [source map](https://tc39.es/ecma426/).
//!
//! rustc writes DWARF into the wasm that it compiles. No browser reads that without an extension, and the bundle
//! holds other code at other offsets once wasm-bindgen has been through it. So the lines are read before, and follow
//! their instructions to where they end up. The page reads the map when a reader opens a stack; debuggers read it when they are
//! open; others load nothing. The module names it, and the page makes an address of that name (`theme/kata/map-address.js`).

use anyhow::Context;
use gimli::{AttributeValue, DwarfSections, EndianSlice, LineProgramHeader, LittleEndian, Unit};
use serde_json::json;
use std::borrow::Cow;
use std::collections::HashMap;
use std::ops::Range;
use std::path::{Component, Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use walrus::{CodeTransform, CustomSection, IdsToIndices, Module};
use wasmparser::{Parser, Payload};

/// The source map beside `spec_bg.wasm`, by the name that stands in the module.
pub const FILE: &str = "spec_bg.wasm.map";

/// What rustc is told that the folder of the stage is called: a builder's own is nobody's business, and would make
/// other bytes of the same sources. All zones have the same, or each would compile the dependencies for itself.
pub(super) const STAGE: &str = "/book";

type Bytes<'a> = EndianSlice<'a, LittleEndian>;

/// The lines of a compiled spec.
pub(super) struct Lines {
    /// Paths below the zone's workspace.
    sources: Vec<String>,
    /// Offsets in the compiled file, in order, and where what begins there stands; `None` where it stands in none of
    /// our files.
    rows: Vec<(usize, Option<Place>)>,
}

/// A place in a source; line and column count from 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Place {
    source: usize,
    line: u64,
    column: u64,
}

impl Lines {
    /// Reads the lines of what was compiled from the stage. What comes from elsewhere, std above all, has none.
    ///
    /// # Errors
    /// When the file is no module, or its debug information makes no sense.
    pub fn read(wasm: &[u8]) -> anyhow::Result<Self> {
        let mut sections = HashMap::new();
        let mut code = 0..0;
        for payload in Parser::new(0).parse_all(wasm) {
            match payload.context("reading the compiled wasm")? {
                Payload::CodeSectionStart { range, .. } => code = range,
                Payload::CustomSection(section) => {
                    sections.insert(section.name(), section.data());
                }
                _ => {}
            }
        }
        let loaded = DwarfSections::load(|id| {
            Ok::<_, gimli::Error>(sections.get(id.name()).copied().unwrap_or_default())
        })?;
        let dwarf = loaded.borrow(|section| EndianSlice::new(section, LittleEndian));
        let mut lines = Self {
            sources: Vec::new(),
            rows: Vec::new(),
        };
        let mut units = dwarf.units();
        while let Some(header) = units.next()? {
            let unit = dwarf.unit(header)?;
            let Some(folder) = unit.comp_dir.and_then(|dir| dir.to_string().ok()) else {
                continue;
            };
            if Path::new(folder).starts_with(STAGE) {
                lines.add(&dwarf, &unit, Path::new(folder), &code)?;
            }
        }
        lines.rows.sort_by_key(|(offset, _)| *offset);
        Ok(lines)
    }

    /// Whether it was compiled without lines.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// Adds the lines of one unit: code that stands in the module, as whole sequences with an end.
    fn add(
        &mut self,
        dwarf: &gimli::Dwarf<Bytes<'_>>,
        unit: &Unit<Bytes<'_>>,
        folder: &Path,
        code: &Range<usize>,
    ) -> anyhow::Result<()> {
        let Some(program) = unit.line_program.clone() else {
            return Ok(());
        };
        let (program, sequences) = program.sequences()?;
        let mut known = HashMap::new();
        for sequence in sequences {
            // The linker gives code that it leaves out an address where there is none.
            if sequence.end > code.len() as u64 || sequence.start == 0 {
                continue;
            }
            let mut rows = program.resume_from(&sequence);
            while let Some((header, row)) = rows.next_row()? {
                let offset = code.start + usize::try_from(row.address())?;
                let place = match (row.line(), row.end_sequence()) {
                    (Some(line), false) => {
                        let source = *known.entry(row.file_index()).or_insert_with(|| {
                            source(dwarf, unit, folder, header, row.file_index())
                                .map(|path| self.number(path))
                        });
                        source.map(|source| Place {
                            source,
                            line: line.get() - 1,
                            column: match row.column() {
                                gimli::ColumnType::LeftEdge => 0,
                                gimli::ColumnType::Column(column) => column.get() - 1,
                            },
                        })
                    }
                    _ => None,
                };
                self.rows.push((offset, place));
            }
        }
        Ok(())
    }

    fn number(&mut self, path: String) -> usize {
        let known = self.sources.iter().position(|source| *source == path);
        known.unwrap_or_else(|| {
            self.sources.push(path);
            self.sources.len() - 1
        })
    }

    /// Where the instruction at an offset of the compiled file stands.
    fn at(&self, offset: usize) -> Option<Place> {
        let next = self.rows.partition_point(|(start, _)| *start <= offset);
        self.rows.get(next.checked_sub(1)?)?.1
    }

    /// The map for a module that was written, with the texts of the sources, as they stand in the workspace.
    ///
    /// # Errors
    /// When a source cannot be read.
    pub fn map(&self, moves: &Moves, workspace: &Path) -> anyhow::Result<String> {
        let moves = moves.0.lock().unwrap_or_else(PoisonError::into_inner);
        let mut at = 0;
        let mut last = Place {
            source: 0,
            line: 0,
            column: 0,
        };
        let mut shown = None;
        let mut mappings = Vec::new();
        for (offset, from) in moves.iter() {
            let place = from.and_then(|from| self.at(from));
            if place == shown {
                continue;
            }
            shown = place;
            if !mappings.is_empty() {
                mappings.push(b',');
            }
            vlq::encode((offset - at) as i64, &mut mappings)?;
            at = *offset;
            if let Some(place) = place {
                for (new, old) in [
                    (place.source as u64, last.source as u64),
                    (place.line, last.line),
                    (place.column, last.column),
                ] {
                    vlq::encode(new as i64 - old as i64, &mut mappings)?;
                }
                last = place;
            }
        }
        let texts = self.sources.iter().map(|source| {
            let path = workspace.join(source);
            std::fs::read_to_string(&path).with_context(|| format!("reading {}", path.display()))
        });
        let map = json!({
            "version": 3,
            "sources": self.sources,
            "sourcesContent": texts.collect::<anyhow::Result<Vec<_>>>()?,
            "names": [],
            "mappings": String::from_utf8(mappings)?,
        });
        Ok(map.to_string())
    }
}

/// The path below a folder of a file that a line names; none if it stands elsewhere.
fn source(
    dwarf: &gimli::Dwarf<Bytes<'_>>,
    unit: &Unit<Bytes<'_>>,
    folder: &Path,
    header: &LineProgramHeader<Bytes<'_>>,
    index: u64,
) -> Option<String> {
    let text = |value: AttributeValue<Bytes<'_>>| {
        let bytes = dwarf.attr_string(unit, value).ok()?;
        Some(bytes.to_string_lossy().into_owned())
    };
    let file = header.file(index)?;
    let mut path = PathBuf::from(folder);
    // What is relative stands below what comes before it; what is absolute does not.
    path.extend(file.directory(header).and_then(text));
    path.push(text(file.path_name())?);
    let mut plain = PathBuf::new();
    for part in path.components() {
        match part {
            Component::ParentDir => {
                plain.pop();
            }
            part => plain.push(part),
        }
    }
    Some(plain.strip_prefix(folder).ok()?.to_str()?.to_owned())
}

/// An offset in a written module, and that of the same instruction in the module that was read, if it was there.
type Move = (usize, Option<usize>);

/// Where the instructions of a written module come from, in their order. It is filled in when the module is written.
#[derive(Debug, Clone, Default)]
pub(super) struct Moves(Arc<Mutex<Vec<Move>>>);

impl Moves {
    /// Listens to what becomes of a module's instructions, and has the module name the map.
    pub fn watch(module: &mut Module) -> Self {
        let moves = Self::default();
        module.customs.add(Name(moves.clone()));
        moves
    }
}

/// The section that names the map.
#[derive(Debug)]
struct Name(Moves);

impl CustomSection for Name {
    fn name(&self) -> &str {
        "sourceMappingURL"
    }

    fn data(&self, _: &IdsToIndices) -> Cow<'_, [u8]> {
        let mut data = vec![FILE.len() as u8];
        data.extend(FILE.bytes());
        data.into()
    }

    fn apply_code_transform(&mut self, transform: &CodeTransform) {
        let kept = transform.instruction_map.iter();
        // A function that nobody wrote begins where another ends.
        let begins = transform.function_ranges.iter();
        let mut moves: Vec<_> = begins
            .map(|(_, range)| (range.start, None))
            .chain(kept.map(|(from, to)| (*to, Some(from.data() as usize))))
            .collect();
        moves.sort();
        *self.0.0.lock().unwrap_or_else(PoisonError::into_inner) = moves;
    }
}
