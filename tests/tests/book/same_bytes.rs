//! One source, one module: what is built elsewhere is the same to the byte.

use book_tests::repository::{Copy, kata, root, target, words};
use kata_zones::Variant;
use std::env;
use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};

/// Every solution with its spec, from another clone, below another target folder, with dependencies from another home.
#[test]
fn every_solution_built_elsewhere_is_the_same() {
    let copy = Copy::new();
    let elsewhere = tempfile::tempdir().unwrap();
    let home = elsewhere.path().join("somebody-else/cargo");
    fs::create_dir_all(home.parent().unwrap()).unwrap();
    symlink(cargo_home(), &home).unwrap();
    let other_target = elsewhere.path().join("target");
    let ask = ["test", "--variant", "solution", "--no-run"];
    let here = kata(&root(), &ask).output().unwrap();
    let there = kata(copy.path(), &ask)
        .env("CARGO_TARGET_DIR", &other_target)
        .env("CARGO_HOME", &home)
        .output()
        .unwrap();
    for output in [&here, &there] {
        assert!(output.status.success(), "{}", words(output));
    }
    let mut others = Vec::new();
    for zone in copy.workspace().zones().unwrap() {
        let folder = Path::new("kata/bundles/release")
            .join(&zone.slug)
            .join(Variant::Solution.to_string());
        let built = only_entry(&other_target.join(&folder));
        let ours = target().join(folder).join(built.file_name().unwrap());
        for file in ["spec.js", "spec_bg.wasm", "spec_bg.wasm.map"] {
            let theirs = fs::read(built.join(file)).unwrap();
            if fs::read(ours.join(file)).ok() != Some(theirs) {
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
