//! `cargo kata grade`: any `lib.rs`, judged by a zone's spec.

use super::browsers;
use super::terminal::indented;
use super::trial::{self, Case, Tally, Tried};
use crate::cli::Grade;
use anyhow::{Context, bail};
use kata_builder::{Builder, Built, Profile, Request, Source};
use kata_engines::Engine;
use kata_judge::Outcome;
use kata_zones::{Variant, Workspace};
use std::path::Path;
use std::process::ExitCode;
use std::time::Duration;
use tokio::io::AsyncReadExt;

/// The exit code for what cannot be graded.
const UNGRADABLE: u8 = 2;

/// Bytes of the largest file that is graded.
const LARGEST: u64 = 4 << 20;

pub async fn run(ws: &Workspace, args: &Grade) -> anyhow::Result<ExitCode> {
    let zone = ws.zone(&args.slug)?;
    let text = read(&args.file).await?;
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
                println!("    {}", indented(&verdict.message));
                if let Some(location) = &verdict.location {
                    println!("    at {}", indented(location));
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

/// The text to be graded. The wait for a pipe that says nothing can be interrupted.
async fn read(file: &Path) -> anyhow::Result<String> {
    let reading = || format!("reading {}", file.display());
    let open = tokio::fs::File::open(file).await.with_context(reading)?;
    let mut bytes = Vec::new();
    open.take(LARGEST + 1)
        .read_to_end(&mut bytes)
        .await
        .with_context(reading)?;
    if bytes.len() as u64 > LARGEST {
        bail!(
            "{} is larger than {} MiB, which no lib.rs is",
            file.display(),
            LARGEST >> 20
        );
    }
    String::from_utf8(bytes)
        .map_err(|error| error.utf8_error())
        .with_context(|| format!("{} is no Rust source: it is not UTF-8", file.display()))
}
