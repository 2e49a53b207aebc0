//! The runner as Cargo calls it, up to the point where a browser would start.
#![cfg(not(target_family = "wasm"))]
#![allow(clippy::unwrap_used)]

use std::fs;
use std::io::{Read, Write};
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::thread;
use std::time::{Duration, Instant};

use tempfile::TempDir;

/// A package's folder with a spec that exports one name.
struct Package {
    root: TempDir,
    folder: PathBuf,
}

impl Package {
    fn new(folder: &str, export: &str) -> Self {
        let root = tempfile::tempdir().unwrap();
        let folder = root.path().join(folder);
        fs::create_dir_all(&folder).unwrap();
        // A module with one memory, exported under that name.
        let length = u8::try_from(export.len()).unwrap();
        let mut wasm = b"\0asm\x01\0\0\0\x05\x03\x01\0\x01".to_vec();
        wasm.extend([7, length + 4, 1, length]);
        wasm.extend(export.bytes());
        wasm.extend([2, 0]);
        fs::write(folder.join("spec.wasm"), wasm).unwrap();
        Package { root, folder }
    }

    fn run(&self, args: &[&str], variables: &[(&str, &str)]) -> Output {
        self.run_wasm("spec.wasm", args, variables)
    }

    fn run_wasm(&self, wasm: &str, args: &[&str], variables: &[(&str, &str)]) -> Output {
        Command::new(env!("CARGO_BIN_EXE_kata-runner"))
            .arg(wasm)
            .args(args)
            .env_clear()
            .env("PATH", std::env::var_os("PATH").unwrap())
            .envs(variables.iter().copied())
            .current_dir(&self.folder)
            .output()
            .unwrap()
    }

    /// Makes a driver that is this shell script, and returns its path.
    fn driver(&self, script: &str) -> String {
        let driver = self.root.path().join("driver");
        // It is asked for its version before it is used.
        let version = "[ \"$1\" != --version ] || exit 0";
        fs::write(&driver, format!("#!/bin/sh\n{version}\n{script}\n")).unwrap();
        fs::set_permissions(&driver, fs::Permissions::from_mode(0o755)).unwrap();
        driver.to_str().unwrap().to_owned()
    }

    /// What is said by a run that judges nothing.
    fn complaint(&self, variables: &[(&str, &str)]) -> String {
        let output = self.run(&[], variables);
        assert_eq!(output.status.code(), Some(2), "{variables:?}: {output:?}");
        String::from_utf8(output.stderr).unwrap()
    }

    /// The same in one line.
    fn sentence(&self, variables: &[(&str, &str)]) -> String {
        let said = self.complaint(variables);
        assert_eq!(said.lines().count(), 1, "{said}");
        said
    }
}

const TEST: &str = "__wbgt__spec::spec::group::works";

#[test]
fn tests_are_listed_as_nextest_and_people_want_them() {
    let package = Package::new("katas/x", TEST);
    let list = |args: &[&str]| {
        let output = package.run(&[&["--list"], args].concat(), &[]);
        assert!(output.status.success(), "{args:?}: {output:?}");
        String::from_utf8(output.stdout).unwrap()
    };
    for args in [&["-q"][..], &["--quiet"], &["--format", "terse"]] {
        assert_eq!(list(args), "spec::group::works: test\n");
    }
    assert_eq!(list(&["--format", "terse", "--ignored"]), "");
    assert_eq!(list(&["--exact", "works", "-q"]).lines().count(), 1);
    assert!(list(&[]).ends_with("\n\n1 test, 0 benchmarks\n"));
}

/// As Cargo has it everywhere: the name may be that of a test in another program.
#[test]
fn a_filter_that_means_nothing_says_so() {
    let output = Package::new("katas/x", TEST).run(&["--exact", "work"], &[]);
    assert!(output.status.success());
    let said = String::from_utf8(output.stdout).unwrap();
    assert!(
        said.contains("0 passed") && said.contains("1 filtered out"),
        "{said}"
    );
}

#[test]
fn a_wrong_flag_is_refused_in_one_line() {
    let package = Package::new("solutions/x", TEST);
    for args in [
        &["--frobnicate"][..],
        &["--test-threads", "none"],
        &["--bench"],
    ] {
        let output = package.run(args, &[]);
        assert_eq!(output.status.code(), Some(2), "{args:?}");
        let said = String::from_utf8(output.stderr).unwrap();
        assert_eq!(said.lines().count(), 1, "{said}");
        assert!(!said.contains("bug"), "{said}");
    }
    let output = package.run(&["--help"], &[]);
    assert!(output.status.success());
    assert!(
        String::from_utf8(output.stdout)
            .unwrap()
            .contains("--exact")
    );
}

/// Whatever the stock runner would do with them: skip all tests, panic, or go to another address.
#[test]
fn a_setting_that_cannot_be_met_is_refused_in_one_line() {
    let package = Package::new("solutions/x", TEST);
    for (name, value) in [
        ("WASM_BINDGEN_TEST_ONLY_NODE", "1"),
        ("WASM_BINDGEN_TEST_TIMEOUT", "abc"),
        ("WASM_BINDGEN_TEST_TIMEOUT", "0"),
        ("WASM_BINDGEN_TEST_DRIVER_TIMEOUT", "soon"),
        ("WASM_BINDGEN_TEST_ADDRESS", "127.0.0.1"),
        ("WASM_BINDGEN_TEST_ADDRESS", "127.0.0.1:65535"),
        ("CHROMEDRIVER_REMOTE", "localhost:4444"),
        ("GECKODRIVER_REMOTE", "https://localhost:4444"),
        ("SAFARIDRIVER_REMOTE", "http://127.0.0.1:1"),
    ] {
        let said = package.sentence(&[(name, value)]);
        assert!(said.contains("could not be judged"), "{said}");
        assert!(said.contains(name) || said.contains("65535"), "{said}");
        assert!(!said.contains("bug"), "{said}");
    }
}

/// A driver that runs, and what the reader wishes it to be asked.
#[test]
fn a_file_of_wishes_that_is_not_there_is_an_error() {
    let package = Package::new("solutions/x", TEST);
    let said = package.complaint(&[
        ("WASM_BINDGEN_TEST_WEBDRIVER_JSON", "/no/such.json"),
        ("CHROMEDRIVER_REMOTE", &ready_driver()),
    ]);
    assert!(said.contains("/no/such.json"), "{said}");
}

/// The driver takes sessions and then refuses each, so the stock runner tells no result.
#[test]
fn a_run_without_results_does_not_pass_and_is_nobodys_bug() {
    let package = Package::new("solutions/x", TEST);
    let said = package.complaint(&[("CHROMEDRIVER_REMOTE", &ready_driver())]);
    assert!(
        said.contains("without a result of spec::group::works"),
        "{said}"
    );
    assert!(said.contains("WASM_BINDGEN_TEST_ADDRESS"), "{said}");
    assert!(!said.contains("bug in the book"), "{said}");
}

/// A server that says that it is a driver which takes sessions, whatever it is asked.
fn ready_driver() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let _ = stream.read(&mut [0; 4096]);
            let _ = stream.write_all(
                b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 24\r\n\r\n\
                  {\"value\":{\"ready\":true}}",
            );
        }
    });
    url
}

/// The stock runner would take it; here no engine is behind it.
#[test]
fn a_driver_that_is_not_used_is_named() {
    let package = Package::new("solutions/x", TEST);
    let said = package.complaint(&[
        ("KATA_BROWSER", "firefox"),
        ("GECKODRIVER", &package.driver("exit 7")),
        ("CHROMEDRIVER_REMOTE", "http://localhost:1"),
        ("MSEDGEDRIVER", "/opt/msedgedriver"),
    ]);
    for name in ["CHROMEDRIVER_REMOTE", "MSEDGEDRIVER"] {
        assert!(
            said.contains(&format!("note: {name} is not used")),
            "{said}"
        );
    }
}

#[test]
fn the_drivers_own_arguments_reach_it() {
    let package = Package::new("solutions/x", TEST);
    let driver = package.driver("echo called with \"$2\" \"$3\"; exit 7");
    let variables = [
        ("CHROMEDRIVER", &*driver),
        ("CHROMEDRIVER_ARGS", "--verbose '--log-path=a b'"),
    ];
    let said = package.complaint(&variables);
    assert!(
        said.contains("called with --verbose --log-path=a b"),
        "{said}"
    );
    let said = package.sentence(&[variables[0], ("CHROMEDRIVER_ARGS", "'")]);
    assert!(said.contains("CHROMEDRIVER_ARGS='"), "{said}");
}

#[test]
fn a_spec_without_tests_does_not_pass() {
    for folder in ["katas/x", "solutions/x"] {
        let said = Package::new(folder, "memory").complaint(&[]);
        assert!(said.contains("has no test"), "{said}");
        assert!(said.contains(folder), "{said}");
    }
}

#[test]
fn a_program_without_tests_for_a_browser_does_not_pass() {
    let package = Package::new("solutions/x", "memory");
    fs::rename(
        package.folder.join("spec.wasm"),
        package.folder.join("native-0f.wasm"),
    )
    .unwrap();
    let output = package.run_wasm("native-0f.wasm", &[], &[]);
    assert_eq!(output.status.code(), Some(2));
    let said = String::from_utf8(output.stderr).unwrap();
    let advice = "`cargo test --target host-tuple -p solution-x --test native`";
    assert!(said.contains(advice), "{said}");
}

/// `--all-targets` takes it with the spec, and Cargo would end there.
#[test]
fn a_library_without_tests_holds_up_no_spec() {
    let package = Package::new("solutions/x", "memory");
    let wasm = "solution_x-0f.wasm";
    fs::rename(package.folder.join("spec.wasm"), package.folder.join(wasm)).unwrap();
    let output = package.run_wasm(wasm, &[], &[]);
    assert!(output.status.success(), "{output:?}");
    let said = String::from_utf8(output.stdout).unwrap();
    assert!(said.contains("0 passed"), "{said}");
}

/// Cargo's part is a script's: what it is told, and what is said while it works.
#[test]
fn the_runner_is_built_apart_and_not_in_silence() {
    let root = tempfile::tempdir().unwrap();
    let program = |name: &str, script: &str| {
        let path = root.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, format!("#!/bin/sh\n{script}\n")).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
        path
    };
    let cargo = program(
        "cargo",
        "echo \"cargo $1 with ${CARGO_PROFILE_DEV_DEBUG-no profile}\"; sleep ${BUSY-0}",
    );
    let runner = Path::new(env!("CARGO_MANIFEST_DIR")).join("cargo-runner.sh");
    let run = |busy: &str| {
        let started = Instant::now();
        let output = Command::new(&runner)
            .arg(
                root.path()
                    .join("wasm32-unknown-unknown/debug/deps/spec-0f.wasm"),
            )
            .env("CARGO", &cargo)
            .env("BUSY", busy)
            .env("CARGO_PROFILE_DEV_DEBUG", "true")
            .env("CARGO_BUILD_RUSTFLAGS", "-C link-arg=--max-memory=2097152")
            .env("CARGO_ENCODED_RUSTFLAGS", "")
            .output()
            .unwrap();
        let words = |bytes| String::from_utf8(bytes).unwrap();
        (
            words(output.stdout),
            words(output.stderr),
            started.elapsed(),
        )
    };
    // Cargo itself says what it does, the first time.
    assert_eq!(run("0").0, "cargo run with no profile\n");
    program(
        "host/debug/kata-runner",
        "echo \"built with $KATA_BUILT_WITH\" | tr '\\n' ' '",
    );
    let told = "cargo build with no profile\n\
                built with CARGO_BUILD_RUSTFLAGS CARGO_PROFILE_DEV_DEBUG ";
    // The word that is not said makes nobody wait; a busy machine may.
    let quick = (0..3).map(|_| run("0")).min_by_key(|(.., took)| *took);
    let (said, complaint, took) = quick.unwrap();
    assert_eq!((&*said, &*complaint), (told, ""));
    assert!(took < Duration::from_millis(1900), "it waited: {took:?}");
    let (said, complaint, _) = run("3");
    assert_eq!(said, told);
    assert!(complaint.contains("is being built"), "{complaint}");
}

#[test]
fn a_wrong_browser_is_answered_with_the_right_ones() {
    let said = Package::new("katas/x", TEST).complaint(&[("KATA_BROWSER", "netscape")]);
    assert!(said.contains("KATA_BROWSER=netscape"), "{said}");
    assert!(said.contains("chromium, firefox or webkit"), "{said}");
}

#[test]
fn a_missing_browser_is_named_with_the_command_that_installs_it() {
    let said = Package::new("katas/x", TEST).complaint(&[
        ("KATA_BROWSER", "firefox"),
        ("GECKODRIVER", "/no/such/driver"),
    ]);
    assert!(
        said.contains("/no/such/driver is not an executable file"),
        "{said}"
    );
    assert!(
        said.contains("cargo kata test --engine firefox --install"),
        "{said}"
    );
}

#[test]
fn a_driver_that_does_not_start_is_an_error_with_its_words() {
    let package = Package::new("katas/x", TEST);
    let driver = package.driver("echo out of order; exit 7");
    let said = package.complaint(&[("KATA_BROWSER", "chromium"), ("CHROMEDRIVER", &driver)]);
    assert!(said.contains("out of order"), "{said}");
    assert!(said.contains("exit status: 7"), "{said}");
}

// WebKitGTK alone, and the reader's own setting goes first.
#[test]
fn webkit_compiles_in_the_thread_that_runs() {
    let package = Package::new("solutions/x", TEST);
    let driver = package.driver("echo thread: $JSC_useConcurrentJIT.; exit 7");
    let webkit = [("KATA_BROWSER", "webkit"), ("WEBKITDRIVER", &*driver)];
    let said = package.complaint(&webkit);
    assert!(said.contains("thread: 0."), "{said}");
    let said = package.complaint(&[&webkit[..], &[("JSC_useConcurrentJIT", "1")]].concat());
    assert!(said.contains("thread: 1."), "{said}");
    let said = package.complaint(&[("KATA_BROWSER", "chromium"), ("CHROMEDRIVER", &driver)]);
    assert!(said.contains("thread: ."), "{said}");
}
