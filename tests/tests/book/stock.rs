//! Stock Cargo, for whoever does not know `cargo kata`.

use book_tests::repository::{root, target, words, workspace};
use std::process::{Command, Stdio};

/// What a newcomer types without knowing this command: plain Cargo, in a headless browser.
#[test]
fn stock_cargo_fails_with_a_message_that_teaches() {
    let output = cargo_test(&["-p", "kata-detached-view"], "");
    let text = words(&output);
    assert!(!output.status.success());
    assert!(text.contains("byteLength"), "{text}");
    assert!(text.contains("cargo kata hint detached-view"), "{text}");
}

/// In each engine that a reader can name. The stock runner takes WebKitGTK for Safari. All solutions in Chromium; in the
/// others one shows that its browser is found and heard: `cargo kata test` has judged the rest there.
#[test]
fn stock_cargo_passes_for_the_solutions() {
    // Of the same zone as the kata above: its dependencies are compiled.
    let one = ["--quiet", "-p", "solution-detached-view"];
    for (engine, browser, args) in [
        ("chromium", "Chrome", &one[..1]),
        ("firefox", "Firefox", &one),
        ("webkit", "Safari", &one),
    ] {
        let output = cargo_test(args, engine);
        let text = words(&output);
        assert!(output.status.success(), "{engine}: {text}");
        let said = format!("Running headless tests in {browser} ");
        assert!(text.contains(&said), "{engine}: {text}");
    }
}

/// One kata after the other: a failure of one does not hide the next.
#[test]
fn stock_cargo_takes_all_katas_at_once() {
    let output = cargo_test(&["-p", "kata-*", "--no-fail-fast"], "");
    let text = words(&output);
    assert!(!output.status.success());
    for slug in workspace().slugs().unwrap() {
        assert!(
            text.contains(&format!("`-p kata-{slug} --test spec`")),
            "{slug} was not judged:\n{text}"
        );
    }
}

/// `cargo test` in the named engine, or in the first one found if there is no name.
fn cargo_test(args: &[&str], engine: &str) -> std::process::Output {
    Command::new("cargo")
        .arg("test")
        .args(args)
        .env("CARGO_TARGET_DIR", target())
        .env("KATA_BROWSER", engine)
        .current_dir(root())
        .stdin(Stdio::null())
        .output()
        .unwrap()
}
