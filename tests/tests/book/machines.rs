//! Other people's machines: stock Cargo, called as editors and nextest call it, with other folders,
//! other flags and other browsers than ours.

use book_tests::repository::{root, target, words};
use kata_engines::{DriverOptions, Engine, LocalDriver, find};
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};
use std::sync::OnceLock;
use std::time::SystemTime;

/// A right solution whose tests wait for nothing, and one of its tests.
const PACKAGE: &str = "solution-detached-view";
const TEST: &str = "empty_stays_empty";

/// `cargo test` for the solution.
fn cargo_test(flags: &[&str]) -> Command {
    let mut command = Command::new("cargo");
    command
        .args(["test", "-p", PACKAGE, "--test", "spec", "--"])
        .args(flags)
        .env("CARGO_TARGET_DIR", target())
        .env_remove("KATA_BROWSER")
        .current_dir(root())
        .stdin(Stdio::null());
    command
}

/// A run of the one test that must pass.
fn passes(command: &mut Command) -> String {
    let output = command.output().unwrap();
    assert!(output.status.success(), "{command:?}: {}", words(&output));
    let text = words(&output);
    assert!(text.contains("1 passed"), "{command:?}: {text}");
    text
}

/// What Cargo calls for the solution's wasm, and the wasm.
fn runner(flags: &[&str]) -> Command {
    static WASM: OnceLock<PathBuf> = OnceLock::new();
    let wasm = WASM.get_or_init(|| {
        let build = ["test", "--no-run", "-p", PACKAGE, "--message-format=json"];
        let output = Command::new("cargo")
            .args(build)
            .env("CARGO_TARGET_DIR", target())
            .current_dir(root())
            .output()
            .unwrap();
        let built = String::from_utf8_lossy(&output.stdout);
        let mut messages = built
            .lines()
            .filter_map(|line| serde_json::from_str::<serde_json::Value>(line).ok());
        messages
            .find_map(|message| message["executable"].as_str().map(PathBuf::from))
            .unwrap()
    });
    let mut command = Command::new(root().join("tools/kata-runner/cargo-runner.sh"));
    command
        .arg(wasm)
        .args(flags)
        .current_dir(root().join("solutions/detached-view"))
        .stdin(Stdio::null());
    command
}

/// Buttons of editors, nextest, several filters: one test runs, by whichever name.
#[test]
fn flags_of_rusts_own_tests_are_taken() {
    let path = listed()
        .into_iter()
        .find(|name| name.ends_with(&format!("::{TEST}")))
        .unwrap();
    for flags in [
        &[TEST, "--exact", "--show-output"][..],
        &[&path, "--exact", "--nocapture"],
        &[TEST, "no_test_has_this_name", "--test-threads=1"],
    ] {
        let text = passes(&mut cargo_test(flags));
        assert!(text.contains(&format!("test {path} ... ok")), "{text}");
        assert!(!text.contains("0 filtered out"), "{text}");
    }
}

/// The names that nextest reads.
fn listed() -> Vec<String> {
    let output = runner(&["--list", "--format", "terse"]).output().unwrap();
    assert!(output.status.success(), "{}", words(&output));
    let lines = String::from_utf8(output.stdout).unwrap();
    lines
        .lines()
        .map(|line| line.strip_suffix(": test").unwrap().to_owned())
        .collect()
}

/// rust-analyzer's test tree.
#[test]
fn results_are_told_as_events() {
    let flags = ["-Z", "unstable-options", "--format=json", "--show-output"];
    let output = cargo_test(&flags).output().unwrap();
    assert!(output.status.success(), "{}", words(&output));
    let text = String::from_utf8(output.stdout).unwrap();
    let events: Vec<serde_json::Value> = text
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let passed = |event: &&serde_json::Value| event["type"] == "test" && event["event"] == "ok";
    assert_eq!(events.iter().filter(passed).count(), listed().len());
    assert_eq!(events.last().unwrap()["event"], "ok");
}

#[test]
fn what_cannot_run_is_not_passed_and_is_no_bug_of_ours() {
    for (name, value) in [
        ("WASM_BINDGEN_TEST_ONLY_NODE", "1"),
        ("WASM_BINDGEN_TEST_TIMEOUT", "abc"),
    ] {
        let output = cargo_test(&[]).env(name, value).output().unwrap();
        refused(&output, name);
    }
    refused(
        &cargo_test(&["--frobnicate"]).output().unwrap(),
        "--frobnicate",
    );
}

fn refused(output: &Output, name: &str) {
    let text = words(output);
    assert!(!output.status.success(), "{text}");
    assert!(text.contains(name), "{text}");
    assert!(!text.contains("bug in the book"), "{text}");
}

/// Browsers put sockets into it, whose paths are short by law.
#[test]
fn any_temporary_folder_will_do() {
    let parent = tempfile::tempdir().unwrap();
    let mut folders = vec![parent.path().join("missing")];
    for name in ["ein Übel", &"long".repeat(22)] {
        folders.push(parent.path().join(name));
        fs::create_dir(&folders[folders.len() - 1]).unwrap();
    }
    // Another file system than the first ones', on most machines.
    folders.extend(Some(PathBuf::from("/dev/shm")).filter(|folder| folder.is_dir()));
    for folder in folders {
        passes(runner(&["--exact", TEST]).env("TMPDIR", &folder));
    }
}

/// One target folder, nothing new beside the sources, and nothing is compiled again.
#[test]
fn a_relative_target_folder_is_one_folder() {
    let up: PathBuf = root().components().skip(1).map(|_| "..").collect();
    let relative = match target().strip_prefix(root()) {
        Ok(below) => below.to_owned(),
        Err(_) => up.join(target().strip_prefix("/").unwrap()),
    };
    assert!(relative.is_relative());
    // Now all is built.
    listed();
    let text = passes(cargo_test(&["--exact", TEST]).env("CARGO_TARGET_DIR", &relative));
    assert!(!text.contains("Compiling"), "{text}");
    let package = root().join("solutions/detached-view");
    assert!(!package.join(&relative).exists(), "a second target folder");
}

/// They reach the wasm, and the tool that runs it is neither linked with them nor built again.
#[test]
fn flags_and_profiles_for_wasm_are_not_the_runners() {
    let memory = "-C link-arg=--max-memory=1073741824";
    listed();
    let before = runner_built_at();
    passes(
        runner(&["--exact", TEST])
            .env("RUSTFLAGS", memory)
            .env("CARGO_BUILD_RUSTFLAGS", memory)
            .env("CARGO_PROFILE_DEV_OPT_LEVEL", "3"),
    );
    assert_eq!(runner_built_at(), before, "the runner was built again");
}

/// When the runner was built, in any folder of a target.
fn runner_built_at() -> Vec<SystemTime> {
    let targets = fs::read_dir(target()).unwrap().flatten();
    let runners = targets.map(|target| target.path().join("debug/kata-runner"));
    let files = runners.filter_map(|runner| fs::metadata(runner).ok());
    let times: Vec<_> = files.map(|file| file.modified().unwrap()).collect();
    assert!(!times.is_empty());
    times
}

/// A `firefox` that only says what is required, as distributions put it in the browser's place.
#[test]
fn a_stub_in_front_of_the_browser_is_passed_over() {
    let stubs = tempfile::tempdir().unwrap();
    for name in ["firefox", "geckodriver"] {
        let stub = stubs.path().join(name);
        fs::write(&stub, "#!/bin/sh\necho requires the snap >&2\nexit 1\n").unwrap();
        fs::set_permissions(&stub, fs::Permissions::from_mode(0o755)).unwrap();
    }
    let path = std::env::var_os("PATH").unwrap();
    let path = std::env::join_paths(
        [stubs.path().to_owned()]
            .into_iter()
            .chain(std::env::split_paths(&path)),
    );
    let text = passes(
        runner(&["--exact", TEST])
            .env("PATH", path.unwrap())
            .env("KATA_BROWSER", "firefox"),
    );
    assert!(text.contains("in Firefox"), "{text}");
}

/// A driver that the reader has started judges, and goes on.
#[test]
fn a_driver_that_runs_already_is_used() {
    let found = find(Engine::Chromium).unwrap();
    let driver = LocalDriver::start(&found, &DriverOptions::default()).unwrap();
    let url = format!("{}/", driver.url());
    for _ in 0..2 {
        let mut command = runner(&["--exact", TEST]);
        let text = passes(command.env("CHROMEDRIVER_REMOTE", &url));
        assert!(text.contains(&format!("in Chrome on `{url}`")), "{text}");
    }
}
