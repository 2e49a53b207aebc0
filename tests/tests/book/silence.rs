//! Whoever waits is told so within moments: nothing here takes minutes without a word.

use book_tests::repository::{Copy, Running, kata, root};
use std::fs::{self, File};
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::mpsc;
use std::time::Duration;

/// Moments, on a machine that is busy with all the other tests.
const PATIENCE: Duration = Duration::from_secs(30);

/// What a command says on standard error until some words come. It is ended then.
fn said(command: &mut Command, words: &str) {
    let mut running = Running::start(
        command
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped()),
    );
    let lines = BufReader::new(running.stderr()).lines();
    let (sender, heard) = mpsc::channel();
    std::thread::spawn(move || {
        lines
            .map_while(Result::ok)
            .try_for_each(|line| sender.send(line))
    });
    let mut text = String::new();
    while !text.contains(words) {
        let line = heard.recv_timeout(PATIENCE);
        text += &line.unwrap_or_else(|_| panic!("no word of `{words}`: {text}"));
    }
}

/// `cargo kata list` in a clone whose target folder is this one.
fn list(clone: &Path, target: &Path) -> Command {
    let mut cargo = Command::new("cargo");
    cargo
        .args(["kata", "list"])
        .current_dir(clone)
        .env("CARGO_TARGET_DIR", target)
        .env_remove("CARGO_TERM_QUIET");
    cargo
}

/// Cargo's own words while it compiles the tools, and while another Cargo has the folder.
#[test]
fn the_very_first_command_and_one_that_waits_say_so() {
    let copy = Copy::new();
    let target = tempfile::tempdir().unwrap();
    said(&mut list(copy.path(), target.path()), "Compiling ");
    let host = fs::read_dir(target.path())
        .unwrap()
        .map(|entry| entry.unwrap().path().join("debug"))
        .find(|debug| debug.join(".cargo-lock").is_file());
    let held = File::open(host.unwrap().join(".cargo-lock")).unwrap();
    held.lock().unwrap();
    said(&mut list(copy.path(), target.path()), "Blocking ");
}

/// The tools are there, and what all katas are compiled with is not.
#[test]
fn the_first_kata_is_announced() {
    let target = tempfile::tempdir().unwrap();
    let solution = root().join("solutions/detached-view/src/lib.rs");
    let args = ["grade", "detached-view", solution.to_str().unwrap()];
    let mut grade = kata(&root(), &args);
    grade.env("CARGO_TARGET_DIR", target.path());
    said(&mut grade, "compiles what all katas need");
}
