//! The repository on itself: this solution, built twice in two folders, is one module.
#![cfg(not(target_family = "wasm"))]
// In a test a panic is the verdict; helpers of tests are tests too.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use solution_same_bytes::{Difference, explain, fingerprint};

/// A module that holds the solution: without an export the linker would leave all of it out.
const GUEST: &str = r#"
#[unsafe(no_mangle)]
pub extern "C" fn same(left: &'static [u8; 1 << 16], right: &'static [u8; 1 << 16]) -> u32 {
    let equal = solution_same_bytes::fingerprint(left) == solution_same_bytes::fingerprint(right);
    let lines = solution_same_bytes::explain(left, right).unwrap();
    u32::from(equal) + lines.len() as u32
}
"#;

const GUEST_MANIFEST: &str = r#"
[package]
name = "guest"
version = "0.1.0"
edition = "2024"

[lib]
crate-type = ["cdylib"]

[dependencies]
solution-same-bytes = { path = "../solutions/same-bytes" }
"#;

/// With debug information the folders stand in the files. The fingerprint is one all the same, and the explanation
/// names nothing that counts.
#[test]
fn two_folders_give_one_fingerprint() {
    let temp = Path::new(env!("CARGO_TARGET_TMPDIR")).join("same-bytes");
    if temp.exists() {
        fs::remove_dir_all(&temp).unwrap();
    }
    let target = temp.join("target");
    let here = built_in(&temp.join("a"), &target);
    let there = built_in(&temp.join("another/and/deeper"), &target);
    assert!(
        here != there,
        "the folders stand in the debug information, or this test shows nothing"
    );
    let lines = explain(&here, &there).unwrap();
    let told: Vec<String> = lines.iter().map(told).collect();
    assert_eq!(
        fingerprint(&here).unwrap(),
        fingerprint(&there).unwrap(),
        "two builds of one source in two folders: {told:?}",
    );
    assert!(
        !lines.is_empty() && lines.iter().all(|line| !line.counts),
        "{told:?}"
    );
    fs::remove_dir_all(&temp).unwrap();
}

fn told(line: &Difference<'_>) -> String {
    format!("{}: {:?}", line.kind, line.change)
}

/// Copies the solution and what it needs into a folder, and builds it there. The target folder keeps what comes from the registry, which is
/// half of the work; what the folder holds is compiled anew, since Cargo knows packages by their paths.
fn built_in(folder: &Path, target: &Path) -> Vec<u8> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    for file in [
        "Cargo.lock",
        "rust-toolchain.toml",
        "katas/same-bytes/contract/Cargo.toml",
        "katas/same-bytes/contract/contract.rs",
        "solutions/same-bytes/Cargo.toml",
        "solutions/same-bytes/src/lib.rs",
        "solutions/same-bytes/tests/native.rs",
    ] {
        write(folder, file, &fs::read(root.join(file)).unwrap());
    }
    // The workspace's own versions and profiles, with these members.
    let manifest = fs::read_to_string(root.join("Cargo.toml")).unwrap();
    let rest = manifest.find("[workspace.package]").unwrap();
    let members = r#"["katas/same-bytes/contract", "solutions/same-bytes", "guest"]"#;
    let manifest = format!(
        "[workspace]\nresolver = \"3\"\nmembers = {members}\n\n{}",
        &manifest[rest..]
    );
    write(folder, "Cargo.toml", manifest.as_bytes());
    write(folder, "guest/Cargo.toml", GUEST_MANIFEST.as_bytes());
    write(folder, "guest/src/lib.rs", GUEST.as_bytes());
    let status = Command::new(env!("CARGO"))
        .args([
            "build",
            "--quiet",
            "--offline",
            "--release",
            "--package",
            "guest",
        ])
        .args([
            "--target",
            "wasm32-unknown-unknown",
            "--config",
            "profile.release.debug=true",
        ])
        .env("CARGO_TARGET_DIR", target)
        .current_dir(folder)
        .status()
        .unwrap();
    assert!(
        status.success(),
        "cargo build in {}: {status}",
        folder.display()
    );
    fs::read(target.join("wasm32-unknown-unknown/release/guest.wasm")).unwrap()
}

fn write(folder: &Path, file: &str, bytes: &[u8]) {
    let path: PathBuf = folder.join(file);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, bytes).unwrap();
}
