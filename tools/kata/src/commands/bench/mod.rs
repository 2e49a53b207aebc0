//! `cargo kata bench`: the figures that the book and the README quote.
//!
//! Machines differ and this one may be busy, so everything that is compared is
//! measured in turn within one run, and what counts is the ratio.

mod click;
mod crates;
mod edge;
mod fixed;
mod samples;
mod size;
mod std_calls;
mod suite;
mod sums;
mod verdict;

use crate::cli::{Bench, BenchChoice};
use anyhow::Context;
use kata_zones::Workspace;
use std::process::{Command, ExitCode};

pub async fn run(ws: &Workspace, args: &Bench) -> anyhow::Result<ExitCode> {
    let all = [
        BenchChoice::Verdict,
        BenchChoice::Suite,
        BenchChoice::Size,
        BenchChoice::Click,
        BenchChoice::Sums,
        BenchChoice::Fixed,
        BenchChoice::Crates,
        BenchChoice::Std,
        BenchChoice::Edge,
    ];
    let what = if args.what.is_empty() {
        all.to_vec()
    } else {
        args.what.clone()
    };
    println!("{}, {}\n{}", date()?, rustc()?, machine());
    for choice in what {
        println!();
        match choice {
            BenchChoice::Verdict => verdict::run(ws, args).await?,
            BenchChoice::Suite => suite::run(ws, args).await?,
            BenchChoice::Size => size::run(ws).await?,
            BenchChoice::Click => click::run(ws, args).await?,
            BenchChoice::Sums => sums::run(ws, args).await?,
            BenchChoice::Fixed => fixed::run(ws, args).await?,
            BenchChoice::Crates => crates::run(ws, args).await?,
            BenchChoice::Std => std_calls::run(ws, args).await?,
            BenchChoice::Edge => edge::run(ws, args).await?,
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// The date and the compiler: no figure without them.
fn date() -> anyhow::Result<String> {
    said(Command::new("date").arg("+%Y-%m-%d")).context("asking for the date")
}

fn rustc() -> anyhow::Result<String> {
    said(Command::new("rustc").arg("--version")).context("asking for rustc's version")
}

fn said(command: &mut Command) -> anyhow::Result<String> {
    let output = command.output()?;
    Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

fn machine() -> String {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let cpu = std::fs::read_to_string("/proc/cpuinfo")
        .ok()
        .and_then(|text| {
            let line = text.lines().find(|line| line.starts_with("model name"))?;
            Some(line.split(':').nth(1)?.trim().to_owned())
        });
    format!(
        "{cores} cores, {}",
        cpu.unwrap_or_else(|| std::env::consts::ARCH.to_owned())
    )
}
