//! `cargo kata watch`: a reader at work in a terminal, or in what is none.

use book_tests::repository::{Copy, PATIENCE, Running, browsers_below, kata};
use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::process::{ChildStdin, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

const SLUG: &str = "detached-view";
const LIB: &str = "katas/detached-view/src/lib.rs";

/// A cold compiler and a browser that starts, on a machine that does more than this.
const SLOW: Duration = Duration::from_secs(240);

/// The command, and what it says line by line.
struct Watch {
    running: Running,
    input: ChildStdin,
    lines: Receiver<String>,
}

impl Watch {
    fn start(copy: &Copy, args: &[&str], temporary: &std::path::Path) -> Self {
        let mut command = kata(copy.path(), &[&["watch"], args].concat());
        command
            .env("TMPDIR", temporary)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped());
        let mut running = Running::start(&mut command);
        let input = running.stdin();
        let (sender, lines) = channel();
        let output = BufReader::new(running.stdout());
        std::thread::spawn(move || {
            for line in output.lines().map_while(Result::ok) {
                let _ = sender.send(line);
            }
        });
        Self {
            running,
            input,
            lines,
        }
    }

    fn press(&mut self, key: &str) {
        writeln!(self.input, "{key}").unwrap();
    }

    /// Everything up to the line with these words.
    fn until(&self, words: &str) -> Vec<String> {
        let begun = Instant::now();
        let mut said = Vec::new();
        loop {
            let left = SLOW.saturating_sub(begun.elapsed());
            match self.lines.recv_timeout(left) {
                Ok(line) => said.push(line),
                Err(_) => panic!("nobody says `{words}`: {said:#?}"),
            }
            if said.last().unwrap().contains(words) {
                return said;
            }
        }
    }

    /// Nothing is judged for so long.
    fn is_quiet(&self, time: Duration) -> bool {
        self.lines.recv_timeout(time).is_err()
    }
}

#[test]
fn every_save_is_judged_until_all_rules_hold() {
    let copy = Copy::new();
    let temporary = tempfile::tempdir().unwrap();
    let zone = copy.workspace().zone(SLUG).unwrap();
    let broken = copy.read(LIB);
    let solution = fs::read_to_string(zone.solution_lib()).unwrap();
    let mut watch = Watch::start(&copy, &[SLUG], temporary.path());
    watch.until("Type a letter and Enter: r rerun");
    let said = watch.until("rules hold");
    let first = said.iter().position(|line| line.starts_with('✗')).unwrap();
    assert!(said[first].contains("(broken)"), "{said:#?}");
    assert!(
        said[first + 1].starts_with("    "),
        "a rule without its reason: {said:#?}"
    );
    assert!(said.last().unwrap().contains(" broken, "), "{said:#?}");

    watch.press("h");
    watch.until("Hint 1 of 3");
    watch.press("h");
    watch.until("Hint 2 of 3");
    watch.press("d");
    watch.until("once every rule holds");

    // In place, and in two steps that are further apart than what is waited for: the newer text counts.
    copy.write(LIB, &broken[..broken.len() / 2]);
    std::thread::sleep(Duration::from_millis(200));
    copy.write(LIB, &format!("{broken}\nfn oops( {{\n"));
    let said = watch.until("It does not compile");
    let further = watch.until("lib.rs:");
    assert!(
        further.iter().any(|line| line.contains("error")),
        "{said:#?}{further:#?}"
    );

    // As many editors save: written beside it and renamed, with a backup that is no source.
    copy.write("katas/detached-view/src/.lib.rs.swp", "x");
    copy.write("katas/detached-view/src/4913", "x");
    let new = copy.path().join("katas/detached-view/src/lib.rs.new");
    fs::write(&new, format!("{solution}\n// mine\n")).unwrap();
    fs::rename(&new, copy.path().join(LIB)).unwrap();
    fs::remove_file(copy.path().join("katas/detached-view/src/4913")).unwrap();
    let said = watch.until("rules hold");
    let count = zone.spec_tests().unwrap().len();
    assert!(
        said.last()
            .unwrap()
            .contains(&format!("All {count} rules hold: ")),
        "{said:#?}"
    );
    assert!(
        watch.is_quiet(Duration::from_secs(2)),
        "one save is judged twice"
    );

    watch.press("d");
    watch.until("-// mine");
    watch.press("r");
    watch.until(&format!("All {count} rules hold: "));
    watch.press("e");
    watch.until(&format!("All {count} rules hold: Firefox"));
    assert!(!browsers_below(temporary.path()).is_empty());
    watch.press("n");
    let said = watch.until(": compiling katas/");
    assert!(!said.last().unwrap().contains(SLUG), "{said:#?}");
    watch.press("q");
    assert!(watch.running.ends(PATIENCE), "it does not end");
    assert_eq!(
        browsers_below(temporary.path()),
        Vec::<u32>::new(),
        "a browser is left"
    );
}

#[test]
fn without_a_name_it_begins_with_what_is_not_solved() {
    let copy = Copy::new();
    let temporary = tempfile::tempdir().unwrap();
    let zones = copy.workspace().zones().unwrap();
    let solved = &zones[0];
    let mark = format!("[solved]\n{} = \"{}\"\n", solved.slug, solved.kata_sha256());
    copy.write(".kata-progress.toml", &mark);
    let mut watch = Watch::start(&copy, &[], temporary.path());
    let said = watch.until(": compiling katas/");
    assert!(
        said.last()
            .unwrap()
            .starts_with(&format!("{}: ", zones[1].slug)),
        "{said:#?}"
    );
    watch.press("q");
    assert!(watch.running.ends(PATIENCE), "it does not end");
}
