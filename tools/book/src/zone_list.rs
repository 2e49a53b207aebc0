//! The list of zones on the start page.

use crate::html::{escape, inline_markdown};
use kata_zones::Zone;

/// Lists zones, each with the link to its chapter, under their parts' names.
/// They come in the order of the book.
pub(crate) fn html(zones: &[(&Zone, String)]) -> String {
    let mut html = String::from("<div class=\"kata-zones\">\n");
    let mut part = None;
    for (zone, link) in zones {
        let manifest = &zone.manifest;
        if part != Some(manifest.part) {
            if part.is_some() {
                html.push_str("</ul>");
            }
            html.push_str(&format!(
                "<p class=\"kata-zones-part\">{}</p><ul>",
                escape(manifest.part.title())
            ));
            part = Some(manifest.part);
        }
        html.push_str(&format!(
            "<li data-zone=\"{slug}\"><a href=\"{link}\">{title}</a>\
             <span class=\"kata-zones-state kata-live\"></span>\
             <span class=\"kata-zones-minutes\">{minutes} min</span>\
             <span class=\"kata-zones-summary\">{summary}</span></li>",
            slug = escape(&zone.slug),
            link = escape(link),
            title = inline_markdown(&manifest.title),
            minutes = manifest.minutes,
            summary = inline_markdown(&manifest.summary),
        ));
    }
    if part.is_some() {
        html.push_str("</ul>");
    }
    html.push_str("\n</div>");
    html
}
