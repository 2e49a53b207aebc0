//! Looks for the engines on this machine.

use std::fmt;
use std::path::{Path, PathBuf, absolute};

use crate::Engine;
use crate::machine::{Machine, Search};
use crate::recipe::{self, Part};

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

/// Looks for `engine` on this machine.
///
/// The driver is what `CHROMEDRIVER`, `GECKODRIVER` or `WEBKITDRIVER` names, or
/// else the first one that runs in `PATH`, in Cargo's `bin` folder or in the usual places.
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
        browser(engine, machine)
            .map_err(|what| lack(Part::Browser, what))
            .ok()
    };
    let needs_screen = engine == Engine::Webkit && !driver.as_deref().is_some_and(is_safaridriver);
    let xvfb = if needs_screen {
        named(machine.program(&["Xvfb"]), || {
            "no Xvfb found (the virtual screen that it draws on)".to_owned()
        })
        .map_err(|what| lack(Part::Xvfb, what))
        .ok()
    } else {
        None
    };

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
            install: recipe::by_hand(&lacking, machine),
            parts: lacking,
        }),
    }
}

fn driver(engine: Engine, machine: &Machine) -> Result<PathBuf, String> {
    let (variables, names): (&[&str], &[&str]) = match engine {
        Engine::Chromium => (&["CHROMEDRIVER"], &["chromedriver"]),
        Engine::Firefox => (&["GECKODRIVER"], &["geckodriver"]),
        Engine::Webkit => (
            &["WEBKITDRIVER", "SAFARIDRIVER"],
            &["WebKitWebDriver", "safaridriver"],
        ),
    };
    let choice = variables
        .iter()
        .find_map(|variable| Some((variable, machine.variable(variable)?)));
    let Some((variable, choice)) = choice else {
        return named(machine.program(names), || {
            format!("no WebDriver found ({})", names.join(", "))
        });
    };
    // It is started in another folder.
    let path = absolute(&choice).unwrap_or_else(|_| PathBuf::from(&choice));
    match machine.runs(&path) {
        Ok(()) => Ok(path),
        // A name instead of a path is looked for.
        Err(reason) => machine
            .program(&[choice.as_str()])
            .map_err(|_| format!("{variable}={choice}: {reason}")),
    }
}

fn browser(engine: Engine, machine: &Machine) -> Result<PathBuf, String> {
    let names = browser_names(engine);
    let search = machine.program(names).or_else(|mut reasons| {
        machine.file(browser_files(engine)).map_err(|more| {
            reasons.extend(more);
            reasons
        })
    });
    named(search, || {
        format!("no browser found ({})", names.join(", "))
    })
}

/// The program, or a sentence on why there is none.
fn named(search: Search, nothing: impl FnOnce() -> String) -> Result<PathBuf, String> {
    search.map_err(|reasons| {
        if reasons.is_empty() {
            nothing()
        } else {
            reasons.join(", ")
        }
    })
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

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;
    use std::os::unix::fs::PermissionsExt;
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
            ask: |path| match fs::read_to_string(path) {
                Ok(text) if text.is_empty() => Ok(()),
                words => Err(format!("{} says {words:?}", path.display())),
            },
        };
        (root, machine)
    }

    /// Makes one of the machine's programs a stub.
    fn spoil(root: &TempDir, file: &str) {
        fs::write(root.path().join(file), "requires the snap").unwrap();
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
    fn a_stub_is_passed_over() {
        let (root, machine) = machine(&[
            "home/bin/firefox",
            "usr/bin/firefox",
            "home/bin/geckodriver",
            "usr/bin/geckodriver",
            "usr/bin/chromium",
            "usr/bin/google-chrome",
            "usr/bin/chromedriver",
        ]);
        for stub in [
            "home/bin/firefox",
            "home/bin/geckodriver",
            "usr/bin/chromium",
        ] {
            spoil(&root, stub);
        }
        let firefox = find_on(Engine::Firefox, &machine).unwrap();
        assert_eq!(firefox.browser, Some(root.path().join("usr/bin/firefox")));
        assert_eq!(firefox.driver, root.path().join("usr/bin/geckodriver"));
        let chromium = find_on(Engine::Chromium, &machine).unwrap();
        let chrome = root.path().join("usr/bin/google-chrome");
        assert_eq!(chromium.browser, Some(chrome));
    }

    #[test]
    fn nothing_but_a_stub_is_told_with_its_words() {
        let (root, mut machine) = machine(&["usr/bin/firefox", "usr/bin/geckodriver"]);
        spoil(&root, "usr/bin/firefox");
        let said = find_on(Engine::Firefox, &machine).unwrap_err().to_string();
        assert!(said.contains("requires the snap"), "{said}");
        spoil(&root, "usr/bin/geckodriver");
        let driver = root.path().join("usr/bin/geckodriver");
        machine.variables = vec![("GECKODRIVER".to_owned(), driver.display().to_string())];
        let said = find_on(Engine::Firefox, &machine).unwrap_err().to_string();
        assert!(said.contains("GECKODRIVER="), "{said}");
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
        // It is started in a folder of its own.
        let here = std::env::current_dir().unwrap();
        let up: PathBuf = here.components().skip(1).map(|_| "..").collect();
        let relative = up.join(mine.strip_prefix("/").unwrap());
        machine.variables[0].1 = relative.display().to_string();
        assert!(
            find_on(Engine::Chromium, &machine)
                .unwrap()
                .driver
                .is_absolute()
        );
    }

    #[test]
    fn a_variable_that_names_nothing_is_not_passed_over() {
        let (_root, mut machine) = machine(&["usr/bin/chromedriver", "usr/bin/chromium"]);
        machine.variables = vec![("CHROMEDRIVER".to_owned(), "/no/such/file".to_owned())];
        let said = find_on(Engine::Chromium, &machine).unwrap_err().to_string();
        assert!(
            said.contains("CHROMEDRIVER=/no/such/file: /no/such/file is not an executable file"),
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
