//! Builds the book's site into a folder.

use crate::assets::{self, Styles};
use crate::csp;
use crate::mode::Mode;
use crate::offline;
use crate::preprocess::Panels;
use crate::{scan, search, shell};
use anyhow::{Context, bail};
use kata_zones::Workspace;
use mdbook_driver::MDBook;
use mdbook_driver::config::Config;
use std::fs;
use std::path::{Path, PathBuf};

/// How to build a site.
#[derive(Debug, Clone, Copy)]
pub struct SiteOptions<'a> {
    /// The folder to write. What is in it is deleted.
    pub out: &'a Path,
    /// What will serve it.
    pub mode: Mode,
    /// Names this build; the page shows a new one as "the book has changed".
    pub build_id: &'a str,
    /// Where the pages of a static site compile what readers write: a folder's address, ending in `/`.
    pub compile_service: Option<&'a str>,
}

/// Builds the book into `options.out`: mdBook's pages with panels, each sealed
/// by a policy, and the page's modules beside them. Bundles are not its business.
///
/// # Errors
/// When a chapter, a zone or a theme file is wrong or cannot be read; a wrong
/// directive is named with its file and line.
pub fn build_site(workspace: &Workspace, options: &SiteOptions<'_>) -> anyhow::Result<()> {
    let root = workspace.root();
    let out = std::path::absolute(options.out)
        .with_context(|| format!("resolving {}", options.out.display()))?;
    fs::create_dir_all(&out).with_context(|| format!("creating {}", out.display()))?;

    let mut config = Config::from_disk(root.join("book.toml")).context("reading book.toml")?;
    config.build.build_dir = out.clone();
    config.build.create_missing = false;
    // The entry of the stock route holds the place before `links`; the library
    // then takes that place, so no child process runs.
    config
        .set("preprocessor.kata.before", ["links"])
        .context("ordering the preprocessors")?;
    let mut book = MDBook::load_with_config(root, config).context("loading the book")?;
    book.with_preprocessor(Panels::new(workspace.clone()));
    book.build().context("building the book")?;

    mend_shell(&out, &assets::modules(&root.join("theme/kata"))?)?;
    for file in files_below(&out)? {
        search::find_names(&file)?;
    }
    if options.mode == Mode::Static {
        offline::add_section(&out.join("index.html"))?;
    }
    seal_pages(&out, options)?;
    let theme = root.join("theme");
    for folder in ["kata", "shows", "worker"] {
        copy_folder(&theme.join(folder), &out.join(folder), false)?;
    }
    copy_folder(&theme.join("editor/dist"), &out.join("editor"), true)?;
    name_build(
        &theme.join("lab-worker.js"),
        &out.join("lab-worker.js"),
        options.build_id,
    )
}

/// What the service worker's text holds in the place of the build's name.
const BUILD_MARK: &str = "__KATA_BUILD__";

/// Copies the service worker, if there is one, and tells it which build it belongs to.
fn name_build(from: &Path, to: &Path, build_id: &str) -> anyhow::Result<()> {
    if !from.is_file() {
        return Ok(());
    }
    let text = read(from)?;
    if !text.contains(BUILD_MARK) {
        bail!(
            "{} has no {BUILD_MARK} for the build's name",
            from.display()
        );
    }
    fs::write(to, text.replace(BUILD_MARK, build_id))
        .with_context(|| format!("writing {}", to.display()))
}

/// Mends mdBook's faults in its pages and scripts. `modules` are what a page's own one begins with.
fn mend_shell(out: &Path, modules: &[String]) -> anyhow::Result<()> {
    let mut styles = Styles::new(out);
    for file in files_below(out)? {
        let name = file.file_name().unwrap_or_default().to_string_lossy();
        let mending = || format!("mending {}", file.display());
        let mended = match file.extension() {
            Some(kind) if kind == "html" => shell::mended_page(&read(&file)?)
                .and_then(|page| styles.gather(&page))
                .and_then(|page| assets::hurry(&page, modules))
                .with_context(mending)?,
            Some(kind) if kind == "js" => {
                shell::mended_script(&name, &read(&file)?).with_context(mending)?
            }
            _ => continue,
        };
        fs::write(&file, mended).with_context(|| format!("writing {}", file.display()))?;
    }
    styles.sweep()
}

/// Gives every page that mdBook wrote its policy, and a static site the same policies in a file for its host.
fn seal_pages(out: &Path, options: &SiteOptions<'_>) -> anyhow::Result<()> {
    let files = files_below(out)?;
    let ending = |ending: &'static str| {
        files
            .iter()
            .filter(move |file| file.extension().is_some_and(|e| e == ending))
    };
    let mut script_styles = Vec::new();
    for script in ending("js") {
        script_styles.extend(scan::styles_set_by_script(&read(script)?));
    }
    let mut policies = Vec::new();
    for page in ending("html") {
        let text = read(page)?;
        let policy = csp::policy_of(&text, &script_styles, options);
        let sealed = csp::seal(&text, &policy, options)
            .with_context(|| format!("sealing {}", page.display()))?;
        fs::write(page, sealed).with_context(|| format!("writing {}", page.display()))?;
        let name = page.strip_prefix(out).context("a page outside the site")?;
        policies.push((name.to_string_lossy().replace('\\', "/"), policy));
    }
    if options.mode == Mode::Static {
        let path = out.join("_headers");
        fs::write(&path, csp::headers_file(&policies))
            .with_context(|| format!("writing {}", path.display()))?;
    }
    Ok(())
}

fn read(file: &Path) -> anyhow::Result<String> {
    fs::read_to_string(file).with_context(|| format!("reading {}", file.display()))
}

/// Every file below a folder, at any depth.
pub(crate) fn files_below(folder: &Path) -> anyhow::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        let entries =
            fs::read_dir(&folder).with_context(|| format!("reading {}", folder.display()))?;
        for entry in entries {
            let path = entry
                .with_context(|| format!("reading {}", folder.display()))?
                .path();
            if path.is_dir() {
                folders.push(path)
            } else {
                files.push(path)
            }
        }
    }
    files.sort();
    Ok(files)
}

/// Copies a folder of files, if it is there. Our own scripts go without their comments; a `bundled` one stays as it was made.
fn copy_folder(from: &Path, to: &Path, bundled: bool) -> anyhow::Result<()> {
    if !from.is_dir() {
        return Ok(());
    }
    for file in files_below(from)? {
        let name = file
            .strip_prefix(from)
            .context("a file outside its folder")?;
        let to = to.join(name);
        if let Some(parent) = to.parent() {
            fs::create_dir_all(parent).with_context(|| format!("creating {}", parent.display()))?;
        }
        let copying = || format!("copying {} to {}", file.display(), to.display());
        if !bundled && file.extension().is_some_and(|kind| kind == "js") {
            fs::write(&to, assets::without_comments(&read(&file)?)).with_context(copying)?;
        } else {
            fs::copy(&file, &to).with_context(copying)?;
        }
    }
    Ok(())
}
