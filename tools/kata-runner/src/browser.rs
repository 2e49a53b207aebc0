//! Which browser judges, and through which driver.

use std::fs;
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, bail};
use kata_engines::{
    DriverOptions, Engine, Found, LocalDriver, ask_driver, capabilities, find, temporary_folder,
};
use tempfile::TempDir;

use crate::settings::variable;
use crate::wishes;

/// The reader's choice.
const VARIABLE: &str = "KATA_BROWSER";

/// Variables by which the stock runner or its HTTP client could take another way.
const STRIPPED: [&str; 14] = [
    "CHROMEDRIVER",
    "CHROMEDRIVER_REMOTE",
    "GECKODRIVER",
    "GECKODRIVER_REMOTE",
    "MSEDGEDRIVER",
    "MSEDGEDRIVER_REMOTE",
    "SAFARIDRIVER",
    "SAFARIDRIVER_REMOTE",
    "ALL_PROXY",
    "all_proxy",
    "HTTP_PROXY",
    "http_proxy",
    "HTTPS_PROXY",
    "https_proxy",
];

/// What the reader's variables name for an engine's driver. For the stock runner, WebKit is Safari.
fn variables(engine: Engine, ending: &str) -> Vec<String> {
    let drivers: &[&str] = match engine {
        Engine::Chromium => &["CHROMEDRIVER"],
        Engine::Firefox => &["GECKODRIVER"],
        Engine::Webkit => &["WEBKITDRIVER", "SAFARIDRIVER"],
    };
    let names = drivers.iter();
    names.map(|driver| format!("{driver}{ending}")).collect()
}

/// The first of these variables that is set, and its value.
fn first_set(names: Vec<String>) -> anyhow::Result<Option<(String, String)>> {
    for name in names {
        if let Some(value) = variable(&name)? {
            return Ok(Some((name, value)));
        }
    }
    Ok(None)
}

/// A driver that the reader has started, or one that is to be started here.
enum Choice {
    Remote {
        engine: Engine,
        name: String,
        url: String,
    },
    Local(Found),
}

/// The engine that `KATA_BROWSER` names, or else the one whose driver a variable names, or else the
/// first that this machine has.
fn choose() -> anyhow::Result<Choice> {
    let named = match variable(VARIABLE)? {
        Some(name) => Some(
            name.parse::<Engine>()
                .with_context(|| format!("{VARIABLE}={name}"))?,
        ),
        None => None,
    };
    let engines = named.map_or_else(|| Engine::ALL.to_vec(), |engine| vec![engine]);
    for engine in &engines {
        if let Some((name, url)) = first_set(variables(*engine, "_REMOTE"))? {
            return Ok(Choice::Remote {
                engine: *engine,
                name,
                url,
            });
        }
    }
    for engine in &engines {
        if named.is_some() || first_set(variables(*engine, ""))?.is_some() {
            return Ok(Choice::Local(find(*engine)?));
        }
    }
    let mut reasons = Vec::new();
    for engine in engines {
        match find(engine) {
            Ok(found) => return Ok(Choice::Local(found)),
            Err(missing) => reasons.push(missing.to_string()),
        }
    }
    bail!(
        "no browser here can run the tests; one is enough.\n\n{}",
        reasons.join("\n\n")
    )
}

/// Says which of the reader's drivers are not the ones that judge.
fn say_what_is_not_used(engine: Engine) -> anyhow::Result<()> {
    let others = Engine::ALL.into_iter().filter(|other| *other != engine);
    let others = others.flat_map(|other| variables(other, "_REMOTE"));
    for name in others.chain(["MSEDGEDRIVER", "MSEDGEDRIVER_REMOTE"].map(str::to_owned)) {
        if variable(&name)?.is_some() {
            eprintln!("note: {name} is not used; {} judges", engine.title());
        }
    }
    Ok(())
}

/// A driver that takes sessions.
pub enum Browser {
    /// It was started here, and ends when this is dropped.
    Local(LocalDriver),
    /// The reader has started it. The folder is for what the stock runner writes.
    Remote {
        engine: Engine,
        url: String,
        folder: TempDir,
    },
}

impl Browser {
    /// Chooses a driver, and starts it unless it runs already.
    pub fn start(patience: Option<Duration>) -> anyhow::Result<Self> {
        match choose()? {
            Choice::Remote { engine, name, url } => {
                say_what_is_not_used(engine)?;
                ask_driver(&url).with_context(|| format!("{name}={url}"))?;
                let folder = temporary_folder()?;
                Ok(Browser::Remote {
                    engine,
                    url,
                    folder,
                })
            }
            Choice::Local(found) => {
                say_what_is_not_used(found.engine)?;
                let options = DriverOptions {
                    variables: compiler_thread(found.engine)?,
                    arguments: &arguments(found.engine)?,
                    patience,
                };
                LocalDriver::start(&found, &options).map(Browser::Local)
            }
        }
    }

    /// Directs the stock runner to the driver.
    pub fn direct(&self, stock: &mut Command) -> anyhow::Result<()> {
        for name in STRIPPED {
            stock.env_remove(name);
        }
        let (engine, url, browser, folder) = match self {
            Browser::Local(driver) => (
                driver.engine(),
                driver.url(),
                driver.browser(),
                driver.folder(),
            ),
            Browser::Remote {
                engine,
                url,
                folder,
            } => (*engine, url.as_str(), None, folder.path()),
        };
        // The stock runner turns Chromium's sandbox off in any case.
        let wishes = wishes::with_the_readers(capabilities(engine, browser, false, &[]))?;
        let json = serde_json::to_vec(&wishes).context("the browser's settings are no JSON")?;
        let file = folder.join("webdriver.json");
        fs::write(&file, json).with_context(|| format!("cannot write {}", file.display()))?;
        stock
            .env(remote_variable(engine), url)
            .env(wishes::VARIABLE, file);
        if variable("WASM_BINDGEN_KEEP_TEST_BUILD")?.is_none() {
            // What it builds goes away with the browser, even if we are killed.
            stock.env("TMPDIR", folder);
        }
        Ok(())
    }
}

/// What the engine's processes find in their environment, beside ours.
///
/// WebKitGTK 2.50.6 compiles wasm in a second thread while the first one runs it, and now and
/// then what runs goes wrong: 9 of 1,012 runs of two right solutions failed, built without
/// optimization. Without that thread, none of 1,224 did. CONTRIBUTING.md has the figures.
/// A reader who sets the variable keeps what they set.
fn compiler_thread(engine: Engine) -> anyhow::Result<&'static [(&'static str, &'static str)]> {
    const NAME: &str = "JSC_useConcurrentJIT";
    match engine {
        Engine::Webkit if variable(NAME)?.is_none() => Ok(&[(NAME, "0")]),
        _ => Ok(&[]),
    }
}

/// What the reader wants the driver to be called with, as in `GECKODRIVER_ARGS="--log trace"`.
fn arguments(engine: Engine) -> anyhow::Result<Vec<String>> {
    match first_set(variables(engine, "_ARGS"))? {
        None => Ok(Vec::new()),
        Some((name, value)) => shlex::split(&value)
            .with_context(|| format!("{name}={value} has a quote that does not end")),
    }
}

/// The variable for the driver's address. The stock runner
/// speaks to WebKit's as to Safari's, and that starts the browser it was built for.
fn remote_variable(engine: Engine) -> &'static str {
    match engine {
        Engine::Chromium => "CHROMEDRIVER_REMOTE",
        Engine::Firefox => "GECKODRIVER_REMOTE",
        Engine::Webkit => "SAFARIDRIVER_REMOTE",
    }
}
