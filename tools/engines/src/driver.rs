//! [`LocalDriver`] for async code.

use anyhow::{Context, anyhow};
use tokio::task::spawn_blocking;

use crate::{DriverOptions, Engine, Found, LocalDriver, Session, SessionOptions, sandbox};

/// A running driver process on a port of its own.
///
/// [`Driver::stop`] ends it without blocking the runtime. Dropping it does the
/// same and blocks the thread for a fraction of a second.
pub struct Driver(LocalDriver);

impl Driver {
    /// Starts the driver and waits until it takes sessions.
    pub async fn start(found: &Found) -> anyhow::Result<Self> {
        let found = found.clone();
        // If our future is dropped half-way, the thread drops the driver, which ends it.
        spawn_blocking(move || LocalDriver::start(&found, &DriverOptions::default()))
            .await
            .context("starting the driver was cut off")?
            .map(Driver)
    }

    /// Where it listens, `http://127.0.0.1:<port>`.
    pub fn url(&self) -> &str {
        self.0.url()
    }

    /// The engine that it drives.
    pub fn engine(&self) -> Engine {
        self.0.engine()
    }

    /// The last lines that driver and browser printed.
    pub fn last_words(&self) -> String {
        self.0.last_words()
    }

    /// Opens a session here, with the browser that was found unless `options` names one.
    pub async fn open(&self, options: &SessionOptions) -> anyhow::Result<Session> {
        let mut options = options.clone();
        if options.browser.is_none() {
            options.browser = self.0.browser().map(ToOwned::to_owned);
        }
        Session::open(self.engine(), self.url(), &options).await
    }

    /// Ends the driver, its browsers and its screen, and deletes their profiles.
    pub async fn stop(self) {
        spawn_blocking(move || drop(self)).await.ok();
    }
}

/// Starts a driver and opens a session. A browser that fails to come up gets another chance with a
/// fresh driver, in the end without the sandbox that the machine may not allow.
pub async fn launch(found: &Found, options: &SessionOptions) -> anyhow::Result<(Driver, Session)> {
    let mut failure = None;
    for sandbox in sandbox::attempts(found.engine, options.sandbox) {
        let options = SessionOptions {
            sandbox: *sandbox,
            ..options.clone()
        };
        let driver = Driver::start(found).await?;
        match driver.open(&options).await {
            Ok(session) => {
                if failure.is_some_and(|(had_sandbox, _)| had_sandbox && !sandbox) {
                    sandbox::is_refused();
                }
                return Ok((driver, session));
            }
            Err(error) => failure = Some((*sandbox, error.context(words(found, &driver)))),
        }
        driver.stop().await;
    }
    Err(failure.map_or_else(|| anyhow!("no attempt was made"), |(_, error)| error))
}

fn words(found: &Found, driver: &Driver) -> String {
    format!(
        "{} does not start; the last that it said:\n{}\n",
        found.engine.title(),
        driver.last_words()
    )
}
