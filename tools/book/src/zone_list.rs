//! The map of zones on the start page.
//!
//! To read it is a list: the parts in the order of the book, and below each its zones. The stylesheet lays it out as
//! a map; how far the reader is comes from `theme/kata/zone-map.js`, into room that is kept for it.

use crate::html::{escape, inline_markdown};
use kata_zones::Zone;

/// Lists zones, each with the link to its chapter, under their parts' names.
/// They come in the order of the book.
pub(crate) fn html(zones: &[(&Zone, String)]) -> String {
    let parts: String = zones
        .chunk_by(|(a, _), (b, _)| a.manifest.part == b.manifest.part)
        .map(part)
        .collect();
    let none = solved(zones.len());
    format!(
        "<div class=\"kata-zones\">\n<p class=\"kata-zones-all kata-live\" role=\"status\">{none}</p>{parts}\n</div>"
    )
}

fn part(zones: &[(&Zone, String)]) -> String {
    let Some((first, _)) = zones.first() else {
        return String::new();
    };
    let part = first.manifest.part;
    let id = format!("zones-{}", part.folder());
    let items: String = zones.iter().map(|(zone, link)| item(zone, link)).collect();
    format!(
        "<div class=\"kata-zones-part\"><p class=\"kata-zones-name\"><span id=\"{id}\">{}</span>\
         <span class=\"kata-zones-count kata-live\">{}</span></p><ul aria-labelledby=\"{id}\">{items}</ul></div>",
        escape(part.title()),
        solved(zones.len()),
    )
}

/// What is said of so many zones before anything is known of the reader.
fn solved(zones: usize) -> String {
    format!("0 of {zones} solved")
}

fn item(zone: &Zone, link: &str) -> String {
    let manifest = &zone.manifest;
    format!(
        "<li data-zone=\"{slug}\" data-state=\"new\"><a href=\"{link}\">{title}</a>\
         <span class=\"kata-zones-summary\">{summary}</span>\
         <span class=\"kata-zones-state kata-live\">not run</span>\
         <span class=\"kata-zones-minutes\">{minutes} min</span></li>",
        slug = escape(&zone.slug),
        link = escape(link),
        title = inline_markdown(&manifest.title),
        minutes = manifest.minutes,
        summary = inline_markdown(&manifest.summary),
    )
}
