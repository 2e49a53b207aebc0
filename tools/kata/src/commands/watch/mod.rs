//! `cargo kata watch`: the reader's loop in a terminal.
//!
//! Every save is compiled and judged in a browser that stays open. A save while that goes on ends it and begins again, with
//! the newer text.

mod keys;
mod report;

use super::edits::{Change, Edits};
use super::terminal::indented;
use super::{browsers, learn, progress};
use crate::cli::Watch;
use anyhow::Context;
use kata_builder::{Builder, Built, Profile, Request};
use kata_engines::Engine;
use kata_judge::{Court, Judge};
use kata_zones::{Variant, Workspace, Zone};
use std::collections::BTreeSet;
use std::pin::pin;
use std::process::ExitCode;
use std::time::Instant;
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};

const KEYS: &str = "r rerun, h hint, d diff with the solution, n next zone, e engine, q quit";

/// What happens around a run.
enum Event {
    Changed(BTreeSet<Change>),
    Typed(char),
}

/// What the loop does next.
enum Next {
    Again,
    Zone,
    Engine,
    Quit,
}

/// The browser that stays open, and what it judges.
struct Bench {
    builder: Builder,
    judge: Judge,
    court: Option<Court>,
    engine: Engine,
    /// Whether a run has begun in the browser and not come to its end.
    in_court: bool,
}

pub async fn run(ws: &Workspace, args: &Watch) -> anyhow::Result<ExitCode> {
    let mut zone = match &args.slug {
        Some(slug) => ws.zone(slug)?,
        None => unsolved(ws, None)?.context("every zone is solved; name one to go on with it")?,
    };
    let engines = browsers::engines(&args.browsers, &[Engine::Chromium]).await?;
    let builder = Builder::new(ws)?;
    let options = browsers::judge_options(&args.browsers);
    let judge = Judge::start(ws, builder.bundles_root(), options).await?;
    let mut bench = Bench {
        builder,
        judge,
        court: None,
        engine: engines[0],
        in_court: false,
    };
    let terminal = keys::Terminal::take();
    let mut events = events(ws, terminal.is_one());
    if !terminal.is_one() {
        println!("Type a letter and Enter: {KEYS}");
    }
    loop {
        let next = {
            let round = pin!(round(&mut bench, ws, &zone, terminal.is_one()));
            listen(round, &mut events, ws, &zone).await
        };
        match next {
            Next::Again => {}
            Next::Engine => bench.next_engine().await,
            Next::Zone => match unsolved(ws, Some(&zone))? {
                Some(next) => zone = next,
                None => println!("There is no other zone that is not solved."),
            },
            Next::Quit => break,
        }
    }
    if let Some(court) = bench.court {
        court.close().await;
    }
    Ok(ExitCode::SUCCESS)
}

/// Edits and keys, as they come.
fn events(ws: &Workspace, is_terminal: bool) -> UnboundedReceiver<Event> {
    let (sender, events) = unbounded_channel();
    let mut edits = Edits::of(ws.root());
    let changed = sender.clone();
    tokio::spawn(async move { while changed.send(Event::Changed(edits.next().await)).is_ok() {} });
    keys::listen(is_terminal, move |key| {
        sender.send(Event::Typed(key)).is_ok()
    });
    events
}

/// Runs a round, and hears what happens meanwhile and afterwards, until something else is to be done.
async fn listen(
    mut round: std::pin::Pin<&mut impl Future<Output = ()>>,
    events: &mut UnboundedReceiver<Event>,
    ws: &Workspace,
    zone: &Zone,
) -> Next {
    let mut done = false;
    loop {
        tokio::select! {
            () = &mut round, if !done => done = true,
            event = events.recv() => match event {
                Some(Event::Changed(changes)) if changes.iter().any(|change| concerns(change, zone)) => return Next::Again,
                Some(Event::Changed(_)) => {}
                Some(Event::Typed(key)) => match key {
                    'r' => return Next::Again,
                    'n' => return Next::Zone,
                    'e' => return Next::Engine,
                    'q' => return Next::Quit,
                    'h' => hint(ws, zone),
                    'd' => diff(ws, zone),
                    key if key.is_whitespace() => {}
                    _ => println!("{KEYS}"),
                },
                None => return Next::Quit,
            },
        }
    }
}

/// Whether a change can change the verdicts of a zone's kata.
fn concerns(change: &Change, zone: &Zone) -> bool {
    match change {
        Change::Edit(slug) | Change::Zone(slug) => *slug == zone.slug,
        Change::Specs => true,
        Change::Variant(..) | Change::Book => false,
    }
}

/// The next zone that is not solved, in the book's order and from its start again.
fn unsolved(ws: &Workspace, after: Option<&Zone>) -> anyhow::Result<Option<Zone>> {
    let zones = ws.zones()?;
    let known = progress::read(ws);
    let here = after.and_then(|after| zones.iter().position(|zone| zone.slug == after.slug));
    let (before, from) = zones.split_at(here.map_or(0, |at| at + 1));
    let mut others = from.iter().chain(before);
    let is_open =
        |zone: &&Zone| !known.is_solved(zone) && after.is_none_or(|after| after.slug != zone.slug);
    Ok(others.find(is_open).cloned())
}

fn hint(ws: &Workspace, zone: &Zone) {
    if let Err(error) = learn::hint(ws, &zone.slug, false) {
        println!("{error:#}");
    }
}

fn diff(ws: &Workspace, zone: &Zone) {
    if !zone.has_solution() {
        println!("This copy of the book keeps its solutions back.");
    } else if !progress::read(ws).is_solved(zone) {
        println!("The solution is shown beside yours once every rule holds.");
    } else {
        match report::diff(zone) {
            Ok(text) => print!("{text}"),
            Err(error) => println!("{error}"),
        }
    }
}

/// Builds and judges what the file holds now, and says what came out.
async fn round(bench: &mut Bench, ws: &Workspace, zone: &Zone, is_terminal: bool) {
    println!(
        "\n{}: compiling {}",
        zone.slug,
        zone.display(&zone.kata_lib())
    );
    match bench.judge(ws, zone).await {
        Ok(text) => print!("{text}"),
        Err(error) => println!("{error:#}"),
    }
    if is_terminal {
        println!("{KEYS}");
    }
}

impl Bench {
    async fn judge(&mut self, ws: &Workspace, zone: &Zone) -> anyhow::Result<String> {
        let start = Instant::now();
        // As it is on the disk: what the spec or the manifest says may have been edited, too.
        let zone = &ws.zone(&zone.slug)?;
        let text = zone.kata_sources_sha256();
        let request = [Request::variant(zone, Variant::Kata)];
        // The first time, the browser starts while the compiler works.
        let building = self.builder.build(&request, Profile::Quick);
        let opening = open(
            &mut self.court,
            &self.judge,
            self.engine,
            &mut self.in_court,
        );
        let (built, court) = tokio::try_join!(building, opening)?;
        let bundle = match built.as_slice() {
            [Built::Ready(bundle)] => bundle,
            [Built::Refused(words)] => {
                return Ok(format!(
                    "It does not compile:\n    {}\n",
                    indented(words.trim_end())
                ));
            }
            _ => return Ok("The build was ended at its limit.\n".to_owned()),
        };
        self.in_court = true;
        let judged = court
            .judge(&[bundle], zone.manifest.timeout_ms, &mut |_| {})
            .await?;
        self.in_court = false;
        let verdicts = judged.into_iter().next().unwrap_or_default();
        let holds = |verdict: &kata_judge::Verdict| verdict.outcome == kata_judge::Outcome::Passed;
        if verdicts.iter().all(holds) {
            learn::remember_solved(ws, zone, &text);
        }
        Ok(report::of_verdicts(
            &verdicts,
            &court.version(),
            start.elapsed(),
        ))
    }

    /// Goes on with the next engine of this machine.
    async fn next_engine(&mut self) {
        let at = Engine::ALL
            .iter()
            .position(|engine| *engine == self.engine)
            .unwrap_or_default();
        let others = Engine::ALL
            .iter()
            .cycle()
            .skip(at + 1)
            .take(Engine::ALL.len() - 1);
        let next = others
            .copied()
            .find(|engine| kata_engines::find(*engine).is_ok());
        let Some(next) = next else {
            println!("No other engine is on this machine.");
            return;
        };
        if let Some(court) = self.court.take() {
            court.close().await;
        }
        self.engine = next;
        self.in_court = false;
    }
}

/// The browser, opened if there is none, and anew if what it was doing was given up.
async fn open<'a>(
    court: &'a mut Option<Court>,
    judge: &Judge,
    engine: Engine,
    in_court: &mut bool,
) -> anyhow::Result<&'a mut Court> {
    let starting = || format!("starting {engine}");
    if *in_court && let Some(court) = court {
        court.reopen().await.with_context(starting)?;
        *in_court = false;
    }
    match court {
        Some(court) => Ok(court),
        None => Ok(court.insert(judge.court(engine).await.with_context(starting)?)),
    }
}
