//! The command line: interruptions, and the reader's own commands.

use book_tests::repository::{
    Copy, PATIENCE, Running, browsers_below, kata, kill, root, run, target, words, workers_below,
};
use std::collections::BTreeSet;
use std::fs;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

const SLUG: &str = "blocked-loop";
/// A zone whose tests wait for nothing.
const QUICK: &str = "detached-view";

fn solution(slug: &str) -> String {
    fs::read_to_string(root().join("solutions").join(slug).join("src/lib.rs")).unwrap()
}

/// However a test run ends, no browser outlives it.
#[test]
fn an_ended_test_run_leaves_no_browser() {
    for kill in [false, true] {
        let dir = tempfile::tempdir().unwrap();
        let mut command = kata(&root(), &["test", SLUG, "--engine", "chromium,firefox"]);
        let mut running = Running::start(
            command
                .env("TMPDIR", dir.path())
                .stdout(Stdio::null())
                .stderr(Stdio::null()),
        );
        let start = Instant::now();
        while browsers_below(dir.path()).len() < 3 {
            assert!(
                start.elapsed() < Duration::from_secs(120),
                "no browser came up"
            );
            std::thread::sleep(Duration::from_millis(50));
        }
        if kill {
            running.kill();
        } else {
            assert!(running.interrupt(PATIENCE), "the interrupt was not heard");
        }
        wait_until_no_browser(dir.path());
    }
}

/// A browser that dies is no verdict: what it ran is run once more. What dies again could not be
/// judged, and that is neither passed nor failed.
#[test]
fn a_lost_browser_is_replaced_once() {
    for (slug, variant, kills, code, said) in [
        ("closure-lifetime", "attempts", 1, 0, ", 0 failed"),
        (SLUG, "solution", 1, 0, ", 0 failed"),
        // Its first tests take a quarter of a second and more, so each dies twice.
        ("silent-fetch", "solution", 4, 2, "could not be judged"),
    ] {
        let dir = tempfile::tempdir().unwrap();
        let args = ["test", slug, "--variant", variant, "--engine", "chromium"];
        let mut command = kata(&root(), &args);
        let mut child = command
            .env("TMPDIR", dir.path())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let end = Instant::now() + Duration::from_secs(120);
        let mut killed = 0;
        while child.try_wait().unwrap().is_none() && killed < kills {
            if let Some(pid) = workers_below(dir.path()).first() {
                kill(*pid);
                killed += 1;
            }
            assert!(Instant::now() < end, "no test ran");
            std::thread::sleep(Duration::from_millis(30));
        }
        let output = child.wait_with_output().unwrap();
        assert!(killed > 0, "{}", words(&output));
        assert_eq!(output.status.code(), Some(code), "{}", words(&output));
        assert!(words(&output).contains(said), "{}", words(&output));
        wait_until_no_browser(dir.path());
    }
}

/// No browser whose profile is below a folder outlives its command for long.
fn wait_until_no_browser(folder: &Path) {
    let end = Instant::now();
    while !browsers_below(folder).is_empty() {
        assert!(
            end.elapsed() < Duration::from_secs(20),
            "left over: {:?}",
            browsers_below(folder)
        );
        std::thread::sleep(Duration::from_millis(50));
    }
}

/// An interrupted build leaves the old site as it was, and no staging folder.
#[test]
fn an_ended_build_leaves_the_old_site() {
    let dir = tempfile::tempdir().unwrap();
    let out = dir.path().join("site");
    let args = ["build", "--out", out.to_str().unwrap()];
    assert!(run(&root(), &args).status.success());
    let before = fs::read(out.join("index.html")).unwrap();
    for delay in [50, 150, 300, 600, 1200] {
        let mut running = Running::start(
            kata(&root(), &args)
                .stdout(Stdio::null())
                .stderr(Stdio::null()),
        );
        std::thread::sleep(Duration::from_millis(delay));
        assert!(running.interrupt(PATIENCE));
        assert_eq!(
            fs::read(out.join("index.html")).unwrap(),
            before,
            "after {delay} ms"
        );
        let names: Vec<_> = fs::read_dir(dir.path())
            .unwrap()
            .map(|entry| entry.unwrap().file_name())
            .collect();
        assert_eq!(names, ["site"], "after {delay} ms");
    }
}

/// A build that waits for another one can be interrupted, too. From its first word on: shells start
/// jobs in the background with the interrupt ignored, so one that comes before `kata` listens is lost.
#[test]
fn a_build_that_waits_for_another_can_be_ended() {
    let state = tempfile::tempdir().unwrap();
    fs::create_dir_all(state.path().join("kata/stages")).unwrap();
    let stage = fs::File::create(state.path().join("kata/stages/.lock")).unwrap();
    stage.lock().unwrap();
    for _ in 0..5 {
        let mut command = in_background(&kata(&root(), &["build", "--out", "target/never"]));
        command.env("CARGO_TARGET_DIR", state.path());
        let mut running = Running::start(command.stderr(Stdio::piped()));
        let mut said = String::new();
        let mut lines = BufReader::new(running.stderr());
        while !said.contains("another `cargo kata` is compiling") {
            assert!(lines.read_line(&mut said).unwrap() > 0, "it said: {said}");
        }
        assert!(running.interrupt(PATIENCE), "still running");
    }
}

/// The same command as a shell's job in the background.
fn in_background(command: &Command) -> Command {
    let mut shell = Command::new("sh");
    shell
        .args(["-c", "trap '' INT; exec \"$0\" \"$@\""])
        .arg(command.get_program())
        .args(command.get_args());
    if let Some(dir) = command.get_current_dir() {
        shell.current_dir(dir);
    }
    shell.stdin(Stdio::null());
    shell
}

#[test]
fn build_replaces_nothing_that_it_did_not_make() {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("thesis.txt"), "years of work").unwrap();
    let output = run(&root(), &["build", "--out", dir.path().to_str().unwrap()]);
    assert_eq!(output.status.code(), Some(2));
    assert!(
        words(&output).contains("was not made by this command"),
        "{}",
        words(&output)
    );
    assert_eq!(
        fs::read_to_string(dir.path().join("thesis.txt")).unwrap(),
        "years of work"
    );
}

#[test]
fn hints_come_one_at_a_time() {
    let copy = Copy::new();
    let state = tempfile::tempdir().unwrap();
    let hint = |more: &[&str]| {
        let mut args = vec!["hint", SLUG];
        args.extend(more);
        let output = kata(copy.path(), &args)
            .env("CARGO_TARGET_DIR", state.path())
            .output()
            .unwrap();
        String::from_utf8(output.stdout)
            .unwrap()
            .matches("Hint ")
            .count()
    };
    assert_eq!([hint(&[]), hint(&[]), hint(&[]), hint(&[])], [1, 2, 3, 3]);
    assert_eq!(hint(&["--again"]), 1);
}

#[test]
fn reset_restores_the_kata_and_keeps_the_readers_file() {
    let copy = Copy::new();
    let file = format!("katas/{SLUG}/src/lib.rs");
    let original = copy.read(&file);
    copy.write(&file, "// my work\n");
    let output = run(copy.path(), &["reset", SLUG]);
    assert!(output.status.success(), "{}", words(&output));
    assert_eq!(copy.read(&file), original);
    let text = words(&output);
    let backup = text
        .split_whitespace()
        .map(|word| word.trim_end_matches('.'))
        .find(|word| word.ends_with(".bak"));
    assert_eq!(
        copy.read(backup.unwrap_or_else(|| panic!("no backup is named in {text}"))),
        "// my work\n"
    );
}

#[test]
fn list_tells_every_zone_and_its_state() {
    let copy = Copy::new();
    copy.write(&format!("katas/{SLUG}/src/lib.rs"), "// my work\n");
    let text = words(&run(copy.path(), &["list"]));
    for zone in copy.workspace().zones().unwrap() {
        let line = text
            .lines()
            .find(|line| line.starts_with(&zone.slug))
            .unwrap();
        let state = if zone.slug == SLUG {
            "edited"
        } else {
            "untouched"
        };
        assert!(line.contains(state), "{line}");
    }
}

/// `cargo kata list | head -1`, and the same for what runs longer and has browsers to end.
#[test]
fn a_reader_who_has_seen_enough_is_no_fault() {
    for args in [&["list"][..], &["test", QUICK, "--engine", "chromium"]] {
        let dir = tempfile::tempdir().unwrap();
        let mut child = kata(&root(), args)
            .env("TMPDIR", dir.path())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        drop(child.stdout.take());
        let output = child.wait_with_output().unwrap();
        assert_eq!(output.status.code(), Some(141), "{}", words(&output));
        assert!(!words(&output).contains("panicked"), "{}", words(&output));
        wait_until_no_browser(dir.path());
    }
    // A disk that is full is one.
    if let Ok(full) = fs::File::options().write(true).open("/dev/full") {
        let output = kata(&root(), &["list"]).stdout(full).output().unwrap();
        assert_eq!(output.status.code(), Some(2), "{}", words(&output));
        let said = words(&output);
        assert!(
            said.starts_with("error: ") && said.contains("No space left"),
            "{said}"
        );
    }
}

#[test]
fn new_writes_a_zone_that_compiles_and_that_check_calls_unfinished() {
    let copy = Copy::new();
    assert!(run(copy.path(), &["new", "next-trap"]).status.success());
    let output = run(copy.path(), &["check", "--files-only"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(
        words(&output).contains("`title` is empty"),
        "{}",
        words(&output)
    );
    let output = run(
        copy.path(),
        &[
            "test",
            "next-trap",
            "--variant",
            "solution",
            "--engine",
            "chromium",
        ],
    );
    assert!(output.status.success(), "{}", words(&output));
}

/// As a program that was killed at its work would leave it, or a full disk.
#[test]
fn half_a_bundle_is_made_again() {
    let copy = Copy::new();
    let slug = "half-made";
    let made = run(copy.path(), &["new", slug]);
    assert!(made.status.success(), "{}", words(&made));
    let judge = || {
        let variant = ["--variant", "solution", "--engine", "chromium"];
        let output = run(copy.path(), &[&["test", slug][..], &variant].concat());
        assert!(output.status.success(), "{}", words(&output));
    };
    judge();
    let made = target().join(format!("kata/bundles/release/{slug}/solution"));
    for bundle in fs::read_dir(made).unwrap() {
        let bundle = bundle.unwrap().path();
        fs::remove_file(bundle.join("bundle.json")).unwrap();
        fs::write(bundle.join("spec_bg.wasm"), "half").unwrap();
    }
    judge();
}

/// A kata that the reader has solved is no failure, except for `check`.
#[test]
fn a_solved_kata_is_reported_as_solved() {
    let copy = Copy::new();
    copy.write(&format!("katas/{QUICK}/src/lib.rs"), &solution(QUICK));
    let args = ["test", QUICK, "--variant", "kata", "--engine", "chromium"];
    let output = run(copy.path(), &args);
    assert!(output.status.success(), "{}", words(&output));
    assert!(words(&output).contains("solved"), "{}", words(&output));
    let state = || {
        let list = words(&run(copy.path(), &["list"]));
        let mut lines = list.lines();
        let line = lines.find(|line| line.starts_with(QUICK)).unwrap();
        line.split_whitespace().nth(1).unwrap().to_owned()
    };
    assert_eq!(state(), "solved");
    // All of an answer is the answer, and a verdict for a program is one.
    let more = format!("katas/{QUICK}/src/more.rs");
    copy.write(&more, "//! Nothing.\n");
    assert_eq!(state(), "edited");
    let again = run(copy.path(), &[&args[..], &["--json"]].concat());
    assert!(again.status.success(), "{}", words(&again));
    assert_eq!(state(), "solved");
    fs::remove_file(copy.path().join(more)).unwrap();
    // The last line of standard output: a note that another build goes first is on the other stream.
    let printed = String::from_utf8_lossy(&output.stdout);
    assert!(
        printed.trim_end().ends_with(" 0 failed"),
        "{}",
        words(&output)
    );
    let output = run(copy.path(), &["check", QUICK, "--engine", "chromium"]);
    assert_eq!(output.status.code(), Some(1), "{}", words(&output));
}

/// `check` notices what only a run can show: words that do not come, a question that no choice
/// answers, an attempt that passes and a solution that does not. Each fault is in another place.
#[test]
fn check_catches_behaviour_that_is_not_declared() {
    let copy = Copy::new();
    let file = format!("katas/{QUICK}/kata.toml");
    let attempt = &copy.workspace().zone(QUICK).unwrap().manifest.attempts[0].name;
    let right = solution(QUICK);
    copy.write(&format!("tests/attempts/{QUICK}/{attempt}.rs"), &right);
    let broken = copy.read(&format!("katas/{QUICK}/src/lib.rs"));
    copy.write(&format!("solutions/{QUICK}/src/lib.rs"), &broken);
    // The proofs edit the solution that was there. What only they have seen fail is excused.
    let zone = copy.workspace().zone(QUICK).unwrap();
    let attempts = zone.manifest.attempts.iter().flat_map(|a| &a.fails);
    let declared: BTreeSet<&str> = (zone.manifest.fails.iter().chain(attempts))
        .map(|failure| failure.test.as_str())
        .collect();
    let tests = zone.spec_tests().unwrap();
    let mut others = tests.iter().filter(|t| !declared.contains(t.name.as_str()));
    let unproved = &others.next().unwrap().name;
    let proof = format!(
        "[[proof]]\nfind = \"pub use contract::*;\"\nreplace = \"pub use contract::*;\\n\"\nfails = [{{ test = \"{unproved}\", words = \"no\" }}]\n"
    );
    let excused: String = others
        .map(|t| {
            format!(
                "[[excused]]\ntest = \"{}\"\nreason = \"Not now.\"\n",
                t.name
            )
        })
        .collect();
    copy.write(&format!("tests/proofs/{QUICK}.toml"), &(proof + &excused));
    let manifest = copy.read(&file);
    let (head, rest) = manifest.split_once("[predict]").unwrap();
    let (predict, fails) = rest.split_once("[[fails]]").unwrap();
    let predict = predict
        .replace("words = \"", "words = \"quite other ")
        .replace("passes = true", "passes = false");
    let words_line = fails.lines().find(|l| l.starts_with("words = ")).unwrap();
    let fails = fails.replacen(words_line, "words = \"no such words\"", 1);
    copy.write(&file, &format!("{head}[predict]{predict}[[fails]]{fails}"));

    let output = run(copy.path(), &["check", QUICK, "--engine", "chromium"]);
    assert_eq!(output.status.code(), Some(1), "{}", words(&output));
    let text = words(&output);
    // What fails again is said again, at the end.
    let (_, text) = text.split_once("NOT AS DECLARED, both times:").unwrap();
    assert!(!text.contains("as declared"), "{text}");
    for fault in [
        "is declared to fail with the words `no such words`",
        "makes 0 choices of the predict question right",
        "is declared to fail, but it passed",
        "must pass, but",
        &format!("no longer turns {unproved} red"),
    ] {
        assert!(text.contains(fault), "no `{fault}` in:\n{text}");
    }
}

/// A gate on any machine: by a policy, with every file's reason, and none of them hides the others.
#[test]
fn gate_says_of_every_file_whether_it_may_pass_and_why() {
    let dir = tempfile::tempdir().unwrap();
    let file = |name: &str, bytes: &[u8]| {
        let path = dir.path().join(name);
        fs::write(&path, bytes).unwrap();
        path.to_str().unwrap().to_owned()
    };
    let empty = file("empty.wasm", b"\0asm\x01\0\0\0");
    // A function that answers two numbers, exported as `f`.
    let two = file(
        "two.wasm",
        b"\0asm\x01\0\0\0\x01\x06\x01\x60\0\x02\x7f\x7f\x03\x02\x01\0\x07\x05\x01\x01f\0\0\x0a\x08\x01\x06\0\x41\x01\x41\x02\x0b",
    );
    let text = file("text.wasm", b"(module)");
    let none = dir.path().join("none.wasm").to_str().unwrap().to_owned();

    let output = run(&root(), &["gate", &text, &none, &two, &empty]);
    assert_eq!(output.status.code(), Some(1));
    let said = words(&output);
    for line in [
        "text.wasm: this is no WebAssembly",
        "none.wasm: No such file",
        "two.wasm: multi-value is not allowed, and needed at 0xb",
        "empty.wasm: passes",
        "export     function \"f\"",
        "sha256     93a44bbb96c751218e4c00d479e4c14358122a389acca16205b1e4d0dc5f9476",
        "1 pass, 3 do not",
    ] {
        assert!(said.contains(line), "no `{line}` in:\n{said}");
    }

    // Two exports of one name, which is the beginning of an escape sequence and stands in the reason.
    let twice = file(
        "twice.wasm",
        b"\0asm\x01\0\0\0\x01\x04\x01\x60\0\0\x03\x02\x01\0\x07\x0b\x02\x02\x1b[\0\0\x02\x1b[\0\0\x0a\x04\x01\x02\0\x0b",
    );
    for quiet in [&[][..], &["--quiet"]] {
        let output = run(&root(), &[&["gate", &twice], quiet].concat());
        let said = String::from_utf8(output.stdout).unwrap();
        assert_eq!(output.status.code(), Some(1), "{said}");
        assert!(
            said.contains(r"\u{1b}[") && !said.contains('\u{1b}'),
            "a stranger's name moves the cursor: {said:?}"
        );
    }

    // It ends, although the file does not.
    let output = run(&root(), &["gate", "/dev/zero"]);
    let said = words(&output);
    assert!(
        output.status.code() == Some(1) && said.contains("more than 16777216 bytes"),
        "{said}"
    );

    let policy = file("some.policy", b"allow multi-value # and no more\n");
    let output = run(&root(), &["gate", "--json", "--policy", &policy, &two]);
    assert!(output.status.success(), "{}", words(&output));
    let found: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(found["refused"], serde_json::Value::Null);
    assert_eq!(found["needs"][0]["proposal"], "multi-value");
    assert_eq!(found["exports"][0]["name"], "f");
    assert_eq!(found["file"].as_str(), Some(two.as_str()));

    let policy = file("no.policy", b"allow multi-value\nallow magic\n");
    let output = run(&root(), &["gate", "--policy", &policy, &two]);
    let said = words(&output);
    assert_eq!(output.status.code(), Some(2), "{said}");
    assert!(
        said.contains("no.policy") && said.contains("line 2") && said.contains("magic"),
        "{said}"
    );
}
