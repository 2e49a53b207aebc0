//! A WebDriver process on this machine, with all that it starts.

use std::fs;
use std::io::{BufRead, BufReader};
use std::net::{Ipv4Addr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::{ExitStatus, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, anyhow, bail};

use crate::process_tree::ProcessTree;
use crate::{Engine, Found, http};

/// How often and how long to try. An idle machine needs a fraction of a second.
struct Patience {
    /// Fresh ports to try, should a driver exit at once (somebody took the port).
    attempts: u32,
    /// Until a driver that runs must be ready.
    ready: Duration,
    /// For one question.
    answer: Duration,
}

const PATIENCE: Patience = Patience {
    attempts: 5,
    ready: Duration::from_secs(30),
    answer: Duration::from_secs(5),
};

/// How long a virtual screen may take to come up.
const SCREEN: Duration = Duration::from_secs(20);

/// How a driver is started.
#[derive(Clone, Copy, Debug, Default)]
pub struct DriverOptions<'a> {
    /// Pairs of name and value that driver and browsers find in their environment.
    pub variables: &'a [(&'a str, &'a str)],
    /// More arguments for the driver.
    pub arguments: &'a [String],
    /// How long a driver that runs may take until it is ready, if not half a minute.
    pub patience: Option<Duration>,
}

/// A running driver on a port of its own.
///
/// Dropping it ends the driver, its browsers and its screen, and deletes their
/// profiles, before it returns. Should we be killed, the same happens.
pub struct LocalDriver {
    engine: Engine,
    browser: Option<PathBuf>,
    url: String,
    log: PathBuf,
    tree: ProcessTree,
}

impl LocalDriver {
    /// Starts the driver and waits until it takes sessions.
    pub fn start(found: &Found, options: &DriverOptions) -> anyhow::Result<Self> {
        let patience = Patience {
            ready: options.patience.unwrap_or(PATIENCE.ready),
            ..PATIENCE
        };
        start(found, options, &patience)
            .with_context(|| format!("{}'s WebDriver does not start", found.engine.title()))
    }

    /// Where it listens, `http://127.0.0.1:<port>`.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The engine that it drives.
    pub fn engine(&self) -> Engine {
        self.engine
    }

    /// The browser that a session should name.
    pub fn browser(&self) -> Option<&Path> {
        self.browser.as_deref()
    }

    /// A folder that goes away with the driver: a place for temporary files that
    /// must not outlive us either.
    pub fn folder(&self) -> &Path {
        self.tree.home()
    }

    /// The last lines that driver and browser printed: the cause of a failure is often there.
    pub fn last_words(&self) -> String {
        last_lines(&self.log)
    }
}

fn start(
    found: &Found,
    options: &DriverOptions,
    patience: &Patience,
) -> anyhow::Result<LocalDriver> {
    let mut tree = ProcessTree::new()?;
    let display = match &found.xvfb {
        Some(xvfb) => Some(screen(&mut tree, xvfb)?),
        None => None,
    };
    let mut last = anyhow!("no attempt was made");
    for _ in 0..patience.attempts {
        let (log, file) = tree.log("driver.log")?;
        let port = free_port()?;
        let mut command = tree.command(&found.driver);
        command
            .arg(format!("--port={port}"))
            .args(more_arguments(found))
            .args(options.arguments)
            .envs(options.variables.iter().copied())
            .stdout(file.try_clone()?)
            .stderr(file);
        if found.engine == Engine::Firefox {
            // Only so does Firefox obey geckodriver's wish to leave Mozilla's settings
            // server alone. Without a network it asks again several times a second.
            command.env("MOZ_REMOTE_SETTINGS_DEVTOOLS", "1");
        }
        if let Some(display) = &display {
            command.env("DISPLAY", display).env("GDK_BACKEND", "x11");
        }
        let driver = tree.spawn(&mut command)?;
        match wait_until_ready(port, patience, || tree.exit(driver)) {
            Ok(()) => {
                return Ok(LocalDriver {
                    engine: found.engine,
                    browser: found.browser.clone(),
                    url: format!("http://127.0.0.1:{port}"),
                    log,
                    tree,
                });
            }
            Err(Failure::Exited(status)) => {
                last = anyhow!("{} ended ({status}).{}", found.driver.display(), said(&log));
            }
            Err(Failure::NeverReady(why)) => {
                bail!(
                    "{} was not ready after {:?}: {why:#}.{}",
                    found.driver.display(),
                    patience.ready,
                    said(&log)
                );
            }
        }
    }
    Err(last)
}

enum Failure {
    Exited(ExitStatus),
    NeverReady(anyhow::Error),
}

fn wait_until_ready(
    port: u16,
    patience: &Patience,
    mut exit: impl FnMut() -> Option<ExitStatus>,
) -> Result<(), Failure> {
    let start = Instant::now();
    loop {
        let answer = http::is_ready(port, patience.answer);
        // Asked after the answer: if it ended, the answer was another program's.
        if let Some(status) = exit() {
            return Err(Failure::Exited(status));
        }
        let why = match answer {
            Ok(true) => return Ok(()),
            Ok(false) => anyhow!("it says that it takes no sessions"),
            Err(why) => why,
        };
        if start.elapsed() > patience.ready {
            return Err(Failure::NeverReady(why));
        }
        thread::sleep(Duration::from_millis(20));
    }
}

fn more_arguments(found: &Found) -> Vec<std::ffi::OsString> {
    match (found.engine, &found.browser) {
        // Its BiDi port is 9222 otherwise, for every instance on the machine.
        (Engine::Firefox, Some(browser)) => {
            vec![
                "--websocket-port=0".into(),
                "--binary".into(),
                browser.into(),
            ]
        }
        _ => Vec::new(),
    }
}

/// Starts a virtual screen and returns its name. Xvfb picks a free number by itself.
fn screen(tree: &mut ProcessTree, xvfb: &Path) -> anyhow::Result<String> {
    let (log, file) = tree.log("screen.log")?;
    let mut command = tree.command(xvfb);
    command
        .args([
            "-displayfd",
            "1",
            "-screen",
            "0",
            "1920x1600x24",
            "-nolisten",
            "tcp",
        ])
        .stdout(Stdio::piped())
        .stderr(file);
    let member = tree.spawn(&mut command)?;
    let stdout = tree.take_stdout(member).context("Xvfb has no output")?;
    // A pipe has no read timeout, so a thread waits for the line. It ends with Xvfb.
    let (send, receive) = mpsc::channel();
    thread::spawn(move || {
        let mut line = String::new();
        BufReader::new(stdout).read_line(&mut line).ok();
        send.send(line).ok();
    });
    let line = receive.recv_timeout(SCREEN).unwrap_or_default();
    match line.trim().parse::<u32>() {
        Ok(number) => Ok(format!(":{number}")),
        Err(_) => bail!("{} gives no screen.{}", xvfb.display(), said(&log)),
    }
}

/// A port that is free now. Another program can still take it, so callers try again.
fn free_port() -> anyhow::Result<u16> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).context("no free port")?;
    Ok(listener.local_addr()?.port())
}

fn said(log: &Path) -> String {
    let lines = last_lines(log);
    if lines.is_empty() {
        " It said nothing.".to_owned()
    } else {
        format!(" It said:\n{lines}")
    }
}

fn last_lines(log: &Path) -> String {
    let text = fs::read(log).unwrap_or_default();
    let text = String::from_utf8_lossy(&text);
    let lines: Vec<_> = text
        .lines()
        .rev()
        .take(10)
        .map(|line| format!("  {line}"))
        .collect();
    lines.into_iter().rev().collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt;

    const QUICK: Patience = Patience {
        attempts: 3,
        ready: Duration::from_millis(600),
        answer: Duration::from_millis(200),
    };

    /// A driver that is this shell script.
    fn fake(script: &str) -> (tempfile::TempDir, Found) {
        let folder = tempfile::tempdir().unwrap();
        let driver = folder.path().join("fake-driver");
        fs::write(&driver, format!("#!/bin/sh\n{script}\n")).unwrap();
        fs::set_permissions(&driver, fs::Permissions::from_mode(0o755)).unwrap();
        let found = Found {
            engine: Engine::Chromium,
            driver,
            browser: None,
            xvfb: None,
        };
        (folder, found)
    }

    fn error_of(found: &Found) -> String {
        format!(
            "{:#}",
            start(found, &DriverOptions::default(), &QUICK)
                .err()
                .unwrap()
        )
    }

    #[test]
    fn a_driver_that_exits_is_tried_again_and_its_words_are_shown() {
        let (folder, found) =
            fake("echo try >> $(dirname $0)/tries; echo 'bind() failed: port in use' >&2; exit 3");
        let error = error_of(&found);
        assert!(error.contains("exit status: 3"), "{error}");
        assert!(error.contains("port in use"), "{error}");
        let tries = fs::read_to_string(folder.path().join("tries")).unwrap();
        assert_eq!(tries.lines().count(), 3);
    }

    #[test]
    fn a_driver_that_never_listens_is_an_error_in_time() {
        let (_folder, found) = fake("sleep 600");
        let begin = Instant::now();
        let error = error_of(&found);
        assert!(error.contains("not ready after 600ms"), "{error}");
        assert!(error.contains("It said nothing"), "{error}");
        assert!(begin.elapsed() < Duration::from_secs(5));
    }

    #[test]
    fn a_driver_that_cannot_start_is_an_error() {
        let (_folder, mut found) = fake("");
        found.driver = PathBuf::from("/no/such/driver");
        assert!(error_of(&found).contains("cannot start /no/such/driver"));
    }

    #[test]
    fn a_screen_that_says_garbage_is_an_error() {
        let (_folder, mut found) = fake("echo no screens found >&2; echo garbage");
        found.xvfb = Some(found.driver.clone());
        let error = error_of(&found);
        assert!(error.contains("gives no screen"), "{error}");
        assert!(error.contains("no screens found"), "{error}");
    }

    #[test]
    fn a_failed_start_leaves_no_process() {
        let (folder, found) = fake("echo $$ > $(dirname $0)/pid; exec sleep 600");
        error_of(&found);
        let pid = fs::read_to_string(folder.path().join("pid")).unwrap();
        assert!(!Path::new("/proc").join(pid.trim()).exists());
    }
}
