//! Where the command keeps what it makes: below the target folder, never in
//! the sources.

use kata_zones::Workspace;
use std::path::PathBuf;

/// The folder for everything that `cargo kata` makes: `<target>/kata`, where
/// the target folder is Cargo's (`CARGO_TARGET_DIR` or `<root>/target`).
pub fn state_dir(ws: &Workspace) -> PathBuf {
    let target = match std::env::var_os("CARGO_TARGET_DIR") {
        Some(dir) => ws.root().join(dir),
        None => ws.root().join("target"),
    };
    target.join("kata")
}
