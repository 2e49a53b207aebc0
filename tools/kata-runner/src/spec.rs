//! Looks into a spec's wasm before it runs.

use std::fs;
use std::path::Path;

use anyhow::Context;
use wasmparser::{Parser, Payload};

/// How `#[wasm_bindgen_test]` and `#[wasm_bindgen_bench]` begin their exports' names.
const PREFIXES: [&str; 2] = ["__wbgt_", "__wbgb_"];

/// Whether the module exports a test.
pub fn has_tests(wasm: &Path) -> anyhow::Result<bool> {
    let bytes = fs::read(wasm).with_context(|| format!("cannot read {}", wasm.display()))?;
    exports_test(&bytes).with_context(|| format!("{} is no wasm module", wasm.display()))
}

fn exports_test(wasm: &[u8]) -> anyhow::Result<bool> {
    for payload in Parser::new(0).parse_all(wasm) {
        if let Payload::ExportSection(exports) = payload? {
            for export in exports {
                let name = export?.name;
                if PREFIXES.iter().any(|prefix| name.starts_with(prefix)) {
                    return Ok(true);
                }
            }
        }
    }
    Ok(false)
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
        assert!(exports_test(&module("__wbgt__spec::spec::works_0")).unwrap());
        assert!(!exports_test(&module("memory")).unwrap());
    }

    #[test]
    fn what_is_no_wasm_is_an_error() {
        assert!(exports_test(b"<html>").is_err());
    }
}
