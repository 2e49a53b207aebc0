//! What a browser runs of a zone: whoever builds it and whoever judges it meet here.

use crate::Host;
use serde::{Deserialize, Serialize};
use std::path::PathBuf;

/// A bundle's `bundle.json`: what the page and the judge need to know to run it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Bundle {
    /// Always `ready`: the server answers other states while it builds.
    pub status: String,
    /// The zone's slug.
    pub zone: String,
    /// `kata`, `solution`, `attempts/<name>` or `graded`.
    pub variant: String,
    /// Where it runs.
    pub host: Host,
    /// The tests that the wasm holds, in the spec's order.
    pub tests: Vec<String>,
    /// `quick` or `release`.
    pub profile: String,
    /// Bytes of `spec_bg.wasm`.
    pub wasm_bytes: usize,
    /// Bytes of `spec.js`.
    pub glue_bytes: usize,
    /// Whether a source map lies beside the wasm, as `spec_bg.wasm.map`.
    #[serde(default)]
    pub lines: bool,
    /// SHA-256 of the compiled wasm, before binding.
    pub hash: String,
    /// The folder that holds the files; not part of `bundle.json`.
    #[serde(skip)]
    pub dir: PathBuf,
}
