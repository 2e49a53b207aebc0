//! The whole suite, per engine: one session for all crates beside stock
//! `cargo test`, which starts a browser for each.

use super::samples::{Samples, print};
use crate::cli::Bench;
use crate::commands::browsers;
use crate::commands::trial::{self, Case};
use anyhow::{Context, bail};
use kata_builder::toolchain::cargo;
use kata_builder::{Builder, Profile, Request};
use kata_engines::Engine;
use kata_zones::{Variant, Workspace};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

pub async fn run(ws: &Workspace, args: &Bench) -> anyhow::Result<()> {
    let builder = Builder::new(ws)?;
    let zones = ws.zones()?;
    let chosen = browsers::choose(&args.browsers, &Engine::ALL)?;
    chosen.ready().await?;
    for engine in chosen.engines.iter().copied() {
        println!(
            "All {} solutions in {engine}, warm, {} rounds after one that is not counted",
            zones.len(),
            args.rounds
        );
        let cases: Vec<Case> = zones
            .iter()
            .map(|zone| Case::new(Request::variant(zone, Variant::Solution), &[engine]))
            .collect();
        let mut ours = Samples::new("cargo kata test --variant solution, one session");
        let mut stock = Samples::new("cargo test, a session for each crate");
        for round in 0..=args.rounds {
            let start = Instant::now();
            let options = browsers::judge_options(&args.browsers);
            trial::run(
                ws,
                &builder,
                &cases,
                Profile::Quick,
                &chosen,
                options,
                &mut |_| {},
            )
            .await?;
            let one = start.elapsed();
            let each = stock_test(ws, engine)?;
            if round > 0 {
                ours.add(one);
                stock.add(each);
            }
        }
        print(&[stock, ours]);
    }
    Ok(())
}

fn stock_test(ws: &Workspace, engine: Engine) -> anyhow::Result<Duration> {
    let start = Instant::now();
    let output = Command::new(cargo())
        .args(["test", "--quiet"])
        .env("KATA_BROWSER", engine.to_string())
        .current_dir(ws.root())
        .stdin(Stdio::null())
        .output()
        .context("running cargo test")?;
    if !output.status.success() {
        bail!(
            "cargo test failed in {engine}:\n{}{}",
            String::from_utf8_lossy(&output.stdout),
            String::from_utf8_lossy(&output.stderr)
        );
    }
    Ok(start.elapsed())
}
