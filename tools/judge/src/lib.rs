//! The judge: runs bundles in real browsers and answers verdicts.
//!
//! One browser session serves a whole run. It shows one page, which runs every
//! bundle with the host module of the book's own page, each test in a fresh
//! instance; each event comes back at once. When a kata takes the browser down,
//! a new session judges the rest, and the test that ran is charged with it.
#![cfg(not(target_family = "wasm"))]
#![warn(missing_docs)]

mod server;
mod verdict;

pub use verdict::{Outcome, Verdict};

use anyhow::{Context, bail};
use kata_engines::{Driver, Engine, Session, SessionOptions};
use kata_lab::{Lab, LabOptions};
use kata_zones::{Bundle, Host, Workspace};
use serde_json::{Value, json};
use server::Server;
use std::net::{IpAddr, Ipv4Addr};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::mpsc::unbounded_channel;
use tokio::time::{Instant, sleep};
use verdict::{Event, PageVerdict};

/// How the judge is reached and how it reaches browsers.
#[derive(Debug, Clone)]
pub struct JudgeOptions {
    /// A WebDriver endpoint that runs elsewhere; `None` starts local drivers.
    pub webdriver: Option<String>,
    /// The address that browsers can reach this machine at.
    pub ip: IpAddr,
    /// How many bundles a session judges at once. Most of a spec's time is waiting.
    pub lanes: usize,
}

impl Default for JudgeOptions {
    fn default() -> Self {
        Self {
            webdriver: None,
            ip: Ipv4Addr::LOCALHOST.into(),
            lanes: 1,
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

/// How long the page may be silent beyond a test's own limit: the host loads a bundle twice before it
/// gives up, 20 s each time.
const GRACE: Duration = Duration::from_secs(60);

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

    /// Runs every test of some bundles, of a zone that gives each test so much time, and answers the
    /// verdicts of each. `tell` hears each verdict as it falls.
    ///
    /// # Errors
    /// When no session can be had any more. What the kata does is never an error.
    pub async fn judge<'a>(
        &mut self,
        bundles: &[&'a Bundle],
        timeout_ms: u64,
        tell: &mut dyn FnMut(&Verdict),
    ) -> anyhow::Result<Vec<Vec<Verdict>>> {
        let engine = self.engine;
        let hearing = |bundle: &&'a Bundle| Hearing {
            bundle,
            engine,
            verdicts: Vec::new(),
            running: false,
        };
        let mut hearings: Vec<Hearing> = bundles.iter().map(hearing).collect();
        // Among several, nobody knows who took the browser down. One by one it comes out.
        let at_once = self.judge.0.options.lanes > 1 && hearings.len() > 1;
        if at_once && self.run(&mut hearings, timeout_ms, tell).await != End::Done {
            self.reopen().await?;
        }
        for hearing in &mut hearings {
            let mut stopped_at = None;
            while !hearing.left().is_empty() {
                let end = self
                    .run(std::slice::from_mut(hearing), timeout_ms, tell)
                    .await;
                let Some(test) = hearing.left().first() else {
                    break;
                };
                // A browser that is lost is no verdict, and a busy machine may silence a page. Once.
                if stopped_at.as_ref() == Some(test) {
                    if let Some(verdict) = hearing.give_up(&end) {
                        tell(verdict);
                    }
                } else {
                    stopped_at = Some(test.clone());
                }
                self.reopen().await?;
            }
        }
        Ok(hearings
            .into_iter()
            .map(|hearing| hearing.verdicts)
            .collect())
    }

    /// Runs the tests that are left of some hearings.
    async fn run(
        &self,
        hearings: &mut [Hearing<'_>],
        timeout_ms: u64,
        tell: &mut dyn FnMut(&Verdict),
    ) -> End {
        let shared = &self.judge.0;
        let (sender, mut events) = unbounded_channel();
        let (mut secrets, mut jobs) = (Vec::new(), Vec::new());
        for (number, hearing) in hearings.iter_mut().enumerate() {
            hearing.running = false;
            let secret = shared.server.expect(number, &sender);
            let mut job = self.options(hearing.bundle, timeout_ms);
            job["job"] = secret.as_str().into();
            job["tests"] = hearing.left().into();
            secrets.push(secret);
            jobs.push(job);
        }
        let lanes = shared.options.lanes;
        let Some(session) = self.session.as_ref() else {
            return End::Lost("there is no session".to_owned());
        };
        let script = "const [jobs, lanes, done] = arguments; globalThis.judge(jobs, lanes).then(done, (e) => done(String(e)));";
        let mut take = |(number, event): (usize, Event)| {
            if let Some(verdict) = hearings[number].hear(event) {
                tell(verdict);
            }
        };
        let patience = Duration::from_millis(timeout_ms) + GRACE;
        let ran = async {
            let run = session.run(script, vec![jobs.into(), lanes.into()]);
            let silence = sleep(patience);
            tokio::pin!(run, silence);
            loop {
                tokio::select! {
                    Some(event) = events.recv() => {
                        take(event);
                        silence.as_mut().reset(Instant::now() + patience);
                    }
                    done = &mut run => {
                        while let Ok(event) = events.try_recv() {
                            take(event);
                        }
                        return match done {
                            Ok(Value::Bool(true)) => End::Done,
                            Ok(other) => End::Lost(format!("the judge's page failed: {other}")),
                            Err(error) => End::Lost(format!("{error:#}")),
                        };
                    }
                    () = &mut silence => return End::Silent(patience),
                }
            }
        }
        .await;
        for secret in &secrets {
            shared.server.forget(secret);
        }
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

    /// Ends the session and opens another, as after a run that was given up: what it began may go on in its page.
    ///
    /// # Errors
    /// Those of [`Judge::court`].
    pub async fn reopen(&mut self) -> anyhow::Result<()> {
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

/// How a run ended.
#[derive(Debug, PartialEq, Eq)]
enum End {
    /// The page said that it is done.
    Done,
    /// The page said nothing for so long.
    Silent(Duration),
    /// The browser, or the way to it, is gone; why.
    Lost(String),
}

/// A bundle on its way to a verdict for each test.
struct Hearing<'a> {
    bundle: &'a Bundle,
    engine: Engine,
    /// In the order of the bundle's tests.
    verdicts: Vec<Verdict>,
    /// Whether the next test has begun.
    running: bool,
}

impl Hearing<'_> {
    /// The tests without a verdict.
    fn left(&self) -> &[String] {
        &self.bundle.tests[self.verdicts.len()..]
    }

    /// Takes in what the page tells; the verdict, if it is one.
    fn hear(&mut self, event: Event) -> Option<&Verdict> {
        match event {
            Event::Start {} => self.running = true,
            // In the order asked for, each once: nothing else is a verdict.
            Event::Verdict { verdict } if self.left().first() == Some(&verdict.test) => {
                return Some(self.push(verdict));
            }
            Event::Verdict { .. } => {}
        }
        None
    }

    /// What the next test comes to when it was stopped twice.
    fn give_up(&mut self, end: &End) -> Option<&Verdict> {
        let (outcome, message) = match end {
            // It holds the page's own thread, and does so again.
            End::Silent(patience) if self.running => (
                Outcome::Timeout,
                format!("the page said nothing for {} s", patience.as_secs()),
            ),
            End::Silent(patience) => (
                Outcome::Unjudged,
                format!("the page said nothing for {} s", patience.as_secs()),
            ),
            End::Lost(why) => (
                Outcome::Unjudged,
                format!("the browser was lost while this test ran, twice: {why}"),
            ),
            End::Done => (
                Outcome::Unjudged,
                "the page ended without a verdict, twice".to_owned(),
            ),
        };
        let verdict = PageVerdict {
            test: self.left().first()?.clone(),
            outcome,
            message,
            panic: None,
            stack: Vec::new(),
            ms: 0.0,
        };
        Some(self.push(verdict))
    }

    fn push(&mut self, page: PageVerdict) -> &Verdict {
        self.running = false;
        let at = self.verdicts.len();
        self.verdicts.push(Verdict {
            zone: self.bundle.zone.clone(),
            variant: self.bundle.variant.clone(),
            engine: self.engine.to_string(),
            test: page.test,
            outcome: page.outcome,
            message: page.message,
            ms: page.ms,
            location: page.panic.map(|panic| panic.location),
            stack: page.stack,
        });
        &self.verdicts[at]
    }
}
