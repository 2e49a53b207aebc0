//! What a zone is.
//!
//! A zone is one trap: a broken kata, its solution, the spec that judges both,
//! a handful of plausible wrong answers, and a `kata.toml` that states every
//! fact about them. The command line, the book and the repository's rules all
//! read zones through this crate, so that no fact is written twice.
#![cfg(not(target_family = "wasm"))]
#![warn(missing_docs)]

mod bundle;
mod engines;
mod manifest;
mod proofs;
mod rules;
mod scaffold;
mod spec;
mod workspace;

pub use bundle::Bundle;
pub use engines::{ENGINES, LoadError, differ};
pub use manifest::{Attempt, Choice, Expect, Failure, Host, Manifest, Need, Part, Predict};
pub use proofs::{Excused, Proof, Proofs};
pub use rules::{Problem, check_files};
pub use scaffold::{Kind, shim, write_new_zone};
pub use spec::SpecTest;
pub use workspace::{
    PROOFS, SHARED_SPECS, SPECS, UNTOUCHED, Variant, Workspace, Zone, is_hidden, rust_files, sha256,
};
