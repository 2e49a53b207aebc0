//! Where the command keeps what it makes: below the target folder, never in
//! the sources.

use kata_zones::Workspace;
use std::ffi::OsString;
use std::path::{Path, PathBuf};

/// The folder for everything that `cargo kata` makes, `kata` below Cargo's target folder, without a link or `..` in its path:
/// Cargo names packages by where it runs, and the kernel opens files for a confined build by where they are.
pub fn state_dir(ws: &Workspace) -> PathBuf {
    let variable = |name: &str| std::env::var_os(name);
    let here = std::env::current_dir().unwrap_or_else(|_| ws.root().to_owned());
    let target = named(variable, &here)
        .or_else(|| built_in(&std::env::current_exe().ok()?))
        .unwrap_or_else(|| ws.root().join("target"));
    let state = target.join("kata");
    // What cannot be made is for whoever writes there to say.
    let _ = std::fs::create_dir_all(&state);
    state.canonicalize().unwrap_or(state)
}

/// The target folder that a variable names. Cargo looks for it from where it is called.
fn named(variable: impl Fn(&str) -> Option<OsString>, here: &Path) -> Option<PathBuf> {
    ["CARGO_TARGET_DIR", "CARGO_BUILD_TARGET_DIR"]
        .into_iter()
        .filter_map(variable)
        .find(|dir| !dir.is_empty())
        .map(|dir| here.join(dir))
}

/// The target folder that holds this program as `<target>/<triple>/<profile>/kata`: a file of Cargo's settings may name it.
fn built_in(program: &Path) -> Option<PathBuf> {
    let target = program.ancestors().nth(3)?;
    target
        .join("CACHEDIR.TAG")
        .is_file()
        .then(|| target.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_target_folder_is_the_one_that_cargo_takes() {
        let here = Path::new("/book/katas");
        for (first, second, target) in [
            ("", "", None),
            ("build", "", Some("/book/katas/build")),
            ("", "../t", Some("/book/katas/../t")),
            ("/big", "t", Some("/big")),
        ] {
            let variable = |name: &str| match name {
                "CARGO_TARGET_DIR" => Some(first.into()),
                "CARGO_BUILD_TARGET_DIR" => Some(second.into()),
                _ => None,
            };
            assert_eq!(named(variable, here), target.map(PathBuf::from));
        }

        let dir = tempfile::tempdir().unwrap();
        let program = dir.path().join("x86_64-unknown-linux-gnu/debug/kata");
        assert_eq!(built_in(&program), None);
        std::fs::write(dir.path().join("CACHEDIR.TAG"), "").unwrap();
        assert_eq!(built_in(&program).as_deref(), Some(dir.path()));
    }
}
