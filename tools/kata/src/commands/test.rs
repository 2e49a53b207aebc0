//! `cargo kata test`

use super::outcome::{compare, counts, is_attempt, is_kata};
use super::terminal::indented;
use super::trial::{self, Case, Docket, Tally, Tried};
use super::{browsers, learn};
use crate::cli::{Test, VariantChoice};
use anyhow::ensure;
use kata_builder::{Builder, Built, Profile, Request, Source};
use kata_engines::Engine;
use kata_judge::{JudgeOptions, Outcome};
use kata_zones::{Variant, Workspace, Zone};
use std::collections::BTreeMap;
use std::process::ExitCode;

/// The exit code when something could not be judged: that says nothing of the answer.
const UNJUDGED: u8 = 2;

pub async fn run(ws: &Workspace, args: &Test) -> anyhow::Result<ExitCode> {
    let zones = named_zones(ws, &args.slugs)?;
    let builder = Builder::new(ws)?;
    let profile = if args.release {
        Profile::Release
    } else {
        Profile::Quick
    };
    if args.no_run {
        let cases = cases(&zones, args.variant, &[], true)?;
        return compile(&builder, &cases, profile).await;
    }
    let chosen = browsers::choose(&args.browsers, &Engine::ALL)?;
    let cases = cases(&zones, args.variant, &chosen.engines, chosen.are_named)?;
    let sums = zones
        .iter()
        .map(|zone| (zone.slug.clone(), zone.kata_sources_sha256()));
    let mut totals = Totals {
        sums: sums.collect(),
        ..Totals::default()
    };
    let mut report = |tried: &Tried<'_>| totals.add(ws, tried, args.json);
    // Several zones are judged side by side, each bundle alone in its browser. One would wait most of the time.
    let options = JudgeOptions {
        lanes: if zones.len() == 1 { 2 } else { 1 },
        ..browsers::judge_options(&args.browsers)
    };
    trial::run(ws, &builder, &cases, profile, &chosen, options, &mut report).await?;
    let line = counts(totals.passed, totals.failed, totals.unjudged);
    if args.json {
        eprintln!("{line}");
    } else {
        println!("\n{line}");
    }
    Ok(match (totals.unjudged, totals.failed) {
        (1.., _) => ExitCode::from(UNJUDGED),
        (0, 0) => ExitCode::SUCCESS,
        (0, _) => ExitCode::FAILURE,
    })
}

/// Compiles and binds, and says what does not compile and is not meant to fail at that.
async fn compile(builder: &Builder, cases: &[Case], profile: Profile) -> anyhow::Result<ExitCode> {
    let requests: Vec<Request> = cases.iter().map(|case| case.request.clone()).collect();
    eprintln!("compiling {} crates with their specs", requests.len());
    let mut refused = 0;
    let mut each = requests.iter();
    builder
        .build_each(&requests, profile, |built| {
            let Some(Request { zone, source }) = each.next() else {
                return;
            };
            let why = match built {
                Built::Ready(_) => return,
                Built::Refused(why) => why,
                Built::TimedOut(limit) => {
                    format!("the build did not end within {} s", limit.as_secs())
                }
            };
            if matches!(source, Source::Variant(variant) if zone.is_refused(variant)) {
                return;
            }
            refused += 1;
            println!(
                "{:<16} {} does not compile:\n{why}",
                zone.slug,
                source.label()
            );
        })
        .await?;
    println!("{} compiled, {refused} refused", requests.len() - refused);
    Ok(if refused == 0 {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

/// The zones named, or all of them.
pub fn named_zones(ws: &Workspace, slugs: &[String]) -> anyhow::Result<Vec<Zone>> {
    match slugs {
        [] => ws.zones(),
        slugs => slugs.iter().map(|slug| ws.zone(slug)).collect(),
    }
}

/// Solutions run on every engine. Katas and attempts run on the engines that
/// were named, else on the first one, which is Chromium where it is installed.
///
/// # Errors
/// When there are none: to judge nothing is no success.
fn cases(
    zones: &[Zone],
    choice: Option<VariantChoice>,
    engines: &[Engine],
    named: bool,
) -> anyhow::Result<Vec<Case>> {
    let mut cases = Vec::new();
    for zone in zones {
        for variant in zone.variants() {
            let wanted = match (&variant, choice) {
                (_, None | Some(VariantChoice::All)) => true,
                (Variant::Kata, Some(choice)) => choice == VariantChoice::Kata,
                (Variant::Solution, Some(choice)) => choice == VariantChoice::Solution,
                (Variant::Attempt(_), Some(choice)) => choice == VariantChoice::Attempts,
            };
            if !wanted {
                continue;
            }
            let everywhere = variant == Variant::Solution || named;
            let engines = if everywhere { engines } else { &engines[..1] };
            let case = Case::new(Request::variant(zone, variant), engines);
            cases.push(case.with_docket(Docket::Keep));
        }
    }
    ensure!(
        !cases.is_empty(),
        "there is nothing to judge: this copy of the book keeps its solutions back"
    );
    Ok(cases)
}

#[derive(Default)]
struct Totals {
    passed: usize,
    failed: usize,
    /// Tests that nothing is known of.
    unjudged: usize,
    /// SHA-256 of each kata's sources before they were built: they may be edited meanwhile.
    sums: BTreeMap<String, String>,
}

impl Totals {
    fn add(&mut self, ws: &Workspace, tried: &Tried<'_>, json: bool) {
        let comparison = compare(tried);
        let zone = &tried.case.request.zone;
        self.passed += comparison.as_declared + comparison.fixed.len();
        let failed = comparison.surprises.len() - comparison.unjudged;
        self.failed += failed;
        self.unjudged += comparison.unjudged;
        let mut fixed_attempt = 0;
        if !is_kata(tried) {
            // Only a kata is there to be fixed.
            fixed_attempt = comparison.fixed.len();
            self.passed -= fixed_attempt;
            self.failed += fixed_attempt;
        }
        let failing = match tried.result {
            Tally::Judged(verdicts) => verdicts
                .iter()
                .filter(|v| v.outcome != Outcome::Passed)
                .count(),
            _ => 1,
        };
        let is_solved = is_kata(tried) && failing == 0;
        if let (true, Some(judged)) = (is_solved, self.sums.get(&zone.slug)) {
            learn::remember_solved(ws, zone, judged);
        }
        if json {
            for verdict in tried.result.verdicts(tried.case, tried.engine) {
                if let Ok(line) = serde_json::to_string(&verdict) {
                    println!("{line}");
                }
            }
            return;
        }
        let label = tried.case.request.source.label();
        let word = if failed > 0 || fixed_attempt > 0 {
            "FAILED".to_owned()
        } else if comparison.unjudged > 0 {
            "NOT JUDGED".to_owned()
        } else if is_solved {
            "solved".to_owned()
        } else if !comparison.fixed.is_empty() {
            format!(
                "on the way: {} fixed, {failing} to go",
                comparison.fixed.len()
            )
        } else if failing > 0 {
            format!("fails as declared ({failing})")
        } else if is_attempt(tried) {
            "passes here, as declared".to_owned()
        } else {
            "ok".to_owned()
        };
        println!(
            "{:<9} {:<16} {label:<28} {word}",
            tried.engine.to_string(),
            zone.slug
        );
        for surprise in &comparison.surprises {
            println!("    {}", indented(surprise));
        }
        if fixed_attempt > 0 {
            println!(
                "    passes tests that it is declared to fail: {}",
                comparison.fixed.join(", ")
            );
        }
        if is_kata(tried) && failed > 0 {
            println!(
                "    the code is in {}; `cargo kata hint {}` helps",
                zone.display(&zone.kata_lib()),
                zone.slug
            );
        }
    }
}
