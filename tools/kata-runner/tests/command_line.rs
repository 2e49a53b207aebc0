//! The runner as Cargo calls it, up to the point where a browser would start.
#![cfg(not(target_family = "wasm"))]
#![allow(clippy::unwrap_used)]

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::process::{Command, Output};

use tempfile::TempDir;

/// A package's folder with a spec that exports one name.
struct Package {
    root: TempDir,
    folder: PathBuf,
}

impl Package {
    fn new(folder: &str, export: &str) -> Self {
        let root = tempfile::tempdir().unwrap();
        let folder = root.path().join(folder);
        fs::create_dir_all(&folder).unwrap();
        // A module with one memory, exported under that name.
        let length = u8::try_from(export.len()).unwrap();
        let mut wasm = b"\0asm\x01\0\0\0\x05\x03\x01\0\x01".to_vec();
        wasm.extend([7, length + 4, 1, length]);
        wasm.extend(export.bytes());
        wasm.extend([2, 0]);
        fs::write(folder.join("spec.wasm"), wasm).unwrap();
        Package { root, folder }
    }

    fn run(&self, args: &[&str], variables: &[(&str, &str)]) -> Output {
        Command::new(env!("CARGO_BIN_EXE_kata-runner"))
            .arg("spec.wasm")
            .args(args)
            .env_remove("KATA_BROWSER")
            .env_remove("JSC_useConcurrentJIT")
            .envs(variables.iter().copied())
            .current_dir(&self.folder)
            .output()
            .unwrap()
    }

    /// Makes a driver that is this shell script, and returns its path.
    fn driver(&self, script: &str) -> String {
        let driver = self.root.path().join("driver");
        fs::write(&driver, format!("#!/bin/sh\n{script}\n")).unwrap();
        fs::set_permissions(&driver, fs::Permissions::from_mode(0o755)).unwrap();
        driver.to_str().unwrap().to_owned()
    }

    /// What a run that fails says.
    fn complaint(&self, variables: &[(&str, &str)]) -> String {
        let output = self.run(&[], variables);
        assert_eq!(output.status.code(), Some(1));
        String::from_utf8(output.stderr).unwrap()
    }
}

const TEST: &str = "__wbgt__spec::works";

#[test]
fn quiet_is_taken_and_not_handed_on() {
    for flag in ["-q", "--quiet"] {
        let output = Package::new("katas/x", TEST).run(&[flag, "--list"], &[]);
        assert!(output.status.success(), "{flag}: {output:?}");
        assert_eq!(String::from_utf8_lossy(&output.stdout), "works: test\n");
    }
}

#[test]
fn a_spec_without_tests_does_not_pass() {
    for folder in ["katas/x", "solutions/x"] {
        let said = Package::new(folder, "memory").complaint(&[]);
        assert!(said.contains("has no test"), "{said}");
        assert!(said.contains(folder), "{said}");
    }
}

#[test]
fn a_wrong_browser_is_answered_with_the_right_ones() {
    let said = Package::new("katas/x", TEST).complaint(&[("KATA_BROWSER", "netscape")]);
    assert!(said.contains("KATA_BROWSER=netscape"), "{said}");
    assert!(said.contains("chromium, firefox or webkit"), "{said}");
}

#[test]
fn a_missing_browser_is_named_with_the_command_that_installs_it() {
    let said = Package::new("katas/x", TEST).complaint(&[
        ("KATA_BROWSER", "firefox"),
        ("GECKODRIVER", "/no/such/driver"),
    ]);
    assert!(
        said.contains("/no/such/driver is not an executable file"),
        "{said}"
    );
    assert!(
        said.contains("cargo kata test --engine firefox --install"),
        "{said}"
    );
}

#[test]
fn a_driver_that_does_not_start_is_an_error_with_its_words() {
    let package = Package::new("katas/x", TEST);
    let driver = package.driver("echo out of order; exit 7");
    let said = package.complaint(&[("KATA_BROWSER", "chromium"), ("CHROMEDRIVER", &driver)]);
    assert!(said.contains("out of order"), "{said}");
    assert!(said.contains("exit status: 7"), "{said}");
}

// WebKitGTK alone, and the reader's own setting goes first.
#[test]
fn webkit_compiles_in_the_thread_that_runs() {
    let package = Package::new("solutions/x", TEST);
    let driver = package.driver("echo thread: $JSC_useConcurrentJIT.; exit 7");
    let webkit = [("KATA_BROWSER", "webkit"), ("WEBKITDRIVER", &*driver)];
    let said = package.complaint(&webkit);
    assert!(said.contains("thread: 0."), "{said}");
    let said = package.complaint(&[&webkit[..], &[("JSC_useConcurrentJIT", "1")]].concat());
    assert!(said.contains("thread: 1."), "{said}");
    let said = package.complaint(&[("KATA_BROWSER", "chromium"), ("CHROMEDRIVER", &driver)]);
    assert!(said.contains("thread: ."), "{said}");
}
