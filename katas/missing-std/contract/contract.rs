//! What is given, and what the parts of a start must keep to.
//!
//! - Nothing here panics, whatever `crypto`, the clocks, the server or the network do.
//! - All of it works on a page and in a worker, where there is no `window`.
//! - A stopwatch counts as `performance.now` does: real time, with its fractions of a
//!   millisecond, whoever sets the clock on the wall meanwhile. A clock that steps back
//!   counts zero.
//! - The clock on the wall is JavaScript's `Date`, in whole milliseconds. A
//!   [`SystemTime`] cannot be before 1970 here, so an earlier date is 1970.
//! - A session's name is 128 random bits, drawn from the browser's own generator for
//!   secrets, `crypto`. Without one there is no name.
//! - A configuration comes by `fetch`, from the address as it is given.
//! - A line goes to the console, whole, in one entry: `info` or `log` for
//!   [`Level::Info`], `warn` and `error` for the others. What stands before it is up to you.
//! - A start logs one line, about itself: the report at [`Level::Info`], or the error at
//!   [`Level::Error`].

use std::fmt;
use std::str::FromStr;
use std::time::{Duration, SystemTime};

use thiserror::Error;
use wasm_bindgen::prelude::*;

/// A session's name: 128 bits that nobody can guess.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct SessionId(pub [u8; 16]);

impl fmt::Display for SessionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for SessionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SessionId({self})")
    }
}

/// The browser has no generator for secrets, or it refuses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("no source of random bits")]
pub struct NoEntropy;

/// How loud a line is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Level {
    /// For whoever is curious.
    Info,
    /// Something is odd, and it goes on.
    Warn,
    /// Something has failed.
    Error,
}

/// What the app is told when it starts: lines of `key = value`. Empty lines and lines that begin with
/// `#` are comments.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Config {
    /// What the app says first.
    pub greeting: String,
    /// How often it tries again.
    pub retries: u32,
}

impl FromStr for Config {
    type Err = Malformed;

    fn from_str(text: &str) -> Result<Self, Malformed> {
        let (mut greeting, mut retries) = (None, None);
        // Editors on Windows put a byte order mark in front.
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        for (index, line) in text.lines().map(str::trim).enumerate() {
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            let malformed = Malformed { line: index + 1 };
            let (key, value) = line.split_once('=').ok_or(malformed)?;
            match (key.trim(), value.trim()) {
                ("greeting", value) => greeting = Some(value.to_owned()),
                ("retries", value) => retries = Some(value.parse().map_err(|_| malformed)?),
                _ => return Err(malformed),
            }
        }
        let line = text.lines().count() + 1;
        greeting
            .zip(retries)
            .map(|(greeting, retries)| Self { greeting, retries })
            .ok_or(Malformed { line })
    }
}

/// A text is no configuration.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("line {line} is no `key = value`, or a key is missing")]
pub struct Malformed {
    /// The first line that is wrong, from 1; the one after the last if a key is missing.
    pub line: usize,
}

/// Why there is no configuration.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum ConfigError {
    /// There is no such file: status 404 or 410.
    #[error("no configuration there")]
    Missing,
    /// The server answered with another status outside 200 to 299.
    #[error("status {0}")]
    Status(u16),
    /// Nobody answered, or the answer broke off. The text is for logs only.
    #[error("unreachable: {0}")]
    Unreachable(String),
    /// The file is not UTF-8.
    #[error("not UTF-8")]
    NotUtf8,
    /// The file is no configuration. Some servers answer with a page of HTML and status
    /// 200 for a file that they do not have.
    #[error("malformed: {0}")]
    Malformed(#[from] Malformed),
}

impl ConfigError {
    /// [`ConfigError::Unreachable`] with the words of whatever JavaScript threw.
    #[must_use]
    pub fn unreachable(thrown: JsValue) -> Self {
        Self::Unreachable(text_of(&thrown).unwrap_or_default())
    }
}

/// Why the app did not start.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum BootError {
    /// There is no name for the session.
    #[error(transparent)]
    NoEntropy(#[from] NoEntropy),
    /// There is no configuration.
    #[error(transparent)]
    Config(#[from] ConfigError),
}

/// What a start came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// The session's name.
    pub session: SessionId,
    /// What the app was told.
    pub config: Config,
    /// When the start began, by the clock on the wall.
    pub started: SystemTime,
    /// How long it took, the configuration's way included.
    pub took: Duration,
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "session {} after {:?}", self.session, self.took)
    }
}

#[wasm_bindgen]
extern "C" {
    // A thrown value may be one that has no text.
    #[wasm_bindgen(catch, js_name = String)]
    fn text_of(value: &JsValue) -> Result<String, JsValue>;
}
