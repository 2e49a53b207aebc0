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
    let mut found = Vec::new();
    for engine in browsers::engines(&args.browsers, &Engine::ALL).await? {
        let mut court = judge.court(engine).await?;
        let rows = court.call(bundle, "show", LIMIT_MS).await?;
        versions.insert(engine.to_string(), court.version().to_owned());
        court.close().await;
        found.push((engine, read(&rows)?));
    }
    let calls = Calls {
        title: "Calls of std on wasm32-unknown-unknown, each in a fresh instance".to_owned(),
        date: Date::try_from(super::date()?).map_err(anyhow::Error::msg)?,
        command: COMMAND.to_owned(),
        rustc: super::rustc()?,
        engines: versions,
        calls: together(&found)?,
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

/// What stands for the outcome of a call that the spec did not dare to make.
const NOT_CALLED: &str = "not called";

/// The rows of the spec's `show`; none for a call that was not made. The last cell of each is the engine's own.
fn read(rows: &Value) -> anyhow::Result<Vec<Option<Call>>> {
    let rows = rows.as_array().context("`show` gave no rows")?;
    let calls = rows.iter().map(|cells| {
        if cells[2] == NOT_CALLED {
            return Ok(None);
        }
        let call =
            json!({ "area": cells[0], "call": cells[1], "outcome": cells[2], "words": cells[3] });
        serde_json::from_value(call).with_context(|| format!("a row of `show`: {cells}"))
    });
    calls.collect()
}

/// One row a call: what the engines that made it agree on, and which did not make it.
fn together(found: &[(Engine, Vec<Option<Call>>)]) -> anyhow::Result<Vec<Call>> {
    let (_, first) = found.first().context("no engine was asked")?;
    for (engine, calls) in found {
        let (here, there) = (calls.len(), first.len());
        ensure!(
            here == there,
            "{engine} has {here} calls, another engine {there}"
        );
    }
    (0..first.len())
        .map(|index| {
            let of =
                |(engine, calls): &(Engine, Vec<Option<Call>>)| (*engine, calls[index].clone());
            one(found.iter().map(of))
        })
        .collect()
}

fn one(results: impl Iterator<Item = (Engine, Option<Call>)>) -> anyhow::Result<Call> {
    let mut agreed: Option<Call> = None;
    let mut except = Vec::new();
    for (engine, result) in results {
        match (result, &agreed) {
            (None, _) => except.push(engine.to_string()),
            (Some(call), None) => agreed = Some(call),
            (Some(call), Some(before)) => ensure!(
                call == *before,
                "{engine} differs from another engine:\n{call:?}\n{before:?}"
            ),
        }
    }
    let call = agreed.context("a call was made in no engine")?;
    Ok(Call { except, ..call })
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

    fn rows(outcome: &str) -> Vec<Option<Call>> {
        read(&json!([[
            "time",
            "Instant::now()",
            outcome,
            "no time",
            "unreachable"
        ]]))
        .unwrap()
    }

    #[test]
    fn engines_that_differ_are_named() {
        for other in [rows("works"), Vec::new()] {
            let found = [(Engine::Chromium, rows("panics")), (Engine::Firefox, other)];
            let error = together(&found).unwrap_err().to_string();
            assert!(error.to_lowercase().contains("firefox"), "{error}");
        }
    }

    #[test]
    fn an_engine_that_did_not_call_is_named() {
        let found = [
            (Engine::Webkit, rows(NOT_CALLED)),
            (Engine::Firefox, rows("spins")),
        ];
        let calls = together(&found).unwrap();
        assert_eq!(calls[0].except, [Engine::Webkit.to_string()]);
        assert!(together(&found[..1]).is_err(), "a call that nobody made");
    }

    #[test]
    fn an_unknown_outcome_is_an_error() {
        let error = read(&json!([["time", "Instant::now()", "naps", "", ""]])).unwrap_err();
        assert!(format!("{error:#}").contains("naps"), "{error:#}");
        assert!(read(&json!("nothing")).is_err());
    }
}
