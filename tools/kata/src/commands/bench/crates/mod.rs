//! Decimal and big-number crates side by side: which build for wasm, which run,
//! how large and how fast they are, in every engine.
//!
//! `--write` keeps the figures where the chapter of `decimal-money` shows them.

mod contenders;
mod page;
mod workshop;

use crate::cli::Bench;
use crate::commands::browsers;
use anyhow::{Context, bail};
use contenders::{CONTENDERS, QUESTIONS};
use kata_book::measured::{Date, Figures, Measured, Nanoseconds, Operations, Subject};
use kata_engines::Engine;
use kata_zones::Workspace;
use page::{Page, Reply};
use std::collections::BTreeMap;
use workshop::{Built, MODULE, Workshop};

/// The file that the chapter shows, below the repository.
const FILE: &str = "src/numbers/decimal-crates.json";

/// The command that makes it.
const COMMAND: &str = "cargo kata bench crates --write";

pub async fn run(ws: &Workspace, args: &Bench) -> anyhow::Result<()> {
    let engines = browsers::engines(&args.browsers, &Engine::ALL).await?;
    let workshop = Workshop::new(ws)?;
    let mut subjects = Vec::new();
    let mut files = Vec::new();
    for contender in &CONTENDERS {
        let (refused, built) = match workshop.build(contender).await? {
            Built::Refused(why) => (Some(why), None),
            Built::Bytes(bytes) => {
                files.push(workshop.file(contender));
                let figures = Figures {
                    bytes,
                    answers: Vec::new(),
                    runs: BTreeMap::new(),
                    failed: BTreeMap::new(),
                };
                (None, Some(figures))
            }
        };
        subjects.push(Subject {
            name: contender.name.to_owned(),
            version: contender.version().map(str::to_owned),
            holds: contender.holds.to_owned(),
            refused,
            built,
        });
    }

    let page = Page::start(&workshop.modules("fast")).await?;
    let mut versions = BTreeMap::new();
    for engine in engines {
        let (version, replies) = page.measure(engine, &files, args.rounds).await?;
        versions.insert(engine.to_string(), version);
        let built = subjects
            .iter_mut()
            .filter_map(|subject| subject.built.as_mut());
        for (file, figures) in files.iter().zip(built) {
            let reply = replies.get(file).context("a module without a reply")?;
            note(figures, &engine.to_string(), reply)
                .with_context(|| format!("{file} in {engine}"))?;
        }
    }

    let measured = Measured {
        title: "Decimal and big-number crates in WebAssembly".to_owned(),
        date: Date::try_from(super::date()?).map_err(anyhow::Error::msg)?,
        command: COMMAND.to_owned(),
        machine: super::machine(),
        rustc: super::rustc()?,
        module: MODULE.to_owned(),
        engines: versions,
        questions: QUESTIONS.map(str::to_owned).to_vec(),
        crates: subjects,
    };
    print(&measured);
    if args.write {
        let path = ws.root().join(FILE);
        let json = serde_json::to_string_pretty(&measured)? + "\n";
        std::fs::write(&path, json).with_context(|| format!("writing {}", path.display()))?;
        println!("Written: {FILE}");
    }
    Ok(())
}

/// Adds what one engine said to a crate's figures.
fn note(figures: &mut Figures, engine: &str, reply: &Reply) -> anyhow::Result<()> {
    let (answers, ns) = match reply {
        Reply::Failed { failed } => {
            figures.failed.insert(engine.to_owned(), failed.clone());
            return Ok(());
        }
        Reply::Ran { answers, ns } => (answers, ns),
    };
    if figures.runs.is_empty() {
        figures.answers = answers.clone();
    } else if figures.answers != *answers {
        bail!("answers {answers:?}, but elsewhere {:?}", figures.answers);
    }
    let operation = |name: &str| -> anyhow::Result<Nanoseconds> {
        let ns = ns
            .get(name)
            .with_context(|| format!("no figure for {name}"))?;
        Nanoseconds::try_from(*ns).map_err(anyhow::Error::msg)
    };
    let operations = Operations {
        add: operation("add")?,
        multiply: operation("multiply")?,
        parse: operation("parse")?,
        print: operation("print")?,
    };
    figures.runs.insert(engine.to_owned(), operations);
    Ok(())
}

fn print(measured: &Measured) {
    println!("{}; ns with opt-level 3", measured.title);
    println!("Bytes: {}", measured.module);
    for subject in &measured.crates {
        let version = subject.version.as_deref().unwrap_or("");
        println!("\n{} {version}: {}", subject.name, subject.holds);
        let Some(figures) = &subject.built else {
            println!(
                "  does not build: {}",
                subject.refused.as_deref().unwrap_or_default()
            );
            continue;
        };
        println!("  {} bytes", figures.bytes);
        for (question, answer) in measured.questions.iter().zip(&figures.answers) {
            println!("  {question} = {answer}");
        }
        for (engine, version) in &measured.engines {
            match (figures.runs.get(engine), figures.failed.get(engine)) {
                (Some(run), _) => {
                    let cells = Operations::NAMES.iter().zip(run.all());
                    let cells: Vec<String> = cells
                        .map(|(name, ns)| format!("{name} {ns:>8} ns"))
                        .collect();
                    println!("  {version:<24} {}", cells.join("  "));
                }
                (None, why) => println!("  {version:<24} {}", why.map_or("", String::as_str)),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ran(answer: &str) -> Reply {
        let ns = Operations::NAMES.map(|name| (name.to_owned(), 2.0));
        Reply::Ran {
            answers: vec![answer.to_owned()],
            ns: ns.into(),
        }
    }

    fn nothing() -> Figures {
        Figures {
            bytes: 1,
            answers: Vec::new(),
            runs: BTreeMap::new(),
            failed: BTreeMap::new(),
        }
    }

    #[test]
    fn an_engine_that_answers_something_else_is_an_error() {
        let mut figures = nothing();
        note(&mut figures, "chromium", &ran("0.3")).unwrap();
        note(&mut figures, "firefox", &ran("0.3")).unwrap();
        let error = note(&mut figures, "webkit", &ran("0.30"))
            .unwrap_err()
            .to_string();
        assert!(
            error.contains("0.30") && error.contains("\"0.3\""),
            "{error}"
        );
    }

    #[test]
    fn an_operation_without_a_figure_is_an_error() {
        let Reply::Ran { answers, mut ns } = ran("0.3") else {
            panic!("it ran")
        };
        ns.remove("print");
        let error = note(&mut nothing(), "chromium", &Reply::Ran { answers, ns }).unwrap_err();
        assert!(error.to_string().contains("print"), "{error}");
    }

    #[test]
    fn what_does_not_run_is_kept_with_the_engines_words() {
        let mut figures = nothing();
        let failed = "CompileError".to_owned();
        note(&mut figures, "webkit", &Reply::Failed { failed }).unwrap();
        note(&mut figures, "chromium", &ran("0.3")).unwrap();
        assert_eq!(figures.failed["webkit"], "CompileError");
        assert_eq!(figures.answers, ["0.3"]);
    }
}
