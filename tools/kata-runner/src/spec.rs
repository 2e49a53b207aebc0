//! Which tests a spec's wasm has, without running it.

use std::fs;
use std::path::Path;

use anyhow::Context;
use wasmparser::{Parser, Payload};

/// The custom section by which a spec says where it runs (`wasm_bindgen_test_configure!`).
const MODE: &str = "__wasm_bindgen_test_unstable";

/// What a spec's wasm tells about itself.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Spec {
    pub tests: Vec<Test>,
    pub benches: Vec<Test>,
    /// Whether the spec itself says where it runs.
    pub has_mode: bool,
}

/// A test or a benchmark.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Test {
    /// Its path without the crate, as Rust's own tests have it: `spec::group::name`.
    pub name: String,
    pub is_ignored: bool,
}

impl Spec {
    /// Looks into the file.
    pub fn read(wasm: &Path) -> anyhow::Result<Self> {
        let bytes = fs::read(wasm).with_context(|| format!("cannot read {}", wasm.display()))?;
        parse(&bytes).with_context(|| format!("{} is no wasm module", wasm.display()))
    }
}

fn parse(wasm: &[u8]) -> anyhow::Result<Spec> {
    let mut spec = Spec::default();
    for payload in Parser::new(0).parse_all(wasm) {
        match payload? {
            Payload::ExportSection(exports) => {
                for export in exports {
                    let name = export?.name;
                    if let Some(rest) = name.strip_prefix("__wbgt_") {
                        spec.tests.extend(test(rest));
                    } else if let Some(rest) = name.strip_prefix("__wbgb_") {
                        spec.benches.extend(test(rest));
                    }
                }
            }
            Payload::CustomSection(section) if section.name() == MODE => spec.has_mode = true,
            _ => {}
        }
    }
    Ok(spec)
}

/// The test behind an export's name after the prefix: `_crate::path::name`, or `$_crate::path::name`
/// for one that is ignored.
fn test(export: &str) -> Option<Test> {
    let (marks, path) = export.split_once('_')?;
    let (_, name) = path.split_once("::")?;
    Some(Test {
        name: name.to_owned(),
        is_ignored: marks.contains('$'),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A module with one memory, exported under this name.
    fn module(name: &str) -> Vec<u8> {
        let mut wasm = b"\0asm\x01\0\0\0\x05\x03\x01\0\x01".to_vec();
        let length = u8::try_from(name.len()).unwrap();
        wasm.extend([7, length + 4, 1, length]);
        wasm.extend(name.bytes());
        wasm.extend([2, 0]);
        wasm
    }

    #[test]
    fn a_test_is_known_by_its_export() {
        let spec = parse(&module("__wbgt__spec::spec::group::works")).unwrap();
        assert_eq!(spec.tests[0].name, "spec::group::works");
        assert!(!spec.tests[0].is_ignored && spec.benches.is_empty());
        let spec = parse(&module("__wbgt_$_spec::works")).unwrap();
        assert!(spec.tests[0].is_ignored);
        let spec = parse(&module("__wbgb__spec::runs")).unwrap();
        assert_eq!((spec.tests.len(), spec.benches.len()), (0, 1));
        assert_eq!(parse(&module("memory")).unwrap(), Spec::default());
    }

    #[test]
    fn a_spec_says_where_it_runs() {
        let mut wasm = module("memory");
        wasm.extend([0, 30, 28]);
        wasm.extend(MODE.bytes());
        wasm.push(1);
        assert!(parse(&wasm).unwrap().has_mode);
    }

    #[test]
    fn what_is_no_wasm_is_an_error() {
        assert!(parse(b"<html>").is_err());
    }
}
