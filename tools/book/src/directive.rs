//! Finds directives in a chapter's Markdown, and knows what is code.

use mdbook_markdown::pulldown_cmark::{Event, Tag};
use mdbook_markdown::{MarkdownOptions, new_cmark_parser};
use std::ops::Range;

/// Directives that mdBook itself understands; they pass through untouched.
const OF_MDBOOK: [&str; 5] = [
    "include",
    "rustdoc_include",
    "playground",
    "playpen",
    "title",
];

/// One directive of this book.
#[derive(Debug, PartialEq)]
pub(crate) struct Directive<'a> {
    /// Where it stands, from its braces to its braces.
    pub range: Range<usize>,
    /// Its line, counted from 1.
    pub line: usize,
    /// Whether it has the line to itself, starting at the margin.
    pub alone: bool,
    /// What it asks for.
    pub ask: Ask<'a>,
}

/// What a directive asks for.
#[derive(Debug, PartialEq)]
pub(crate) enum Ask<'a> {
    /// `{{#kata slug}}` or `{{#kata slug compact}}`: the zone's panel.
    Kata {
        /// The zone.
        slug: &'a str,
        /// Only the code and the run.
        compact: bool,
    },
    /// `{{#test slug::name}}`: a link to one test of a panel.
    Test {
        /// The zone.
        slug: &'a str,
        /// The test's function name.
        name: &'a str,
    },
    /// `{{#zones}}`: the list of zones that have a chapter.
    Zones,
    /// `{{#progress}}`: what the reader can do with their progress.
    Progress,
    /// `{{#engine}}`: the reader's browser and its abilities.
    Engine,
    /// `{{#measured folder/file.json}}`: figures as a table and a plot.
    Measured {
        /// The file, below the chapters' folder.
        file: &'a str,
    },
    /// `{{#verdicts}}`: how many of this page's claims have which verdict.
    Verdicts,
    /// `{{#program browser/18-edges}}`: a program below `tests/claims`, and what it answered.
    Program {
        /// Its folder and name.
        name: &'a str,
    },
}

/// What is wrong with a directive, and where.
#[derive(Debug, PartialEq)]
pub(crate) struct Fault {
    /// The line, counted from 1.
    pub line: usize,
    /// What is wrong, as a sentence without its full stop.
    pub message: String,
}

/// Finds this book's directives outside code, comments and escapes.
pub(crate) fn directives(chapter: &str) -> Result<Vec<Directive<'_>>, Fault> {
    let literal = literal_ranges(chapter);
    let mut found = Vec::new();
    let mut from = 0;
    while let Some(offset) = chapter[from..].find("{{#") {
        let start = from + offset;
        from = start + 3;
        let escaped = chapter[..start].ends_with('\\');
        if escaped || literal.iter().any(|range| range.contains(&start)) {
            continue;
        }
        let line = chapter[..start].matches('\n').count() + 1;
        let fault = |message: String| Fault { line, message };
        let rest_of_line = chapter[start..].lines().next().unwrap_or_default();
        let Some(length) = rest_of_line.find("}}").map(|at| at + 2) else {
            return Err(fault(format!(
                "`{}` is not closed with `}}}}`",
                rest_of_line.trim_end()
            )));
        };
        let range = start..start + length;
        from = range.end;
        let Some(ask) = parse(&chapter[range.clone()]).map_err(fault)? else {
            continue;
        };
        let before = chapter[..start].rsplit('\n').next().unwrap_or_default();
        let after = rest_of_line[length..].trim();
        let alone = before.is_empty() && after.is_empty();
        if !alone && !matches!(ask, Ask::Test { .. }) {
            let text = &chapter[range];
            return Err(Fault {
                line,
                message: format!("`{text}` needs a line of its own, starting at the margin"),
            });
        }
        found.push(Directive {
            range,
            line,
            alone,
            ask,
        });
    }
    Ok(found)
}

/// Reads one directive; `None` if it is mdBook's own.
fn parse(text: &str) -> Result<Option<Ask<'_>>, String> {
    let inner = text.trim_start_matches("{{#").trim_end_matches("}}");
    let mut words = inner.split_whitespace();
    let name = words.next().unwrap_or_default();
    let arguments: Vec<&str> = words.collect();
    let ask = match (name, arguments.as_slice()) {
        ("kata", [slug]) => Ask::Kata {
            slug,
            compact: false,
        },
        ("kata", [slug, "compact"]) => Ask::Kata {
            slug,
            compact: true,
        },
        ("kata", _) => {
            return Err(format!(
                "`{text}` should be `{{{{#kata slug}}}}` or `{{{{#kata slug compact}}}}`"
            ));
        }
        ("test", [target]) => match target.split_once("::") {
            Some((slug, name)) if !slug.is_empty() && !name.is_empty() => Ask::Test { slug, name },
            _ => return Err(format!("`{text}` should be `{{{{#test slug::name}}}}`")),
        },
        ("test", _) => return Err(format!("`{text}` should be `{{{{#test slug::name}}}}`")),
        ("zones", []) => Ask::Zones,
        ("progress", []) => Ask::Progress,
        ("engine", []) => Ask::Engine,
        ("zones" | "progress" | "engine", _) => return Err(format!("`{text}` takes no arguments")),
        ("measured", [file]) => Ask::Measured { file },
        ("measured", _) => {
            return Err(format!(
                "`{text}` should be `{{{{#measured folder/file.json}}}}`"
            ));
        }
        ("verdicts", []) => Ask::Verdicts,
        ("verdicts", _) => return Err(format!("`{text}` takes no arguments")),
        ("program", [name]) => Ask::Program { name },
        ("program", _) => return Err(format!("`{text}` should be `{{{{#program folder/name}}}}`")),
        (name, _) if OF_MDBOOK.contains(&name) => return Ok(None),
        (name, _) => {
            return Err(format!(
                "there is no directive `{name}`; this book has kata, test, zones, progress, engine, measured, verdicts and program"
            ));
        }
    };
    Ok(Some(ask))
}

/// The ranges of code blocks, inline code and HTML comments, found by the parser
/// that mdBook itself uses.
fn literal_ranges(chapter: &str) -> Vec<Range<usize>> {
    new_cmark_parser(chapter, &MarkdownOptions::default())
        .into_offset_iter()
        .filter_map(|(event, range)| {
            let literal = match event {
                Event::Start(Tag::CodeBlock(_)) | Event::Code(_) => true,
                Event::Start(Tag::HtmlBlock) | Event::InlineHtml(_) => {
                    chapter[range.clone()].trim_start().starts_with("<!--")
                }
                _ => false,
            };
            literal.then_some(range)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asks(chapter: &str) -> Vec<Ask<'_>> {
        directives(chapter)
            .unwrap()
            .into_iter()
            .map(|found| found.ask)
            .collect()
    }

    fn fault(chapter: &str) -> (usize, String) {
        let fault = directives(chapter).unwrap_err();
        (fault.line, fault.message)
    }

    #[test]
    fn directives_are_found_with_their_lines() {
        let chapter = "# Title\n\n{{#kata small-trap}}\n\nSee {{#test small-trap::a_b}} here.\n\n{{#zones}}\n{{#kata small-trap compact}}\n";
        let found = directives(chapter).unwrap();
        let places: Vec<_> = found
            .iter()
            .map(|d| (d.line, d.alone, &chapter[d.range.clone()]))
            .collect();
        assert_eq!(
            places,
            [
                (3, true, "{{#kata small-trap}}"),
                (5, false, "{{#test small-trap::a_b}}"),
                (7, true, "{{#zones}}"),
                (8, true, "{{#kata small-trap compact}}"),
            ]
        );
        assert_eq!(
            found[1].ask,
            Ask::Test {
                slug: "small-trap",
                name: "a_b"
            }
        );
        assert_eq!(
            found[3].ask,
            Ask::Kata {
                slug: "small-trap",
                compact: true
            }
        );
    }

    #[test]
    fn code_comments_and_escapes_are_left_alone() {
        let none: Vec<Ask<'_>> = Vec::new();
        for chapter in [
            "```text\n{{#kata x}}\n```\n",
            "~~~\n{{#nonsense}}\n~~~\n",
            "> ```\n> {{#kata x}}\n> ```\n",
            "- item\n\n  ```\n  {{#kata x}}\n  ```\n",
            "    {{#kata x}}\n",
            "Write `{{#kata x}}` on its own line.\n",
            "Write ``{{#test `x}}`` so.\n",
            "<!-- {{#kata x}} -->\n",
            "Text <!-- {{#kata x}} --> text.\n",
            "\\{{#kata x}}\n",
        ] {
            assert_eq!(asks(chapter), none, "in {chapter:?}");
        }
    }

    #[test]
    fn a_fence_that_was_closed_does_not_hide_what_follows() {
        let chapter = "```\n{{#kata a}}\n```\n\n{{#kata b}}\n";
        assert_eq!(
            asks(chapter),
            [Ask::Kata {
                slug: "b",
                compact: false
            }]
        );
    }

    #[test]
    fn what_mdbook_understands_passes_through() {
        assert_eq!(asks("{{#include x.rs}}\n\n{{#title T}}\n"), []);
    }

    #[test]
    fn a_wrong_directive_names_its_line() {
        assert_eq!(
            fault("a\n\n{{#kata}}\n"),
            (
                3,
                "`{{#kata}}` should be `{{#kata slug}}` or `{{#kata slug compact}}`".into()
            )
        );
        assert_eq!(
            fault("{{#kata a large}}\n").1,
            "`{{#kata a large}}` should be `{{#kata slug}}` or `{{#kata slug compact}}`"
        );
        assert_eq!(
            fault("x\n{{#katta a}}\n"),
            (
                2,
                "there is no directive `katta`; this book has kata, test, zones, progress, engine, measured, verdicts and program"
                    .into()
            )
        );
        assert_eq!(
            fault("{{#test a}}").1,
            "`{{#test a}}` should be `{{#test slug::name}}`"
        );
        assert_eq!(
            fault("{{#zones all}}").1,
            "`{{#zones all}}` takes no arguments"
        );
        assert_eq!(
            fault("{{#engine v8}}").1,
            "`{{#engine v8}}` takes no arguments"
        );
        assert_eq!(
            fault("{{#program}}").1,
            "`{{#program}}` should be `{{#program folder/name}}`"
        );
        assert_eq!(
            fault("{{#verdicts all}}").1,
            "`{{#verdicts all}}` takes no arguments"
        );
        assert_eq!(
            fault("x\n\n{{#measured}}\n"),
            (
                3,
                "`{{#measured}}` should be `{{#measured folder/file.json}}`".into()
            )
        );
        assert_eq!(
            fault("Look: {{#measured a.json}}\n").1,
            "`{{#measured a.json}}` needs a line of its own, starting at the margin"
        );
        assert_eq!(
            fault("{{#kata a\n}}").1,
            "`{{#kata a` is not closed with `}}`"
        );
        assert_eq!(
            fault("Look: {{#kata a}}\n").1,
            "`{{#kata a}}` needs a line of its own, starting at the margin"
        );
    }
}
