//! What a command measured, as tables and a plot.
//!
//! `{{#measured numbers/decimal-crates.json}}` names a file below the chapters'
//! folder: figures of crates, calls and what came of them, or an engine under two runtimes. The figures stay data: dated, with the command that made them, and
//! published beside the page. What a reader gets needs no script.

mod calls;
mod data;
mod edge;
mod plot;
mod table;

pub use calls::{Call, Calls, Outcome};
pub use data::{Date, Figures, Measured, Nanoseconds, Operations, Subject};
pub use edge::{Edge, Range, Row, Step, WAYS};

use crate::html::escape;
use anyhow::{Context, anyhow, bail};
use std::path::{Component, Path};

/// The figure for the file `name` in the folder `sources`, which errors call
/// `shown`; `link` leads from the page to the file.
pub(crate) fn figure(
    sources: &Path,
    shown: &Path,
    name: &str,
    link: &str,
) -> anyhow::Result<String> {
    let path = Path::new(name);
    let plain = |part: Component<'_>| matches!(part, Component::Normal(_));
    if !path.components().all(plain) {
        bail!("`{name}` is not a path below {}", shown.display());
    }
    let file = shown.join(path);
    let text = std::fs::read_to_string(sources.join(path))
        .with_context(|| format!("reading {}", file.display()))?;
    let id = path.file_stem().unwrap_or_default().to_string_lossy();
    let html = if data::has_key(&text, "calls") {
        Calls::parse(&text).map(|calls| calls.html(link))
    } else if data::has_key(&text, "steps") {
        Edge::parse(&text).map(|edge| edge.html(link))
    } else {
        Measured::parse(&text).map(|measured| html(&measured, &id, link))
    };
    html.map_err(|fault| anyhow!("{}:{}: {}", file.display(), fault.line, fault.message))
}

fn html(measured: &Measured, id: &str, link: &str) -> String {
    let versions: Vec<&str> = measured.engines.values().map(String::as_str).collect();
    format!(
        "<figure class=\"kata-measured\">{facts}{times}<div class=\"kata-stage\">{plot}</div>\
         <figcaption>Measured on {date} by <code>{command}</code>: {engines}; {rustc}; {machine}. \
         Bytes: {module}. <a href=\"{link}\">The figures as JSON</a>.</figcaption></figure>",
        facts = table::facts(measured),
        times = table::times(measured),
        plot = plot::svg(measured, &format!("measured-{}", escape(id))),
        date = measured.date,
        command = escape(&measured.command),
        engines = escape(&versions.join(", ")),
        rustc = escape(&measured.rustc),
        machine = escape(&measured.machine),
        module = escape(&measured.module),
        link = escape(link),
    )
}

/// The head of a column.
fn head(text: &str) -> String {
    format!("<th scope=\"col\">{text}</th>")
}

/// An engine without its version.
fn short(engine: &str) -> &str {
    engine.split(' ').next().unwrap_or(engine)
}

/// A figure with three digits that count, and commas from a thousand on.
fn figure_text(value: f64) -> String {
    let decimals = match value {
        v if v < 10.0 => 2,
        v if v < 100.0 => 1,
        _ => 0,
    };
    let text = format!("{value:.decimals$}");
    let (whole, fraction) = text.split_once('.').unwrap_or((&text, ""));
    let mut grouped = String::new();
    for (index, digit) in whole.chars().enumerate() {
        if index > 0 && (whole.len() - index) % 3 == 0 {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    match fraction {
        "" => grouped,
        _ => format!("{grouped}.{fraction}"),
    }
}

#[cfg(test)]
mod tests {
    use super::figure_text;

    #[test]
    fn figures_have_three_digits_and_commas() {
        for (value, text) in [
            (0.5, "0.50"),
            (9.87, "9.87"),
            (45.67, "45.7"),
            (456.7, "457"),
            (1234.0, "1,234"),
            (1_234_567.0, "1,234,567"),
        ] {
            assert_eq!(figure_text(value), text);
        }
    }
}
