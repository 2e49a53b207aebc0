//! An app's start: a stopwatch, a clock, a session's name, a log, a configuration. And
//! `boot`, which uses all of them.

#[doc(inline)]
pub use contract::*;

use std::fs;
use std::hash::{BuildHasher, RandomState};
use std::io::ErrorKind;
use std::time::{Duration, Instant, SystemTime};

/// Counts the time since it was started.
#[derive(Debug, Clone, Copy)]
pub struct Stopwatch {
    started: Instant,
}

impl Stopwatch {
    /// Starts to count.
    #[must_use]
    pub fn start() -> Self {
        Self {
            started: Instant::now(),
        }
    }

    /// The time since the start. Zero, if the clock has stepped back.
    #[must_use]
    pub fn elapsed(&self) -> Duration {
        self.started.elapsed()
    }
}

/// The time by the clock on the wall.
#[must_use]
pub fn wall_clock() -> SystemTime {
    SystemTime::now()
}

/// A new name for a session: 128 bits that nobody can guess.
///
/// # Errors
/// [`NoEntropy`], rather than bits that somebody could guess.
pub fn session_id() -> Result<SessionId, NoEntropy> {
    // The standard library keys each hash map at random, so that nobody can guess a hash.
    let random = || RandomState::new().hash_one(0);
    let bits = u128::from(random()) << 64 | u128::from(random());
    Ok(SessionId(bits.to_be_bytes()))
}

/// Logs a line where a developer finds it.
pub fn log(level: Level, line: &str) {
    match level {
        Level::Info => println!("{line}"),
        Level::Warn | Level::Error => eprintln!("{line}"),
    }
}

/// Loads the configuration. It must be UTF-8, all of it.
///
/// # Errors
/// See [`ConfigError`].
pub async fn load_config(address: &str) -> Result<Config, ConfigError> {
    let text = fs::read_to_string(address).map_err(|error| match error.kind() {
        ErrorKind::NotFound => ConfigError::Missing,
        ErrorKind::InvalidData => ConfigError::NotUtf8,
        _ => ConfigError::Unreachable(error.to_string()),
    })?;
    Ok(text.parse::<Config>()?)
}

/// Starts the app with the configuration at this address, and logs what came of it.
///
/// # Errors
/// See [`BootError`].
pub async fn boot(address: &str) -> Result<Report, BootError> {
    let booted = prepare(address).await;
    match &booted {
        Ok(report) => log(Level::Info, &report.to_string()),
        Err(error) => log(Level::Error, &error.to_string()),
    }
    booted
}

async fn prepare(address: &str) -> Result<Report, BootError> {
    let (started, watch) = (wall_clock(), Stopwatch::start());
    Ok(Report {
        session: session_id()?,
        config: load_config(address).await?,
        started,
        took: watch.elapsed(),
    })
}
