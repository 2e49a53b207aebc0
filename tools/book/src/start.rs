//! What the start page tells of the reader: how far they are, and what their browser can do.
//!
//! Only a running page knows either, so all of this is `kata-live`, with room kept for what will stand there.

/// What `theme/kata/abilities.js` measures: the name that it knows, and what it is called.
const ABILITIES: [(&str, &str); 5] = [
    ("simd", "SIMD"),
    ("relaxed-simd", "Relaxed SIMD"),
    ("threads", "Threads"),
    ("exceptions", "Exceptions"),
    ("isolation", "Cross-origin isolation"),
];

/// The buttons that bring all progress into a file and back, and forget it.
pub(crate) fn progress() -> String {
    let button = |action: &str, label: &str| {
        format!(
            "<button type=\"button\" class=\"kata-secondary\" data-action=\"{action}\" disabled>{label}</button>"
        )
    };
    format!(
        "<div class=\"kata-kept kata-live\"><p class=\"kata-kept-trouble\" hidden></p>\
         <div class=\"kata-buttons\">{}{}{}</div>\
         <p class=\"kata-kept-line\"><span role=\"status\"></span> \
         <button type=\"button\" class=\"kata-quiet\" data-action=\"undo\" hidden>Undo</button></p></div>\
         <p class=\"kata-nojs\">Where the page&#39;s scripts do not run, nothing is kept.</p>",
        button("export", "Export to a file"),
        button("import", "Import a file"),
        button("reset", "Reset everything"),
    )
}

/// The reader's engine and its abilities.
pub(crate) fn engine() -> String {
    let rows: String = ABILITIES
        .iter()
        .map(|(name, title)| {
            format!("<div data-ability=\"{name}\"><dt>{title}</dt><dd>not measured</dd></div>")
        })
        .collect();
    format!(
        "<div class=\"kata-engine kata-live\"><p class=\"kata-engine-name\">This browser</p><dl>{rows}</dl></div>\
         <p class=\"kata-nojs\">Where the page&#39;s scripts do not run, nothing is measured.</p>"
    )
}
