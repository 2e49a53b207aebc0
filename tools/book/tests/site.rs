//! The fixture book, built for real: what readers get, what a wrong directive
//! says, and what never reaches a page.
#![cfg(not(target_family = "wasm"))]
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

use kata_book::{Mode, SiteOptions, build_site};
use kata_zones::Workspace;
use std::fs;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

fn fixture() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixture")
}

/// The fixture with one file changed, so that a test can break it.
fn changed(file: &str, text: &str) -> TempDir {
    fn copy(from: &Path, to: &Path) {
        fs::create_dir_all(to).unwrap();
        for entry in fs::read_dir(from).unwrap() {
            let from = entry.unwrap().path();
            let to = to.join(from.file_name().unwrap());
            if from.is_dir() {
                copy(&from, &to)
            } else {
                fs::copy(&from, &to).map(drop).unwrap()
            }
        }
    }
    let root = tempfile::tempdir().unwrap();
    copy(&fixture(), root.path());
    let path = root.path().join(file);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
    root
}

fn build(root: &Path, mode: Mode) -> anyhow::Result<TempDir> {
    let out = tempfile::tempdir()?;
    let workspace = Workspace::find(root)?;
    build_site(
        &workspace,
        &SiteOptions {
            out: out.path(),
            mode,
            build_id: "test",
            compile_service: None,
        },
    )?;
    Ok(out)
}

/// The error of a build whose chapter is `text`.
fn error(text: &str) -> String {
    let root = changed("src/boundary/small-trap.md", text);
    format!("{:#}", build(root.path(), Mode::Static).unwrap_err())
}

fn page(out: &TempDir, name: &str) -> String {
    fs::read_to_string(out.path().join(name)).unwrap()
}

/// What a chapter says, without mdBook's frame around it.
fn main_of(page: &str) -> &str {
    let (_, main) = page.split_once("<main>").unwrap();
    main.split_once("</main>").unwrap().0.trim()
}

/// Compares with a file beside this test. `BLESS=1 cargo test --target host-tuple -p tools-book` writes it anew.
fn assert_snapshot(name: &str, actual: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/snapshots")
        .join(name);
    let actual = format!("{actual}\n");
    if std::env::var_os("BLESS").is_some() {
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, &actual).unwrap();
    }
    let expected = fs::read_to_string(&path).unwrap_or_default();
    if actual != expected {
        let diff = similar::TextDiff::from_lines(expected.as_str(), actual.as_str());
        panic!(
            "{name} has changed; if this is meant, run with BLESS=1 and read the difference:\n{}",
            diff.unified_diff().context_radius(2)
        );
    }
}

#[test]
fn panels_and_lists_are_rendered_as_they_should_be() {
    let out = build(&fixture(), Mode::Static).unwrap();
    assert_snapshot(
        "small-trap.html",
        main_of(&page(&out, "boundary/small-trap.html")),
    );
    assert_snapshot("index.html", main_of(&page(&out, "index.html")));
}

/// What stands only where no script runs can be found by no search that runs.
#[test]
fn the_search_finds_what_can_be_seen() {
    let out = build(&fixture(), Mode::Static).unwrap();
    let unseen = ["python3 -m http.server", "scripts do not run"];
    for (name, words) in [
        ("boundary/small-trap.html", unseen[0]),
        ("index.html", unseen[1]),
    ] {
        assert!(page(&out, name).contains(words), "{name} has no {words}");
    }
    let files = fs::read_dir(out.path()).unwrap();
    let names = files.map(|file| file.unwrap().file_name().into_string().unwrap());
    let mut indexes = names.filter(|name| name.starts_with("searchindex"));
    let index = page(&out, &indexes.next().unwrap());
    assert!(index.contains("Small trap"), "the index has no titles");
    for words in unseen {
        assert!(!index.contains(words), "{words} is found");
    }
}

#[test]
fn code_reaches_the_page_unharmed() {
    let out = build(&fixture(), Mode::Static).unwrap();
    let page = page(&out, "boundary/small-trap.html");
    for line in [
        "//! Hands JavaScript a view. \"Quoted\" &amp; &lt;escaped&gt;, {{#include not-a-directive}}.",
        // mdBook would hide this line in a doctest.
        "\n# this line is not a hidden doctest line\n",
        // A blank line would end the HTML block.
        "    let _ = text;\n\n    samples",
    ] {
        assert!(page.contains(line), "missing {line:?}");
    }
    assert!(!page.contains("class=\"boring\""));
}

#[test]
fn directives_in_code_stay_as_they_are() {
    let out = build(&fixture(), Mode::Static).unwrap();
    let page = page(&out, "boundary/small-trap.html");
    assert_eq!(page.matches("<kata-panel").count(), 1);
    assert!(page.contains("<p>Write {{#kata small-trap}} on its own line"));
    assert!(page.contains("<code class=\"language-text\">{{#kata small-trap}}\n</code>"));
}

#[test]
fn test_links_lead_to_the_panel() {
    let out = build(&fixture(), Mode::Static).unwrap();
    let chapter = page(&out, "boundary/small-trap.html");
    assert!(chapter.contains("href=\"#small-trap--an_empty_frame_is_empty\""));
    assert!(chapter.contains("id=\"small-trap--an_empty_frame_is_empty\""));
    let start = page(&out, "index.html");
    assert!(start.contains("href=\"boundary/small-trap.html#small-trap--bytes_survive\""));
    let print = page(&out, "print.html");
    assert_eq!(print.matches("id=\"small-trap--bytes_survive\"").count(), 1);
}

#[test]
fn a_wrong_directive_names_file_and_line() {
    let cases = [
        (
            "# T\n\n{{#kata smal-trap}}\n",
            "src/boundary/small-trap.md:3: in `{{#kata smal-trap}}`: there is no zone `smal-trap`; the zones are: small-trap",
        ),
        (
            "# T\n\n{{#kata small-trap}}\n\nSee {{#test small-trap::gone}}.\n",
            "src/boundary/small-trap.md:5: in `{{#test small-trap::gone}}`: the spec has no test `gone`; it has bytes_survive, an_empty_frame_is_empty, the_last_sample_is_last",
        ),
        (
            "# T\n{{#kata}}\n",
            "src/boundary/small-trap.md:2: `{{#kata}}` should be `{{#kata slug}}` or `{{#kata slug compact}}`",
        ),
        (
            "{{#kata small-trap}}\n\n{{#kata small-trap}}\n",
            "src/boundary/small-trap.md:3: the panel of `small-trap` is already in src/boundary/small-trap.md",
        ),
        // The chapter lost its panel, so the start page's directives have nowhere to lead.
        (
            "# T\n",
            "src/index.md:3: in `{{#kata small-trap compact}}`: no chapter holds `{{#kata small-trap}}`",
        ),
    ];
    for (chapter, expected) in cases {
        let error = error(chapter);
        assert!(
            error.ends_with(expected),
            "for {chapter:?}:\n{error}\nshould end with\n{expected}"
        );
    }
}

const FIGURES: &str = "src/boundary/figures.json";

/// The fixture with a chapter that shows figures, and the figures changed.
fn with_figures(change: impl Fn(&str) -> String) -> TempDir {
    let chapter = "{{#kata small-trap}}\n\n{{#measured boundary/figures.json}}\n";
    let root = changed("src/boundary/small-trap.md", chapter);
    let file = root.path().join(FIGURES);
    let figures = fs::read_to_string(&file).unwrap();
    fs::write(&file, change(&figures)).unwrap();
    root
}

#[test]
fn figures_become_tables_and_a_plot() {
    let root = with_figures(str::to_owned);
    let out = build(root.path(), Mode::Static).unwrap();
    let page = page(&out, "boundary/small-trap.html");
    let (_, figure) = page.split_once("<figure class=\"kata-measured\">").unwrap();
    let (figure, _) = figure.split_once("</figure>").unwrap();
    assert_snapshot("measured.html", &figure.replace("><", ">\n<"));
    assert!(
        out.path().join("boundary/figures.json").is_file(),
        "the figures are published beside the page that links to them"
    );
}

#[test]
fn wrong_figures_name_file_and_line() {
    let cases = [
        (
            "\"2026-11-22\"",
            "\"today\"",
            "3: `today` is no date such as 2026-11-22",
        ),
        (
            "\"add\": 0.9",
            "\"add\": 0",
            "21: `0` is no number of nanoseconds above 0",
        ),
        ("\"multiply\": 1.25, ", "", "21: missing field `multiply`"),
        (
            "\"bytes\": 9000",
            "\"bytes\": 0",
            "27: `odd` has a module of 0 bytes",
        ),
        (
            "\"answers\": [\"0.3\"]",
            "\"answers\": []",
            "27: `odd` has 0 answers to 1 questions",
        ),
        (
            "\"failed\": { \"webkit\"",
            "\"failed\": { \"presto\"",
            "27: `odd` names `presto`, which is none of the engines",
        ),
        (
            "\"failed\": { \"webkit\": \"no such opcode\" }",
            "\"failed\": {}",
            "27: `odd` needs `webkit` in `runs` or `failed`, one of them",
        ),
        (
            "\"refused\": \"error: it needs C\"",
            "\"refused\": null",
            "40: `none` needs `refused` or `built`, one of them",
        ),
        (
            "\"machine\"",
            "\"mashine\"",
            "5: unknown field `mashine`, expected one of",
        ),
        ("\"title\"", "title", "2: key must be a string"),
    ];
    for (right, wrong, expected) in cases {
        let root = with_figures(|figures| {
            assert!(figures.contains(right), "the fixture has no {right}");
            figures.replacen(right, wrong, 1)
        });
        let error = format!("{:#}", build(root.path(), Mode::Static).unwrap_err());
        let expected = format!(
            "src/boundary/small-trap.md:3: in `{{{{#measured boundary/figures.json}}}}`: {FIGURES}:{expected}"
        );
        assert!(
            error.contains(&expected),
            "{error}\nshould hold\n{expected}"
        );
    }
    for (file, expected) in [
        ("boundary/gone.json", "reading src/boundary/gone.json"),
        ("../book.toml", "`../book.toml` is not a path below src"),
        ("/etc/passwd", "`/etc/passwd` is not a path below src"),
    ] {
        let chapter = format!("{{{{#kata small-trap}}}}\n\n{{{{#measured {file}}}}}\n");
        let error = error(&chapter);
        assert!(error.contains(expected), "{error}\nshould hold\n{expected}");
    }
}

const CALLS: &str = r#"{
  "title": "Calls of std",
  "date": "2026-11-28",
  "command": "cargo kata bench std --write",
  "rustc": "rustc 1.95.0",
  "engines": { "firefox": "Firefox 153.8.0", "webkit": "WebKitGTK 2.50.6" },
  "calls": [
    { "area": "time", "call": "Instant::now()", "outcome": "panics", "words": "no <time>" },
    { "area": "channels", "call": "recv()", "outcome": "spins", "words": "", "except": ["webkit"] }
  ]
}
"#;

#[test]
fn calls_become_a_table() {
    let root = with_figures(|_| CALLS.to_owned());
    let out = build(root.path(), Mode::Static).unwrap();
    let page = page(&out, "boundary/small-trap.html");
    let (_, figure) = page.split_once("<figure class=\"kata-measured\">").unwrap();
    let (figure, _) = figure.split_once("</figure>").unwrap();
    let figure = figure.replace(">\n<", "><");
    for expected in [
        "<caption>Calls of std</caption>",
        "<tbody><tr><th colspan=\"3\" scope=\"rowgroup\">time</th></tr>\
         <tr><th scope=\"row\"><code>Instant::now()</code></th><td>panics</td><td>no &lt;time&gt;</td></tr></tbody>",
        "<td>spins (not called in WebKitGTK)</td>",
        "2026-11-28 by <code>cargo kata bench std --write</code>",
        "Firefox 153.8.0, WebKitGTK 2.50.6; rustc 1.95.0",
    ] {
        assert!(
            figure.contains(expected),
            "{figure}\nshould hold\n{expected}"
        );
    }
}

#[test]
fn wrong_calls_name_file_and_line() {
    let other_area = CALLS
        .replace("\"channels\"", "\"time\"")
        .replacen("\"time\"", "\"x\"", 1);
    let apart = other_area.replace(
        "\"calls\": [",
        "\"calls\": [\n    { \"area\": \"time\", \"call\": \"a\", \"outcome\": \"works\", \"words\": \"\" },",
    );
    for (text, expected) in [
        (
            CALLS.replace("spins", "naps"),
            "9: unknown variant `naps`, expected one of",
        ),
        (
            CALLS.replace("[\"webkit\"]", "[\"presto\"]"),
            "9: `recv()` names `presto`, which is none of the engines",
        ),
        (apart, "10: the calls of `time` do not stand together"),
        (
            CALLS.replace(
                "\"firefox\": \"Firefox 153.8.0\", \"webkit\": \"WebKitGTK 2.50.6\"",
                "",
            ),
            "1: nothing was called",
        ),
    ] {
        let root = with_figures(|_| text.clone());
        let error = format!("{:#}", build(root.path(), Mode::Static).unwrap_err());
        let expected = format!("{FIGURES}:{expected}");
        assert!(
            error.contains(&expected),
            "{error}\nshould hold\n{expected}"
        );
    }
}

#[test]
fn every_page_is_sealed_and_works_under_any_prefix() {
    let out = build(&fixture(), Mode::Serve).unwrap();
    let mut pages = 0;
    for name in [
        "index.html",
        "boundary/small-trap.html",
        "print.html",
        "toc.html",
    ] {
        let page = page(&out, name);
        pages += 1;
        assert_eq!(page.matches("Content-Security-Policy").count(), 1, "{name}");
        assert!(page.contains(
            "content=\"{&quot;build&quot;:&quot;test&quot;,&quot;mode&quot;:&quot;serve&quot;}\""
        ));
        for absolute in ["href=\"/", "src=\"/", "href=\"http", "src=\"http", "<base"] {
            assert!(!page.contains(absolute), "{name} holds {absolute}");
        }
    }
    let written = fs::read_dir(out.path()).unwrap().filter(|entry| {
        entry
            .as_ref()
            .unwrap()
            .path()
            .extension()
            .is_some_and(|e| e == "html")
    });
    assert_eq!(
        written.count() + 1,
        pages,
        "a page that this test does not know"
    );
    // Without its `search` feature mdBook builds a book that cannot be searched, and does not say so.
    let files = fs::read_dir(out.path()).unwrap();
    let is_index = |name: &str| name.starts_with("searchindex");
    assert!(
        files
            .into_iter()
            .any(|file| is_index(&file.unwrap().file_name().to_string_lossy()))
    );
}

#[test]
fn the_pages_modules_are_published_beside_the_pages() {
    let root = changed("theme/kata/panel.js", "export {};\n");
    fs::create_dir_all(root.path().join("theme/shows")).unwrap();
    fs::write(
        root.path().join("theme/shows/small-trap.js"),
        "export default {};\n",
    )
    .unwrap();
    fs::write(
        root.path().join("theme/lab-worker.js"),
        "const BUILD = \"__KATA_BUILD__\";\n",
    )
    .unwrap();
    let out = tempfile::tempdir().unwrap();
    fs::write(out.path().join("stale.html"), "old").unwrap();
    let workspace = Workspace::find(root.path()).unwrap();
    let options = SiteOptions {
        out: out.path(),
        mode: Mode::Static,
        build_id: "test",
        compile_service: None,
    };
    build_site(&workspace, &options).unwrap();
    let worker = fs::read_to_string(out.path().join("lab-worker.js")).unwrap();
    assert_eq!(
        worker, "const BUILD = \"test\";\n",
        "the worker knows its build"
    );
    for file in ["kata/panel.js", "shows/small-trap.js", "lab-worker.js"] {
        assert!(out.path().join(file).is_file(), "{file}");
    }
    assert!(
        !out.path().join("stale.html").exists(),
        "what was there is deleted"
    );
    assert!(page(&out, "boundary/small-trap.html").contains("data-show=\"small-trap\""));
}
