//! A trial: many variants, built in one go and judged engine by engine.

use crate::builder::{Builder, Built, Profile, Request};
use crate::judge::{Judge, JudgeOptions, Outcome, Verdict};
use anyhow::Context;
use kata_engines::Engine;
use kata_zones::Workspace;
use std::io::{IsTerminal, Write};

/// One variant and the engines that it is judged on.
#[derive(Debug, Clone)]
pub struct Case {
    /// What to build.
    pub request: Request,
    /// Where to judge it.
    pub engines: Vec<Engine>,
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
    /// One verdict for each test.
    Judged(&'a [Verdict]),
    /// rustc refused it; its diagnostics.
    Refused(&'a str),
    /// The build was ended at its limit of so many seconds.
    TimedOut(u64),
}

/// Builds every case and judges it on its engines, in the engines' order. `report`
/// hears each case as soon as it is done.
///
/// # Errors
/// When building, or getting a browser, fails.
pub async fn run(
    ws: &Workspace,
    builder: &Builder,
    cases: &[Case],
    profile: Profile,
    options: JudgeOptions,
    report: &mut (dyn FnMut(&Tried<'_>) + Send),
) -> anyhow::Result<()> {
    let progress = Progress::new();
    let judge = Judge::start(ws, builder.bundles_root(), options).await?;
    let requests: Vec<Request> = cases.iter().map(|case| case.request.clone()).collect();
    let mut engines: Vec<Engine> = Engine::ALL
        .into_iter()
        .filter(|engine| cases.iter().any(|case| case.engines.contains(engine)))
        .collect();

    progress.say(&format!(
        "compiling {} crates with their specs",
        requests.len()
    ));
    // The first browser starts while Cargo works.
    let first = engines.first().copied();
    let opening = async {
        match first {
            Some(engine) => judge.court(engine).await.map(Some),
            None => Ok(None),
        }
    };
    let (built, mut court) = tokio::join!(builder.build(&requests, profile), opening);
    let built = match built {
        Ok(built) => built,
        Err(error) => {
            if let Ok(Some(court)) = court {
                court.close().await;
            }
            return Err(error);
        }
    };
    let total: usize = cases.iter().map(|case| case.engines.len()).sum();
    let mut done = 0;
    for engine in engines.drain(..) {
        let mut court = match std::mem::replace(&mut court, Ok(None)) {
            Ok(Some(court)) if court.engine() == engine => court,
            Ok(_) => judge
                .court(engine)
                .await
                .with_context(|| format!("starting {engine}"))?,
            Err(error) => return Err(error.context(format!("starting {engine}"))),
        };
        for (case, built) in cases
            .iter()
            .zip(&built)
            .filter(|(c, _)| c.engines.contains(&engine))
        {
            done += 1;
            let label = case.request.source.label();
            let slug = &case.request.zone.slug;
            progress.say(&format!("[{done}/{total}] {engine}: {slug} {label}"));
            let verdicts;
            let result = match built {
                Built::Refused(diagnostics) => Tally::Refused(diagnostics),
                Built::TimedOut(limit) => Tally::TimedOut(limit.as_secs()),
                Built::Ready(bundle) => {
                    let timeout = case.request.zone.manifest.timeout_ms;
                    let mut tell = |verdict: &Verdict| {
                        progress.say(&format!(
                            "[{done}/{total}] {engine}: {slug} {label}: {} {}",
                            verdict.test, verdict.outcome
                        ));
                    };
                    verdicts = court.judge(bundle, timeout, &mut tell).await?;
                    Tally::Judged(&verdicts)
                }
            };
            progress.clear();
            report(&Tried {
                case,
                engine,
                result,
            });
        }
        court.close().await;
    }
    progress.clear();
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
}

impl Progress {
    fn new() -> Self {
        Self {
            terminal: std::io::stderr().is_terminal(),
        }
    }

    fn say(&self, line: &str) {
        if self.terminal {
            let short: String = line.chars().take(100).collect();
            let mut stderr = std::io::stderr();
            let _ = write!(stderr, "\r\x1b[2K{short}");
            let _ = stderr.flush();
        }
    }

    fn clear(&self) {
        self.say("");
    }
}
