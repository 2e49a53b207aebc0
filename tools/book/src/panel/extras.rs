//! What follows the spec in a panel: the picture, the wrong turns, the hints
//! and the solution.

use super::{code, code_tag, diff, engines, heading, read};
use crate::html::{escape, inline_markdown, markdown};
use kata_zones::Zone;

/// What the three levels of hints are called.
const HINTS: [&str; 3] = ["where to look", "the idea", "nearly the code"];

/// Where the verdicts of an attempt or the solution will stand.
const ROWS: &str = "<ol class=\"kata-tests kata-live\"></ol>";

/// The frame of the live picture. Its room is kept by the stylesheet.
pub(super) fn show(zone: &Zone) -> String {
    format!(
        "<section class=\"kata-show kata-live\" data-show=\"{}\">{}<figure>\
         <div class=\"kata-stage\"><button type=\"button\" class=\"kata-secondary\" data-action=\"show\" disabled>\
         Draw it in this browser</button></div>\
         <figcaption><span class=\"kata-caption\" role=\"status\">A picture from a live run of the code above.</span>\
         <span class=\"kata-tools\"><button type=\"button\" class=\"kata-quiet\" data-action=\"table\" \
         aria-pressed=\"false\" disabled>As a table</button></span></figcaption></figure></section>",
        escape(&zone.slug),
        heading(zone, "show", "See it")
    )
}

/// The wrong attempts: pick one, see what it changes, run it, read why.
pub(super) fn attempts(zone: &Zone, kata: &str, tests: usize) -> anyhow::Result<String> {
    let mut choices = String::new();
    for attempt in &zone.manifest.attempts {
        let path = zone.attempt(&attempt.name);
        let text = read(zone, &path)?;
        choices.push_str(&format!(
            "<details class=\"kata-attempt\" data-variant=\"attempts/{name}\"{fate}><summary>\
             <span class=\"kata-mark\"></span><span class=\"kata-name\">{title}</span>\
             <span class=\"kata-word kata-live\"></span></summary>\
             <figure class=\"kata-source kata-diff\"><figcaption><span class=\"kata-path\">{path}</span>\
             <span class=\"kata-changes\">{changes}</span></figcaption>\
             <pre>{tag}{diff}</code></pre></figure>{run}\
             <div class=\"kata-why\"><p class=\"kata-step\">Why it fails</p>{why}</div>{rows}</details>",
            name = escape(&attempt.name),
            fate = engines::fate(attempt, tests),
            title = inline_markdown(&attempt.title),
            path = escape(&zone.display(&path).to_string()),
            changes = diff::summary(kata, &text),
            tag = code_tag("What this attempt changes"),
            diff = diff::code(kata, &text),
            run = run_variant("Run this attempt"),
            rows = ROWS,
            why = markdown(&attempt.why),
        ));
    }
    Ok(format!(
        "<section class=\"kata-attempts\">{}\
         <p class=\"kata-lead\">Repairs that look right. Pick one, and guess which rule it \
         breaks<span class=\"kata-live\">; then run it</span>.</p>\
         {choices}</section>",
        heading(zone, "attempts", "Wrong turns")
    ))
}

/// The hints, one level at a time.
pub(super) fn hints(zone: &Zone) -> String {
    let mut levels = String::new();
    for (index, (hint, name)) in zone.manifest.hints.iter().zip(HINTS).enumerate() {
        levels.push_str(&format!(
            "<details class=\"kata-hint\"><summary><span class=\"kata-name\">Hint {}: {name}</span>\
             </summary><div class=\"kata-hint-text\">{}</div></details>",
            index + 1,
            markdown(hint)
        ));
    }
    let heading = heading(zone, "hints", "Hints");
    format!("<section class=\"kata-hints\">{heading}{levels}</section>")
}

/// The solution, which the page opens only when asked twice or once it is earned.
pub(super) fn solution(zone: &Zone) -> anyhow::Result<String> {
    if !zone.has_solution() {
        return Ok(format!(
            "<section class=\"kata-solution\">{}<p class=\"kata-lead\">This copy of the book keeps it back.</p></section>",
            heading(zone, "solution", "The solution"),
        ));
    }
    let path = zone.solution_lib();
    let text = read(zone, &path)?;
    Ok(format!(
        "<section class=\"kata-solution\">{}\
         <details class=\"kata-reveal\" data-variant=\"solution\"><summary>\
         <span class=\"kata-mark\"></span><span class=\"kata-name\">Show one right design</span>\
         <span class=\"kata-word kata-live\"></span></summary>\
         <figure class=\"kata-source\"><figcaption><span class=\"kata-path\">{}</span></figcaption>{}</figure>{}{ROWS}\
         </details><p class=\"kata-confirm kata-live\" role=\"status\"></p></section>",
        heading(zone, "solution", "The solution"),
        escape(&zone.display(&path).to_string()),
        code(&text, "The solution"),
        run_variant("Run the solution")
    ))
}

/// The run controls of an attempt or the solution.
fn run_variant(label: &str) -> String {
    format!(
        "<div class=\"kata-run kata-live\"><div class=\"kata-buttons\">\
         <button type=\"button\" class=\"kata-secondary\" data-action=\"run\" disabled>{label}</button>\
         <button type=\"button\" class=\"kata-secondary\" data-action=\"stop\" disabled>Stop</button>\
         <span class=\"kata-clock\" aria-hidden=\"true\"></span></div>\
         <p class=\"kata-line\" role=\"status\"></p></div>"
    )
}
