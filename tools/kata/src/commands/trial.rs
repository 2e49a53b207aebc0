//! A trial: many variants, built in one go and judged engine by engine.

use super::browsers::Chosen;
use super::docket;
use anyhow::Context;
use futures_util::future::try_join_all;
use kata_builder::{Builder, Built, Profile, Request};
use kata_engines::Engine;
use kata_judge::{Court, Judge, JudgeOptions, Outcome, Verdict};
use kata_zones::{Bundle, Need, Workspace};
use std::cell::{Cell, RefCell};
use std::cmp::Reverse;
use std::io::{IsTerminal, Write};
use tokio::sync::SetOnce;

/// One variant and the engines that it is judged on.
#[derive(Debug, Clone)]
pub struct Case {
    /// What to build.
    pub request: Request,
    /// Where to judge it.
    pub engines: Vec<Engine>,
    /// Whether others hear of its verdicts, or their verdicts are good enough.
    pub docket: Docket,
}

impl Case {
    /// A source on some engines.
    pub fn new(request: Request, engines: &[Engine]) -> Self {
        Self {
            request,
            engines: engines.to_vec(),
            docket: Docket::None,
        }
    }

    /// The same case with another use of the docket.
    pub fn with_docket(self, docket: Docket) -> Self {
        Self { docket, ..self }
    }
}

/// What a case has to do with the verdicts of other commands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Docket {
    /// Nothing.
    None,
    /// Its verdicts are left beside the bundle.
    Keep,
    /// Those that were left are taken; where there are none, it is judged.
    Take,
}

/// What became of one case on one engine.
#[derive(Debug)]
pub struct Tried<'a> {
    /// The case.
    pub case: &'a Case,
    /// The engine's name: `chromium`, `firefox`, `webkit`.
    pub engine: Engine,
    /// What it came to.
    pub result: Tally<'a>,
}

/// Verdicts, or the reason why there are none.
#[derive(Debug)]
pub enum Tally<'a> {
    /// One verdict for each test that was asked for.
    Judged(&'a [Verdict]),
    /// rustc refused it; its diagnostics.
    Refused(&'a str),
    /// The build was ended at its limit of so many seconds.
    TimedOut(u64),
}

/// Browsers of one engine that judge at once, each a zone of its own. Most of a spec's time is waiting.
const COURTS: usize = 2;

/// Builds every case and judges it on its engines, all engines at once. A zone is judged while
/// the next one is compiled; first come the zones that talk to the lab, then those with a long
/// limit: they take the longest, and others find room beside them.
/// `report` hears each case as soon as it is done. Whatever the browsers need is installed
/// beside the first builds.
///
/// # Errors
/// When building, or getting a browser, fails.
pub async fn run(
    ws: &Workspace,
    builder: &Builder,
    cases: &[Case],
    profile: Profile,
    browsers: &Chosen,
    options: JudgeOptions,
    report: &mut dyn FnMut(&Tried<'_>),
) -> anyhow::Result<()> {
    let mut cases: Vec<&Case> = cases.iter().collect();
    cases.sort_by_key(|case| {
        let manifest = &case.request.zone.manifest;
        (
            !manifest.needs.contains(&Need::Lab),
            Reverse(manifest.timeout_ms),
        )
    });
    let progress = Progress::new(cases.iter().map(|case| case.engines.len()).sum());
    // A driver that somebody else has started may have room for one session.
    let courts = if options.webdriver.is_some() {
        1
    } else {
        COURTS
    };
    let judge = Judge::start(ws, builder.bundles_root(), options).await?;
    let requests: Vec<Request> = cases.iter().map(|case| case.request.clone()).collect();
    let engines: Vec<Engine> = Engine::ALL
        .into_iter()
        .filter(|engine| cases.iter().any(|case| case.engines.contains(engine)))
        .collect();

    progress.say(&format!(
        "compiling {} crates with their specs",
        requests.len()
    ));
    // The browsers start while Cargo works, and judge each zone while it works on the next.
    let shelf: Vec<SetOnce<Built>> = requests.iter().map(|_| SetOnce::new()).collect();
    let report = RefCell::new(report);
    let building = async {
        let mut places = shelf.iter();
        let put = |built| {
            if let Some(place) = places.next() {
                // Each place is filled once.
                let _ = place.set(built);
            }
        };
        builder.build_each(&requests, profile, put).await
    };
    let installed = SetOnce::new();
    let installing = async {
        browsers.ready().await?;
        // It is set once.
        let _ = installed.set(());
        Ok(())
    };
    let sittings = engines.iter().map(async |engine| {
        installed.wait().await;
        let all = cases.iter().copied().zip(&shelf);
        let mine: Vec<_> = all
            .filter(|(case, _)| case.engines.contains(engine))
            .collect();
        let zones = mine.chunk_by(|(a, _), (b, _)| a.request.zone.slug == b.request.zone.slug);
        let courts = courts.min(zones.clone().count());
        let zones = RefCell::new(zones);
        let sitting = async || {
            let mut court = open(&judge, *engine).await?;
            loop {
                let Some(zone) = zones.borrow_mut().next() else {
                    break;
                };
                hear(&mut court, zone, &progress, &report).await?;
            }
            court.close().await;
            anyhow::Ok(())
        };
        try_join_all((0..courts).map(|_| sitting())).await
    });
    // What fails first ends all the rest.
    let ended = tokio::try_join!(installing, building, try_join_all(sittings));
    progress.clear();
    ended.map(|_| ())
}

async fn open(judge: &Judge, engine: Engine) -> anyhow::Result<Court> {
    let court = judge.court(engine).await;
    court.with_context(|| format!("starting {engine}"))
}

/// Judges the cases of one zone.
async fn hear(
    court: &mut Court,
    zone: &[(&Case, &SetOnce<Built>)],
    progress: &Progress,
    report: &RefCell<&mut dyn FnMut(&Tried<'_>)>,
) -> anyhow::Result<()> {
    let (engine, version) = (court.engine(), court.version());
    let mut ready: Vec<&Bundle> = Vec::new();
    let mut known: Vec<Option<Vec<Verdict>>> = Vec::new();
    for (case, place) in zone {
        let mut of_others = None;
        if let Built::Ready(bundle) = place.wait().await {
            if case.docket == Docket::Take {
                of_others = docket::kept(bundle, engine, &version);
            }
            if of_others.is_none() {
                ready.push(bundle);
            }
        }
        known.push(of_others);
    }
    let mut tell = |verdict: &Verdict| {
        progress.say(&format!(
            "{engine}: {} {}: {} {}",
            verdict.zone, verdict.variant, verdict.test, verdict.outcome
        ));
    };
    let timeout = zone[0].0.request.zone.manifest.timeout_ms;
    let mut judged = court.judge(&ready, timeout, &mut tell).await?.into_iter();
    for ((case, place), of_others) in zone.iter().zip(known) {
        let verdicts;
        let result = match place.wait().await {
            Built::Refused(diagnostics) => Tally::Refused(diagnostics),
            Built::TimedOut(limit) => Tally::TimedOut(limit.as_secs()),
            Built::Ready(bundle) => {
                verdicts = of_others.or_else(|| judged.next()).unwrap_or_default();
                if case.docket == Docket::Keep {
                    docket::keep(bundle, engine, &version, &verdicts);
                }
                Tally::Judged(&verdicts)
            }
        };
        progress.one_done();
        report.borrow_mut()(&Tried {
            case,
            engine,
            result,
        });
    }
    Ok(())
}

impl Tally<'_> {
    /// The verdicts of `--json`; a build that failed counts as one that could not load.
    pub fn verdicts(&self, case: &Case, engine: Engine) -> Vec<Verdict> {
        let unbuilt = |message: String| {
            vec![Verdict {
                zone: case.request.zone.slug.clone(),
                variant: case.request.source.label(),
                engine: engine.to_string(),
                test: "(build)".to_owned(),
                outcome: Outcome::LoadError,
                message,
                ms: 0.0,
                location: None,
                stack: Vec::new(),
            }]
        };
        match self {
            Tally::Judged(verdicts) => verdicts.to_vec(),
            Tally::Refused(diagnostics) => unbuilt((*diagnostics).to_owned()),
            Tally::TimedOut(seconds) => {
                unbuilt(format!("the build did not end within {seconds} s"))
            }
        }
    }
}

/// One line on a terminal that is written over; nothing elsewhere.
struct Progress {
    terminal: bool,
    total: usize,
    done: Cell<usize>,
}

impl Progress {
    fn new(total: usize) -> Self {
        Self {
            terminal: std::io::stderr().is_terminal(),
            total,
            done: Cell::new(0),
        }
    }

    fn say(&self, line: &str) {
        let (done, total) = (self.done.get(), self.total);
        let line: String = line.chars().take(90).collect();
        self.write(&format!("[{done}/{total}] {line}"));
    }

    fn one_done(&self) {
        self.done.set(self.done.get() + 1);
        self.clear();
    }

    fn clear(&self) {
        self.write("");
    }

    fn write(&self, line: &str) {
        if self.terminal {
            let mut stderr = std::io::stderr();
            // A terminal that is gone is nobody's loss.
            let _ = write!(stderr, "\r\x1b[2K{line}");
            let _ = stderr.flush();
        }
    }
}
