//! The ledger of the article's claims (`src/claims.md`): it is complete, it and the chapters lead to each other, and
//! its programs still answer in every engine what it says that they answered.

mod go;
mod measured;

use book_tests::page::Browser;
use book_tests::repository::{root, workspace};
use book_tests::site::FileServer;
use kata_book::claims::{Row, rows};
use kata_engines::Engine;
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// How many claims the article makes.
const CLAIMS: usize = 71;

/// At least so many are shown by what runs in all three engines.
const SHOWN: usize = 30;

/// What a row says that has neither a test nor a program, before it says why.
const NONE: &str = "No program: ";

fn page() -> String {
    fs::read_to_string(root().join("src/claims.md")).unwrap()
}

fn programs(kind: &str) -> PathBuf {
    root().join("tests/claims").join(kind)
}

/// The names of a folder's files that end like this, without the end.
fn stems(folder: &Path, end: &str) -> BTreeSet<String> {
    fs::read_dir(folder)
        .unwrap()
        .filter_map(|entry| {
            let name = entry.unwrap().file_name().into_string().unwrap();
            name.strip_suffix(end).map(str::to_owned)
        })
        .collect()
}

/// The programs that run in a page, in the order of their numbers.
fn in_browsers() -> Vec<String> {
    let mut names = stems(&programs("browser"), ".js");
    names.remove("run");
    names.into_iter().collect()
}

/// All programs, as a row names them.
fn all_programs() -> BTreeSet<String> {
    let mut names: BTreeSet<String> = in_browsers()
        .iter()
        .map(|name| format!("browser/{name}"))
        .collect();
    for (kind, end) in [("wat", ".wat"), ("rust", ".rs"), ("python", ".py")] {
        let of_kind = stems(&programs(kind), end);
        names.extend(of_kind.iter().map(|name| format!("{kind}/{name}")));
    }
    for entry in fs::read_dir(programs("go")).unwrap() {
        let path = entry.unwrap().path();
        if path.join("main.go").is_file() {
            let name = path.file_name().unwrap().to_str().unwrap();
            names.insert(format!("go/{name}"));
        }
    }
    names
}

/// Every program and its answers can be read on a phone, under the site's policy.
#[tokio::test(flavor = "multi_thread")]
async fn the_ledger_fits_a_phone() {
    let server = FileServer::start().await;
    let browser = Browser::start(Engine::Chromium).await;
    browser.resize(375).await;
    browser.open(&format!("{}claims.html", server.url())).await;
    let programs = all_programs().len();
    let opened = browser
        .eval("[...document.querySelectorAll('.kata-program')].filter((each) => (each.open = true)).length")
        .await;
    assert_eq!(opened, programs);
    let overflow = browser
        .eval("document.scrollingElement.scrollWidth - innerWidth")
        .await;
    assert!(overflow.as_i64().unwrap() <= 0, "{overflow} px too wide");
    assert_eq!(browser.page_errors().await, Vec::<String>::new());
    browser.stop().await;
}

/// What follows each occurrence of `before` in a text, up to `end`.
fn after<'a>(text: &'a str, before: &'a str, end: &'a [char]) -> impl Iterator<Item = &'a str> {
    text.split(before)
        .skip(1)
        .map(move |rest| rest.split(end).next().unwrap())
}

fn named<'a>(row: &'a Row<'_>) -> BTreeSet<&'a str> {
    after(row.text, "{{#program ", &['}']).collect()
}

#[test]
fn every_claim_has_a_row_and_a_proof() {
    let page = page();
    let rows = rows(&page).unwrap_or_else(|why| panic!("src/claims.md: {why}"));
    let mut numbers: Vec<usize> = rows.iter().map(|row| row.number).collect();
    numbers.sort_unstable();
    assert_eq!(numbers, (1..=CLAIMS).collect::<Vec<_>>(), "each claim once");
    for row in &rows {
        let is_proven = row.text.contains("{{#test ") || !named(row).is_empty();
        let says_why = row.text.contains(NONE);
        assert!(
            is_proven != says_why,
            "claim {} needs a test or a program; or, without either, `{NONE}` and the reason",
            row.number
        );
    }
    let shown = rows.iter().filter(|row| row.is_shown()).count();
    assert!(shown >= SHOWN, "{shown} claims are shown on three engines");
}

#[test]
fn every_program_belongs_to_a_row() {
    let page = page();
    let rows = rows(&page).unwrap();
    let shown: BTreeSet<String> = rows.iter().flat_map(named).map(str::to_owned).collect();
    assert_eq!(
        shown,
        all_programs(),
        "what the ledger shows, and what is there"
    );
    for program in &shown {
        let (_, name) = program.split_once('/').unwrap();
        let number: usize = name.split('-').next().unwrap().parse().unwrap();
        let row = rows.iter().find(|row| row.number == number).unwrap();
        assert!(
            named(row).contains(program.as_str()),
            "{program} is not shown by claim {number}"
        );
    }
    for wat in stems(&programs("browser"), ".wat") {
        let is_used = in_browsers().iter().any(|name| {
            let code = fs::read_to_string(programs("browser").join(format!("{name}.js")));
            code.unwrap().contains(&format!("\"{wat}\""))
        });
        assert!(is_used, "no program asks for {wat}.wat");
    }
}

/// Where a chapter speaks of a claim it leads to the row, and the row leads there.
#[test]
fn chapters_and_ledger_lead_to_each_other() {
    let page = page();
    let of_rows: BTreeSet<(String, usize)> = rows(&page)
        .unwrap()
        .iter()
        .flat_map(|row| {
            after(row.text, "](", &[')', '#'])
                .filter(|link| link.ends_with(".md"))
                .map(|link| (link.to_owned(), row.number))
                .collect::<Vec<_>>()
        })
        .collect();
    let mut of_chapters = BTreeSet::new();
    for zone in workspace().zones().unwrap() {
        let name = format!("{}/{}.md", zone.manifest.part.folder(), zone.slug);
        let chapter = fs::read_to_string(root().join("src").join(&name)).unwrap();
        for number in after(&chapter, "claims.md#claim-", &[')']) {
            of_chapters.insert((name.clone(), number.parse().unwrap()));
        }
        let Some((_, table)) = chapter.split_once("| The article says |") else {
            continue;
        };
        for line in table
            .lines()
            .skip(2)
            .take_while(|line| line.starts_with('|'))
        {
            let says = line.split('|').nth(1).unwrap();
            assert!(
                says.contains("claims.md#claim-"),
                "{name}: no link to the ledger beside{says}"
            );
        }
    }
    let only = |a: &BTreeSet<_>, b: &BTreeSet<_>| a.difference(b).cloned().collect::<Vec<_>>();
    assert_eq!(
        only(&of_rows, &of_chapters),
        [],
        "the ledger leads there, and not back"
    );
    assert_eq!(
        only(&of_chapters, &of_rows),
        [],
        "the chapter leads to the row, and not back"
    );
}

/// A text that the assembler refuses or accepts, as its first line says.
#[test]
fn the_assembler_refuses_what_the_ledger_says() {
    for name in stems(&programs("wat"), ".wat") {
        let file = programs("wat").join(format!("{name}.wat"));
        let text = fs::read_to_string(&file).unwrap();
        let came = wat::parse_str(&text);
        let refused = text.starts_with(";; Refused: ");
        assert_eq!(came.is_err(), refused, "{name}: {came:?}");
        assert!(refused || text.starts_with(";; Accepted."), "{name}");
    }
}
