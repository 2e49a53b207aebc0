//! One run, from start to end.

use std::env;
use std::ffi::OsString;
use std::io::{self, BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Command, ExitCode, Stdio};
use std::time::Instant;

use anyhow::{Context, bail, ensure};
use wasm_bindgen_cli::wasm_bindgen_test_runner::run_cli_with_args;

use crate::browser::Browser;
use crate::exercise::Exercise;
use crate::flags::{Flags, Format, HELP, Ignored};
use crate::libtest::{self, Events};
use crate::ports::PagePort;
use crate::settings::{self, Settings};
use crate::spec::{Spec, Test};
use crate::transcript::{Transcript, Verdict};

/// Set in the child, where only the stock runner runs.
const STOCK: &str = "KATA_RUNNER_STOCK";

/// The exit code when nothing could be judged. 1 says that a test has failed.
const NOT_JUDGED: u8 = 2;

/// Runs what the command line says and prints the error, if there is one.
pub fn main() -> ExitCode {
    let args: Vec<OsString> = env::args_os().collect();
    if env::var_os(STOCK).is_some() {
        return match run_cli_with_args(args) {
            Ok(()) => ExitCode::SUCCESS,
            Err(error) => {
                eprintln!("error: {error:#}");
                ExitCode::FAILURE
            }
        };
    }
    run(&args).unwrap_or_else(|error| {
        eprintln!("error: {error:#}");
        ExitCode::from(NOT_JUDGED)
    })
}

fn run(args: &[OsString]) -> anyhow::Result<ExitCode> {
    let [_, wasm, args @ ..] = args else {
        bail!("the runner is called by `cargo test`, with a test's wasm");
    };
    let flags = Flags::parse(args)?;
    if flags.help {
        print(HELP);
        return Ok(ExitCode::SUCCESS);
    }
    let wasm = Path::new(wasm);
    let spec = Spec::read(wasm)?;
    let all = if flags.bench {
        &spec.benches
    } else {
        &spec.tests
    };
    let (meant, others): (Vec<&Test>, Vec<&Test>) = all.iter().partition(|test| flags.mean(test));
    if flags.list {
        let benches = spec.benches.iter().filter(|bench| flags.mean(bench));
        let tests: &[&Test] = if flags.bench { &[] } else { &meant };
        print(&libtest::list(
            tests,
            &benches.collect::<Vec<_>>(),
            flags.format,
        ));
        return Ok(ExitCode::SUCCESS);
    }
    let folder = env::current_dir().context("there is no current folder")?;
    let exercise = Exercise::of(&folder);
    let package = exercise.as_ref().map(Exercise::package);
    // `tests/spec.rs` becomes `spec-<hash>.wasm`.
    let stem = wasm.file_stem().unwrap_or_default().to_string_lossy();
    let name = stem.split('-').next().unwrap_or_default();
    // `--all-targets` takes the library, too, which need not have any.
    let is_library = package
        .as_ref()
        .is_some_and(|package| package.replace('-', "_") == name);
    ensure!(
        !all.is_empty() || (is_library && !flags.bench),
        nothing_there(&folder, name, package.as_deref(), &flags)
    );
    if meant.is_empty() {
        // As everywhere under Cargo: a filter that means nothing in this program may mean something
        // in the next.
        print(&libtest::nothing(others.len(), flags.format));
        return Ok(ExitCode::SUCCESS);
    }
    let call = Call {
        wasm,
        flags: &flags,
        spec: &spec,
        meant,
        others,
    };
    match call.judge().context("the tests could not be judged")? {
        Verdict::Failed => {
            if let Some(exercise) = exercise {
                eprintln!("{}", exercise.advice(&settings::telling()));
            }
            Ok(ExitCode::FAILURE)
        }
        Verdict::Passed | Verdict::Unfinished(_) => Ok(ExitCode::SUCCESS),
    }
}

/// Why a program without tests does not pass.
fn nothing_there(folder: &Path, name: &str, package: Option<&str>, flags: &Flags) -> String {
    let folder = folder.display();
    if flags.bench {
        format!("{folder} has no benchmark for a browser")
    } else if name == "spec" {
        format!("the spec in {folder} has no test: is `mod spec;` still in tests/spec.rs?")
    } else {
        format!(
            "{name} in {folder} has no test for a browser; \
             `cargo test --target host-tuple -p {} --test {name}` runs those for this machine",
            package.unwrap_or("<package>")
        )
    }
}

/// One call of the stock runner.
struct Call<'a> {
    wasm: &'a Path,
    flags: &'a Flags,
    spec: &'a Spec,
    meant: Vec<&'a Test>,
    others: Vec<&'a Test>,
}

impl Call<'_> {
    /// Runs the stock runner with a browser and a lab, and reads what it says.
    fn judge(&self) -> anyhow::Result<Verdict> {
        let settings = Settings::read()?;
        let page = PagePort::pick(settings.address)?;
        let mut stock = self.stock()?;
        settings.hand_on(&mut stock)?;
        settings::serve_at(&mut stock, page.address());
        if settings.is_for_a_person {
            let _lab = page.start_lab()?;
            let status = stock.status().context("cannot start the stock runner")?;
            bail!("the page's server has ended ({status})");
        }
        let browser = Browser::start(settings.driver_timeout)?;
        browser.direct(&mut stock)?;
        let _lab = page.start_lab()?;
        let start = Instant::now();
        let (transcript, status) = self.listen(&mut stock)?;
        let verdict = transcript.verdict();
        let Verdict::Unfinished(open) = &verdict else {
            return Ok(verdict);
        };
        let open = some_of(open);
        if start.elapsed().as_secs() >= settings.timeout {
            bail!(
                "no end after {} s, and no result of {open}. A loop without an end does this, and so \
                 does a machine that is busy: WASM_BINDGEN_TEST_TIMEOUT=300 waits longer",
                settings.timeout
            );
        }
        let far = match &browser {
            Browser::Remote { url, .. } => format!(
                " The browser behind {url} must reach this machine as {}; \
                 WASM_BINDGEN_TEST_ADDRESS names another address.",
                page.address()
            ),
            Browser::Local(_) => String::new(),
        };
        bail!("the stock runner ended ({status}) without a result of {open}.{far}")
    }

    /// The stock runner, which is this program again. It has one filter and no exact list, so it is
    /// told what to skip.
    fn stock(&self) -> anyhow::Result<Command> {
        let mut stock = Command::new(env::current_exe().context("this program has no path")?);
        stock.arg(self.wasm).arg("--exact").env(STOCK, "1");
        for test in &self.others {
            stock.args(["--skip", &test.name]);
        }
        // Its own `--ignored` selects the ignored tests, and then ignores them.
        if self.flags.ignored != Ignored::Counted {
            stock.arg("--include-ignored");
        }
        if self.flags.nocapture {
            stock.arg("--nocapture");
        }
        if self.flags.bench {
            stock.arg("--bench");
        }
        if !self.spec.has_mode {
            // A spec that does not say where it runs would run in Node.js.
            let is_chosen = env::vars_os()
                .any(|(name, _)| name.as_encoded_bytes().starts_with(b"WASM_BINDGEN_USE_"));
            if !is_chosen {
                stock.env("WASM_BINDGEN_USE_BROWSER", "1");
            }
        }
        Ok(stock)
    }

    /// Runs it to its end, and passes on what it prints.
    fn listen(
        &self,
        stock: &mut Command,
    ) -> anyhow::Result<(Transcript, std::process::ExitStatus)> {
        let names: Vec<String> = self.meant.iter().map(|test| test.name.clone()).collect();
        let mut transcript = Transcript::of(names.iter().cloned());
        let mut events = Events::of(names, self.others.len());
        let is_json = self.flags.format == Format::Json;
        let start = Instant::now();
        let mut child = stock
            .stdout(Stdio::piped())
            .spawn()
            .context("cannot start the stock runner")?;
        let stdout = child.stdout.take().context("it has no output")?;
        if is_json {
            print(&events.start());
        }
        for line in BufReader::new(stdout).split(b'\n') {
            let line = line.context("its output cannot be read")?;
            let line = String::from_utf8_lossy(&line);
            let event = transcript.read(&line);
            if !is_json {
                print(&format!("{line}\n"));
            } else if let Some(event) = event {
                print(&events.next(&event, &transcript, start.elapsed()));
            } else if self.flags.nocapture {
                eprintln!("{line}");
            }
        }
        if is_json {
            print(&events.rest(&transcript, start.elapsed()));
        }
        let status = child.wait().context("its end is lost")?;
        Ok((transcript, status))
    }
}

/// The first of these names, and how many there are beside.
fn some_of(names: &[String]) -> String {
    match names {
        [] => "the whole run".to_owned(),
        [first] => first.clone(),
        [first, others @ ..] => format!("{first} and {} more", others.len()),
    }
}

/// Prints to standard output. Whoever reads it may have seen enough (`cargo test | head`).
fn print(text: &str) {
    let mut stdout = io::stdout().lock();
    stdout
        .write_all(text.as_bytes())
        .and_then(|()| stdout.flush())
        .ok();
}
