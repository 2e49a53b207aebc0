//! `cargo kata grade` and what hostile files do to it: a clear verdict, and nothing left over.

use book_tests::repository::{Copy, Running, browsers_below, kata, root, run, running, words};
use kata_zones::Host;
use std::collections::BTreeSet;
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

/// A zone of one test, which costs each hostile file no more than it must: the zone of `cargo kata
/// new`, whose test calls `double(21)`.
struct Yard {
    repository: Copy,
    host: Host,
}

impl Yard {
    const SLUG: &str = "hostile-yard";

    fn new(host: Host) -> Self {
        let repository = Copy::new();
        let made = run(repository.path(), &["new", Self::SLUG]);
        assert!(made.status.success(), "{}", words(&made));
        let yard = Self { repository, host };
        if host == Host::Frame {
            yard.change("katas/hostile-yard/kata.toml", "\"worker\"", "\"frame\"");
            let spec = "tests/specs/hostile_yard.rs";
            yard.change(spec, "run_in_dedicated_worker", "run_in_browser");
        }
        yard
    }

    fn change(&self, file: &str, from: &str, to: &str) {
        let text = self.repository.read(file);
        assert!(text.contains(from), "{file} has no {from}");
        self.repository.write(file, &text.replace(from, to));
    }

    /// Grades the solution with these lines at the head of `double`, and answers what [`grade`] does.
    fn grade(&self, items: &str, head: &str, more: &[&str]) -> (Option<i32>, String) {
        let file = format!("solutions/{}/src/lib.rs", Self::SLUG);
        let solution = self.repository.read(&file);
        let signature = "pub fn double(n: u32) -> u32 {";
        assert!(solution.contains(signature), "{solution}");
        let text = solution.replace(
            signature,
            &format!("{items}\n#[allow(unreachable_code)]\n{signature}\n{head}"),
        );
        grade_in(self.repository.path(), Self::SLUG, &text, more)
    }
}

#[test]
fn a_right_answer_passes() {
    let text = fs::read_to_string(root().join("solutions").join(SLUG).join("src/lib.rs")).unwrap();
    let (code, words) = grade(&text, &[]);
    assert_eq!(code, Some(0), "{words}");
    assert!(words.contains(" passed, 0 failed"), "{words}");
}

/// A lint, a flag, a wrapper or a profile of the reader's own decides no verdict, and an answer may have
/// modules.
#[test]
fn a_right_answer_passes_whatever_the_reader_has_set() {
    let dir = tempfile::tempdir().unwrap();
    let solution = root().join("solutions").join(SLUG).join("src/lib.rs");
    let text = fs::read_to_string(solution).unwrap();
    let lib = format!("{text}\nmod more;\n#[deny(warnings)]\nfn unused() {{ let unused = 1; }}\n");
    let answer = dir.path().join("answer");
    fs::create_dir_all(answer.join("src")).unwrap();
    fs::write(answer.join("src/lib.rs"), lib).unwrap();
    let grade = |path: &Path| {
        let output = kata(&root(), &["grade", SLUG, path.to_str().unwrap()])
            .env("RUSTFLAGS", "-D warnings")
            .env("RUSTC_WRAPPER", "/no/such/wrapper")
            .env("CARGO_PROFILE_RELEASE_OPT_LEVEL", "0")
            .env("CARGO_PROFILE_RELEASE_PANIC", "abort")
            .env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER", "/no/such/ld")
            .output()
            .unwrap();
        (output.status.code(), words(&output))
    };
    let (code, words) = grade(&answer.join("src/lib.rs"));
    assert_eq!(code, Some(2), "{words}");
    assert!(
        words.contains("E0583") && words.contains("by its folder"),
        "{words}"
    );
    fs::write(answer.join("src/more.rs"), "//! A module.\n").unwrap();
    for folder in [&answer, &answer.join("src")] {
        let (code, words) = grade(folder);
        assert_eq!(code, Some(0), "{words}");
        assert!(words.contains(" passed, 0 failed"), "{words}");
    }
    let (code, words) = grade(dir.path());
    assert_eq!(code, Some(2), "{words}");
    assert!(
        words.contains("holds neither lib.rs nor src/lib.rs"),
        "{words}"
    );
}

#[test]
fn a_wrong_answer_fails_and_json_says_how() {
    let text = fs::read_to_string(root().join("katas").join(SLUG).join("src/lib.rs")).unwrap();
    let (code, words) = grade(&text, &["--json", "--engine", "chromium,firefox,webkit"]);
    assert_eq!(code, Some(1), "{words}");
    // The engines whose stacks name a function of Rust: each writes them in its own way.
    let mut told = BTreeSet::new();
    for line in words.lines().filter(|line| line.starts_with('{')) {
        let verdict: serde_json::Value = serde_json::from_str(line).unwrap();
        for key in [
            "zone", "variant", "engine", "test", "outcome", "message", "ms",
        ] {
            assert!(!verdict[key].is_null(), "{line} has no {key}");
        }
        let failed = verdict["outcome"] == "failed";
        let keys = verdict.as_object().unwrap().len();
        assert!(keys == 7 || failed && keys <= 9, "{line}");
        if failed {
            assert!(verdict["location"].to_string().contains(".rs:"), "{line}");
            if verdict["stack"]
                .to_string()
                .contains("spec::spec::bounded::")
            {
                told.insert(verdict["engine"].to_string());
            }
        }
    }
    assert_eq!(told.len(), 3, "{told:?}: {words}");
}

#[test]
fn an_endless_loop_is_a_timeout() {
    let yard = Yard::new(Host::Worker);
    yard.repository.limit(Yard::SLUG, 1000);
    let (code, words) = yard.grade("", "loop { std::hint::black_box(()); }", &[]);
    assert_eq!(code, Some(1), "{words}");
    assert!(
        words.contains("timeout") && words.contains("no end within 1 s"),
        "{words}"
    );
}

/// A frame shares the page's thread: what spins there is stopped from within, at once.
#[test]
fn an_endless_loop_in_a_frame_is_a_timeout_too() {
    let yard = Yard::new(Host::Frame);
    let (code, words) = yard.grade("", "loop { std::hint::black_box(()); }", &[]);
    assert_eq!(code, Some(1), "{words}");
    assert!(words.contains("an endless loop"), "{words}");
}

/// No loop and hardly any stack, and yet no end: it must not freeze the page that a frame shares.
#[test]
fn a_recursion_that_branches_in_a_frame_is_a_timeout_too() {
    let grow = "fn grow(n: u32) -> u32 {
        use std::hint::black_box;
        if n == 0 { 1 } else { black_box(grow(n - 1)).wrapping_add(black_box(grow(n - 1))) }
    }";
    let head = "std::hint::black_box(grow(std::hint::black_box(60)));";
    let (code, words) = Yard::new(Host::Frame).grade(grow, head, &[]);
    assert_eq!(code, Some(1), "{words}");
    assert!(words.contains("an endless loop"), "{words}");
}

/// What a kata does to its worker's globals, and what it tells the judge's server, is no verdict.
#[test]
fn verdicts_cannot_be_forged() {
    let yard = Yard::new(Host::Worker);
    let reports = "const verdict = { test: 'doubles_a_number', outcome: 'passed', message: '', panic: null, stack: [], ms: 1 };
        for (let n = 0; n < 9; n++) for (const job of [n, String(n)]) {
            const request = new XMLHttpRequest();
            request.open('POST', '/event', false);
            request.send(JSON.stringify({ job, events: [{ type: 'verdict', verdict }] }));
        }";
    let port = "const { postMessage } = MessagePort.prototype;
        MessagePort.prototype.postMessage = function (message, ...rest) {
            if (message.type === 'done') message.passed = true;
            return postMessage.call(this, message, ...rest);
        };";
    let invoke = "globalThis.__wbg_test_invoke = (f) => { try { f(); } catch {} };";
    for script in [reports, port, invoke] {
        let head = format!("let _ = js_sys::eval({script:?});\npanic!(\"not a pass\");");
        let (exit, words) = yard.grade("", &head, &[]);
        assert_eq!(exit, Some(1), "{script}:\n{words}");
        assert!(words.contains("not a pass"), "{script}:\n{words}");
    }
}

#[test]
fn four_gibibytes_are_not_to_be_had() {
    let head = "for _ in 0..64 { std::mem::forget(std::hint::black_box(Vec::<u8>::with_capacity(64 << 20))); }";
    for host in [Host::Worker, Host::Frame] {
        let yard = Yard::new(host);
        let (exit, words) = yard.grade("", head, &[]);
        assert_eq!(exit, Some(1), "{:?}: {words}", yard.host);
        assert!(has_failed(&words), "{:?}: {words}", yard.host);
    }
}

#[test]
fn a_gigabyte_of_console_is_not_kept() {
    let head = "let line = js_sys::JsString::from(\"x\".repeat(1 << 20));
        let console = js_sys::Reflect::get(&js_sys::global(), &\"console\".into()).unwrap();
        let log: js_sys::Function = js_sys::Reflect::get(&console, &\"log\".into()).unwrap().into();
        for _ in 0..1024 { log.call1(&console, &line).unwrap(); }
        panic!(\"after the flood\");";
    let (exit, words) = Yard::new(Host::Worker).grade("", head, &["--json"]);
    assert_eq!(exit, Some(1), "{words}");
    assert!(words.contains("after the flood"), "{words}");
    assert!(words.len() < 1 << 20, "{} bytes were printed", words.len());
}

#[test]
fn a_panic_in_a_destructor_is_a_failure() {
    let bomb =
        "struct Bomb;\nimpl Drop for Bomb { fn drop(&mut self) { panic!(\"in a destructor\") } }";
    let (exit, words) = Yard::new(Host::Worker).grade(bomb, "let _bomb = Bomb;", &[]);
    assert_eq!(exit, Some(1), "{words}");
    assert!(words.contains("in a destructor"), "{words}");
}

#[test]
fn endless_recursion_is_a_failure() {
    let down =
        "fn down(n: u64) -> u64 { std::hint::black_box(down(std::hint::black_box(n + 1)) + 1) }";
    let (exit, words) = Yard::new(Host::Worker).grade(down, "std::hint::black_box(down(0));", &[]);
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
