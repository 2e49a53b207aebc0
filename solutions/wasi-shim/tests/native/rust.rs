//! Guests in Rust, as a compiler of today makes them.

use std::path::Path;
use std::process::Command;
use std::sync::Once;

/// Compiles a guest, `guests/<name>.rs`.
pub fn compile(name: &str) -> Vec<u8> {
    static TARGET: Once = Once::new();
    TARGET.call_once(add_target);
    let source = Path::new("tests/guests").join(name).with_extension("rs");
    let folder = tempfile::tempdir().unwrap();
    let module = folder.path().join("guest.wasm");
    let mut rustc = Command::new("rustc");
    // Small, since wasmi reads all of it and is itself not optimized here.
    rustc
        .args(["--edition", "2024", "--target", "wasm32-wasip1"])
        .args([
            "-C",
            "opt-level=s",
            "-C",
            "panic=abort",
            "-C",
            "strip=symbols",
        ])
        .arg("-o")
        .args([&module, &source]);
    succeed(&mut rustc);
    std::fs::read(module).unwrap()
}

/// Adds the target to the toolchain, if it is not there.
fn add_target() {
    let sysroot = succeed(Command::new("rustc").args(["--print", "sysroot"]));
    if !Path::new(sysroot.trim())
        .join("lib/rustlib/wasm32-wasip1")
        .exists()
    {
        succeed(Command::new("rustup").args(["target", "add", "wasm32-wasip1"]));
    }
}

fn succeed(command: &mut Command) -> String {
    let output = command
        .output()
        .unwrap_or_else(|error| panic!("{command:?}: {error}"));
    assert!(
        output.status.success(),
        "{command:?}: {}",
        String::from_utf8_lossy(&output.stderr),
    );
    String::from_utf8(output.stdout).unwrap()
}
