//! One engine in two languages under two runtimes, and what each step to the fast one gained.

use super::data::{Date, Fault, read};
use super::{figure_text, head};
use crate::html::escape;
use serde::{Deserialize, Serialize};

/// The ways that are compared, in the order of every row: each runtime with JavaScript, then with WebAssembly.
pub const WAYS: usize = 4;

/// A benchmark of an engine behind a server.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Edge {
    /// What was measured, for the table's caption.
    pub title: String,
    /// The day.
    pub date: Date,
    /// The command that made this file.
    pub command: String,
    /// Processor and cores.
    pub machine: String,
    /// How busy the machine was when it began: the load of the last minute.
    pub load: f64,
    /// The compiler, as it names itself.
    pub rustc: String,
    /// The two runtimes, each with its version.
    pub runtimes: [String; 2],
    /// Rounds of each measurement.
    pub rounds: usize,
    /// Quotes in a round.
    pub quotes: usize,
    /// The rows.
    pub rows: Vec<Row>,
    /// What each step to the fast module gained, beside JavaScript in the first row.
    pub steps: Vec<Step>,
}

/// One quantity.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Row {
    /// What, with its unit.
    pub what: String,
    /// What the article says: JavaScript, then WebAssembly. Empty if it says nothing.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub article: String,
    /// What was found.
    pub found: [Range; WAYS],
    /// WebAssembly over JavaScript in one round, under each runtime.
    pub ratios: [Range; WAYS / 2],
}

/// A median with its range.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Range {
    /// In the middle.
    pub median: f64,
    /// The smallest.
    pub low: f64,
    /// The largest.
    pub high: f64,
}

impl Range {
    /// Of some samples; `None` without any.
    pub fn of(samples: &[f64]) -> Option<Self> {
        let mut sorted = samples.to_vec();
        sorted.sort_by(f64::total_cmp);
        let kept = |value: &f64| (value * 1e4).round() / 1e4;
        Some(Self {
            median: kept(sorted.get(sorted.len() / 2)?),
            low: kept(sorted.first()?),
            high: kept(sorted.last()?),
        })
    }

    fn html(self) -> String {
        let [median, low, high] = [self.median, self.low, self.high].map(figure_text);
        if low == high {
            return format!("<td>{median}</td>");
        }
        format!("<td>{median} <small>({low} to {high})</small></td>")
    }
}

/// One way to build the engine.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Step {
    /// What is new in it.
    pub what: String,
    /// Bytes of the module, or of the script.
    pub bytes: u64,
    /// CPU time of a quote, in nanoseconds.
    pub ns: Range,
    /// Its time over JavaScript's in one round.
    pub ratio: Range,
}

impl Edge {
    pub(super) fn parse(text: &str) -> Result<Self, Fault> {
        let edge: Self = read(text)?;
        if edge.rows.is_empty() || edge.steps.is_empty() {
            return Err(Fault {
                line: 1,
                message: "nothing was measured: `rows` and `steps` need an entry".to_owned(),
            });
        }
        Ok(edge)
    }

    pub(super) fn html(&self, link: &str) -> String {
        let [first, second] = self
            .runtimes
            .each_ref()
            .map(|name| escape(super::short(name)));
        let rows: String = self.rows.iter().map(Row::html).collect();
        let steps: String = self.steps.iter().map(Step::html).collect();
        format!(
            "<figure class=\"kata-measured\"><div class=\"table-wrapper\"><table><caption>{title}</caption><thead><tr>{}{}{}{}{}{}{}{}</tr></thead>\
             <tbody>{rows}</tbody></table></div>\
             <div class=\"table-wrapper\"><table><caption>Step by step, each in a process of its own under {first}</caption>\
             <thead><tr>{}{}{}{}</tr></thead><tbody>{steps}</tbody></table></div>\
             <figcaption>Measured on {date} by <code>{command}</code>: {rounds} of {quotes} quotes. \
             A ratio is of the two in one round. {runtimes}; {rustc}; {machine}, load {load} at the start. \
             <a href=\"{link}\">The figures as JSON</a>.</figcaption></figure>",
            head("What"),
            head("The article"),
            head(&format!("{first}, JavaScript")),
            head(&format!("{first}, wasm")),
            head("wasm : JS"),
            head(&format!("{second}, JavaScript")),
            head(&format!("{second}, wasm")),
            head("wasm : JS"),
            head("What is new"),
            head("Bytes"),
            head("CPU time of a quote, ns"),
            head("Over JavaScript’s"),
            title = escape(&self.title),
            date = self.date,
            command = escape(&self.command),
            rounds = match self.rounds {
                1 => "one round".to_owned(),
                rounds => format!("medians of {rounds} rounds, with the range,"),
            },
            quotes = figure_text(self.quotes as f64),
            runtimes = escape(&self.runtimes.join(", ")),
            rustc = escape(&self.rustc),
            machine = escape(&self.machine),
            load = self.load,
            link = escape(link),
        )
    }
}

impl Row {
    fn html(&self) -> String {
        let found = self.found.map(Range::html);
        let ratios = self.ratios.map(Range::html);
        let [js_1, wasm_1, js_2, wasm_2] = found;
        let [ratio_1, ratio_2] = ratios;
        let article = match self.article.as_str() {
            "" => "–".to_owned(),
            words => escape(words),
        };
        format!(
            "<tr><th scope=\"row\">{}</th><td>{article}</td>{js_1}{wasm_1}{ratio_1}{js_2}{wasm_2}{ratio_2}</tr>",
            escape(&self.what),
        )
    }
}

impl Step {
    fn html(&self) -> String {
        format!(
            "<tr><th scope=\"row\">{}</th><td>{}</td>{}{}</tr>",
            escape(&self.what),
            figure_text(self.bytes as f64),
            self.ns.html(),
            self.ratio.html(),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::{Edge, Range};

    #[test]
    fn a_range_has_its_median() {
        let range = Range::of(&[3.0, 1.0, 2.0]).unwrap();
        assert_eq!((range.low, range.median, range.high), (1.0, 2.0, 3.0));
        assert!(Range::of(&[]).is_none());
        assert!(range.html().contains("2.00 <small>(1.00 to 3.00)</small>"));
    }

    #[test]
    fn nothing_measured_is_a_fault() {
        let text = r#"{"title": "", "date": "2026-11-28", "command": "", "machine": "", "load": 0,
            "rustc": "", "runtimes": ["a", "b"], "rounds": 1, "quotes": 1, "rows": [], "steps": []}"#;
        assert!(
            Edge::parse(text)
                .unwrap_err()
                .message
                .contains("nothing was measured")
        );
        assert!(Edge::parse("{}").is_err());
    }
}
