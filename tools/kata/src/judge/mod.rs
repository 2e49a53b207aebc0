//! The judge: runs bundles in real browsers and answers verdicts.
//!
//! One browser session serves a whole run. It shows one page, which runs every
//! bundle with the host module of the book's own page, each test in a fresh
//! instance; each event comes back at once. When a kata takes the browser down,
//! the test that ran is charged with it and a new session judges the rest.

mod server;
mod verdict;

pub use verdict::{Outcome, Verdict};

use crate::builder::Bundle;
use anyhow::{Context, anyhow, bail};
use kata_engines::{Driver, Engine, Session, SessionOptions};
use kata_lab::{Lab, LabOptions};
use kata_zones::{Host, Workspace};
use serde_json::{Value, json};
use server::Server;
use std::net::{IpAddr, Ipv4Addr};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;
use verdict::{Event, PageVerdict};

/// How the judge is reached and how it reaches browsers.
#[derive(Debug, Clone)]
pub struct JudgeOptions {
    /// A WebDriver endpoint that runs elsewhere; `None` starts local drivers.
    pub webdriver: Option<String>,
    /// The address that browsers can reach this machine at.
    pub ip: IpAddr,
}

impl Default for JudgeOptions {
    fn default() -> Self {
        Self {
            webdriver: None,
            ip: Ipv4Addr::LOCALHOST.into(),
        }
    }
}

/// The page server and the lab, shared by the sessions of a run.
#[derive(Debug, Clone)]
pub struct Judge(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    server: Server,
    bundles: PathBuf,
    lab: Lab,
    options: JudgeOptions,
}

/// What a load is allowed to take beyond the tests' own limits.
const GRACE: Duration = Duration::from_secs(30);

impl Judge {
    /// Starts the page server and the lab on free ports.
    ///
    /// # Errors
    /// When a port cannot be opened.
    pub async fn start(
        ws: &Workspace,
        bundles: &Path,
        options: JudgeOptions,
    ) -> anyhow::Result<Self> {
        let server = Server::start(ws, bundles, options.ip).await?;
        let lab = Lab::start(LabOptions {
            addr: (options.ip, 0).into(),
            ..LabOptions::default()
        })?;
        Ok(Self(Arc::new(Shared {
            server,
            bundles: bundles.to_owned(),
            lab,
            options,
        })))
    }

    /// Opens a session with an engine. A local driver is started for it.
    ///
    /// # Errors
    /// When the engine is not on this machine (the error says what to install),
    /// or when no session can be had.
    pub async fn court(&self, engine: Engine) -> anyhow::Result<Court> {
        let (driver, session) = self.open(engine).await?;
        Ok(Court {
            judge: self.clone(),
            engine,
            driver,
            session: Some(session),
        })
    }

    async fn open(&self, engine: Engine) -> anyhow::Result<(Option<Driver>, Session)> {
        let options = SessionOptions::default();
        let (driver, session) = match &self.0.options.webdriver {
            Some(url) => (None, Session::open(engine, url, &options).await?),
            None => {
                let found = kata_engines::find(engine)?;
                let (driver, session) = kata_engines::launch(&found, &options).await?;
                (Some(driver), session)
            }
        };
        session
            .goto(&format!("http://{}/", self.0.server.addr()))
            .await?;
        // WebKit calls a page loaded before its modules have run.
        let ready = "const [done] = arguments; \
            const look = () => (globalThis.judge ? done(true) : setTimeout(look, 5)); look();";
        tokio::time::timeout(GRACE, session.run(ready, Vec::new()))
            .await
            .with_context(|| format!("the judge's page did not load in {engine}"))??;
        Ok((driver, session))
    }
}

/// One engine's session.
pub struct Court {
    judge: Judge,
    engine: Engine,
    driver: Option<Driver>,
    session: Option<Session>,
}

impl Court {
    /// The engine.
    pub fn engine(&self) -> Engine {
        self.engine
    }

    /// The engine's name and version, as verdicts on the page say it.
    pub fn version(&self) -> String {
        self.session
            .as_ref()
            .map(|s| s.version().to_owned())
            .unwrap_or_default()
    }

    /// Runs every test of a bundle. `tell` hears each verdict as it falls.
    ///
    /// # Errors
    /// When no session can be had any more. What the kata does is never an error.
    pub async fn judge(
        &mut self,
        bundle: &Bundle,
        timeout_ms: u64,
        tell: &mut dyn FnMut(&Verdict),
    ) -> anyhow::Result<Vec<Verdict>> {
        let engine = self.engine;
        let mut verdicts: Vec<Verdict> = Vec::new();
        while verdicts.len() < bundle.tests.len() {
            let left: Vec<String> = bundle.tests[verdicts.len()..].to_vec();
            let (mut running, mut heard): (Option<String>, usize) = (None, 0);
            let lost = self
                .run_job(bundle, &left, timeout_ms, &mut |event| match event {
                    Event::Start { test } => running = Some(test),
                    // In the order asked for, each once: nothing else is a verdict.
                    Event::Verdict { verdict } if left.get(heard) == Some(&verdict.test) => {
                        heard += 1;
                        running = None;
                        let verdict = self::verdict(bundle, engine, verdict);
                        tell(&verdict);
                        verdicts.push(verdict);
                    }
                    Event::Verdict { .. } => {}
                })
                .await;
            if verdicts.len() == bundle.tests.len() {
                break;
            }
            // The browser is gone or stuck: the test that ran last is charged with it.
            let why = lost
                .err()
                .map_or_else(|| "the page said nothing".to_owned(), |e| format!("{e:#}"));
            let started = running.is_some();
            let verdict = Verdict {
                zone: bundle.zone.clone(),
                variant: bundle.variant.clone(),
                engine: self.engine.to_string(),
                test: bundle.tests[verdicts.len()].clone(),
                outcome: if started {
                    Outcome::Timeout
                } else {
                    Outcome::LoadError
                },
                message: format!("the browser was lost while this test ran: {why}"),
                ms: 0.0,
                location: None,
                stack: Vec::new(),
            };
            tell(&verdict);
            verdicts.push(verdict);
            self.reopen().await?;
        }
        Ok(verdicts)
    }

    async fn run_job(
        &mut self,
        bundle: &Bundle,
        tests: &[String],
        timeout_ms: u64,
        hear: &mut dyn FnMut(Event),
    ) -> anyhow::Result<()> {
        let shared = &self.judge.0;
        let (job, mut events) = shared.server.expect();
        let mut options = self.options(bundle, timeout_ms);
        options["job"] = job.as_str().into();
        options["tests"] = tests.into();
        let session = self.session.as_ref().context("no browser session")?;
        let script = "const [options, done] = arguments; globalThis.judge(options).then(done, (e) => done(String(e)));";
        let limit = Duration::from_millis(timeout_ms) * u32::try_from(tests.len() + 1)? + GRACE;
        let ran = async {
            let run = tokio::time::timeout(limit, session.run(script, vec![options]));
            tokio::pin!(run);
            loop {
                tokio::select! {
                    Some(event) = events.recv() => hear(event),
                    done = &mut run => {
                        while let Ok(event) = events.try_recv() {
                            hear(event);
                        }
                        return match done {
                            Ok(Ok(Value::Bool(true))) => Ok(()),
                            Ok(Ok(other)) => Err(anyhow!("the judge's page failed: {other}")),
                            Ok(Err(error)) => Err(error),
                            Err(_) => Err(anyhow!("no answer within {} s", limit.as_secs())),
                        };
                    }
                }
            }
        }
        .await;
        shared.server.forget(&job);
        ran
    }

    /// Calls an export of the spec, such as `show` or `bench`, and answers what it returns.
    ///
    /// # Errors
    /// When the export fails or does not end within the limit.
    pub async fn call(
        &mut self,
        bundle: &Bundle,
        export: &str,
        timeout_ms: u64,
    ) -> anyhow::Result<Value> {
        let mut options = self.options(bundle, timeout_ms);
        options["name"] = export.into();
        let session = self.session.as_ref().context("no browser session")?;
        let script = "const [options, done] = arguments; \
            globalThis.judgeShow(options).then((value) => done({ value }), (e) => done({ error: String(e) }));";
        let limit = Duration::from_millis(timeout_ms) + GRACE;
        let answer = tokio::time::timeout(limit, session.run(script, vec![options]))
            .await
            .with_context(|| format!("no answer within {} s", limit.as_secs()))??;
        match answer.get("error").and_then(Value::as_str) {
            Some(error) => bail!("`{export}` of {} failed: {error}", bundle.zone),
            None => Ok(answer["value"].clone()),
        }
    }

    fn options(&self, bundle: &Bundle, timeout_ms: u64) -> Value {
        let shared = &self.judge.0;
        let path = bundle
            .dir
            .strip_prefix(&shared.bundles)
            .unwrap_or(&bundle.dir);
        json!({
            "bundleUrl": format!("/bundles/{}/", path.display()),
            "host": match bundle.host { Host::Worker => "worker", Host::Frame => "frame" },
            "timeoutMs": timeout_ms,
            "lab": self.judge.0.lab.base_url(),
        })
    }

    async fn reopen(&mut self) -> anyhow::Result<()> {
        self.session = None;
        if let Some(driver) = self.driver.take() {
            driver.stop().await;
        }
        let (driver, session) = self.judge.open(self.engine).await?;
        self.driver = driver;
        self.session = Some(session);
        Ok(())
    }

    /// Closes the session and ends the driver.
    pub async fn close(mut self) {
        if let Some(session) = self.session.take() {
            session.close().await;
        }
        if let Some(driver) = self.driver.take() {
            driver.stop().await;
        }
    }
}

fn verdict(bundle: &Bundle, engine: Engine, page: PageVerdict) -> Verdict {
    Verdict {
        zone: bundle.zone.clone(),
        variant: bundle.variant.clone(),
        engine: engine.to_string(),
        test: page.test,
        outcome: page.outcome,
        message: page.message,
        ms: page.ms,
        location: page.panic.map(|panic| panic.location),
        stack: page.stack,
    }
}
