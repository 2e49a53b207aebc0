//! `cargo kata check`: the maintainer's proof.
//!
//! Everything is compiled as the site publishes it, so what is proved here is the
//! very wasm that readers run.

use super::browsers::{self, Chosen};
use super::outcome::{Comparison, compare, proven};
use super::terminal::indented;
use super::test::named_zones;
use super::trial::{self, Case, Docket, Tally, Tried};
use crate::cli::Check;
use anyhow::anyhow;
use kata_builder::{Builder, Edited, Profile, Request, Source};
use kata_engines::Engine;
use kata_judge::{JudgeOptions, Outcome};
use kata_zones::{Proof, Variant, Workspace, Zone, check_files};
use std::collections::HashMap;
use std::process::ExitCode;

pub async fn run(ws: &Workspace, args: &Check) -> anyhow::Result<ExitCode> {
    named_slugs_exist(ws, &args.slugs)?;
    let problems = check_files(ws, &args.slugs)?;
    for problem in &problems {
        println!("{problem}");
    }
    if !problems.is_empty() || args.files_only {
        return Ok(summary(usize::from(problems.is_empty()), problems.len()));
    }

    let zones = named_zones(ws, &args.slugs)?;
    let chosen = browsers::choose(&args.browsers, &Engine::ALL)?;
    let builder = Builder::new(ws)?;
    let docket = if args.reuse {
        Docket::Take
    } else {
        Docket::None
    };
    let mut cases = Vec::new();
    let mut proofs = HashMap::new();
    for zone in &zones {
        cases.extend(zone.variants().into_iter().map(|variant| {
            Case::new(Request::variant(zone, variant), &chosen.engines).with_docket(docket)
        }));
        let of_zone = zone.proofs()?.proofs;
        // That a rule can fail at all is seen on one engine, and what else fails does not matter.
        let edited = edited(zone, &of_zone)?;
        cases.extend(edited.map(|request| Case::new(request, &chosen.engines[..1])));
        proofs.insert(zone.slug.as_str(), of_zone);
    }
    let trial = Trial {
        ws,
        builder: &builder,
        chosen: &chosen,
        options: browsers::judge_options(&args.browsers),
        proofs,
    };
    let first = trial.judge(&cases).await?;
    // The files are as they should be: one more.
    let passed = 1 + first.whole;
    if first.surprises.is_empty() {
        return Ok(summary(passed, 0));
    }
    println!("\nJudged once more, for a machine that is busy may keep a test past its limit:\n");
    let again: Vec<Case> = first.surprises.iter().map(|s| s.case.clone()).collect();
    let second = trial.judge(&again).await?;
    let (faults, doubts): (Vec<_>, Vec<_>) = first.surprises.iter().partition(|one| {
        second
            .surprises
            .iter()
            .any(|other| other.label == one.label)
    });
    say("As declared the second time, but not the first:", &doubts);
    say("NOT AS DECLARED, both times:", &faults);
    let (as_declared, failed) = second.counts();
    Ok(summary(passed + as_declared, failed))
}

/// What judging needs, and what each proof must show.
struct Trial<'a> {
    ws: &'a Workspace,
    builder: &'a Builder,
    chosen: &'a Chosen,
    options: JudgeOptions,
    proofs: HashMap<&'a str, Vec<Proof>>,
}

/// What judging some cases came to.
#[derive(Default)]
struct Round {
    /// How many tests the cases have that are wholly as declared.
    whole: usize,
    surprises: Vec<Surprise>,
}

/// A case that is not as declared on an engine.
struct Surprise {
    label: String,
    case: Case,
    comparison: Comparison,
    /// Where a proof stands.
    place: Option<String>,
}

impl Trial<'_> {
    /// Judges each case on its engines, and says of each at once what it came to.
    async fn judge(&self, cases: &[Case]) -> anyhow::Result<Round> {
        let mut round = Round::default();
        let mut report = |tried: &Tried<'_>| {
            let (engine, request) = (tried.engine, &tried.case.request);
            let label = format!(
                "{:<9} {:<16} {:<28}",
                engine.to_string(),
                request.zone.slug,
                request.source.label()
            );
            let (comparison, place) = self.compare(tried);
            if comparison.surprises.is_empty() {
                println!("{label} as declared");
                round.whole += comparison.as_declared;
                return;
            }
            println!("{label} NOT AS DECLARED");
            let case = Case {
                engines: vec![engine],
                docket: Docket::None,
                ..tried.case.clone()
            };
            let surprise = Surprise {
                label,
                case,
                comparison,
                place,
            };
            surprise.explain();
            round.surprises.push(surprise);
        };
        trial::run(
            self.ws,
            self.builder,
            cases,
            Profile::Release,
            self.chosen,
            self.options.clone(),
            &mut report,
        )
        .await?;
        Ok(round)
    }

    /// What a case came to; and where it stands, if it is a proof.
    fn compare(&self, tried: &Tried<'_>) -> (Comparison, Option<String>) {
        let request = &tried.case.request;
        let Source::Proof(edited) = &request.source else {
            let mut comparison = compare(tried);
            strict(tried, &mut comparison);
            return (comparison, None);
        };
        let proof = &self.proofs[request.zone.slug.as_str()][edited.number - 1];
        let file = request.zone.proofs_file();
        let place = format!("{} of {}", proof.name(), request.zone.display(&file));
        (proven(&tried.result, &proof.fails), Some(place))
    }
}

impl Round {
    /// How many tests are as declared, and how many are not.
    fn counts(&self) -> (usize, usize) {
        let of = |count: fn(&Comparison) -> usize| -> usize {
            self.surprises.iter().map(|s| count(&s.comparison)).sum()
        };
        (
            self.whole + of(|c| c.as_declared),
            of(|c| c.surprises.len()),
        )
    }
}

impl Surprise {
    fn explain(&self) {
        for line in self.place.iter().chain(&self.comparison.surprises) {
            println!("    {}", indented(line));
        }
    }
}

/// Says again, where the eye is at the end of a long run, what was surprising.
fn say(title: &str, surprises: &[&Surprise]) {
    if surprises.is_empty() {
        return;
    }
    println!("\n{title}");
    for surprise in surprises {
        println!("{}", surprise.label.trim_end());
        surprise.explain();
    }
}

/// The solution of a zone with each proof's edit.
fn edited(zone: &Zone, proofs: &[Proof]) -> anyhow::Result<impl Iterator<Item = Request>> {
    let solution = zone.solution_sources()?;
    let sources = proofs
        .iter()
        .zip(1..)
        .map(|(proof, number)| {
            Ok(Source::Proof(Edited {
                number,
                files: proof.apply(&solution).map_err(|what| anyhow!(what))?,
                tests: proof.fails.iter().map(|f| f.test.clone()).collect(),
            }))
        })
        .collect::<anyhow::Result<Vec<_>>>()?;
    Ok(sources.into_iter().map(|source| Request {
        zone: zone.clone(),
        source,
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
