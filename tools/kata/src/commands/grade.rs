//! `cargo kata grade`: any `lib.rs`, judged by a zone's spec.

use super::browsers;
use super::trial::{self, Case, Tally, Tried};
use crate::builder::{Builder, Built, Profile, Request, Source};
use crate::cli::Grade;
use crate::judge::Outcome;
use anyhow::{Context, bail};
use kata_engines::Engine;
use kata_zones::{Variant, Workspace};
use std::process::ExitCode;
use std::time::Duration;

/// The exit code for what cannot be graded.
const UNGRADABLE: u8 = 2;

pub async fn run(ws: &Workspace, args: &Grade) -> anyhow::Result<ExitCode> {
    let zone = ws.zone(&args.slug)?;
    let text = std::fs::read_to_string(&args.file)
        .with_context(|| format!("reading {}", args.file.display()))?;
    let engines = browsers::engines(&args.browsers, &[Engine::Chromium])?;

    // The solution warms the dependencies up, so that the limit below is all the
    // file's own.
    let builder = Builder::new(ws)?;
    let warm = [Request::variant(&zone, Variant::Solution)];
    if let [Built::Refused(words)] = builder.build(&warm, Profile::Quick).await?.as_slice() {
        bail!(
            "the solution of {} does not compile, so nothing can be graded:\n{words}",
            zone.slug
        );
    }
    let builder = builder.with_limit(Duration::from_secs(args.build_limit));

    let request = Request {
        zone,
        source: Source::Graded(text),
    };
    let cases = [Case { request, engines }];
    let (mut passed, mut failed, mut ungradable) = (0, 0, false);
    let mut report = |tried: &Tried<'_>| {
        ungradable |= !matches!(tried.result, Tally::Judged(_));
        for verdict in tried.result.verdicts(tried.case, tried.engine) {
            let good = verdict.outcome == Outcome::Passed;
            passed += usize::from(good);
            failed += usize::from(!good);
            if args.json {
                if let Ok(line) = serde_json::to_string(&verdict) {
                    println!("{line}");
                }
                continue;
            }
            println!(
                "{:<9} {:<10} {}",
                verdict.engine,
                verdict.outcome.to_string(),
                verdict.test
            );
            if !good {
                println!("    {}", verdict.message.replace('\n', "\n    "));
                if let Some(location) = &verdict.location {
                    println!("    at {location}");
                }
            }
        }
    };
    let options = browsers::judge_options(&args.browsers);
    trial::run(ws, &builder, &cases, Profile::Quick, options, &mut report).await?;
    let line = format!("{passed} passed, {failed} failed");
    if args.json {
        eprintln!("{line}");
    } else {
        println!("\n{line}");
    }
    Ok(match (ungradable, failed) {
        (true, _) => ExitCode::from(UNGRADABLE),
        (false, 0) => ExitCode::SUCCESS,
        (false, _) => ExitCode::FAILURE,
    })
}
