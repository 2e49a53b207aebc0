//! One run, from start to end.

use std::env;
use std::ffi::OsString;
use std::fs;
use std::path::Path;
use std::process::{Command, ExitCode, ExitStatus};

use anyhow::{Context, ensure};
use kata_engines::{Engine, LocalDriver, capabilities};
use wasm_bindgen_cli::wasm_bindgen_test_runner::run_cli_with_args;

use crate::browser;
use crate::exercise::Exercise;
use crate::ports::PagePort;
use crate::spec;

/// Set in the child, where only the stock runner runs.
const STOCK: &str = "KATA_RUNNER_STOCK";

/// Seconds for a whole spec. The stock runner's 20 are too few for a busy machine.
const TIMEOUT: &str = "60";

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

/// Runs what the command line says and prints the error, if there is one.
pub fn main() -> ExitCode {
    let args: Vec<OsString> = env::args_os().collect();
    let result = if env::var_os(STOCK).is_some() {
        run_cli_with_args(args).map(|()| ExitCode::SUCCESS)
    } else {
        // `cargo test -q` hands its flag on, and the stock runner refuses it.
        run(args
            .into_iter()
            .filter(|arg| arg != "-q" && arg != "--quiet")
            .collect())
    };
    result.unwrap_or_else(|error| {
        eprintln!("error: {error:#}");
        ExitCode::FAILURE
    })
}

fn run(args: Vec<OsString>) -> anyhow::Result<ExitCode> {
    let is_given = |flag: &str| args.iter().skip(1).any(|arg| arg == flag);
    let asks_only = ["--list", "--help", "-h", "--version", "-V"]
        .into_iter()
        .any(is_given);
    let Some(wasm) = args.get(1).filter(|_| !asks_only) else {
        return run_cli_with_args(args).map(|()| ExitCode::SUCCESS);
    };

    let folder = env::current_dir().context("there is no current folder")?;
    let exercise = Exercise::of(&folder);
    if exercise.is_some() {
        // The stock runner says "no tests to run!" and passes.
        ensure!(
            spec::has_tests(Path::new(wasm))?,
            "the spec in {} has no test: is `mod spec;` still in tests/spec.rs?",
            folder.display()
        );
    }
    let status = judge(&args)?;
    if status.success() {
        return Ok(ExitCode::SUCCESS);
    }
    if let Some(exercise) = exercise {
        eprintln!("{}", exercise.advice());
    }
    let code = status.code().and_then(|code| u8::try_from(code).ok());
    Ok(code.map_or(ExitCode::FAILURE, ExitCode::from))
}

/// Runs the stock runner with a browser and a lab.
fn judge(args: &[OsString]) -> anyhow::Result<ExitStatus> {
    let page = PagePort::pick()?;
    let mut stock = Command::new(env::current_exe().context("this program has no path")?);
    stock.args(&args[1..]).env(STOCK, "1");
    for name in STRIPPED {
        stock.env_remove(name);
    }
    // With NO_HEADLESS the stock runner serves the page, and a person opens it.
    let driver = match env::var_os("NO_HEADLESS") {
        None => {
            let found = browser::choose()?;
            Some(LocalDriver::start(&found, variables(found.engine))?)
        }
        Some(_) => None,
    };
    if let Some(driver) = &driver {
        direct(&mut stock, driver)?;
    }
    if env::var_os("WASM_BINDGEN_TEST_TIMEOUT").is_none() {
        stock.env("WASM_BINDGEN_TEST_TIMEOUT", TIMEOUT);
    }
    let _lab = page.start_lab()?;
    stock
        .env("WASM_BINDGEN_TEST_ADDRESS", page.address().to_string())
        .status()
        .context("cannot start the stock runner")
}

/// What the engine's processes find in their environment, beside ours.
///
/// WebKitGTK 2.50.6 compiles wasm in a second thread while the first one runs it, and now and
/// then what runs goes wrong: 9 of 1,012 runs of two right solutions failed, built without
/// optimization. Without that thread, none of 1,224 did. CONTRIBUTING.md has the figures.
/// A reader who sets the variable keeps what they set.
fn variables(engine: Engine) -> &'static [(&'static str, &'static str)] {
    const NAME: &str = "JSC_useConcurrentJIT";
    match engine {
        Engine::Webkit if env::var_os(NAME).is_none() => &[(NAME, "0")],
        _ => &[],
    }
}

/// Directs the stock runner to a driver that runs already.
fn direct(stock: &mut Command, driver: &LocalDriver) -> anyhow::Result<()> {
    let settings = driver.folder().join("webdriver.json");
    // The stock runner turns Chromium's sandbox off in any case.
    let wishes = capabilities(driver.engine(), driver.browser(), false, &[]);
    let json = serde_json::to_vec(&wishes).context("the browser's settings are no JSON")?;
    fs::write(&settings, json).with_context(|| format!("cannot write {}", settings.display()))?;
    stock
        .env(remote_variable(driver.engine()), driver.url())
        .env("WASM_BINDGEN_TEST_WEBDRIVER_JSON", settings);
    if env::var_os("WASM_BINDGEN_KEEP_TEST_BUILD").is_none() {
        // What it builds goes away with the browser, even if we are killed.
        stock.env("TMPDIR", driver.folder());
    }
    Ok(())
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
