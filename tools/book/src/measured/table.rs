//! The figures as two tables: what a crate is, and how long it takes.

use super::{Measured, Operations, Subject, figure_text, head, short};
use crate::html::escape;

/// Name, version, kind of number, whether it builds and runs, bytes, answers.
pub(super) fn facts(measured: &Measured) -> String {
    let questions: String = measured
        .questions
        .iter()
        .map(|question| head(&escape(question)))
        .collect();
    let rows: String = measured
        .crates
        .iter()
        .map(|subject| fact_row(measured, subject))
        .collect();
    format!(
        "<div class=\"table-wrapper\"><table><caption>{}</caption><thead><tr>{}{}{}{}{questions}</tr></thead>\
         <tbody>{rows}</tbody></table></div>",
        escape(&measured.title),
        head("Crate"),
        head("A number is"),
        head("Builds and runs"),
        head("KB"),
    )
}

fn fact_row(measured: &Measured, subject: &Subject) -> String {
    let holds = escape(&subject.holds);
    let Some(figures) = &subject.built else {
        let why = subject.refused.as_deref().unwrap_or_default();
        let span = 2 + measured.questions.len();
        return format!(
            "<tr>{}<td>{holds}</td><td colspan=\"{span}\">no: <code>{}</code></td></tr>",
            row_head(subject),
            escape(why)
        );
    };
    let failed: Vec<String> = figures
        .failed
        .iter()
        .map(|(engine, why)| format!("not in {}: {}", short(&measured.engines[engine]), why))
        .collect();
    let runs = match failed.as_slice() {
        [] => "yes".to_owned(),
        _ => escape(&failed.join("; ")),
    };
    let answers: String = figures
        .answers
        .iter()
        .map(|answer| format!("<td><code>{}</code></td>", escape(answer)))
        .collect();
    format!(
        "<tr>{}<td>{holds}</td><td>{runs}</td><td>{:.1}</td>{answers}</tr>",
        row_head(subject),
        figures.bytes as f64 / 1000.0,
    )
}

/// Nanoseconds of each operation, one figure for each engine in a cell.
pub(super) fn times(measured: &Measured) -> String {
    let engines: Vec<&str> = measured.engines.values().map(|e| short(e)).collect();
    let rows: String = measured
        .crates
        .iter()
        .filter_map(|subject| time_row(measured, subject))
        .collect();
    format!(
        "<div class=\"table-wrapper\"><table class=\"kata-times\"><caption>Nanoseconds each: {}</caption><thead><tr>{}{}</tr></thead>\
         <tbody>{rows}</tbody></table></div>",
        escape(&engines.join(" / ")),
        head("Crate"),
        Operations::NAMES.map(head).concat(),
    )
}

fn time_row(measured: &Measured, subject: &Subject) -> Option<String> {
    let figures = subject.built.as_ref()?;
    let mut row = row_head(subject);
    for operation in 0..Operations::NAMES.len() {
        let cells: Vec<String> = measured
            .engines
            .keys()
            .map(|engine| match figures.runs.get(engine) {
                Some(run) => figure_text(run.all()[operation]),
                None => "–".to_owned(),
            })
            .collect();
        row.push_str(&format!("<td>{}</td>", cells.join(" / ")));
    }
    Some(format!("<tr>{row}</tr>"))
}

fn row_head(subject: &Subject) -> String {
    let name = escape(&subject.name);
    match &subject.version {
        Some(version) => format!(
            "<th scope=\"row\"><code>{name}</code> {}</th>",
            escape(version)
        ),
        None => format!("<th scope=\"row\"><code>{name}</code></th>"),
    }
}
