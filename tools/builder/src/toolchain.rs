//! The one thing that Cargo does not fetch by itself: the wasm target.

use anyhow::{Context, bail};
use std::path::{Path, PathBuf};
use std::process::Command;

pub(crate) const TARGET: &str = "wasm32-unknown-unknown";

/// The `cargo` that runs us, or the one on the path.
pub fn cargo() -> std::ffi::OsString {
    std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into())
}

/// The folder of the toolchain that compiles in `root`.
///
/// # Errors
/// When rustc cannot be asked.
pub(crate) fn sysroot(root: &Path) -> anyhow::Result<PathBuf> {
    let output = Command::new("rustc")
        .args(["--print", "sysroot"])
        .current_dir(root)
        .output()
        .context("asking rustc where its toolchain is")?;
    let path = String::from_utf8_lossy(&output.stdout).trim().to_owned();
    if path.is_empty() {
        bail!("rustc does not say where its toolchain is");
    }
    Ok(path.into())
}

/// Makes sure that rustc can compile for wasm: adds the target with rustup, and
/// says so, when it is missing.
///
/// # Errors
/// When rustc cannot be asked, or when rustup cannot add the target; the error
/// names the command to run by hand.
pub fn ensure_wasm_target(root: &Path) -> anyhow::Result<()> {
    let output = Command::new("rustc")
        .args(["--print", "target-libdir", "--target", TARGET])
        .current_dir(root)
        .output()
        .context("asking rustc where its wasm library is")?;
    let libdir = String::from_utf8_lossy(&output.stdout).trim().to_owned();
    if output.status.success() && Path::new(&libdir).is_dir() {
        return Ok(());
    }
    eprintln!("The {TARGET} target is missing; running: rustup target add {TARGET}");
    let added = Command::new("rustup")
        .args(["target", "add", TARGET])
        .current_dir(root)
        .status();
    match added {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => bail!("`rustup target add {TARGET}` ended with {status}"),
        Err(error) => bail!(
            "rustup could not be run ({error}); install the {TARGET} target of your toolchain by hand"
        ),
    }
}
