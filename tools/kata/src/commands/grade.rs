//! `cargo kata grade`: any `lib.rs`, or a folder with one and its modules, judged by a zone's spec.

use super::browsers;
use super::outcome::counts;
use super::terminal::indented;
use super::trial::{self, Case, Tally, Tried};
use crate::cli::Grade;
use anyhow::{Context, bail};
use kata_builder::{Builder, Built, Profile, Request, Source};
use kata_engines::Engine;
use kata_judge::{Outcome, Verdict};
use kata_zones::{Variant, Workspace, rust_files};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;
use tokio::io::AsyncReadExt;

/// The exit code for what cannot be graded.
const UNGRADABLE: u8 = 2;

/// Bytes of the largest answer that is graded.
const LARGEST: u64 = 4 << 20;

/// How rustc says that a file of a module is missing.
const NO_MODULE: &str = "error[E0583]";

pub async fn run(ws: &Workspace, args: &Grade) -> anyhow::Result<ExitCode> {
    let zone = ws.zone(&args.slug)?;
    let files = answer(&args.file).await?;
    let chosen = browsers::choose(&args.browsers, &[Engine::Chromium])?;

    // The solution warms the dependencies up, so that the limit below is all the answer's own. Where it
    // is withheld, the kata does, even one that does not compile.
    let builder = Builder::new(ws)?;
    let warmer = match zone.has_solution() {
        true => Variant::Solution,
        false => Variant::Kata,
    };
    let warm = [Request::variant(&zone, warmer)];
    if let [Built::Refused(words)] = builder.build(&warm, Profile::Quick).await?.as_slice()
        && zone.has_solution()
    {
        bail!(
            "the solution of {} does not compile, so nothing can be graded:\n{words}",
            zone.slug
        );
    }
    let builder = builder.with_limit(Duration::from_secs(args.build_limit));

    let request = Request {
        zone,
        source: Source::Graded(files),
    };
    let cases = [Case::new(request, &chosen.engines)];
    let (mut passed, mut failed, mut unjudged, mut unbuilt) = (0, 0, 0, false);
    let mut report = |tried: &Tried<'_>| {
        unbuilt |= !matches!(tried.result, Tally::Judged(_));
        let verdicts = tried.result.verdicts(tried.case, tried.engine);
        for verdict in &verdicts {
            *match verdict.outcome {
                Outcome::Passed => &mut passed,
                Outcome::Unjudged => &mut unjudged,
                _ => &mut failed,
            } += 1;
        }
        if args.json {
            print_json(&verdicts);
            return;
        }
        print_verdicts(&verdicts);
        if let Tally::Refused(diagnostics) = tried.result
            && diagnostics.contains(NO_MODULE)
        {
            println!(
                "    note: an answer of several files is graded by its folder, the one that holds lib.rs"
            );
        }
    };
    let options = browsers::judge_options(&args.browsers);
    trial::run(
        ws,
        &builder,
        &cases,
        Profile::Quick,
        &chosen,
        options,
        &mut report,
    )
    .await?;
    let line = counts(passed, failed, unjudged);
    if args.json {
        eprintln!("{line}");
    } else {
        println!("\n{line}");
    }
    Ok(match (unbuilt || unjudged > 0, failed) {
        (true, _) => ExitCode::from(UNGRADABLE),
        (false, 0) => ExitCode::SUCCESS,
        (false, _) => ExitCode::FAILURE,
    })
}

/// The files to be graded, by their paths below `src`: one that is `lib.rs` by whatever name, or those
/// of a folder that holds `lib.rs` or `src/lib.rs`.
async fn answer(path: &Path) -> anyhow::Result<BTreeMap<PathBuf, String>> {
    let mut room = LARGEST;
    if !path.is_dir() {
        let text = read(path, &mut room).await?;
        return Ok(BTreeMap::from([(PathBuf::from("lib.rs"), text)]));
    }
    let roots = [path.join("src"), path.to_owned()];
    let root = roots.iter().find(|root| root.join("lib.rs").is_file());
    let Some(root) = root else {
        bail!("{} holds neither lib.rs nor src/lib.rs", path.display());
    };
    let mut files = BTreeMap::new();
    for name in rust_files(root)? {
        let text = read(&root.join(&name), &mut room).await?;
        files.insert(name, text);
    }
    Ok(files)
}

/// One text to be graded, if there is room for it. The wait for a pipe that says nothing can be
/// interrupted.
async fn read(file: &Path, room: &mut u64) -> anyhow::Result<String> {
    let reading = || format!("reading {}", file.display());
    let open = tokio::fs::File::open(file).await.with_context(reading)?;
    let mut bytes = Vec::new();
    open.take(*room + 1)
        .read_to_end(&mut bytes)
        .await
        .with_context(reading)?;
    match room.checked_sub(bytes.len() as u64) {
        Some(left) => *room = left,
        None => bail!(
            "with {} the answer is larger than {} MiB, which none is",
            file.display(),
            LARGEST >> 20
        ),
    }
    String::from_utf8(bytes)
        .map_err(|error| error.utf8_error())
        .with_context(|| format!("{} is no Rust source: it is not UTF-8", file.display()))
}

fn print_json(verdicts: &[Verdict]) {
    for verdict in verdicts {
        if let Ok(line) = serde_json::to_string(verdict) {
            println!("{line}");
        }
    }
}

/// One line a verdict, and the reason below it. What never began has one reason for all its tests.
fn print_verdicts(verdicts: &[Verdict]) {
    let mut last = None;
    for verdict in verdicts {
        println!(
            "{:<9} {:<10} {}",
            verdict.engine,
            verdict.outcome.to_string(),
            verdict.test
        );
        let reason = (verdict.outcome, verdict.message.as_str());
        let is_new = last.replace(reason) != Some(reason);
        if verdict.outcome == Outcome::Passed || (verdict.outcome == Outcome::LoadError && !is_new)
        {
            continue;
        }
        println!("    {}", indented(&verdict.message));
        if let Some(location) = &verdict.location {
            println!("    at {}", indented(location));
        }
    }
}
