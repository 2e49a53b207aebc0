//! The panel of a zone, as the server renders it.
//!
//! Everything that a reader can read is here, so that the chapter is whole
//! without JavaScript. What only works with JavaScript carries the class
//! `kata-live`: the stylesheet hides it until mdBook's own script has said that
//! there is one, and its room is kept from the first paint, so nothing moves
//! when `theme/kata/panel.js` brings the panel to life.

mod diff;
mod engines;
mod extras;

use crate::html::{escape, inline_markdown, markdown, sentence};
use anyhow::Context;
use kata_zones::{Host, Need, SpecTest, Zone};
use serde_json::json;
use std::fs;
use std::path::Path;

/// The `id` of one test's row, which `{{#test}}` links to.
pub(crate) fn test_id(slug: &str, test: &str) -> String {
    format!("{slug}--{test}")
}

/// The whole panel of a zone.
///
/// `has_show` says whether the theme has a live picture for it.
pub(crate) fn full(zone: &Zone, has_show: bool) -> anyhow::Result<String> {
    let kata = read(zone, &zone.kata_lib())?;
    let tests = zone.spec_tests()?;
    let sections = [
        head(
            zone,
            &format!(
                "<h2 class=\"kata-title\" id=\"kata-{}\">{}</h2>",
                escape(&zone.slug),
                inline_markdown(&zone.manifest.title)
            ),
        ),
        tabs("code", "The code"),
        pane(zone, "code", "lib.rs", &source(zone, &kata, EDIT)),
        pane(zone, "given", "Given", &given(zone)?),
        tabs("verdicts", "The verdicts"),
        pane(zone, "predict", "Predict", &predict(zone)),
        still(zone),
        pane(zone, "spec", "Spec", &spec(zone, &tests)),
        pane(zone, "rules", "Rules", RULES),
        pane(
            zone,
            "show",
            "Picture",
            &if has_show {
                extras::show(zone)
            } else {
                String::new()
            },
        ),
        // To what the reader made of the kata, an attempt's difference would say nothing.
        pane(
            zone,
            "attempts",
            "Wrong turns",
            &[
                extras::attempts(zone, &read(zone, &zone.untouched())?, tests.len())?,
                engines::section(zone, &tests),
            ]
            .concat(),
        ),
        pane(
            zone,
            "hints",
            "Hints",
            &[extras::hints(zone), extras::solution(zone)?].concat(),
        ),
        run(zone),
    ];
    Ok(wrap(zone, &tests, "kata kata-bench", &sections.concat()))
}

/// Where the script puts the tabs of one side of the workbench. Their room is kept from the first paint.
fn tabs(side: &str, label: &str) -> String {
    format!("<div class=\"kata-tabs kata-live\" data-side=\"{side}\" aria-label=\"{label}\"></div>")
}

/// One part of the workbench: what a tab shows. Without JavaScript the parts follow each other.
fn pane(zone: &Zone, name: &str, label: &str, html: &str) -> String {
    if html.is_empty() {
        return String::new();
    }
    format!(
        "<div class=\"kata-pane\" id=\"pane-{}-{name}\" data-tab=\"{name}\" data-label=\"{label}\">{html}</div>",
        escape(&zone.slug)
    )
}

/// Where the verdicts will stand: the broken rules first, and below them, folded, those that hold.
const RULES: &str = "<section class=\"kata-rules kata-live\"><ol class=\"kata-tests kata-broken\" \
    aria-label=\"Broken rules\"></ol><details class=\"kata-held\" open><summary><span class=\"kata-name\"></span></summary>\
    <ol class=\"kata-tests\"></ol></details></section>";

/// The panel of a zone for a page that only invites: the code and the run.
pub(crate) fn compact(zone: &Zone, chapter: &str) -> anyhow::Result<String> {
    let kata = read(zone, &zone.kata_lib())?;
    let tests = zone.spec_tests()?;
    let chapter = escape(chapter);
    let sections = [
        head(
            zone,
            &format!(
                "<h2 class=\"kata-title\" id=\"try-{}\"><a href=\"{chapter}\">{}</a></h2>",
                escape(&zone.slug),
                inline_markdown(&zone.manifest.title)
            ),
        ),
        source(zone, &kata, ""),
        run(zone),
        still(zone),
        format!(
            "<ol class=\"kata-tests\">{}</ol>",
            tests.iter().map(short_row).collect::<String>()
        ),
        format!(
            "<p class=\"kata-onward\"><a href=\"{chapter}\">Read why, and make it pass</a></p>"
        ),
    ];
    Ok(wrap(zone, &tests, "kata kata-compact", &sections.concat()))
}

/// Puts the sections into the custom element, with what its script must know.
fn wrap(zone: &Zone, tests: &[SpecTest], class: &str, sections: &str) -> String {
    let manifest = &zone.manifest;
    let choices: Vec<_> = manifest
        .predict
        .choices
        .iter()
        .map(|choice| json!({ "passes": choice.passes, "words": choice.words }))
        .collect();
    let config = json!({
        "slug": zone.slug,
        "title": manifest.title,
        "host": host(manifest.host),
        "needs": manifest.needs.iter().copied().map(need).collect::<Vec<_>>(),
        "timeoutMs": manifest.timeout_ms,
        "tests": tests.iter().map(|test| &test.name).collect::<Vec<_>>(),
        "solution": zone.has_solution(),
        "predict": { "test": manifest.predict.test, "choices": choices },
    });
    // A custom element opens an HTML block only if its tag has a line to itself.
    format!(
        "<kata-panel class=\"{class}\" data-slug=\"{}\" data-config=\"{}\">\n{sections}\n</kata-panel>",
        escape(&zone.slug),
        escape(&config.to_string()),
    )
}

fn head(zone: &Zone, title: &str) -> String {
    let manifest = &zone.manifest;
    let mut badges = format!("<li>{} minutes</li>", manifest.minutes);
    badges.push_str(match manifest.host {
        Host::Frame => "<li>runs in a sandboxed frame</li>",
        Host::Worker => "<li>runs in a worker</li>",
    });
    for need in &manifest.needs {
        badges.push_str(match need {
            Need::Lab => "<li>talks to the lab server</li>",
            Need::Isolation => "<li data-need=\"isolation\">needs cross-origin isolation</li>",
        });
    }
    format!(
        "<header class=\"kata-head\"><p class=\"kata-kicker\">Kata\
         <span class=\"kata-state kata-live\" data-state=\"new\">not run yet</span></p>{title}\
         <p class=\"kata-summary\">{}</p><ul class=\"kata-badges\">{badges}</ul></header>",
        inline_markdown(&manifest.summary)
    )
}

/// What the reader may change.
fn source(zone: &Zone, kata: &str, tools: &str) -> String {
    let path = zone.kata_lib();
    format!(
        "<figure class=\"kata-source\"><figcaption><span class=\"kata-path\">{}</span>\
         <span class=\"kata-file-tools\">{tools}{COPY}</span></figcaption>{}</figure>",
        escape(&zone.display(&path).to_string()),
        code(kata, "The broken code")
    )
}

/// What the reader may not change, and so need not read at first.
fn given(zone: &Zone) -> anyhow::Result<String> {
    let path = zone.contract();
    if !path.is_file() {
        return Ok(String::new());
    }
    Ok(format!(
        "<details class=\"kata-given\"><summary><span class=\"kata-name\">Given: contract.rs</span>\
         <span class=\"kata-path\">{}</span></summary><figure class=\"kata-source\"><figcaption>\
         <span>The code above and the spec both build on this. It stays as it is.</span>{COPY}</figcaption>{}</figure></details>",
        escape(&zone.display(&path).to_string()),
        code(&read(zone, &path)?, "What is given")
    ))
}

/// Puts an editor into the place of the code.
const EDIT: &str = "<button type=\"button\" class=\"kata-quiet kata-live\" data-action=\"edit\" disabled>Edit</button>";

/// Copies the code of its figure.
const COPY: &str = "<button type=\"button\" class=\"kata-quiet kata-live\" data-action=\"copy\" disabled>Copy</button>";

/// A block of Rust. The empty span keeps mdBook from hiding lines that begin
/// with `# `, which in a whole file are not doctest lines.
fn code(text: &str, label: &str) -> String {
    format!(
        "<pre>{}{}<span></span></code></pre>",
        code_tag(label),
        escape(text.trim_end())
    )
}

/// The start tag of a block of Rust. It is what scrolls, so it is what takes the
/// focus: the arrow keys scroll it then.
fn code_tag(label: &str) -> String {
    format!(
        "<code class=\"language-rust\" tabindex=\"0\" role=\"group\" aria-label=\"{}\">",
        escape(label)
    )
}

fn predict(zone: &Zone) -> String {
    let predict = &zone.manifest.predict;
    let mut choices = String::new();
    for (index, choice) in predict.choices.iter().enumerate() {
        choices.push_str(&format!(
            "<label class=\"kata-choice\"><input type=\"radio\" name=\"predict-{}\" value=\"{index}\">\
             <span class=\"kata-choice-text\">{}</span><span class=\"kata-choice-word\"></span></label>",
            escape(&zone.slug),
            inline_markdown(&choice.text)
        ));
    }
    format!(
        "<fieldset class=\"kata-predict\" disabled><legend><span class=\"kata-step\">Predict first</span>\
         <span class=\"kata-question\">{}</span></legend>{choices}\
         <div class=\"kata-answer kata-live\" hidden></div>\
         <details class=\"kata-nojs kata-explain\"><summary>The answer</summary>{}</details></fieldset>",
        inline_markdown(&predict.question),
        markdown(&predict.explain)
    )
}

/// The run bar.
fn run(zone: &Zone) -> String {
    let seconds = zone.manifest.timeout_ms as f64 / 1000.0;
    format!(
        "<div class=\"kata-run kata-live\"><div class=\"kata-buttons\">\
         <button type=\"button\" class=\"kata-primary\" data-action=\"run\" disabled>Run the kata</button>\
         <button type=\"button\" class=\"kata-secondary\" data-action=\"stop\" disabled>Stop</button>\
         <span class=\"kata-clock\" aria-hidden=\"true\"></span></div>\
         <p class=\"kata-line\" role=\"status\">Runs in this browser. Each test has {seconds} seconds.</p></div>"
    )
}

/// Why nothing runs, and what to do: the stylesheet shows the one that is true.
fn still(zone: &Zone) -> String {
    let cases = [
        (
            "script",
            "Without JavaScript nothing runs on this page.",
            format!(
                "In a clone of this book, <code>cargo test -p kata-{}</code> runs the same spec.",
                escape(&zone.slug)
            ),
        ),
        (
            "file",
            "Nothing can run here: the page was opened as a file.",
            "Browsers load no modules and no WebAssembly from files. Start <code>cargo kata serve</code> in a clone of \
             this book, or any web server in the book&#39;s folder, such as <code>python3 -m http.server</code>."
                .to_owned(),
        ),
        (
            "modules",
            "Nothing can run here: this page&#39;s scripts did not load.",
            "Either this host sends them as something else than JavaScript, or the page stands in a frame that may not fetch \
             them: open it in a tab of its own. In a clone of this book, <code>cargo kata serve</code> runs everything."
                .to_owned(),
        ),
    ];
    cases
        .map(|(why, what, instead)| {
            format!(
                "<p class=\"kata-still kata-nojs\" data-why=\"{why}\"><strong>{what}</strong> {instead}</p>"
            )
        })
        .concat()
}

fn spec(zone: &Zone, tests: &[SpecTest]) -> String {
    let path = zone.spec();
    let mut groups = String::new();
    let mut first = 1;
    for rules in tests.chunk_by(|a, b| a.file == b.file) {
        groups.push_str(&group(zone, rules, first));
        first += rules.len();
    }
    format!(
        "<section class=\"kata-spec\"><div class=\"kata-section-head\">{}<span class=\"kata-path\">{}</span></div>\
         <p class=\"kata-lead\">{} that every right design keeps. Open one to read its test.</p>{groups}</section>",
        heading(zone, "spec", "The spec"),
        escape(&zone.display(&path).to_string()),
        count(tests.len(), "rule", "rules"),
    )
}

/// The rules of one file: below the heading of their group, or below the spec's own. They are
/// numbered throughout the spec, from `first` on.
fn group(zone: &Zone, rules: &[SpecTest], first: usize) -> String {
    let rows: String = rules.iter().map(|test| row(zone, test)).collect();
    let list = |label: &str| {
        let label = escape(label);
        format!(
            "<ol class=\"kata-tests\" start=\"{first}\" aria-labelledby=\"{label}\">{rows}</ol>"
        )
    };
    let of_a_group = rules
        .first()
        .and_then(|rule| Some((rule, rule.group.as_ref()?)));
    let Some((rule, name)) = of_a_group else {
        return list(&format!("kata-{}-spec", zone.slug));
    };
    let file = rule.file.file_stem().unwrap_or_default().to_string_lossy();
    let id = format!("kata-{}-spec-{file}", zone.slug);
    format!(
        "<div class=\"kata-group\"><h4 id=\"{}\">{}</h4><span class=\"kata-path\">{}</span></div>{}",
        escape(&id),
        inline_markdown(name),
        escape(&zone.display(&rule.file).to_string()),
        list(&id)
    )
}

/// A section's heading. mdBook's search index wants an `id` on each.
fn heading(zone: &Zone, name: &str, text: &str) -> String {
    format!("<h3 id=\"kata-{}-{name}\">{text}</h3>", escape(&zone.slug))
}

/// One test: the rule and its code.
fn row(zone: &Zone, test: &SpecTest) -> String {
    format!(
        "<li class=\"kata-test\" id=\"{id}\" data-test=\"{name}\">\
         <details class=\"kata-test-code\"><summary><span class=\"kata-name\">{title}</span></summary>{code}</details>\
         <p class=\"kata-rule\">{rule}</p></li>",
        id = escape(&test_id(&zone.slug, &test.name)),
        name = escape(&test.name),
        title = escape(&sentence(&test.name)),
        code = code(&test.text, &format!("The test {}", test.name)),
        rule = inline_markdown(&test.doc),
    )
}

/// One test without its code, and the place where its verdict will stand, for the compact panel.
fn short_row(test: &SpecTest) -> String {
    format!(
        "<li class=\"kata-test\" data-test=\"{}\" data-outcome=\"none\"><div class=\"kata-test-head\">\
         <span class=\"kata-mark\"></span><span class=\"kata-name\">{}</span>\
         <span class=\"kata-word kata-live\">not run</span><span class=\"kata-ms kata-live\"></span></div></li>",
        escape(&test.name),
        escape(&sentence(&test.name))
    )
}

fn host(host: Host) -> &'static str {
    match host {
        Host::Frame => "frame",
        Host::Worker => "worker",
    }
}

fn need(need: Need) -> &'static str {
    match need {
        Need::Lab => "lab",
        Need::Isolation => "isolation",
    }
}

fn count(number: usize, one: &str, many: &str) -> String {
    format!("{number} {}", if number == 1 { one } else { many })
}

fn read(zone: &Zone, file: &Path) -> anyhow::Result<String> {
    fs::read_to_string(file).with_context(|| format!("reading {}", zone.display(file)))
}
