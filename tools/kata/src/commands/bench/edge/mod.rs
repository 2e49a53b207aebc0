//! The quote engine of `price-engine` as a shop's server: the solution in WebAssembly and the same engine in plain
//! JavaScript, each under Node and under workerd, the open-source runtime of Cloudflare's Workers.
//!
//! All of the engine is measured from outside, by a client in this process and by the system's account of CPU time:
//! workerd's own clock has steps of a millisecond, as two rows show, and where Workers are deployed it stands still
//! while code runs. The four servers take turns within each round, and their answers must be the same to the last digit.
//!
//! `--write` keeps the figures where the chapter shows them.

mod client;
mod round;
mod server;
mod workshop;

#[path = "../../../../../../tests/specs/shared/random.rs"]
mod random;
#[allow(dead_code, reason = "the spec uses the rest")]
#[path = "../../../../../../tests/specs/price_engine/trace.rs"]
mod trace;

use crate::cli::Bench;
use anyhow::{Context, bail};
use kata_book::measured::{Date, Edge, Range, Row, Step, WAYS};
use kata_zones::Workspace;
use round::{QUANTITIES, Round};
use std::collections::BTreeMap;
use workshop::{STEPS, Workshop};

/// The file that the chapter shows, below the repository.
const FILE: &str = "src/production/edge.json";

/// The command that makes it.
const COMMAND: &str = "cargo kata bench edge --write";

/// Items in the shop, and quotes in a round.
const ITEMS: usize = 200;
const QUOTES: usize = 10_000;
const SEED: u64 = 67;

pub async fn run(ws: &Workspace, args: &Bench) -> anyhow::Result<()> {
    let load = load();
    let trace = Trace::new();
    let workshop = Workshop::build(ws, &trace).await?;
    let steps = steps(&workshop, args.rounds).await?;
    let mut rounds: [Vec<Round>; WAYS] = Default::default();
    for round in 0..args.rounds {
        for (way, rounds) in server::WAYS.iter().zip(&mut rounds) {
            let found = round::measure(&workshop, *way, &trace)
                .await
                .with_context(|| format!("{way}, round {round}"))?;
            rounds.push(found);
        }
        let answers = rounds.each_ref().map(|rounds| rounds[round].answers);
        if answers.iter().any(|answer| *answer != answers[0]) {
            bail!("the four do not answer the same: {answers:x?}");
        }
        println!("Round {} of {}", round + 1, args.rounds);
    }
    let edge = Edge {
        title: "A quote engine in plain JavaScript and in WebAssembly, under two runtimes"
            .to_owned(),
        date: Date::try_from(super::date()?).map_err(anyhow::Error::msg)?,
        command: COMMAND.to_owned(),
        machine: super::machine(),
        load,
        rustc: super::rustc()?,
        runtimes: workshop.runtimes.clone(),
        rounds: args.rounds,
        quotes: QUOTES,
        rows: rows(&workshop, &rounds)?,
        steps,
    };
    print(&edge);
    if args.write {
        let path = ws.root().join(FILE);
        let json = serde_json::to_string_pretty(&edge)? + "\n";
        std::fs::write(&path, json).with_context(|| format!("writing {}", path.display()))?;
        println!("Written: {FILE}");
    }
    Ok(())
}

/// The shop, and its requests as bodies.
pub struct Trace {
    pub shop: String,
    pub bodies: Vec<String>,
}

impl Trace {
    fn new() -> Self {
        let body = |request: trace::Request| {
            let lines: Vec<[u32; 2]> = request.lines.into_iter().map(<[u32; 2]>::from).collect();
            serde_json::json!({ "to": request.to, "lines": lines }).to_string()
        };
        Self {
            shop: trace::shop(ITEMS),
            bodies: trace::requests(SEED, ITEMS, QUOTES)
                .into_iter()
                .map(body)
                .collect(),
        }
    }

    /// All requests as one body.
    pub fn batch(&self) -> String {
        format!("[{}]", self.bodies.join(","))
    }
}

/// How busy the machine is: the load of the last minute, 0 where nobody knows.
fn load() -> f64 {
    let text = std::fs::read_to_string("/proc/loadavg").unwrap_or_default();
    let first = text.split(' ').next().and_then(|word| word.parse().ok());
    first.unwrap_or_default()
}

fn range(samples: &[f64]) -> anyhow::Result<Range> {
    Range::of(samples).context("nothing was measured: --rounds must be 1 or more")
}

/// The second over the first, round by round.
fn ratio(base: &[f64], other: &[f64]) -> anyhow::Result<Range> {
    let each: Vec<f64> = base
        .iter()
        .zip(other)
        .map(|(base, other)| other / base)
        .collect();
    range(&each)
}

fn rows(workshop: &Workshop, rounds: &[Vec<Round>; WAYS]) -> anyhow::Result<Vec<Row>> {
    let row = |what: &str, article: &str, samples: [Vec<f64>; WAYS]| -> anyhow::Result<Row> {
        let [a, b, c, d] = &samples;
        Ok(Row {
            what: what.to_owned(),
            article: article.to_owned(),
            found: [range(a)?, range(b)?, range(c)?, range(d)?],
            ratios: [ratio(a, b)?, ratio(c, d)?],
        })
    };
    let mut rows = Vec::new();
    for (what, article, of) in QUANTITIES {
        let samples = rounds
            .each_ref()
            .map(|rounds| rounds.iter().map(of).collect());
        rows.push(row(what, article, samples)?);
    }
    let [js, wasm] = workshop.artifact_bytes()?.map(|bytes| vec![bytes as f64]);
    rows.push(row(
        "artifact, bytes",
        "",
        [js.clone(), wasm.clone(), js, wasm],
    )?);
    Ok(rows)
}

async fn steps(workshop: &Workshop, rounds: usize) -> anyhow::Result<Vec<Step>> {
    let found: BTreeMap<String, Vec<f64>> = workshop.time_steps(rounds).await?;
    let of = |name: &str| {
        found
            .get(name)
            .with_context(|| format!("no figure for {name}"))
    };
    let base = of("js")?;
    let mut steps = Vec::new();
    for step in &STEPS {
        let samples = of(step.name)?;
        steps.push(Step {
            what: step.what.to_owned(),
            bytes: workshop.step_bytes(step)?,
            ns: range(samples)?,
            ratio: ratio(base, samples)?,
        });
    }
    Ok(steps)
}

fn print(edge: &Edge) {
    println!(
        "{}; {}; load {}",
        edge.title,
        edge.runtimes.join(", "),
        edge.load
    );
    for row in &edge.rows {
        let found = row.found.map(|range| {
            format!(
                "{:.2} ({:.2} to {:.2})",
                range.median, range.low, range.high
            )
        });
        let ratios = row.ratios.map(|range| format!("{:.3}", range.median));
        println!(
            "{:<34} {}   {}",
            row.what,
            found.join(" | "),
            ratios.join(" ")
        );
    }
    for step in &edge.steps {
        println!(
            "{:<70} {:>7} bytes {:>9.0} ns ({:.0} to {:.0}) {:.3}",
            step.what, step.bytes, step.ns.median, step.ns.low, step.ns.high, step.ratio.median
        );
    }
}
