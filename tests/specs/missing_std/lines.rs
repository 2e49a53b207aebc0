//! The log and the start: somebody hears of it

use std::time::SystemTime;

use wasm_bindgen_test::*;

use super::played::{Console, Generator, Network, Play};
use super::session::use_up;
use super::stage::{in_time, ms, steady, wall};
use crate::zone::{boot, log};
use contract::{BootError, ConfigError, Level, NoEntropy};

const ADDRESS: &str = "https://app.invalid/boot.conf";
const CONFIG: &[u8] = b"greeting = Hello\nretries = 3\n";

/// Each level goes to the console's method of that name. What `println!` writes goes nowhere, and it says that it
/// worked.
#[wasm_bindgen_test]
fn a_line_reaches_the_console_at_its_level() {
    for (level, methods) in [
        (Level::Info, &["info", "log"][..]),
        (Level::Warn, &["warn"]),
        (Level::Error, &["error"]),
    ] {
        let console = Console::watch();
        log(level, "the answer is 42");
        let entries = console.entries();
        drop(console);
        assert!(
            matches!(entries.as_slice(), [(method, text)] if methods.contains(method) && text.contains("the answer is 42")),
            "a line was logged at {level:?}, and this reached the console: {entries:?}. One entry of console.{} is what \
             a developer looks for",
            methods[0]
        );
    }
}

/// A line is one entry, and arrives as it was written: a percent sign is no format, and a line break no second line.
#[wasm_bindgen_test]
fn a_line_arrives_as_it_was_written() {
    let long = "x".repeat(100_000);
    for text in [
        "100 %s sure, 5 %c off, %d, %%, %o",
        "two\nlines",
        "Zoë 🦀 \u{0} {} \\n",
        "  blanks around  ",
        long.as_str(),
    ] {
        for level in [Level::Info, Level::Warn, Level::Error] {
            let console = Console::watch();
            log(level, text);
            let entries = console.entries();
            drop(console);
            let arrived = matches!(entries.as_slice(), [(_, there)] if there.contains(text));
            assert!(
                arrived,
                "{:.60?} was logged at {level:?}, and {} entries reached the console: {:.60?}. The console takes `%` in \
                 its first argument for a format if there is a second",
                text,
                entries.len(),
                entries.first().map(|(_, there)| there)
            );
        }
    }
    let console = Console::watch();
    log(Level::Info, "");
    log(Level::Error, "after it");
    let count = console.entries().len();
    drop(console);
    assert_eq!(count, 2, "an empty line is an entry, too");
}

/// A start reports its session, its configuration, when it began and how long it took. And it logs the report.
#[wasm_bindgen_test]
async fn a_start_reports_what_it_found() {
    let (network, console) = (Network::play(Play::Late(40.0, CONFIG)), Console::watch());
    let (before, wall_before) = (steady(), wall());
    let first = in_time("boot", boot(ADDRESS)).await;
    let (around, wall_after) = (steady() - before, wall());
    let entries = console.entries();
    let second = in_time("boot", boot(ADDRESS)).await;
    drop((network, console));

    let (first, second) = match (first, second) {
        (Ok(first), Ok(second)) => (first, second),
        other => panic!("the server has the configuration, and two starts came to {other:?}"),
    };
    assert_eq!(
        (first.config.greeting.as_str(), first.config.retries),
        ("Hello", 3),
        "what the server sent"
    );
    assert!(
        first.session != second.session,
        "two starts have the same session, {}",
        first.session
    );
    let took = ms(first.took);
    assert!(
        (35.0..=around + 2.0).contains(&took),
        "the configuration took 40 ms to come and the whole start {around:.1} ms, and the report says {took:.1} ms"
    );
    let started = first.started.duration_since(SystemTime::UNIX_EPOCH);
    let started = ms(started.expect("a SystemTime here is never before 1970"));
    assert!(
        (wall_before - 1.0..=wall_after - 35.0).contains(&started),
        "the start began at {wall_before} ms after 1970, as Date says, and the report says {started} ms"
    );
    let report = first.to_string();
    assert!(
        matches!(entries.as_slice(), [("info" | "log", text)] if text.contains(&report)),
        "one line with {report:?} should have reached the console at Info, and it was this: {entries:?}"
    );
}

/// A start that fails says so twice: to its caller with a typed error, and on the console in one line.
#[wasm_bindgen_test]
async fn a_start_that_fails_says_why() {
    let missing = BootError::Config(ConfigError::Missing);
    fails_with(missing, Play::Answer(404, b"not found")).await;
    let status = BootError::Config(ConfigError::Status(503));
    fails_with(status, Play::Answer(503, b"later")).await;
    let generator = Generator::refuse();
    use_up();
    let guessed = BootError::NoEntropy(NoEntropy);
    fails_with(guessed, Play::Answer(200, CONFIG)).await;
    drop(generator);
}

async fn fails_with(wanted: BootError, play: Play) {
    let (network, console) = (Network::play(play), Console::watch());
    let answer = in_time("boot", boot(ADDRESS)).await;
    let entries = console.entries();
    drop((network, console));
    assert_eq!(answer, Err(wanted.clone()), "this start had to fail");
    assert!(
        matches!(entries.as_slice(), [("error", text)] if text.contains(&wanted.to_string())),
        "one line with {:?} should have reached console.error, and this reached the console: {entries:?}",
        wanted.to_string()
    );
}
