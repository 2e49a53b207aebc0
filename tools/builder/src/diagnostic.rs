//! What rustc says of a `lib.rs`, and where in it: as an editor marks it.

use serde::{Deserialize, Serialize};

/// What rustc says, as it says it in JSON.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct Said {
    message: String,
    code: Option<Code>,
    pub level: String,
    spans: Vec<Span>,
    #[serde(default)]
    children: Vec<Said>,
    pub rendered: Option<String>,
}

#[derive(Debug, Clone, Deserialize)]
struct Code {
    code: String,
}

#[derive(Debug, Clone, Deserialize)]
struct Span {
    file_name: String,
    line_start: usize,
    line_end: usize,
    /// In characters, counted from 1, as is the next.
    column_start: usize,
    column_end: usize,
    is_primary: bool,
    expansion: Option<Expansion>,
}

#[derive(Debug, Clone, Deserialize)]
struct Expansion {
    span: Box<Span>,
}

/// How bad it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// There is no wasm.
    Error,
    /// There is wasm, and something to think about.
    Warning,
}

/// One thing that rustc says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Diagnostic {
    /// How bad it is.
    pub level: Level,
    /// What is wrong, in a sentence.
    pub message: String,
    /// By which `rustc --explain` knows it, such as `E0308`.
    pub code: Option<String>,
    /// All that rustc says of it, as in a terminal without colours.
    pub rendered: String,
    /// The place in `lib.rs`; nothing if it has none there.
    #[serde(flatten)]
    pub place: Place,
}

/// Where something begins and where it ends. Lines and columns are counted from 1; columns in units of UTF-16,
/// as JavaScript counts.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Place {
    /// The first line.
    pub line: Option<usize>,
    /// The first column, in the first line.
    pub column: Option<usize>,
    /// The last line.
    pub end_line: Option<usize>,
    /// The column after the last, in the last line.
    pub end_column: Option<usize>,
}

impl Diagnostic {
    /// What is wrong with no place in particular, and in nobody's words but ours.
    pub(super) fn of_all(words: &str) -> Self {
        let first = words.lines().next().unwrap_or_default();
        Self {
            level: Level::Error,
            message: first.trim_start_matches("error: ").to_owned(),
            code: None,
            rendered: words.to_owned(),
            place: Place::default(),
        }
    }

    /// What rustc says, if it is about the code and no summary. `file` is what rustc calls the `lib.rs` with
    /// this text.
    pub(super) fn read(said: &Said, file: &str, text: &str) -> Option<Self> {
        let level = match said.level.as_str() {
            "warning" => Level::Warning,
            level if level.starts_with("error") => Level::Error,
            _ => return None,
        };
        let place = said.place(file);
        if place.is_none() && said.is_summary() {
            return None;
        }
        Some(Self {
            level,
            message: said.message.clone(),
            code: said.code.as_ref().map(|code| code.code.clone()),
            rendered: said.rendered.clone().unwrap_or_default(),
            place: place.map_or_else(Place::default, |span| span.place(text)),
        })
    }
}

impl Said {
    /// The span in the file that says most: where it is wrong, else what has to do with it. A spec that no
    /// longer compiles leads to the function that it calls.
    fn place(&self, file: &str) -> Option<&Span> {
        let primary = self.spans.iter().filter(|span| span.is_primary);
        let others = self.spans.iter().filter(|span| !span.is_primary);
        let further = self.children.iter().flat_map(|child| &child.spans);
        primary
            .chain(others)
            .chain(further)
            .find_map(|span| span.outermost_in(file))
    }

    /// `aborting due to 2 previous errors` and `3 warnings emitted`.
    fn is_summary(&self) -> bool {
        self.spans.is_empty()
            && (self.message.starts_with("aborting due to") || self.message.ends_with(" emitted"))
    }
}

impl Span {
    /// This span, or the outermost call in the file of the macros that it comes from.
    fn outermost_in(&self, file: &str) -> Option<&Span> {
        let call = self.expansion.as_ref();
        let outer = call.and_then(|call| call.span.outermost_in(file));
        outer.or_else(|| (self.file_name == file).then_some(self))
    }

    fn place(&self, text: &str) -> Place {
        Place {
            line: Some(self.line_start),
            column: Some(utf16(text, self.line_start, self.column_start)),
            end_line: Some(self.line_end),
            end_column: Some(utf16(text, self.line_end, self.column_end)),
        }
    }
}

/// A column in characters as one in units of UTF-16.
fn utf16(text: &str, line: usize, column: usize) -> usize {
    let before = column.saturating_sub(1);
    let line = text.lines().nth(line.saturating_sub(1)).unwrap_or_default();
    let known: Vec<usize> = line.chars().take(before).map(char::len_utf16).collect();
    // Past the line's end is where its line break stands.
    1 + known.iter().sum::<usize>() + (before - known.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: &str = "katas/a-b/src/lib.rs";

    fn span(file: &str, line: usize, columns: (usize, usize)) -> serde_json::Value {
        serde_json::json!({
            "file_name": file, "line_start": line, "line_end": line, "column_start": columns.0,
            "column_end": columns.1, "is_primary": true, "expansion": null,
        })
    }

    fn read(spans: serde_json::Value, text: &str) -> Diagnostic {
        let said = serde_json::json!({
            "message": "mismatched types", "code": { "code": "E0308", "explanation": null }, "level": "error",
            "spans": spans, "children": [], "rendered": "error[E0308]: mismatched types\n",
        });
        Diagnostic::read(&serde_json::from_value(said).unwrap(), FILE, text).unwrap()
    }

    #[test]
    fn columns_are_those_of_javascript() {
        let text = "fn a() {\n    let 🦀é = \"x\";\n}\n";
        let found = read(serde_json::json!([span(FILE, 2, (12, 15))]), text);
        let columns = (found.place.column, found.place.end_column);
        assert_eq!(columns, (Some(13), Some(16)));
        let past = read(serde_json::json!([span(FILE, 3, (2, 3))]), text);
        assert_eq!(past.place.end_column, Some(3));
    }

    #[test]
    fn what_a_macro_does_wrong_is_where_it_is_called() {
        let mut inner = span("/rustc/library/core/src/macros.rs", 40, (1, 9));
        let mut between = span(FILE, 2, (5, 20));
        between["expansion"] = serde_json::json!({ "span": span(FILE, 7, (3, 12)) });
        inner["expansion"] = serde_json::json!({ "span": between });
        let found = read(serde_json::json!([inner]), "");
        assert_eq!(found.place.line, Some(7));
    }

    #[test]
    fn what_is_wrong_elsewhere_has_no_place_here() {
        let found = read(
            serde_json::json!([span("tests/specs/a_b.rs", 3, (1, 2))]),
            "",
        );
        assert_eq!(found.place, Place::default());
        let json = serde_json::to_value(&found).unwrap();
        assert!(json["line"].is_null() && json.get("endColumn").is_some());
    }

    #[test]
    fn a_summary_is_no_diagnostic() {
        for (level, message) in [
            ("error", "aborting due to 2 previous errors"),
            ("warning", "1 warning emitted"),
            (
                "failure-note",
                "For more information about this error, try `rustc --explain E0308`.",
            ),
        ] {
            let said = serde_json::json!({
                "message": message, "code": null, "level": level, "spans": [], "children": [], "rendered": message,
            });
            let said: Said = serde_json::from_value(said).unwrap();
            assert_eq!(Diagnostic::read(&said, FILE, ""), None, "{message}");
        }
    }
}
