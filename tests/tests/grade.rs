//! `cargo kata grade` and what hostile files do to it: a clear verdict, and nothing left over.
#![cfg(not(target_family = "wasm"))]
// In a test a panic is the verdict; helpers of tests are tests too.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use book_tests::repository::{Copy, Running, browsers_below, kata, root, run, running, words};
use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

const SLUG: &str = "blocked-loop";

/// Grades a text and answers the exit code and what was printed; no browser may be left over.
fn grade(text: &str, more: &[&str]) -> (Option<i32>, String) {
    grade_in(&root(), SLUG, text, more)
}

fn grade_in(repository: &Path, slug: &str, text: &str, more: &[&str]) -> (Option<i32>, String) {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("lib.rs");
    fs::write(&file, text).unwrap();
    let mut args = vec!["grade", slug, file.to_str().unwrap()];
    args.extend(more);
    let output = kata(repository, &args)
        .env("TMPDIR", dir.path())
        .output()
        .unwrap();
    assert_eq!(
        browsers_below(dir.path()),
        Vec::<u32>::new(),
        "processes were left over"
    );
    (output.status.code(), words(&output))
}

/// Whether a test failed: the summary's own word does not count.
fn has_failed(words: &str) -> bool {
    words
        .lines()
        .any(|line| line.starts_with("chromium  failed "))
}

fn solution(slug: &str) -> String {
    fs::read_to_string(root().join("solutions").join(slug).join("src/lib.rs")).unwrap()
}

/// The solution with something at the head of each async function that it exports.
fn with_at_head(code: &str) -> String {
    let text = solution(SLUG);
    let mut changed = 0;
    let lines: Vec<String> = text
        .lines()
        .map(|line| {
            if line.trim_start().starts_with("pub async fn") && line.ends_with('{') {
                changed += 1;
                format!("{line}\n{code}")
            } else {
                line.to_owned()
            }
        })
        .collect();
    assert!(
        changed > 0,
        "no async function to change in the solution of {SLUG}"
    );
    lines.join("\n")
}

#[test]
fn a_right_answer_passes() {
    let (code, words) = grade(&solution(SLUG), &[]);
    assert_eq!(code, Some(0), "{words}");
    assert!(words.contains(" passed, 0 failed"), "{words}");
}

#[test]
fn a_wrong_answer_fails_and_json_says_how() {
    let text = fs::read_to_string(root().join("katas").join(SLUG).join("src/lib.rs")).unwrap();
    let (code, words) = grade(&text, &["--json"]);
    assert_eq!(code, Some(1), "{words}");
    let mut failed = 0;
    for line in words.lines().filter(|line| line.starts_with('{')) {
        let verdict: serde_json::Value = serde_json::from_str(line).unwrap();
        for key in [
            "zone", "variant", "engine", "test", "outcome", "message", "ms",
        ] {
            assert!(!verdict[key].is_null(), "{line} has no {key}");
        }
        assert_eq!(verdict.as_object().unwrap().len(), 7, "{line}");
        failed += usize::from(verdict["outcome"] == "failed");
    }
    assert!(failed > 0, "{words}");
}

#[test]
fn an_endless_loop_is_a_timeout() {
    // Every test hangs: with the zone's own limit of 10 s each, that would take minutes.
    let copy = Copy::new();
    copy.limit(SLUG, 1000);
    let hangs = with_at_head("    loop { std::hint::black_box(()); }\n");
    let (code, words) = grade_in(copy.path(), SLUG, &hangs, &[]);
    assert_eq!(code, Some(1), "{words}");
    assert!(
        words.contains("timeout") && words.contains("no end within 1 s"),
        "{words}"
    );
}

#[test]
fn an_endless_loop_in_a_frame_is_a_timeout_too() {
    let text = solution("detached-view").replacen(
        "pub fn encode(samples: &[f32]) -> Uint8Array {",
        "pub fn encode(samples: &[f32]) -> Uint8Array {\n    loop { std::hint::black_box(()); }\n    #[allow(unreachable_code)]",
        1,
    );
    let (code, words) = grade_in(&root(), "detached-view", &text, &[]);
    assert_eq!(code, Some(1), "{words}");
    assert!(words.contains("an endless loop"), "{words}");
}

/// No loop and hardly any stack, and yet no end: it must not freeze the page that a frame shares.
#[test]
fn a_recursion_that_branches_in_a_frame_is_a_timeout_too() {
    let text = solution("detached-view").replacen(
        "pub fn encode(samples: &[f32]) -> Uint8Array {",
        "fn grow(n: u32) -> u32 {\n    use std::hint::black_box;\n    if n == 0 { 1 } else { black_box(grow(n - 1)).wrapping_add(black_box(grow(n - 1))) }\n}\n\n\
         pub fn encode(samples: &[f32]) -> Uint8Array {\n    std::hint::black_box(grow(std::hint::black_box(60)));",
        1,
    );
    let (code, words) = grade_in(&root(), "detached-view", &text, &[]);
    assert_eq!(code, Some(1), "{words}");
    assert!(words.contains("an endless loop"), "{words}");
}

/// What a kata does to its worker's globals, and what it tells the judge's server, is no verdict.
#[test]
fn verdicts_cannot_be_forged() {
    let copy = Copy::new();
    copy.limit(SLUG, 1000);
    let tests: Vec<String> = copy
        .workspace()
        .zone(SLUG)
        .unwrap()
        .spec_tests()
        .unwrap()
        .into_iter()
        .map(|test| test.name)
        .collect();
    let reports = format!(
        "const events = {tests:?}.map((test) => (
            {{ type: 'verdict', verdict: {{ test, outcome: 'passed', message: '', panic: null, stack: [], ms: 1 }} }}));
        for (let n = 0; n < 9; n++) for (const job of [n, String(n)]) {{
            const request = new XMLHttpRequest();
            request.open('POST', '/event', false);
            request.send(JSON.stringify({{ job, events }}));
        }}"
    );
    let port = "const { postMessage } = MessagePort.prototype;
        MessagePort.prototype.postMessage = function (message, ...rest) {
            if (message.type === 'done') message.passed = true;
            return postMessage.call(this, message, ...rest);
        };";
    let invoke = "globalThis.__wbg_test_invoke = (f) => { try { f(); } catch {} };";
    for script in [reports.as_str(), port, invoke] {
        let code = format!("    let _ = js_sys::eval({script:?});\n    panic!(\"not a pass\");");
        let (exit, words) = grade_in(copy.path(), SLUG, &with_at_head(&code), &[]);
        assert_eq!(exit, Some(1), "{script}:\n{words}");
        assert!(words.contains("not a pass"), "{script}:\n{words}");
    }
}

#[test]
fn four_gibibytes_are_not_to_be_had() {
    let code = "    for _ in 0..64 { std::mem::forget(std::hint::black_box(Vec::<u8>::with_capacity(64 << 20))); }\n";
    let (exit, words) = grade(&with_at_head(code), &[]);
    assert_eq!(exit, Some(1), "{words}");
    assert!(has_failed(&words), "{words}");
}

#[test]
fn a_gigabyte_of_console_is_not_kept() {
    let code = "    let line = js_sys::JsString::from(\"x\".repeat(1 << 20));\n    \
        let console = js_sys::Reflect::get(&js_sys::global(), &\"console\".into()).unwrap();\n    \
        let log: js_sys::Function = js_sys::Reflect::get(&console, &\"log\".into()).unwrap().into();\n    \
        for _ in 0..1024 { log.call1(&console, &line).unwrap(); }\n    \
        panic!(\"after the flood\");\n";
    let (exit, words) = grade(&with_at_head(code), &["--json"]);
    assert_eq!(exit, Some(1), "{words}");
    assert!(words.contains("after the flood"), "{words}");
    assert!(words.len() < 1 << 20, "{} bytes were printed", words.len());
}

#[test]
fn a_panic_in_a_destructor_is_a_failure() {
    let code = "    struct Bomb;\n    impl Drop for Bomb { fn drop(&mut self) { panic!(\"in a destructor\") } }\n    let _bomb = Bomb;\n";
    let (exit, words) = grade(&with_at_head(code), &[]);
    assert_eq!(exit, Some(1), "{words}");
    assert!(words.contains("in a destructor"), "{words}");
}

#[test]
fn endless_recursion_is_a_failure() {
    let code = "    fn down(n: u64) -> u64 { std::hint::black_box(down(std::hint::black_box(n + 1)) + 1) }\n    \
        std::hint::black_box(down(0));\n";
    let (exit, words) = grade(&with_at_head(code), &[]);
    assert_eq!(exit, Some(1), "{words}");
    assert!(has_failed(&words), "{words}");
}

#[test]
fn what_does_not_compile_cannot_be_graded() {
    let (exit, words) = grade("compile_error!(\"no, thank you\");", &[]);
    assert_eq!(exit, Some(2), "{words}");
    assert!(
        words.contains("no, thank you") && words.contains("lib.rs"),
        "{words}"
    );
}

/// Constants that rustc computes until somebody ends it.
const NEVER: &str = "#![allow(long_running_const_eval)]\npub const NEVER: u64 = { let mut n = 0u64; while n < u64::MAX { n += 1; if n == 7 { n = 0; } } n };\npub fn use_it() -> u64 { NEVER }\n";

#[test]
fn a_killed_grade_leaves_no_compiler() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("lib.rs");
    fs::write(&file, NEVER).unwrap();
    let mut command = kata(&root(), &["grade", "fixed-point", file.to_str().unwrap()]);
    command.env("TMPDIR", dir.path());
    let mut grading = Running::start(&mut command);
    let crate_name = "stage_graded_fixed_point";
    wait_until("the compiler works", || !running(crate_name).is_empty());
    grading.kill();
    wait_until("the compiler has ended", || running(crate_name).is_empty());
    wait_until("the browser has ended", || {
        browsers_below(dir.path()).is_empty()
    });
}

fn wait_until(what: &str, is_so: impl Fn() -> bool) {
    let start = Instant::now();
    while !is_so() {
        assert!(
            start.elapsed() < Duration::from_secs(120),
            "waited in vain: {what}"
        );
        std::thread::sleep(Duration::from_millis(50));
    }
}

#[test]
fn a_build_that_never_ends_is_ended() {
    let start = Instant::now();
    let (exit, words) = grade_in(&root(), "stable-sum", NEVER, &["--build-limit", "10"]);
    assert_eq!(exit, Some(2), "{words}");
    assert!(words.contains("did not end within 10 s"), "{words}");
    assert!(start.elapsed() < Duration::from_secs(300));
    assert_eq!(
        running("stage_graded_stable_sum"),
        Vec::<u32>::new(),
        "a compiler still works"
    );
}

#[test]
fn a_file_that_is_not_there_and_a_zone_that_is_not_there_are_errors() {
    let output = run(&root(), &["grade", SLUG, "/no/such/lib.rs"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(
        words(&output).contains("/no/such/lib.rs"),
        "{}",
        words(&output)
    );
    let output = run(&root(), &["grade", "no-such-zone", "Cargo.toml"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(
        words(&output).contains("blocked-loop"),
        "the error lists no zones: {}",
        words(&output)
    );
}

#[test]
fn what_is_no_source_cannot_be_graded() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("lib.rs");
    fs::write(&file, b"// \xff\xfe\n").unwrap();
    for (file, reason) in [
        (file.to_str().unwrap(), "UTF-8"),
        ("/dev/zero", "larger than"),
    ] {
        let output = run(&root(), &["grade", SLUG, file]);
        assert_eq!(output.status.code(), Some(2), "{file}");
        assert!(words(&output).contains(reason), "{}", words(&output));
    }
}
