//! The machine, as far as the search for browsers depends on it.

use std::env;
use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf, absolute};

use crate::probe;

/// What the search depends on, so that a test can make up a machine.
pub(crate) struct Machine {
    /// Where programs are looked for, in order.
    pub folders: Vec<PathBuf>,
    /// The root of the file system.
    pub root: PathBuf,
    /// The variables that matter.
    pub variables: Vec<(String, String)>,
    /// Whether we are root, so that apt needs no sudo.
    pub is_root: bool,
    /// Asks a program for a sign of life, as [`probe::ask`] does.
    pub ask: fn(&Path) -> Result<(), String>,
}

/// What a search has found: a program, or the reasons why those that are there do not count.
pub(crate) type Search = Result<PathBuf, Vec<String>>;

impl Machine {
    pub(crate) fn this() -> Self {
        let mut folders: Vec<PathBuf> = env::var_os("PATH")
            .map(|path| env::split_paths(&path).collect())
            .unwrap_or_default();
        folders.extend(cargo_home().map(|home| home.join("bin")));
        folders.extend(
            [
                "/usr/local/bin",
                "/usr/bin",
                "/usr/lib/chromium",
                "/usr/lib/chromium-browser",
                "/opt/homebrew/bin",
            ]
            .map(PathBuf::from),
        );
        Machine {
            // What is found is started in another folder.
            folders: folders
                .iter()
                .filter_map(|folder| absolute(folder).ok())
                .collect(),
            root: PathBuf::from("/"),
            variables: env::vars_os()
                .filter_map(|(name, value)| {
                    Some((name.into_string().ok()?, value.into_string().ok()?))
                })
                .collect(),
            is_root: is_root(),
            ask: probe::ask,
        }
    }

    /// The variable's value, if it is set and not empty.
    pub(crate) fn variable(&self, name: &str) -> Option<String> {
        self.variables
            .iter()
            .find(|(key, value)| key == name && !value.is_empty())
            .map(|(_, value)| value.clone())
    }

    /// The first of these programs that runs. An earlier name wins over an earlier folder.
    pub(crate) fn program(&self, names: &[&str]) -> Search {
        let paths = names
            .iter()
            .flat_map(|name| self.folders.iter().map(move |folder| folder.join(name)));
        self.first_that_runs(paths)
    }

    /// The first of these files that runs, as paths below the root. One `*` stands for one folder.
    pub(crate) fn file(&self, patterns: &[&str]) -> Search {
        self.first_that_runs(patterns.iter().flat_map(|pattern| self.matches(pattern)))
    }

    /// Whether this very file runs.
    pub(crate) fn runs(&self, path: &Path) -> Result<(), String> {
        if is_executable(path) {
            (self.ask)(path)
        } else {
            Err(format!("{} is not an executable file", path.display()))
        }
    }

    fn first_that_runs(&self, paths: impl Iterator<Item = PathBuf>) -> Search {
        let mut reasons = Vec::new();
        for path in paths.filter(|path| is_executable(path)) {
            match (self.ask)(&path) {
                Ok(()) => return Ok(path),
                Err(reason) => reasons.push(reason),
            }
        }
        // A folder may be listed twice.
        reasons.dedup();
        Err(reasons)
    }

    fn matches(&self, pattern: &str) -> Vec<PathBuf> {
        let Some((above, below)) = pattern.split_once("/*/") else {
            return vec![self.root.join(pattern)];
        };
        let entries = fs::read_dir(self.root.join(above)).into_iter().flatten();
        let mut paths: Vec<_> = entries
            .filter_map(|entry| Some(entry.ok()?.path().join(below)))
            .collect();
        paths.sort();
        paths
    }
}

/// Cargo's home, where `cargo install` puts programs.
pub(crate) fn cargo_home() -> Option<PathBuf> {
    match env::var_os("CARGO_HOME").filter(|home| !home.is_empty()) {
        Some(home) => Some(PathBuf::from(home)),
        None => env::home_dir().map(|home| home.join(".cargo")),
    }
}

/// Whether this process runs as root.
pub(crate) fn is_root() -> bool {
    fs::metadata("/proc/self").is_ok_and(|meta| meta.uid() == 0)
}

fn is_executable(path: &Path) -> bool {
    fs::metadata(path).is_ok_and(|meta| meta.is_file() && meta.permissions().mode() & 0o111 != 0)
}
