//! Other people's machines: stock Cargo, called as editors and nextest call it, with other folders,
//! other flags and other browsers than ours.

use book_tests::repository::{Copy, kata, root, target, words};
use kata_engines::{DriverOptions, Engine, LocalDriver, find};
use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::OnceLock;
use std::time::SystemTime;

/// A zone whose tests wait for nothing, its right solution, and one of the tests.
const ZONE: &str = "detached-view";
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

/// A target folder behind a link or `..`, a folder for temporary files that is not there, and unstable features switched on,
/// as some editors have them: an answer is judged as everywhere.
#[test]
fn cargo_kata_compiles_whatever_its_folders_are() {
    let copy = Copy::new();
    let file = format!("katas/{ZONE}/src/lib.rs");
    let args = ["test", ZONE, "--variant", "kata", "--no-run"];
    let links = tempfile::tempdir().unwrap();
    let link = links.path().join("link");
    symlink(target(), &link).unwrap();
    for folder in [link, target().join("kata/..")] {
        // Another text each time, so that there is something to compile.
        let text = copy.read(&file);
        let now = SystemTime::now();
        copy.write(&file, &format!("{text}\n// {now:?}\n"));
        let output = kata(copy.path(), &args)
            .env("CARGO_TARGET_DIR", &folder)
            .env("TMPDIR", links.path().join("missing"))
            .output()
            .unwrap();
        let said = words(&output);
        assert!(said.contains("1 compiled, 0 refused"), "{folder:?}: {said}");
    }
    copy.write(&file, &format!("#![feature(test)]\n{}", copy.read(&file)));
    let output = kata(copy.path(), &args)
        .env("RUSTC_BOOTSTRAP", "1")
        .output()
        .unwrap();
    let said = words(&output);
    assert!(said.contains("0 compiled, 1 refused"), "{said}");
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

/// Without a browser the command says what is missing and how to get it.
#[test]
fn a_machine_without_browsers_is_told_what_to_install() {
    let empty = tempfile::tempdir().unwrap();
    let mut path = vec![empty.path().to_owned()];
    for tool in ["cargo", "rustc", "rustup", "sh", "git"] {
        let found = Command::new("sh")
            .args(["-c", &format!("command -v {tool}")])
            .output()
            .unwrap();
        let from = String::from_utf8(found.stdout).unwrap();
        symlink(Path::new(from.trim()), empty.path().join(tool)).unwrap();
    }
    path.truncate(1);
    let output = kata(&root(), &["test", ZONE])
        .env("KATA_BROWSER", "firefox")
        .env("CHROMEDRIVER_REMOTE", "http://127.0.0.1:9515")
        .env("PATH", std::env::join_paths(path).unwrap())
        .env("HOME", empty.path())
        .env("CARGO_HOME", empty.path())
        .env_remove("CI")
        .env_remove("GECKODRIVER")
        .output()
        .unwrap();
    let text = words(&output);
    assert_eq!(output.status.code(), Some(2), "{text}");
    assert!(
        text.contains("geckodriver") && text.contains("--install"),
        "{text}"
    );
    assert!(text.contains("CHROMEDRIVER_REMOTE is not used"), "{text}");
    let output = kata(&root(), &["test", ZONE])
        .env("KATA_BROWSER", "netscape")
        .output()
        .unwrap();
    let text = words(&output);
    assert_eq!(output.status.code(), Some(2), "{text}");
    assert!(text.contains("KATA_BROWSER=netscape"), "{text}");
}
