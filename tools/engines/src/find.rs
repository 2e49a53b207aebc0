//! Looks for the engines on this machine.

use std::env;
use std::fmt;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use crate::Engine;
use crate::install;

/// An engine that is ready to start.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    pub engine: Engine,
    /// The WebDriver program.
    pub driver: PathBuf,
    /// The browser; `None` where the driver knows it better (Safari).
    pub browser: Option<PathBuf>,
    /// The virtual screen, for an engine that has no headless mode.
    pub xvfb: Option<PathBuf>,
}

/// An engine that cannot be used here, with what to do about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Missing {
    pub engine: Engine,
    /// What was looked for and not found, one entry each.
    pub lacks: Vec<String>,
    /// The commands that install it by hand.
    pub install: String,
    pub(crate) parts: Vec<(Engine, Part)>,
}

impl fmt::Display for Missing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{title} cannot run here: {lacks}.\n\
             To install what is missing: cargo kata test --engine {name} --install\n\
             or by hand: {install}",
            title = self.engine.title(),
            name = self.engine,
            lacks = self.lacks.join(", "),
            install = self.install,
        )
    }
}

impl std::error::Error for Missing {}

/// A part of an engine. Each is looked for by itself and named when it is missing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Part {
    Driver,
    Browser,
    Xvfb,
}

/// Looks for `engine` on this machine.
///
/// The driver is what `CHROMEDRIVER`, `GECKODRIVER` or `WEBKITDRIVER` names, or
/// else the first one in `PATH`, in Cargo's `bin` folder or in the usual places.
pub fn find(engine: Engine) -> Result<Found, Missing> {
    find_on(engine, &Machine::this())
}

pub(crate) fn find_on(engine: Engine, machine: &Machine) -> Result<Found, Missing> {
    let mut lacking = Vec::new();
    let mut lacks = Vec::new();
    let mut lack = |part, what| {
        lacking.push((engine, part));
        lacks.push(what);
    };

    let driver = driver(engine, machine)
        .map_err(|what| lack(Part::Driver, what))
        .ok();
    let browser = if driver.as_deref().is_some_and(is_safaridriver) {
        None
    } else {
        let names = browser_names(engine);
        let found = machine
            .program(names)
            .or_else(|| machine.file(browser_files(engine)));
        if found.is_none() {
            lack(
                Part::Browser,
                format!("no browser found ({})", names.join(", ")),
            );
        }
        found
    };
    let needs_screen = engine == Engine::Webkit && !driver.as_deref().is_some_and(is_safaridriver);
    let xvfb = if needs_screen {
        machine.program(&["Xvfb"])
    } else {
        None
    };
    if needs_screen && xvfb.is_none() {
        lack(
            Part::Xvfb,
            "no Xvfb found (the virtual screen that it draws on)".to_owned(),
        );
    }

    match driver {
        Some(driver) if lacks.is_empty() => Ok(Found {
            engine,
            driver,
            browser,
            xvfb,
        }),
        _ => Err(Missing {
            engine,
            lacks,
            install: install::by_hand(&lacking, machine),
            parts: lacking,
        }),
    }
}

fn driver(engine: Engine, machine: &Machine) -> Result<PathBuf, String> {
    let (variable, names): (_, &[&str]) = match engine {
        Engine::Chromium => ("CHROMEDRIVER", &["chromedriver"]),
        Engine::Firefox => ("GECKODRIVER", &["geckodriver"]),
        Engine::Webkit => ("WEBKITDRIVER", &["WebKitWebDriver", "safaridriver"]),
    };
    let Some(named) = machine.variable(variable) else {
        return machine
            .program(names)
            .ok_or_else(|| format!("no WebDriver found ({})", names.join(", ")));
    };
    let as_path = PathBuf::from(&named);
    if is_executable(&as_path) {
        return Ok(as_path);
    }
    machine
        .program(&[named.as_str()])
        .ok_or_else(|| format!("{variable}={named} is not an executable file"))
}

fn is_safaridriver(driver: &Path) -> bool {
    driver
        .file_name()
        .is_some_and(|name| name == "safaridriver")
}

fn browser_names(engine: Engine) -> &'static [&'static str] {
    match engine {
        Engine::Chromium => &[
            "chromium",
            "chromium-browser",
            "google-chrome",
            "google-chrome-stable",
        ],
        Engine::Firefox => &["firefox", "firefox-esr"],
        Engine::Webkit => &["MiniBrowser"],
    }
}

/// Where a browser lies when it is not in `PATH`. One `*` stands for one folder.
fn browser_files(engine: Engine) -> &'static [&'static str] {
    match engine {
        Engine::Chromium => &[
            "Applications/Chromium.app/Contents/MacOS/Chromium",
            "Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
        ],
        Engine::Firefox => &["Applications/Firefox.app/Contents/MacOS/firefox"],
        Engine::Webkit => &[
            "usr/lib/*/webkit2gtk-4.1/MiniBrowser",
            "usr/lib/*/webkitgtk-6.0/MiniBrowser",
            "usr/lib/*/webkit2gtk-4.0/MiniBrowser",
            "usr/libexec/webkit2gtk-4.1/MiniBrowser",
            "usr/libexec/webkitgtk-6.0/MiniBrowser",
            "usr/lib/webkit2gtk-4.1/MiniBrowser",
            "usr/lib/webkitgtk-6.0/MiniBrowser",
        ],
    }
}

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
}

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
            folders,
            root: PathBuf::from("/"),
            variables: env::vars_os()
                .filter_map(|(name, value)| {
                    Some((name.into_string().ok()?, value.into_string().ok()?))
                })
                .collect(),
            is_root: install::is_root(),
        }
    }

    /// The variable's value, if it is set and not empty.
    pub(crate) fn variable(&self, name: &str) -> Option<String> {
        self.variables
            .iter()
            .find(|(key, value)| key == name && !value.is_empty())
            .map(|(_, value)| value.clone())
    }

    /// The first of these programs that is there. An earlier name wins over an earlier folder.
    pub(crate) fn program(&self, names: &[&str]) -> Option<PathBuf> {
        names.iter().find_map(|name| {
            self.folders
                .iter()
                .map(|folder| folder.join(name))
                .find(|path| is_executable(path))
        })
    }

    fn file(&self, patterns: &[&str]) -> Option<PathBuf> {
        patterns
            .iter()
            .find_map(|pattern| match pattern.split_once("/*/") {
                None => Some(self.root.join(pattern)).filter(|path| is_executable(path)),
                Some((above, below)) => {
                    let mut folders: Vec<_> = fs::read_dir(self.root.join(above))
                        .ok()?
                        .filter_map(|entry| Some(entry.ok()?.path()))
                        .collect();
                    folders.sort();
                    folders
                        .into_iter()
                        .map(|folder| folder.join(below))
                        .find(|path| is_executable(path))
                }
            })
    }
}

/// Cargo's home, where `cargo install` puts programs.
pub(crate) fn cargo_home() -> Option<PathBuf> {
    match env::var_os("CARGO_HOME").filter(|home| !home.is_empty()) {
        Some(home) => Some(PathBuf::from(home)),
        None => env::home_dir().map(|home| home.join(".cargo")),
    }
}

fn is_executable(path: &Path) -> bool {
    fs::metadata(path).is_ok_and(|meta| meta.is_file() && meta.permissions().mode() & 0o111 != 0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use tempfile::TempDir;

    /// A made-up machine with these files, all of them executable.
    fn machine(files: &[&str]) -> (TempDir, Machine) {
        let root = tempfile::tempdir().unwrap();
        for file in files {
            let path = root.path().join(file);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(&path, "").unwrap();
            fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
        }
        let machine = Machine {
            folders: vec![root.path().join("home/bin"), root.path().join("usr/bin")],
            root: root.path().to_owned(),
            variables: Vec::new(),
            is_root: true,
        };
        (root, machine)
    }

    #[test]
    fn debian_has_all_three() {
        let (root, machine) = machine(&[
            "usr/bin/chromium",
            "usr/bin/chromedriver",
            "usr/bin/firefox-esr",
            "home/bin/geckodriver",
            "usr/bin/WebKitWebDriver",
            "usr/lib/x86_64-linux-gnu/webkit2gtk-4.1/MiniBrowser",
            "usr/bin/Xvfb",
        ]);
        let at = |path| root.path().join(path);
        let webkit = find_on(Engine::Webkit, &machine).unwrap();
        assert_eq!(webkit.driver, at("usr/bin/WebKitWebDriver"));
        assert_eq!(
            webkit.browser,
            Some(at("usr/lib/x86_64-linux-gnu/webkit2gtk-4.1/MiniBrowser"))
        );
        assert_eq!(webkit.xvfb, Some(at("usr/bin/Xvfb")));
        let firefox = find_on(Engine::Firefox, &machine).unwrap();
        assert_eq!(firefox.driver, at("home/bin/geckodriver"));
        assert_eq!(firefox.browser, Some(at("usr/bin/firefox-esr")));
        assert_eq!(firefox.xvfb, None);
        let chromium = find_on(Engine::Chromium, &machine).unwrap();
        assert_eq!(chromium.browser, Some(at("usr/bin/chromium")));
    }

    #[test]
    fn other_names_are_known() {
        let (root, machine) = machine(&["usr/bin/google-chrome", "usr/bin/chromedriver"]);
        let chrome = find_on(Engine::Chromium, &machine).unwrap();
        assert_eq!(
            chrome.browser,
            Some(root.path().join("usr/bin/google-chrome"))
        );
    }

    #[test]
    fn safari_needs_neither_browser_nor_screen() {
        let (_root, machine) = machine(&["usr/bin/safaridriver"]);
        let safari = find_on(Engine::Webkit, &machine).unwrap();
        assert_eq!((safari.browser, safari.xvfb), (None, None));
    }

    #[test]
    fn a_missing_part_is_named_and_the_others_are_not() {
        let (_root, machine) = machine(&["usr/bin/firefox"]);
        let missing = find_on(Engine::Firefox, &machine).unwrap_err();
        let said = missing.to_string();
        assert_eq!(missing.lacks.len(), 1, "{said}");
        assert!(said.contains("geckodriver"), "{said}");
        assert!(
            said.contains("cargo kata test --engine firefox --install"),
            "{said}"
        );
        assert!(said.contains("cargo install"), "{said}");
        assert!(!said.contains("no browser"), "{said}");
    }

    #[test]
    fn a_variable_names_the_driver() {
        let (root, mut machine) =
            machine(&["opt/my-driver", "usr/bin/chromedriver", "usr/bin/chromium"]);
        let mine = root.path().join("opt/my-driver");
        machine.variables = vec![("CHROMEDRIVER".to_owned(), mine.display().to_string())];
        assert_eq!(find_on(Engine::Chromium, &machine).unwrap().driver, mine);
    }

    #[test]
    fn a_variable_that_names_nothing_is_not_passed_over() {
        let (_root, mut machine) = machine(&["usr/bin/chromedriver", "usr/bin/chromium"]);
        machine.variables = vec![("CHROMEDRIVER".to_owned(), "/no/such/file".to_owned())];
        let said = find_on(Engine::Chromium, &machine).unwrap_err().to_string();
        assert!(
            said.contains("CHROMEDRIVER=/no/such/file is not an executable file"),
            "{said}"
        );
    }

    #[test]
    fn an_empty_variable_is_no_variable() {
        let (_root, mut machine) = machine(&["usr/bin/chromedriver", "usr/bin/chromium"]);
        machine.variables = vec![("CHROMEDRIVER".to_owned(), String::new())];
        assert!(find_on(Engine::Chromium, &machine).is_ok());
    }
}
