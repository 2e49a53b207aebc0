//! Makes a page's first sight wait for less.
//!
//! mdBook gives each page a dozen stylesheets, which are asked for one by one before anything is painted, and a highlighter
//! that is half of all its script. Here a page gets one stylesheet, its scripts wait for its text, and the page's own modules
//! are asked for at once instead of one after the other.

use anyhow::{Context, bail};
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

/// mdBook's stylesheets for code, by the id of their link, each with the themes that it is for.
const CODE: [(&str, &str); 3] = [
    (
        "mdbook-highlight-css",
        ":where(html.light, html.rust, html:not(.js))",
    ),
    ("mdbook-tomorrow-night-css", ":where(html.coal, html.navy)"),
    ("mdbook-ayu-highlight-css", ":where(html.ayu)"),
];

/// Gathers a site's stylesheets. Pages with the same ones share a file.
pub(crate) struct Styles<'a> {
    site: &'a Path,
    /// What was gathered, by the links that it came from.
    sheets: BTreeMap<Vec<(String, Option<String>)>, String>,
}

impl<'a> Styles<'a> {
    pub(crate) fn new(site: &'a Path) -> Self {
        Self {
            site,
            sheets: BTreeMap::new(),
        }
    }

    /// The page with one link in the place of the first of its links to stylesheets: what is for paper comes after it, and so
    /// has the last word there.
    ///
    /// # Errors
    /// When a stylesheet cannot be read, or the one for all cannot be written.
    pub(crate) fn gather(&mut self, page: &str) -> anyhow::Result<String> {
        let mut links = Vec::new();
        let mut up = String::new();
        let mut lines: Vec<String> = Vec::new();
        let mut first = None;
        for line in page.lines() {
            match Link::read(line) {
                Some(link) => {
                    let file = link.href.trim_start_matches("../");
                    up = link.href[..link.href.len() - file.len()].to_owned();
                    links.push((file.to_owned(), link.id.map(str::to_owned)));
                    first.get_or_insert(lines.len());
                }
                None => lines.push(line.to_owned()),
            }
        }
        let Some(place) = first else {
            return Ok(page.to_owned());
        };
        let file = self.sheet(links)?;
        lines.insert(
            place,
            format!("        <link rel=\"stylesheet\" href=\"{up}{file}\">"),
        );
        Ok(lines.join("\n") + "\n")
    }

    fn sheet(&mut self, links: Vec<(String, Option<String>)>) -> anyhow::Result<String> {
        if let Some(file) = self.sheets.get(&links) {
            return Ok(file.clone());
        }
        let mut all = String::new();
        for (file, id) in &links {
            let path = self.site.join(file);
            let text =
                fs::read_to_string(&path).with_context(|| format!("reading {}", path.display()))?;
            match CODE.iter().find(|(known, _)| Some(*known) == id.as_deref()) {
                Some((_, themes)) => all.push_str(&format!("{themes} {{\n{text}\n}}\n")),
                None => all.push_str(&text),
            }
        }
        // In the folder of mdBook's own, so that what they name by a relative address is found.
        let digest = Sha256::digest(all.as_bytes());
        let hash: String = digest.iter().take(4).map(|b| format!("{b:02x}")).collect();
        let file = format!("css/book-{hash}.css");
        let path = self.site.join(&file);
        fs::write(&path, all).with_context(|| format!("writing {}", path.display()))?;
        self.sheets.insert(links, file.clone());
        Ok(file)
    }

    /// Deletes what no page links to any more.
    ///
    /// # Errors
    /// When a file cannot be deleted.
    pub(crate) fn sweep(self) -> anyhow::Result<()> {
        let files: BTreeSet<&String> = self.sheets.keys().flatten().map(|(file, _)| file).collect();
        for file in files {
            let path = self.site.join(file);
            fs::remove_file(&path).with_context(|| format!("deleting {}", path.display()))?;
        }
        Ok(())
    }
}

/// A link to a stylesheet for the screen that mdBook wrote.
struct Link<'a> {
    href: &'a str,
    id: Option<&'a str>,
}

impl<'a> Link<'a> {
    fn read(line: &'a str) -> Option<Self> {
        let tag = line.trim().strip_prefix("<link rel=\"stylesheet\"")?;
        let value = |name: &str| {
            let (_, rest) = tag.split_once(&format!("{name}=\""))?;
            rest.split_once('"').map(|(value, _)| value)
        };
        let href = value("href")?;
        // The page for paper has one of ours, which is not there yet.
        (!tag.contains("media=") && !href.ends_with("kata/print.css")).then_some(Self {
            href,
            id: value("id"),
        })
    }
}

/// The page with scripts that no longer hold up its text, and with links to the modules that its own one begins with.
///
/// # Errors
/// When mdBook writes its scripts in another way.
pub(crate) fn hurry(page: &str, modules: &[String]) -> anyhow::Result<String> {
    let Some((head, rest)) = page.split_once("</head>") else {
        bail!("the page has no end of its head");
    };
    let Some((_, path)) = head.rsplit_once("<script type=\"module\" src=\"") else {
        return Ok(page.to_owned());
    };
    let up = path.split_once("kata/panel.js").map_or("", |(up, _)| up);
    let links: String = modules
        .iter()
        .map(|name| format!("<link rel=\"modulepreload\" href=\"{up}kata/{name}\">\n"))
        .collect();
    let mut body = String::with_capacity(rest.len());
    for line in rest.lines() {
        let tag = line.trim_start();
        match tag.strip_prefix("<script src=\"") {
            // The highlighter comes when book.js has a use for it.
            Some(src) if src.trim_start_matches("../").starts_with("highlight-") => {
                let (src, _) = src
                    .split_once('"')
                    .context("the link to the highlighter never ends")?;
                body.push_str(&format!("<meta name=\"highlighter\" content=\"{src}\">\n"));
            }
            Some(src) => body.push_str(&format!("<script defer src=\"{src}\n")),
            None => {
                body.push_str(line);
                body.push('\n');
            }
        }
    }
    Ok(format!("{head}{links}</head>{body}"))
}

/// The names of the modules that a page's own one begins with, in `folder`: what it imports, and what these import.
///
/// # Errors
/// When a module cannot be read.
pub(crate) fn modules(folder: &Path) -> anyhow::Result<Vec<String>> {
    let mut found = vec!["panel.js".to_owned()];
    let mut next = 0;
    while let Some(name) = found.get(next) {
        next += 1;
        let path = folder.join(name);
        let Ok(text) = fs::read_to_string(&path) else {
            if next == 1 {
                // A book without panels has no modules.
                return Ok(Vec::new());
            }
            bail!("{} is imported, and not there", path.display());
        };
        for line in text.lines().filter(|line| line.contains(" from \"./")) {
            if let Some((_, rest)) = line.split_once(" from \"./")
                && let Some((import, _)) = rest.split_once('"')
                && !line.trim_start().starts_with(['*', '/'])
                && !found.iter().any(|known| known == import)
            {
                found.push(import.to_owned());
            }
        }
    }
    Ok(found.split_off(1))
}

/// A script without its comments, which are half of it. Lines keep their numbers.
///
/// It takes comments that begin a line, as all of ours do but for types within an expression. Lines within a template string
/// stay as they are.
pub(crate) fn without_comments(script: &str) -> String {
    let mut bare = String::with_capacity(script.len());
    let (mut in_comment, mut in_template) = (false, false);
    for line in script.lines() {
        let mut code = line.trim_start();
        if in_template {
            code = line;
        } else if !in_comment {
            in_comment = code.starts_with("/*");
        }
        if in_comment {
            (code, in_comment) = match code.split_once("*/") {
                Some((_, code)) => (code.trim_start(), false),
                None => ("", true),
            };
        }
        if !in_template && code.starts_with("//") {
            code = "";
        }
        in_template ^= code.matches('`').count() % 2 == 1;
        bare.push_str(code);
        bare.push('\n');
    }
    bare
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_go_and_code_stays() {
        let script = "// A file.\n/**\n * A type.\n */\nlet a = `\n  // text\n`;\n  /** @type {B} */ (b).c(); // why\n";
        assert_eq!(
            without_comments(script),
            "\n\n\n\nlet a = `\n  // text\n`;\n(b).c(); // why\n"
        );
    }

    #[test]
    fn a_link_is_one_for_the_screen() {
        let link = Link::read("  <link rel=\"stylesheet\" id=\"i\" href=\"../a.css\">").unwrap();
        assert_eq!((link.href, link.id), ("../a.css", Some("i")));
        for other in [
            "<link rel=\"stylesheet\" href=\"a.css\" media=\"print\">",
            "<link rel=\"icon\" href=\"a.svg\">",
        ] {
            assert!(Link::read(other).is_none(), "{other}");
        }
    }

    #[test]
    fn paper_has_the_last_word() {
        let site = tempfile::tempdir().unwrap();
        for name in ["a.css", "b.css"] {
            fs::write(site.path().join(name), "p {}\n").unwrap();
        }
        fs::create_dir(site.path().join("css")).unwrap();
        let link = |rest| format!("<link rel=\"stylesheet\" href=\"{rest}>\n");
        let paper = link("print.css\" media=\"print\"");
        let page = format!("{}{paper}{}", link("a.css\""), link("b.css\""));
        let gathered = Styles::new(site.path()).gather(&page).unwrap();
        assert!(
            gathered.contains("css/book-") && gathered.ends_with(&paper),
            "{gathered}"
        );
    }

    #[test]
    fn scripts_wait_for_the_text() {
        let page = "<head><script type=\"module\" src=\"../kata/panel.js\"></script></head>\n  <script src=\"../a.js\"></script>\n<script src=\"../highlight-1.js\"></script>\n";
        let hurried = hurry(page, &["b.js".to_owned()]).unwrap();
        assert!(hurried.contains("<link rel=\"modulepreload\" href=\"../kata/b.js\">\n</head>"));
        assert!(hurried.contains("<script defer src=\"../a.js\"></script>\n"));
        assert!(hurried.ends_with("<meta name=\"highlighter\" content=\"../highlight-1.js\">\n"));
    }
}
