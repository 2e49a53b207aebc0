//! What the calls of Rust's standard library come to in a browser, as the spec of
//! `missing-std` finds it. It must be the same in every engine.
//!
//! `--write` keeps the table where the chapter shows it, and where the spec holds it
//! against the reader's browser.

use crate::cli::Bench;
use crate::commands::browsers;
use anyhow::{Context, bail, ensure};
use kata_book::measured::{Call, Calls, Date};
use kata_builder::{Builder, Built, Profile, Request};
use kata_engines::Engine;
use kata_judge::Judge;
use kata_zones::{Variant, Workspace};
use serde_json::{Value, json};
use std::collections::BTreeMap;

const SLUG: &str = "missing-std";
const LIMIT_MS: u64 = 60_000;

/// The file that the chapter shows, below the repository.
const FILE: &str = "src/boundary/std-calls.json";

/// The command that makes it.
const COMMAND: &str = "cargo kata bench std --write";

pub async fn run(ws: &Workspace, args: &Bench) -> anyhow::Result<()> {
    let builder = Builder::new(ws)?;
    let request = [Request::variant(&ws.zone(SLUG)?, Variant::Solution)];
    let built = builder.build(&request, Profile::Release).await?;
    let [Built::Ready(bundle)] = built.as_slice() else {
        bail!("the solution of {SLUG} does not compile")
    };
    let judge = Judge::start(
        ws,
        builder.bundles_root(),
        browsers::judge_options(&args.browsers),
    )
    .await?;
    let mut versions = BTreeMap::new();
    let mut calls: Option<Vec<Call>> = None;
    for engine in browsers::engines(&args.browsers, &Engine::ALL)? {
        let mut court = judge.court(engine).await?;
        let found = read(&court.call(bundle, "show", LIMIT_MS).await?)?;
        versions.insert(engine.to_string(), court.version().to_owned());
        court.close().await;
        match &calls {
            None => calls = Some(found),
            Some(before) => agree(before, &found, engine)?,
        }
    }
    let calls = Calls {
        title: "Calls of std on wasm32-unknown-unknown, each in a fresh instance".to_owned(),
        date: Date::try_from(super::date()?).map_err(anyhow::Error::msg)?,
        command: COMMAND.to_owned(),
        rustc: super::rustc()?,
        engines: versions,
        calls: calls.context("no engine was asked")?,
    };
    print(&calls);
    if args.write {
        let path = ws.root().join(FILE);
        let json = serde_json::to_string_pretty(&calls)? + "\n";
        std::fs::write(&path, json).with_context(|| format!("writing {}", path.display()))?;
        println!("Written: {FILE}");
    }
    Ok(())
}

/// The rows of the spec's `show`. The last cell of each is the engine's own.
fn read(rows: &Value) -> anyhow::Result<Vec<Call>> {
    let rows = rows.as_array().context("`show` gave no rows")?;
    let calls = rows.iter().map(|cells| {
        let call =
            json!({ "area": cells[0], "call": cells[1], "outcome": cells[2], "words": cells[3] });
        serde_json::from_value(call).with_context(|| format!("a row of `show`: {cells}"))
    });
    calls.collect()
}

/// A table has one cell for all engines.
fn agree(before: &[Call], found: &[Call], engine: Engine) -> anyhow::Result<()> {
    ensure!(
        before.len() == found.len(),
        "{engine} made {} calls, and another engine {}",
        found.len(),
        before.len()
    );
    for (before, found) in before.iter().zip(found) {
        ensure!(
            before == found,
            "{engine} differs from another engine:\n{found:?}\n{before:?}"
        );
    }
    Ok(())
}

fn print(calls: &Calls) {
    println!("{}", calls.title);
    for version in calls.engines.values() {
        println!("{version}");
    }
    for call in &calls.calls {
        println!(
            "{:<10} {:<40} {:<7} {}",
            call.area,
            call.call,
            call.outcome.word(),
            call.words
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn engines_that_differ_are_named() {
        let row =
            |outcome: &str| json!([["time", "Instant::now()", outcome, "no time", "unreachable"]]);
        let panics = read(&row("panics")).unwrap();
        assert!(agree(&panics, &panics, Engine::Firefox).is_ok());
        let works = read(&row("works")).unwrap();
        for other in [&works[..], &[]] {
            let error = agree(&panics, other, Engine::Firefox)
                .unwrap_err()
                .to_string();
            assert!(error.to_lowercase().contains("firefox"), "{error}");
        }
    }

    #[test]
    fn an_unknown_outcome_is_an_error() {
        let error = read(&json!([["time", "Instant::now()", "naps", "", ""]])).unwrap_err();
        assert!(format!("{error:#}").contains("naps"), "{error:#}");
        assert!(read(&json!("nothing")).is_err());
    }
}
