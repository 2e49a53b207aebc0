//! What a reader needs to keep the whole book: the list of its files, and the section of the start page that fetches them.

use crate::site::files_below;
use anyhow::Context;
use std::fs;
use std::path::Path;

/// The list, at the site's root: a JSON array of paths.
const LIST: &str = "files.json";

/// What a page never asks for: the service worker, which browsers keep by themselves, and what is for hosts and tools.
const NOT_OF_A_PAGE: [&str; 5] = [
    LIST,
    "lab-worker.js",
    "worker/",
    "_headers",
    "bundles/SHA256SUMS",
];

/// Stands on the start page of a static site. Its buttons need JavaScript, like all that is `kata-live`.
const SECTION: &str = r#"<section class="kata-offline kata-live" aria-labelledby="without-a-network">
<h2 id="without-a-network">Without a network</h2>
<p>What you read and run here stays in this browser, and works again when there is no network.</p>
<p class="kata-buttons"><button type="button" class="kata-secondary" data-action="keep" disabled>Keep the whole book</button>
<button type="button" class="kata-secondary" data-action="forget" disabled>Keep nothing</button></p>
<p class="kata-line" role="status"></p>
</section>
"#;

/// Writes the list of a finished site's files.
///
/// # Errors
/// When a folder cannot be read or the list cannot be written.
pub fn list_files(site: &Path) -> anyhow::Result<()> {
    let mut names = Vec::new();
    for file in files_below(site)? {
        let name = file.strip_prefix(site).context("a file outside the site")?;
        let name = name.to_string_lossy().replace('\\', "/");
        if !NOT_OF_A_PAGE.iter().any(|other| name.starts_with(other)) {
            names.push(name);
        }
    }
    let list = serde_json::to_string(&names).context("writing the list of files")?;
    let path = site.join(LIST);
    fs::write(&path, list).with_context(|| format!("writing {}", path.display()))
}

/// Puts the section at the end of the start page, if the book has one.
pub(crate) fn add_section(page: &Path) -> anyhow::Result<()> {
    if !page.is_file() {
        return Ok(());
    }
    let changing = || format!("changing {}", page.display());
    let text = fs::read_to_string(page).with_context(changing)?;
    let (before, after) = text
        .rsplit_once("</main>")
        .context("the start page has no `</main>`")?;
    fs::write(page, format!("{before}{SECTION}</main>{after}")).with_context(changing)
}
