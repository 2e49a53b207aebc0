//! One source, one module: what is built elsewhere is the same to the byte.

use book_tests::repository::{Copy, kata, root, words};
use book_tests::site::build;
use std::env;
use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};

/// Every solution with its spec, as the site has it, from another clone, below another target folder, with dependencies from another home.
#[test]
fn every_solution_built_elsewhere_is_the_same() {
    let copy = Copy::new();
    let elsewhere = tempfile::tempdir().unwrap();
    let home = elsewhere.path().join("somebody-else/cargo");
    fs::create_dir_all(home.parent().unwrap()).unwrap();
    symlink(cargo_home(), &home).unwrap();
    let other_target = elsewhere.path().join("target");
    let built = kata(copy.path(), &["test", "--variant", "solution", "--no-run"])
        .env("CARGO_TARGET_DIR", &other_target)
        .env("CARGO_HOME", &home)
        .output()
        .unwrap();
    assert!(built.status.success(), "{}", words(&built));
    let site = build();
    let mut others = Vec::new();
    for zone in copy.workspace().zones().unwrap() {
        let bundles = other_target.join("kata/bundles/release");
        let theirs = only_entry(&bundles.join(&zone.slug).join("solution"));
        let ours = site.join("bundles").join(&zone.slug).join("solution");
        for file in ["spec.js", "spec_bg.wasm", "spec_bg.wasm.map"] {
            if fs::read(theirs.join(file)).unwrap() != fs::read(ours.join(file)).unwrap() {
                others.push(format!("{}: {file}", zone.slug));
            }
        }
    }
    assert!(others.is_empty(), "other bytes elsewhere: {others:?}");
}

fn cargo_home() -> PathBuf {
    env::var_os("CARGO_HOME").map_or_else(
        || env::home_dir().unwrap().join(".cargo"),
        |home| root().join(home),
    )
}

fn only_entry(folder: &Path) -> PathBuf {
    let entries: Vec<_> = fs::read_dir(folder).unwrap().collect();
    assert_eq!(entries.len(), 1, "{}", folder.display());
    entries.into_iter().next().unwrap().unwrap().path()
}
