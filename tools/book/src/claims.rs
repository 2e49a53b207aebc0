//! The ledger: a page of claims with a verdict each, and the programs that measured them.
//!
//! A row is a heading such as `### 18. A load traps {#claim-18}`, and below it a paragraph that begins with the
//! verdict: `**Half true.**`. `{{#verdicts}}` counts them; `{{#program browser/18-edges}}` shows a file below
//! `tests/claims`, and what it answered.

mod program;

pub(crate) use program::program;
pub use program::{Answers, Measured};

use std::fmt::Write;

/// The verdicts that a row may have, in the order in which they are counted.
pub const VERDICTS: [&str; 7] = [
    "False",
    "Half true",
    "True",
    "Outdated",
    "Contradicts itself",
    "Doubtful",
    "Not checked",
];

/// One row of the ledger.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row<'a> {
    /// Its number, which its anchor `claim-N` repeats.
    pub number: usize,
    /// One of [`VERDICTS`].
    pub verdict: &'static str,
    /// All that stands below its heading.
    pub text: &'a str,
}

impl Row<'_> {
    /// Whether it is shown by what runs in three engines: a test of a zone, or a program in a page.
    pub fn is_shown(&self) -> bool {
        ["{{#test ", "{{#program browser/"]
            .iter()
            .any(|proof| self.text.contains(proof))
    }
}

/// The rows of a page.
///
/// # Errors
/// When a row has no number, anchor or verdict as described above; the words say which.
pub fn rows(page: &str) -> Result<Vec<Row<'_>>, String> {
    let mut rows = Vec::new();
    for part in page.split("\n### ").skip(1) {
        let (heading, text) = part.split_once('\n').unwrap_or((part, ""));
        // The next part of the page may begin in it.
        let text = text.split("\n## ").next().unwrap_or_default();
        let number = heading
            .split_once(". ")
            .and_then(|(number, _)| number.parse().ok());
        let number: usize = number.ok_or_else(|| format!("`{heading}` begins with no number"))?;
        if !heading.ends_with(&format!(" {{#claim-{number}}}")) {
            return Err(format!("`{heading}` does not end with {{#claim-{number}}}"));
        }
        let verdict = VERDICTS
            .into_iter()
            .find(|verdict| text.trim_start().starts_with(&format!("**{verdict}.**")))
            .ok_or_else(|| {
                format!(
                    "claim {number} begins with no verdict: {}",
                    VERDICTS.join(", ")
                )
            })?;
        rows.push(Row {
            number,
            verdict,
            text,
        });
    }
    Ok(rows)
}

/// How many rows have which verdict, with links to them.
pub(crate) fn verdicts(page: &str) -> Result<String, String> {
    let rows = rows(page)?;
    let mut list = String::new();
    for verdict in VERDICTS {
        let mut numbers: Vec<usize> = rows
            .iter()
            .filter(|row| row.verdict == verdict)
            .map(|row| row.number)
            .collect();
        numbers.sort_unstable();
        let these: Vec<String> = numbers
            .iter()
            .map(|number| format!("<a href=\"#claim-{number}\">{number}</a>"))
            .collect();
        if !these.is_empty() {
            let (count, word) = (these.len(), verdict.to_lowercase());
            let _ = write!(
                list,
                "<li><strong>{count} {word}</strong>: {}</li>",
                these.join(", ")
            );
        }
    }
    let shown = rows.iter().filter(|row| row.is_shown()).count();
    Ok(format!(
        "<ul class=\"kata-verdicts\">{list}</ul><p>{shown} of the {} rows have a test or a program that runs \
         in three engines whenever this book is checked.</p>",
        rows.len()
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: &str = "# Claims\n\n## Some\n\n### 2. One `a` {#claim-2}\n\n**False.** Why.\n\n\
        ### 1. Two {#claim-1}\n\n**Half true.** And why.\n\n## Others\n\n### 3. Three {#claim-3}\n\n**False.** No.\n";

    #[test]
    fn rows_have_numbers_and_verdicts() {
        let rows = rows(PAGE).unwrap();
        let all: Vec<_> = rows.iter().map(|row| (row.number, row.verdict)).collect();
        assert_eq!(all, [(2, "False"), (1, "Half true"), (3, "False")]);
        assert_eq!(rows[1].text.trim(), "**Half true.** And why.");
    }

    #[test]
    fn a_row_that_is_none_is_refused() {
        for (find, replace, words) in [
            ("### 2. One", "### One", "no number"),
            ("{#claim-1}", "{#claim-7}", "does not end with"),
            (
                "**False.** Why",
                "False. Why",
                "claim 2 begins with no verdict",
            ),
        ] {
            let said = rows(&PAGE.replace(find, replace)).unwrap_err();
            assert!(said.contains(words), "{said}");
        }
    }

    #[test]
    fn verdicts_are_counted() {
        let html = verdicts(PAGE).unwrap();
        let first = "<li><strong>2 false</strong>: <a href=\"#claim-2\">2</a>, <a href=\"#claim-3\">3</a></li>";
        assert!(html.contains(first), "{html}");
        assert!(html.contains("<strong>1 half true</strong>"), "{html}");
        assert!(!html.contains("outdated"), "{html}");
    }
}
