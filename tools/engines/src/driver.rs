//! [`LocalDriver`] for async code.

use anyhow::Context;
use tokio::task::spawn_blocking;

use crate::{DriverOptions, Engine, Found, LocalDriver, Session, SessionOptions};

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

/// Starts a driver and opens a session. A browser that fails to come up gets a
/// second chance with a fresh driver: a busy machine can make it miss its own deadlines.
pub async fn launch(found: &Found, options: &SessionOptions) -> anyhow::Result<(Driver, Session)> {
    let mut second_chance = true;
    loop {
        let driver = Driver::start(found).await?;
        match driver.open(options).await {
            Ok(session) => return Ok((driver, session)),
            Err(_) if second_chance => second_chance = false,
            Err(error) => {
                let words = driver.last_words();
                driver.stop().await;
                return Err(error.context(format!(
                    "{} does not start; the last that it said:\n{words}\n",
                    found.engine.title()
                )));
            }
        }
        driver.stop().await;
    }
}
