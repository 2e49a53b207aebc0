//! What axe-core finds: nothing, on any page, before and after a run, light and dark, wide and narrow.

use book_tests::editor::EDITOR;
use book_tests::page::Browser;
use book_tests::repository::{target, workspace};
use book_tests::site::{FileServer, build, chapter};
use kata_engines::Engine;
use std::fs;
use std::path::Path;
use std::process::Command;
use std::sync::LazyLock;

/// The version that judges. npm takes it when it is not there yet; the site does not hold it.
const AXE: &str = "axe-core@4.14.1";

/// What a theme can change.
const COLOURS: &str = "{ runOnly: ['color-contrast', 'link-in-text-block'] }";
/// All that axe has.
const EVERYTHING: &str = "{}";
/// What the page of all chapters is judged by. Its colours are theirs, and to look at them all once more takes minutes.
const NO_COLOURS: &str = "{ rules: { 'color-contrast': { enabled: false } } }";

/// The text of axe. One test at a time brings it, and it is there whole or not at all: a second npm in the same
/// folder, or one that was killed half-way, would leave a part of it.
static AXE_TEXT: LazyLock<String> = LazyLock::new(|| {
    let folder = target().join("book-tests").join(AXE);
    if !folder.is_dir() {
        fs::create_dir_all(folder.parent().unwrap()).unwrap();
        let parts = tempfile::tempdir_in(folder.parent().unwrap()).unwrap();
        let npm = Command::new("npm")
            .args(["install", "--no-save", "--no-audit", "--no-fund"])
            .arg("--prefix")
            .arg(parts.path())
            .arg(AXE)
            .output()
            .expect("npm brings axe-core: install Node.js");
        assert!(npm.status.success(), "{npm:?}");
        fs::rename(parts.keep(), &folder).unwrap();
    }
    fs::read_to_string(folder.join("node_modules/axe-core/axe.min.js")).unwrap()
});

/// A browser that judges the page that it shows.
struct Judge {
    browser: Browser,
}

impl Judge {
    async fn start(engine: Engine) -> Self {
        let browser = Browser::start(engine).await;
        if engine == Engine::Chromium {
            // A colour that is still on its way to another is none that a reader sees.
            browser
                .prefers(&[("prefers-reduced-motion", "reduce")])
                .await;
        }
        Self { browser }
    }

    /// Fails if axe finds anything. It is injected by the driver, which no policy of the page hinders.
    async fn finds_nothing(&self, options: &str, place: &str) {
        let script = format!(
            "const [done] = arguments;
             if (!globalThis.axe) {{ {axe} }}
             const options = {{ ...{options}, iframes: false, resultTypes: ['violations'] }};
             axe.run(document, options).then(({{ violations }}) => done(violations.flatMap(({{ id, nodes }}) =>
                 nodes.map((node) => `${{id}}: ${{node.target}}: ${{node.html.slice(0, 200)}}: ${{node.failureSummary}}`))),
                 (error) => done([String(error)]));",
            axe = *AXE_TEXT
        );
        let faults = self.browser.session.run(&script, Vec::new()).await.unwrap();
        let faults = faults.as_array().unwrap();
        let some: Vec<&str> = faults.iter().take(5).filter_map(|f| f.as_str()).collect();
        assert!(
            faults.is_empty(),
            "{place}: axe finds {} faults:\n{}",
            faults.len(),
            some.join("\n")
        );
    }

    async fn wear(&self, theme: &str) {
        self.browser
            .eval(&format!(
                "document.getElementById('mdbook-theme-{theme}').click()"
            ))
            .await;
    }

    /// The editor, and the choice between two texts with their differences.
    async fn finds_nothing_beside_an_edit(&self, server: &FileServer) {
        let url = chapter(&server.url(), &workspace().zone(CHAPTERS[0]).unwrap());
        self.browser.open(&url).await;
        let older = format!(
            "load(new URL('../kata/store.js', location).href)
                .then(({{ keepEdit }}) => keepEdit('{}', 'fn mine() {{}}\\n', '// an older kata'))",
            CHAPTERS[0]
        );
        self.browser.eval(&older).await;
        self.browser.open(&url).await;
        self.browser.press_button("See both").await;
        self.browser
            .until(&format!(
                "{EDITOR}.querySelector('.cm-deletedChunk button')"
            ))
            .await;
        self.finds_nothing(EVERYTHING, "an edit").await;
        self.wear("coal").await;
        self.finds_nothing(COLOURS, "an edit, dark").await;
    }

    /// Runs the kata of the open page, draws its picture, and opens every fold.
    async fn use_all(&self) {
        self.browser.run("kata-panel").await;
        let draw = "document.querySelector('kata-panel .kata-show [data-action=\"show\"]')";
        self.browser.eval(&format!("{draw}?.click()")).await;
        self.browser
            .until(&format!("!{draw}?.hasAttribute('aria-disabled')"))
            .await;
        self.browser
            .eval("document.querySelectorAll('details').forEach((fold) => (fold.open = true))")
            .await;
    }
}

/// The site's pages for readers, by their paths.
fn pages(site: &Path) -> Vec<String> {
    let mut pages = Vec::new();
    for folder in fs::read_dir(site)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .chain([site.to_owned()])
    {
        if folder.is_file()
            || ["bundles", "kata"]
                .iter()
                .any(|name| folder.ends_with(name))
        {
            continue;
        }
        for file in fs::read_dir(&folder).unwrap() {
            let file = file.unwrap().path();
            if file.extension().is_some_and(|kind| kind == "html") {
                pages.push(
                    file.strip_prefix(site)
                        .unwrap()
                        .to_str()
                        .unwrap()
                        .to_owned(),
                );
            }
        }
    }
    pages.sort();
    pages
}

/// Every page as it comes, light and dark.
#[tokio::test(flavor = "multi_thread")]
async fn axe_finds_nothing_on_any_page() {
    let server = FileServer::start().await;
    let judge = Judge::start(Engine::Chromium).await;
    let pages = pages(&build());
    assert!(pages.len() > 20, "{pages:?}");
    for page in pages {
        let url = format!("{}{page}", server.url());
        let paper = page == "print.html";
        if paper {
            // Nothing on it comes to life.
            judge.browser.session.goto(&url).await.unwrap();
        } else {
            judge.browser.open(&url).await;
        }
        let options = if paper { NO_COLOURS } else { EVERYTHING };
        judge.finds_nothing(options, &page).await;
        // The list of chapters as a page of its own has no themes, and the page for paper has those of all others.
        if page != "toc.html" && !paper {
            judge.wear("navy").await;
            judge.finds_nothing(COLOURS, &format!("{page}, dark")).await;
            judge.wear("light").await;
        }
    }
    judge.browser.stop().await;
}

/// A kata in a frame with rules in one list, one in a worker with groups of them and a wide table, and one whose picture
/// can be worked.
const CHAPTERS: [&str; 3] = ["detached-view", "fixed-point", "lossy-convert"];

/// After a run, with everything open, light and dark, and as narrow as a phone.
#[tokio::test(flavor = "multi_thread")]
async fn axe_finds_nothing_after_a_run() {
    let server = FileServer::start().await;
    let judge = Judge::start(Engine::Chromium).await;
    for slug in CHAPTERS {
        let zone = workspace().zone(slug).unwrap();
        judge.browser.open(&chapter(&server.url(), &zone)).await;
        judge.use_all().await;
        judge
            .finds_nothing(EVERYTHING, &format!("{slug}, used"))
            .await;
        judge.wear("coal").await;
        judge
            .finds_nothing(COLOURS, &format!("{slug}, used, dark"))
            .await;
        judge.wear("light").await;
        judge.browser.resize(375).await;
        judge
            .finds_nothing(
                "{ runOnly: ['scrollable-region-focusable', 'region', 'target-size', 'aria-hidden-focus'] }",
                &format!("{slug}, used, on a phone"),
            )
            .await;
        judge.browser.fill_window().await;
    }
    judge.finds_nothing_beside_an_edit(&server).await;
    judge.browser.stop().await;
}

/// What opens over a page: the search with its hits, the themes, the help.
#[tokio::test(flavor = "multi_thread")]
async fn axe_finds_nothing_in_what_opens_over_a_page() {
    let server = FileServer::start().await;
    let judge = Judge::start(Engine::Chromium).await;
    let browser = &judge.browser;
    browser.open(&format!("{}claims.html", server.url())).await;
    crate::search::search(browser, "detached").await;
    judge.finds_nothing(EVERYTHING, "the search").await;
    judge.wear("navy").await;
    judge.finds_nothing(COLOURS, "the search, dark").await;
    browser.press("\u{E00C}").await;
    assert_eq!(
        browser.eval("document.activeElement.id").await,
        "mdbook-search-toggle",
        "the focus when the search is closed"
    );
    browser.click("#mdbook-theme-toggle").await;
    judge.finds_nothing(EVERYTHING, "the themes").await;
    browser.press("\u{E00C}").await;
    browser.press("?").await;
    judge.finds_nothing(EVERYTHING, "the help").await;
    browser.press("\u{E00C}").await;
    assert_eq!(
        browser.eval("document.activeElement.id").await,
        "mdbook-theme-toggle",
        "the focus when the help is closed"
    );
    judge.browser.stop().await;
}

/// The engines lay pages out in their own ways.
#[tokio::test(flavor = "multi_thread")]
async fn axe_finds_nothing_in_firefox() {
    let server = FileServer::start().await;
    let judge = Judge::start(Engine::Firefox).await;
    let zone = workspace().zone("fixed-point").unwrap();
    judge.browser.open(&chapter(&server.url(), &zone)).await;
    judge.finds_nothing(EVERYTHING, "fixed-point").await;
    judge.use_all().await;
    judge.finds_nothing(EVERYTHING, "fixed-point, used").await;
    judge.browser.stop().await;
}
