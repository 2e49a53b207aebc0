//! The clock is the window's.

#[doc(inline)]
pub use contract::*;

use std::time::{Duration, SystemTime};

use js_sys::{Promise, Uint8Array};
use wasm_bindgen::prelude::*;
use web_sys::Response;

/// Counts the time since it was started.
#[derive(Debug, Clone, Copy)]
pub struct Stopwatch {
    started: f64,
}

impl Stopwatch {
    /// Starts to count.
    #[must_use]
    pub fn start() -> Self {
        Self {
            started: page_clock(),
        }
    }

    /// The time since the start. Zero, if the clock has stepped back.
    #[must_use]
    pub fn elapsed(&self) -> Duration {
        // Below zero `from_secs_f64` would panic.
        let milliseconds = (page_clock() - self.started).max(0.0);
        Duration::from_secs_f64(milliseconds / 1000.0)
    }
}

/// The page's clock, in milliseconds.
fn page_clock() -> f64 {
    web_sys::window()
        .and_then(|window| window.performance())
        .map_or(0.0, |performance| performance.now())
}

/// The time by the clock on the wall.
#[must_use]
pub fn wall_clock() -> SystemTime {
    // Before 1970 this is negative, and `as` makes 0 of it.
    SystemTime::UNIX_EPOCH + Duration::from_millis(date_now() as u64)
}

/// A new name for a session: 128 bits that nobody can guess.
///
/// # Errors
/// [`NoEntropy`], rather than bits that somebody could guess.
pub fn session_id() -> Result<SessionId, NoEntropy> {
    let mut bits = [0; 16];
    fill_random(&mut bits).map_err(|_| NoEntropy)?;
    Ok(SessionId(bits))
}

/// Logs a line where a developer finds it.
pub fn log(level: Level, line: &str) {
    match level {
        Level::Info => console_info(line),
        Level::Warn => console_warn(line),
        Level::Error => console_error(line),
    }
}

/// Loads the configuration. It must be UTF-8, all of it.
///
/// # Errors
/// See [`ConfigError`].
pub async fn load_config(address: &str) -> Result<Config, ConfigError> {
    let response = fetch(address).await.map_err(ConfigError::unreachable)?;
    // To `fetch`, an answer is a success whatever it says.
    match response.status() {
        200..=299 => {}
        404 | 410 => return Err(ConfigError::Missing),
        status => return Err(ConfigError::Status(status)),
    }
    // `text()` would put U+FFFD in the place of what is no UTF-8.
    let body = response.array_buffer().map_err(ConfigError::unreachable)?;
    let bytes = body.await.map_err(ConfigError::unreachable)?;
    let text = String::from_utf8(Uint8Array::new(&bytes).to_vec());
    Ok(text.map_err(|_| ConfigError::NotUtf8)?.parse::<Config>()?)
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

// As globals these exist on a page and in a worker alike.
#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_namespace = Date, js_name = now)]
    fn date_now() -> f64;
    /// Throws where there is no `crypto`, too.
    #[wasm_bindgen(catch, js_namespace = crypto, js_name = getRandomValues)]
    fn fill_random(bytes: &mut [u8]) -> Result<(), JsValue>;
    #[wasm_bindgen(js_namespace = console, js_name = info)]
    fn console_info(line: &str);
    #[wasm_bindgen(js_namespace = console, js_name = warn)]
    fn console_warn(line: &str);
    #[wasm_bindgen(js_namespace = console, js_name = error)]
    fn console_error(line: &str);
    fn fetch(address: &str) -> Promise<Response>;
}
