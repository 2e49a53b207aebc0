//! What the calls of a library came to in browsers, as one table.

use super::data::{Date, Fault, line_of, read};
use super::{head, short};
use crate::html::escape;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Calls of a library. Each came to the same in every engine in which it was made.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Calls {
    /// What was called, for the table's caption.
    pub title: String,
    /// The day.
    pub date: Date,
    /// The command that made this file.
    pub command: String,
    /// The compiler, as it names itself.
    pub rustc: String,
    /// Each engine's short name, and its name and version.
    pub engines: BTreeMap<String, String>,
    /// The calls, in the order of the table; those of one area stand together.
    pub calls: Vec<Call>,
}

/// One call.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Call {
    /// What it asks for: time, files.
    pub area: String,
    /// The call, as one writes it.
    pub call: String,
    /// What it came to, in a word.
    pub outcome: Outcome,
    /// What the library said of it.
    pub words: String,
    /// The engines in which nobody dared to make it, by their short names.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub except: Vec<String>,
}

/// What a call came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Outcome {
    /// It does what it should.
    Works,
    /// It answers an error.
    Error,
    /// It panics.
    Panics,
    /// It ends the instance, without a word.
    Traps,
    /// It comes to no end.
    Spins,
    /// It returns as if all were well, and has done nothing.
    Silent,
}

impl Outcome {
    /// The word for it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Works => "works",
            Self::Error => "error",
            Self::Panics => "panics",
            Self::Traps => "traps",
            Self::Spins => "spins",
            Self::Silent => "silent",
        }
    }
}

impl Calls {
    /// Reads a file of calls.
    pub(super) fn parse(text: &str) -> Result<Self, Fault> {
        let calls: Self = read(text)?;
        if calls.engines.is_empty() || calls.calls.is_empty() {
            return Err(Fault {
                line: 1,
                message: "nothing was called: `engines` and `calls` need an entry".to_owned(),
            });
        }
        let mut areas = calls.areas().map(|(area, _)| area).collect::<Vec<_>>();
        areas.sort_unstable();
        if let Some(twice) = areas.windows(2).find(|pair| pair[0] == pair[1]) {
            let last = calls.calls.iter().rposition(|call| call.area == twice[0]);
            return Err(Fault {
                line: line_of("\"area\"", text, last.unwrap_or_default()),
                message: format!("the calls of `{}` do not stand together", twice[0]),
            });
        }
        let is_strange = |engine: &String| !calls.engines.contains_key(engine);
        for (index, call) in calls.calls.iter().enumerate() {
            if let Some(engine) = call.except.iter().find(|engine| is_strange(engine)) {
                return Err(Fault {
                    line: line_of("\"area\"", text, index),
                    message: format!(
                        "`{}` names `{engine}`, which is none of the engines",
                        call.call
                    ),
                });
            }
        }
        Ok(calls)
    }

    /// The areas in order, each with its calls.
    fn areas(&self) -> impl Iterator<Item = (&str, &[Call])> {
        self.calls
            .chunk_by(|a, b| a.area == b.area)
            .map(|calls| (calls[0].area.as_str(), calls))
    }

    pub(super) fn html(&self, link: &str) -> String {
        let versions: Vec<&str> = self.engines.values().map(String::as_str).collect();
        let bodies: String = self
            .areas()
            .map(|(area, calls)| self.body(area, calls))
            .collect();
        format!(
            "<figure class=\"kata-measured\"><div class=\"table-wrapper\"><table class=\"kata-calls\"><caption>{title}</caption>\
             <thead><tr>{}{}{}</tr></thead>{bodies}</table></div>\
             <figcaption>Made on {date} by <code>{command}</code>, with one result in {engines}; {rustc}. \
             <a href=\"{link}\">The table as JSON</a>.</figcaption></figure>",
            head("Call"),
            head("Outcome"),
            head("In its own words"),
            title = escape(&self.title),
            date = self.date,
            command = escape(&self.command),
            engines = escape(&versions.join(", ")),
            rustc = escape(&self.rustc),
            link = escape(link),
        )
    }

    fn body(&self, area: &str, calls: &[Call]) -> String {
        let rows: String = calls.iter().map(|call| self.row(call)).collect();
        format!(
            "<tbody><tr><th colspan=\"3\" scope=\"rowgroup\">{}</th></tr>{rows}</tbody>",
            escape(area)
        )
    }

    fn row(&self, call: &Call) -> String {
        let except: Vec<&str> = call
            .except
            .iter()
            .filter_map(|engine| Some(short(self.engines.get(engine)?)))
            .collect();
        let except = match except.as_slice() {
            [] => String::new(),
            engines => format!(" (not called in {})", escape(&engines.join(", "))),
        };
        format!(
            "<tr><th scope=\"row\"><code>{}</code></th><td>{}{except}</td><td>{}</td></tr>",
            escape(&call.call),
            call.outcome.word(),
            escape(&call.words)
        )
    }
}
