//! `cargo kata check`: the maintainer's proof.
//!
//! Everything is compiled as the site publishes it, so what is proved here is the
//! very wasm that readers run.

use super::browsers;
use super::outcome::{Comparison, compare, proven};
use super::terminal::indented;
use super::test::named_zones;
use super::trial::{self, Case, Tally, Tried};
use crate::cli::Check;
use anyhow::anyhow;
use kata_builder::{Builder, Profile, Request, Source};
use kata_engines::Engine;
use kata_judge::Outcome;
use kata_zones::{Proof, Variant, Workspace, Zone, check_files};
use std::collections::HashMap;
use std::process::ExitCode;

pub async fn run(ws: &Workspace, args: &Check) -> anyhow::Result<ExitCode> {
    named_slugs_exist(ws, &args.slugs)?;
    let problems = check_files(ws, &args.slugs)?;
    for problem in &problems {
        println!("{problem}");
    }
    let (mut passed, mut failed) = (usize::from(problems.is_empty()), problems.len());
    if !problems.is_empty() || args.files_only {
        return Ok(summary(passed, failed));
    }

    let zones = named_zones(ws, &args.slugs)?;
    let chosen = browsers::choose(&args.browsers, &Engine::ALL)?;
    let builder = Builder::new(ws)?;
    let mut cases = Vec::new();
    let mut proofs = HashMap::new();
    for zone in &zones {
        let variants = zone.variants().into_iter();
        cases.extend(
            variants.map(|variant| Case::new(Request::variant(zone, variant), &chosen.engines)),
        );
        let of_zone = zone.proofs()?.proofs;
        // That a rule can fail at all is seen on one engine, and what else fails does not matter.
        let edited = edited(zone, &of_zone)?;
        cases.extend(edited.zip(&of_zone).map(|(request, proof)| Case {
            tests: Some(proof.fails.iter().map(|f| f.test.clone()).collect()),
            ..Case::new(request, &chosen.engines[..1])
        }));
        proofs.insert(zone.slug.as_str(), of_zone);
    }
    let mut report = |tried: &Tried<'_>| {
        let request = &tried.case.request;
        let proof = match request.source {
            Source::Proof(number, _) => proofs[request.zone.slug.as_str()].get(number - 1),
            _ => None,
        };
        let comparison = match proof {
            Some(proof) => proven(&tried.result, &proof.fails),
            None => {
                let mut comparison = compare(tried);
                strict(tried, &mut comparison);
                comparison
            }
        };
        passed += comparison.as_declared;
        failed += comparison.surprises.len();
        let label = request.source.label();
        let word = if comparison.surprises.is_empty() {
            "as declared"
        } else {
            "NOT AS DECLARED"
        };
        println!(
            "{:<9} {:<16} {label:<28} {word}",
            tried.engine.to_string(),
            request.zone.slug
        );
        if let Some(proof) = proof.filter(|_| !comparison.surprises.is_empty()) {
            let file = request.zone.proofs_file();
            println!("    {} of {}", proof.name(), request.zone.display(&file));
        }
        for surprise in &comparison.surprises {
            println!("    {}", indented(surprise));
        }
    };
    let options = browsers::judge_options(&args.browsers);
    trial::run(
        ws,
        &builder,
        &cases,
        Profile::Release,
        &chosen,
        options,
        &mut report,
    )
    .await?;
    Ok(summary(passed, failed))
}

/// The solution of a zone with each proof's edit.
fn edited(zone: &Zone, proofs: &[Proof]) -> anyhow::Result<impl Iterator<Item = Request>> {
    let solution = zone.solution_sources()?;
    let edited = proofs
        .iter()
        .map(|proof| proof.apply(&solution).map_err(|what| anyhow!(what)))
        .collect::<anyhow::Result<Vec<_>>>()?;
    Ok(edited.into_iter().enumerate().map(|(at, files)| Request {
        zone: zone.clone(),
        source: Source::Proof(at + 1, files),
    }))
}

fn summary(passed: usize, failed: usize) -> ExitCode {
    println!("\n{passed} passed, {failed} failed");
    if failed == 0 {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

fn named_slugs_exist(ws: &Workspace, slugs: &[String]) -> anyhow::Result<()> {
    let all = ws.slugs()?;
    match slugs.iter().find(|slug| !all.contains(slug)) {
        Some(slug) => anyhow::bail!(
            "there is no zone `{slug}`; the zones are: {}",
            all.join(", ")
        ),
        None => Ok(()),
    }
}

/// What only the maintainer is held to: a declared failure that passes is a fault,
/// an attempt fails somewhere, and the kata's run answers the predict question
/// with exactly one of its choices.
fn strict(tried: &Tried<'_>, comparison: &mut Comparison) {
    for test in comparison.fixed.drain(..) {
        comparison
            .surprises
            .push(format!("{test} is declared to fail, but it passed"));
    }
    let predict = &tried.case.request.zone.manifest.predict;
    if tried.case.request.source == Source::Variant(Variant::Kata)
        && let Tally::Judged(verdicts) = tried.result
        && let Some(verdict) = verdicts.iter().find(|v| v.test == predict.test)
    {
        let passed = verdict.outcome == Outcome::Passed;
        let right: Vec<&str> = predict
            .choices
            .iter()
            .filter(|choice| choice.is_right(passed, &verdict.message))
            .map(|choice| choice.text.as_str())
            .collect();
        if right.len() != 1 {
            comparison.surprises.push(format!(
                "the run makes {} choices of the predict question right ({}), not one; {} says: {}",
                right.len(),
                right.join(" / "),
                verdict.test,
                verdict.message
            ));
        }
    }
}
