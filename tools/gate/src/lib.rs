//! The gate of the book's zone `module-gate`, for files on this machine: what a module needs and declares, and whether
//! a policy lets it pass.
//!
//! The answer is that of the zone's solution, as readers see it. A teacher may keep the solutions back: then there is
//! no gate, and [`judge`] says so.
#![cfg(not(target_family = "wasm"))]
#![warn(missing_docs)]

mod finding;
/// The solution, where it is here: build.rs knows.
#[cfg(has_solutions)]
#[path = "../../../solutions/module-gate/src/lib.rs"]
pub mod gate;

pub use contract::{Policy, PolicyError};
pub use finding::Finding;

/// Judges a file's bytes by a policy. `None` if the solutions are not here.
#[cfg(has_solutions)]
pub fn judge(wasm: &[u8], policy: &Policy) -> Option<Finding> {
    Some(finding::of(wasm, policy))
}

/// Judges a file's bytes by a policy. `None` if the solutions are not here.
#[cfg(not(has_solutions))]
pub fn judge(_wasm: &[u8], _policy: &Policy) -> Option<Finding> {
    None
}
