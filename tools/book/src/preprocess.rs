//! The mdBook preprocessor: replaces directives by panels, links and lists.

use crate::directive::{Ask, Directive, directives};
use crate::html::{breakable, sentence};
use crate::{claims, measured, panel, start, zone_list};
use anyhow::{Context, anyhow, bail};
use kata_zones::{Workspace, Zone};
use mdbook_preprocessor::book::{Book, BookItem, Chapter};
use mdbook_preprocessor::{Preprocessor, PreprocessorContext, parse_input};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

/// Speaks mdBook's preprocessor protocol: a book comes on standard input, and
/// the book with panels leaves on standard output.
///
/// # Errors
/// When the input is not mdBook's, or a directive, a chapter or a zone is wrong.
pub fn preprocess_stdio() -> anyhow::Result<()> {
    preprocess(io::stdin().lock(), io::stdout().lock())
}

fn preprocess(input: impl Read, mut output: impl Write) -> anyhow::Result<()> {
    let (context, book) = parse_input(input).context("reading mdBook's input")?;
    let workspace = Workspace::find(&context.root)?;
    let book = Panels::new(workspace).run(&context, book)?;
    serde_json::to_writer(&mut output, &book).context("writing the book")?;
    output.flush().context("writing the book")
}

/// Whether a renderer gets panels: only HTML can hold them.
pub fn preprocess_supports(renderer: &str) -> bool {
    renderer == "html"
}

/// The preprocessor itself.
pub(crate) struct Panels {
    workspace: Workspace,
}

impl Panels {
    pub(crate) fn new(workspace: Workspace) -> Self {
        Self { workspace }
    }
}

impl Preprocessor for Panels {
    fn name(&self) -> &str {
        "kata"
    }

    fn run(&self, context: &PreprocessorContext, mut book: Book) -> anyhow::Result<Book> {
        let sources = context.config.book.src.clone();
        let index = Index::new(&self.workspace, &sources, &book)?;
        let mut result = Ok(());
        book.for_each_mut(|item| {
            if let BookItem::Chapter(chapter) = item
                && let Some(path) = chapter.path.clone()
                && result.is_ok()
            {
                match index.expand(&chapter.content, &path, &place(&sources, chapter)) {
                    Ok(content) => chapter.content = content,
                    Err(error) => result = Err(error),
                }
            }
        });
        result.map(|()| book)
    }

    fn supports_renderer(&self, renderer: &str) -> anyhow::Result<bool> {
        Ok(preprocess_supports(renderer))
    }
}

/// A chapter's file as a reader of an error would look for it.
fn place(sources: &Path, chapter: &Chapter) -> PathBuf {
    let file = chapter.source_path.as_ref().or(chapter.path.as_ref());
    file.map_or_else(|| PathBuf::from(&chapter.name), |file| sources.join(file))
}

/// What all chapters together say: which zones exist, and which chapter holds
/// each zone's panel, in reading order.
struct Index {
    zones: Vec<Zone>,
    homes: Vec<(String, PathBuf)>,
    shows: PathBuf,
    root: PathBuf,
    sources: PathBuf,
}

impl Index {
    fn new(workspace: &Workspace, sources: &Path, book: &Book) -> anyhow::Result<Self> {
        let mut index = Index {
            zones: workspace.zones()?,
            homes: Vec::new(),
            shows: workspace.root().join("theme/shows"),
            root: workspace.root().to_owned(),
            sources: sources.to_owned(),
        };
        for item in book.iter() {
            let BookItem::Chapter(chapter) = item else {
                continue;
            };
            let Some(path) = &chapter.path else { continue };
            let place = place(sources, chapter);
            for Directive {
                ask, line, range, ..
            } in read(&chapter.content, &place)?
            {
                let Ask::Kata {
                    slug,
                    compact: false,
                } = ask
                else {
                    continue;
                };
                // A wrong name is told here, not as a home that other pages miss.
                index
                    .zone(slug)
                    .with_context(|| at(&place, line, &chapter.content[range]))?;
                if let Ok(home) = index.home(slug) {
                    bail!(
                        "{}:{line}: the panel of `{slug}` is already in {}",
                        place.display(),
                        sources.join(home).display()
                    );
                }
                index.homes.push((slug.to_owned(), path.clone()));
            }
        }
        Ok(index)
    }

    /// Replaces every directive of one chapter.
    fn expand(&self, content: &str, path: &Path, place: &Path) -> anyhow::Result<String> {
        let mut expanded = String::with_capacity(content.len());
        let mut copied = 0;
        for Directive {
            range, line, ask, ..
        } in read(content, place)?
        {
            let replacement = self
                .answer(&ask, content, path)
                .with_context(|| at(place, line, &content[range.clone()]))?;
            expanded.push_str(&content[copied..range.start]);
            expanded.push_str(&replacement);
            copied = range.end;
        }
        expanded.push_str(&content[copied..]);
        Ok(expanded)
    }

    fn answer(&self, ask: &Ask<'_>, content: &str, path: &Path) -> anyhow::Result<String> {
        match *ask {
            Ask::Kata {
                slug,
                compact: false,
            } => {
                let has_show = self.shows.join(format!("{slug}.js")).is_file();
                Ok(block(&panel::full(self.zone(slug)?, has_show)?))
            }
            Ask::Kata {
                slug,
                compact: true,
            } => {
                let zone = self.zone(slug)?;
                Ok(block(&panel::compact(zone, &link(path, self.home(slug)?))?))
            }
            Ask::Test { slug, name } => {
                let tests = self.zone(slug)?.spec_tests()?;
                if !tests.iter().any(|test| test.name == name) {
                    let known: Vec<_> = tests.into_iter().map(|test| test.name).collect();
                    bail!("the spec has no test `{name}`; it has {}", known.join(", "));
                }
                let home = self.home(slug)?;
                let page = if home == path {
                    String::new()
                } else {
                    link(path, home)
                };
                let id = panel::test_id(slug, name);
                let name_html = breakable(name);
                let title = sentence(name);
                Ok(format!(
                    "[<code>{name_html}</code>]({page}#{id} \"{title}\")"
                ))
            }
            Ask::Zones => {
                let listed = self
                    .homes
                    .iter()
                    .map(|(slug, home)| Ok((self.zone(slug)?, link(path, home))));
                let listed = listed.collect::<anyhow::Result<Vec<_>>>()?;
                Ok(block(&zone_list::html(&listed)))
            }
            Ask::Progress => Ok(block(&start::progress())),
            Ask::Engine => Ok(block(&start::engine())),
            Ask::Measured { file } => {
                let folder = self.root.join(&self.sources);
                let link = link(path, Path::new(file));
                let figure = measured::figure(&folder, &self.sources, file, &link)?;
                Ok(block(&figure))
            }
            Ask::Verdicts => Ok(block(
                &claims::verdicts(content).map_err(|fault| anyhow!(fault))?,
            )),
            Ask::Program { name } => Ok(block(&claims::program(&self.root, name)?)),
        }
    }

    fn zone(&self, slug: &str) -> anyhow::Result<&Zone> {
        self.zones
            .iter()
            .find(|zone| zone.slug == slug)
            .with_context(|| {
                let known: Vec<_> = self.zones.iter().map(|zone| zone.slug.as_str()).collect();
                format!(
                    "there is no zone `{slug}`; the zones are: {}",
                    known.join(", ")
                )
            })
    }

    fn home(&self, slug: &str) -> anyhow::Result<&Path> {
        self.homes
            .iter()
            .find(|(of, _)| of == slug)
            .map(|(_, home)| home.as_path())
            .with_context(|| format!("no chapter holds `{{{{#kata {slug}}}}}`"))
    }
}

fn read<'a>(content: &'a str, place: &Path) -> anyhow::Result<Vec<Directive<'a>>> {
    directives(content)
        .map_err(|fault| anyhow!("{}:{}: {}", place.display(), fault.line, fault.message))
}

fn at(place: &Path, line: usize, directive: &str) -> String {
    format!("{}:{line}: in `{directive}`", place.display())
}

/// HTML as a Markdown block of its own.
fn block(html: &str) -> String {
    format!("\n\n{html}\n\n")
}

/// The link from one chapter to another; mdBook turns `.md` into `.html`.
fn link(from: &Path, to: &Path) -> String {
    let depth = from.components().count().saturating_sub(1);
    let target: Vec<_> = to
        .components()
        .map(|part| part.as_os_str().to_string_lossy())
        .collect();
    format!("{}{}", "../".repeat(depth), target.join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_lead_from_any_depth_to_any_depth() {
        let link = |from: &str, to: &str| link(Path::new(from), Path::new(to));
        assert_eq!(link("index.md", "boundary/a.md"), "boundary/a.md");
        assert_eq!(link("boundary/a.md", "numbers/b.md"), "../numbers/b.md");
        assert_eq!(link("a/b/c.md", "index.md"), "../../index.md");
    }

    /// What a stock `mdbook build` writes to a preprocessor.
    #[test]
    fn the_protocol_of_a_stock_mdbook_is_spoken() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixture");
        let chapter = serde_json::json!({ "Chapter": {
            "name": "Trap", "content": "# Trap\n\n{{#kata small-trap}}\n", "number": [1], "sub_items": [],
            "path": "boundary/small-trap.md", "source_path": "boundary/small-trap.md", "parent_names": [],
        }});
        let input = serde_json::json!([
            { "root": root, "config": { "book": { "src": "src" } }, "renderer": "html", "mdbook_version": "0.5.4" },
            { "items": [chapter] },
        ]);
        let mut output = Vec::new();
        preprocess(input.to_string().as_bytes(), &mut output).unwrap();
        let book: serde_json::Value = serde_json::from_slice(&output).unwrap();
        let content = book["items"][0]["Chapter"]["content"].as_str().unwrap();
        assert!(
            content.contains("<kata-panel class=\"kata kata-bench\" data-slug=\"small-trap\""),
            "{content}"
        );
        assert!(!content.contains("{{#kata"), "{content}");
        assert!(preprocess_supports("html") && !preprocess_supports("epub"));
    }
}
