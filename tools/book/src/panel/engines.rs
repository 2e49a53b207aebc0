//! Where the engines differ: a small table of what is declared of the kata and the wrong turns in each
//! engine, and below it, rule by rule, the words.

use super::{count, heading, test_id};
use crate::html::{escape, inline_markdown, sentence};
use kata_zones::{Attempt, ENGINES, Expect, Failure, SpecTest, Zone, differ};
use serde_json::{Map, Value};

/// What people call the engines, in the order of [`ENGINES`].
const TITLES: [&str; 3] = ["Chromium", "Firefox", "WebKit"];

/// A variant whose fate is declared engine by engine.
struct Row<'a> {
    variant: String,
    title: String,
    fails: &'a [Failure],
    /// What is expected on each of [`ENGINES`].
    expected: [Expect<'a>; 3],
}

/// The section; nothing for a zone in which the engines agree.
pub(super) fn section(zone: &Zone, tests: &[SpecTest]) -> String {
    let rows = rows(zone);
    if rows.is_empty() {
        return String::new();
    }
    let label = escape(&format!("kata-{}-engines", zone.slug));
    let body: String = rows.iter().map(|row| line(row, tests.len())).collect();
    let details: String = rows
        .iter()
        .map(|row| rule_by_rule(zone, row, tests))
        .collect();
    format!(
        "<section class=\"kata-engines\">{}\
         <p class=\"kata-lead\">One browser is not enough: here the engines differ. What is declared, <code>cargo kata check</code> \
         proves on all three<span class=\"kata-live\">; what you run stands beside it</span>.</p>\
         {table}{details}</section>",
        heading(zone, "engines", "Engine by engine"),
        table = table("kata-matrix", &label, "Code", &body),
    )
}

/// A table with a column for each engine. The roles stay when a narrow page lays it out as blocks.
fn table(class: &str, label: &str, what: &str, body: &str) -> String {
    let head: String = (ENGINES.iter().zip(TITLES))
        .map(|(engine, title)| {
            format!("<th scope=\"col\" role=\"columnheader\" data-engine=\"{engine}\">{title}</th>")
        })
        .collect();
    format!(
        "<table class=\"{class}\" role=\"table\" aria-labelledby=\"{label}\"><thead role=\"rowgroup\"><tr role=\"row\">\
         <th scope=\"col\" role=\"columnheader\">{what}</th>{head}</tr></thead><tbody role=\"rowgroup\">{body}</tbody></table>"
    )
}

/// What the script must know of an attempt to say where it passes; nothing if the engines agree.
pub(super) fn fate(attempt: &Attempt, tests: usize) -> String {
    if !attempt.differs() {
        return String::new();
    }
    let fate: Map<String, Value> = ENGINES
        .into_iter()
        .map(|engine| {
            let expected = attempt.expect(engine);
            let broken = match expected.passes_on(engine) {
                true => Value::Null,
                false => words(expected, engine, tests).into(),
            };
            (engine.to_owned(), broken)
        })
        .collect();
    let fate = escape(&Value::Object(fate).to_string());
    format!(" data-fate=\"{fate}\"")
}

fn rows(zone: &Zone) -> Vec<Row<'_>> {
    let manifest = &zone.manifest;
    let kata = differ(&manifest.fails).then(|| Row {
        variant: "kata".to_owned(),
        title: "The broken code".to_owned(),
        fails: &manifest.fails,
        expected: [Expect::Fail(&manifest.fails); 3],
    });
    let attempts = manifest.attempts.iter().filter(|attempt| attempt.differs());
    kata.into_iter()
        .chain(attempts.map(|attempt| Row {
            variant: format!("attempts/{}", attempt.name),
            title: inline_markdown(&attempt.title),
            fails: &attempt.fails,
            expected: ENGINES.map(|engine| attempt.expect(engine)),
        }))
        .collect()
}

/// A variant in the small table.
fn line(row: &Row<'_>, tests: usize) -> String {
    let cells: String = (0..ENGINES.len())
        .map(|at| {
            let expected = row.expected[at];
            let passes = expected.passes_on(ENGINES[at]);
            cell(at, passes, &words(expected, ENGINES[at], tests))
        })
        .collect();
    format!(
        "<tr role=\"row\" data-variant=\"{}\"><th scope=\"row\" role=\"rowheader\">{}</th>{cells}</tr>",
        escape(&row.variant),
        row.title
    )
}

/// What a variant comes to on an engine, in few words.
fn words(expected: Expect<'_>, engine: &str, tests: usize) -> String {
    match expected {
        Expect::Pass => "passes".to_owned(),
        Expect::CompileError(_) => "does not compile".to_owned(),
        Expect::LoadError(_) => "does not load".to_owned(),
        Expect::Fail(failures) => match failures.iter().filter(|f| f.holds_on(engine)).count() {
            0 => "passes".to_owned(),
            broken => format!("breaks {broken} of {tests}"),
        },
    }
}

/// The rules in which a variant differs, in the spec's order, with the words of each failure.
fn rule_by_rule(zone: &Zone, row: &Row<'_>, tests: &[SpecTest]) -> String {
    let mut lines = String::new();
    let load_errors = row.expected.map(|expected| match expected {
        Expect::LoadError(words) => Some(words),
        _ => None,
    });
    if load_errors.iter().any(Option::is_some) {
        let cells: String = (load_errors.iter().enumerate())
            .map(|(at, words)| match words {
                Some(words) => cell(at, false, &said("does not load", words)),
                None => cell(at, true, "loads"),
            })
            .collect();
        lines.push_str(&format!(
            "<tr role=\"row\"><th scope=\"row\" role=\"rowheader\">The module</th>{cells}</tr>"
        ));
    }
    let differing: Vec<&SpecTest> = tests
        .iter()
        .filter(|test| (row.fails.iter()).any(|f| f.test == test.name && !f.engines.is_empty()))
        .collect();
    for test in &differing {
        let cells: String = (ENGINES.iter().enumerate())
            .map(|(at, engine)| {
                let failure =
                    (row.fails.iter()).find(|f| f.test == test.name && f.holds_on(engine));
                match (load_errors[at], failure) {
                    (Some(_), _) => cell(at, false, "does not load"),
                    (None, Some(failure)) => cell(at, false, &said("fails", &failure.words)),
                    (None, None) => cell(at, true, "passes"),
                }
            })
            .collect();
        lines.push_str(&format!(
            "<tr role=\"row\" data-test=\"{}\"><th scope=\"row\" role=\"rowheader\"><a href=\"#{}\">{}</a></th>{cells}</tr>",
            escape(&test.name),
            escape(&test_id(&zone.slug, &test.name)),
            escape(&sentence(&test.name)),
        ));
    }
    let what = match differing.len() {
        0 => "its module".to_owned(),
        rules => count(rules, "rule", "rules"),
    };
    let variant = escape(&row.variant);
    let label = format!(
        "kata-{}-engines-{}",
        zone.slug,
        row.variant.replace('/', "-")
    );
    let label = escape(&label);
    format!(
        "<details class=\"kata-engine-rules\" data-variant=\"{variant}\"><summary><span class=\"kata-name\" id=\"{label}\">{}: {what} in \
         which the engines differ</span></summary>{}</details>",
        row.title,
        table("kata-matrix kata-matrix-words", &label, "Rule", &lines),
    )
}

/// A failure with the words that its message holds.
fn said(how: &str, words: &str) -> String {
    format!("{how} <q>{}</q>", escape(words))
}

/// One engine's cell. On a narrow page it stands below its neighbours and says its own engine.
fn cell(at: usize, passes: bool, html: &str) -> String {
    let (engine, title) = (ENGINES[at], TITLES[at]);
    let declared = if passes { "passes" } else { "fails" };
    format!(
        "<td role=\"cell\" data-engine=\"{engine}\" data-label=\"{title}\" data-declared=\"{declared}\">{html}\
         <span class=\"kata-here kata-live\"></span></td>"
    )
}
