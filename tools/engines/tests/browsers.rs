//! The real browsers: all three must be on this machine (`cargo kata test --install`).
#![cfg(all(not(target_family = "wasm"), target_os = "linux"))]
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod support;

use std::io::{BufRead, BufReader, Lines};
use std::os::unix::fs::PermissionsExt;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::time::{Duration, Instant};

use kata_engines::{
    Driver, Engine, Session, SessionOptions, find, install, launch, shutdown_signal,
};
use serde_json::json;
use support::{Process, processes_below, send, wait_for};
use tempfile::TempDir;

async fn open(engine: Engine, script_timeout: Duration) -> (Driver, Session) {
    let options = SessionOptions {
        script_timeout,
        ..SessionOptions::default()
    };
    launch(&find(engine).unwrap(), &options).await.unwrap()
}

/// The error, which must come well before the limit of the test's script.
async fn error_of(work: impl Future<Output = anyhow::Result<serde_json::Value>>) -> String {
    let result = tokio::time::timeout(Duration::from_secs(60), work).await;
    format!("{:#}", result.expect("it hangs").unwrap_err())
}

async fn a_session_runs_scripts(engine: Engine) {
    let (driver, session) = open(engine, Duration::from_secs(60)).await;
    assert!(session.version().starts_with(match engine {
        Engine::Chromium => "Chromium 1",
        Engine::Firefox => "Firefox 1",
        Engine::Webkit => "WebKitGTK 2",
    }));
    session
        .goto("data:text/html,<title>kata</title>")
        .await
        .unwrap();
    let script = "const [number, done] = arguments;
        setTimeout(() => done([number + 1, document.title, innerWidth]), 50)";
    let result = session.run(script, vec![json!(41)]).await.unwrap();
    assert_eq!((&result[0], &result[1]), (&json!(42), &json!("kata")));
    assert_eq!(result[2], 1280, "the window's width");
    session.close().await;
    driver.stop().await;
}

async fn a_script_that_never_ends_is_an_error_in_time(engine: Engine) {
    let (driver, session) = open(engine, Duration::from_secs(1)).await;
    let begin = Instant::now();
    let error = error_of(session.run("", vec![])).await;
    assert!(error.contains(session.version()), "{error}");
    assert!(begin.elapsed() < Duration::from_secs(10), "{error}");
    driver.stop().await;
}

async fn a_throwing_script_is_an_error_with_its_words(engine: Engine) {
    let (driver, session) = open(engine, Duration::from_secs(60)).await;
    let error = error_of(session.run("throw new Error('a word of mine')", vec![])).await;
    assert!(error.contains("a word of mine"), "{error}");
    driver.stop().await;
}

async fn a_closed_window_is_an_error(engine: Engine) {
    let (driver, session) = open(engine, Duration::from_secs(600)).await;
    session.client.new_window(true).await.unwrap();
    session.client.close_window().await.unwrap();
    error_of(session.run("arguments[0](1)", vec![])).await;
    driver.stop().await;
}

async fn a_dead_driver_is_an_error(engine: Engine) {
    let (driver, session) = open(engine, Duration::from_secs(600)).await;
    let stop = async {
        tokio::time::sleep(Duration::from_millis(300)).await;
        driver.stop().await;
    };
    let (error, ()) = tokio::join!(error_of(session.run("", vec![])), stop);
    assert!(error.contains(session.version()), "{error}");
}

/// The browser is a wrapper that refuses, as Chromium does where users may make no namespaces.
#[tokio::test]
async fn a_sandbox_that_is_refused_is_done_without() {
    let options = SessionOptions {
        sandbox: true,
        ..SessionOptions::default()
    };
    let mut found = find(Engine::Chromium).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let wrapper = folder.path().join("wrapper");
    let script = format!(
        "#!/bin/sh\ncase \" $* \" in *' --no-sandbox '*) exec {} \"$@\" ;; esac\nexit 1\n",
        found.browser.unwrap().display()
    );
    std::fs::write(&wrapper, script).unwrap();
    std::fs::set_permissions(&wrapper, std::fs::Permissions::from_mode(0o755)).unwrap();
    found.browser = Some(wrapper);
    let (driver, session) = launch(&found, &options).await.unwrap();
    assert!(session.version().starts_with("Chromium"));
    session.close().await;
    driver.stop().await;
}

/// Set in the process that [`victim`] starts.
const VICTIM: &str = "KATA_TEST_VICTIM";

/// Not a test of its own: the process that the tests below kill. It is this very
/// program, so it cannot be older than the tests.
#[tokio::test]
#[ignore = "runs as a child of the tests that kill it"]
async fn be_the_victim() {
    let Ok(engine) = std::env::var(VICTIM) else {
        return;
    };
    let (driver, session) = open(engine.parse().unwrap(), Duration::from_secs(600)).await;
    // It listens before it says that it is open: who hears that may send a signal at once.
    tokio::select! {
        biased;
        () = shutdown_signal() => {
            session.close().await;
            driver.stop().await;
            println!("stopped");
        }
        result = async {
            println!("open: {}", session.version());
            session.run("", vec![]).await
        } => println!("ended: {result:?}"),
    }
}

/// A process with a session open.
struct Victim {
    process: Child,
    output: Lines<BufReader<ChildStdout>>,
    /// Below it lies all that the process makes.
    folder: TempDir,
}

impl Victim {
    fn start(engine: Engine) -> Self {
        let folder = tempfile::Builder::new().prefix("k").tempdir().unwrap();
        let mut process = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "be_the_victim", "--ignored", "--nocapture"])
            .env(VICTIM, engine.name())
            .env("TMPDIR", folder.path())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let output = BufReader::new(process.stdout.take().unwrap()).lines();
        let mut victim = Victim {
            process,
            output,
            folder,
        };
        victim.wait_until_it_says("open: ");
        victim
    }

    fn wait_until_it_says(&mut self, words: &str) {
        assert!(
            self.output.any(|line| line.unwrap().contains(words)),
            "it never said `{words}`"
        );
    }

    fn browser(&self) -> Vec<Process> {
        processes_below(self.folder.path())
    }

    fn left_files(&self) -> usize {
        std::fs::read_dir(self.folder.path()).unwrap().count()
    }
}

impl Drop for Victim {
    fn drop(&mut self) {
        self.process.kill().ok();
        self.process.wait().ok();
    }
}

async fn a_kill_leaves_nothing(engine: Engine) {
    let mut victim = Victim::start(engine);
    assert!(victim.browser().len() > 3);
    victim.process.kill().unwrap();
    victim.process.wait().unwrap();
    wait_for("the end of every process", || victim.browser().is_empty());
    wait_for("an empty folder", || victim.left_files() == 0);
}

async fn a_termination_leaves_nothing(engine: Engine) {
    let mut victim = Victim::start(engine);
    assert!(victim.browser().len() > 3);
    send("TERM", victim.process.id());
    victim.wait_until_it_says("stopped");
    assert_eq!(victim.browser().len(), 0);
    assert_eq!(victim.left_files(), 0);
    assert!(victim.process.wait().unwrap().success());
}

async fn a_dead_renderer_is_an_error(engine: Engine) {
    let mut victim = Victim::start(engine);
    let renderer = match engine {
        Engine::Chromium => "--type=renderer",
        Engine::Firefox => " tab",
        Engine::Webkit => "WebKitWebProcess",
    };
    let renderers = victim
        .browser()
        .into_iter()
        .filter(|process| process.command_line.contains(renderer));
    assert_ne!(renderers.map(|process| send("KILL", process.id)).count(), 0);
    victim.wait_until_it_says("ended: Err");
}

async fn what_is_there_is_not_installed_again(engine: Engine) {
    install(&[engine], &mut |line| panic!("it ran {line}")).unwrap();
}

/// Each test for each engine.
macro_rules! on_every_engine {
    ($($test:ident),+ $(,)?) => {
        mod chromium { $(#[tokio::test] async fn $test() { super::$test(super::Engine::Chromium).await })+ }
        mod firefox { $(#[tokio::test] async fn $test() { super::$test(super::Engine::Firefox).await })+ }
        mod webkit { $(#[tokio::test] async fn $test() { super::$test(super::Engine::Webkit).await })+ }
    };
}

on_every_engine! {
    a_session_runs_scripts,
    a_script_that_never_ends_is_an_error_in_time,
    a_throwing_script_is_an_error_with_its_words,
    a_closed_window_is_an_error,
    a_dead_renderer_is_an_error,
    a_dead_driver_is_an_error,
    a_kill_leaves_nothing,
    a_termination_leaves_nothing,
    what_is_there_is_not_installed_again,
}
