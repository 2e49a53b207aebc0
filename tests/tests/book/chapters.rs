//! Every chapter of the static site, from red to green.

use crate::pages::pictured;
use book_tests::page::{Browser, Row, failing};
use book_tests::repository::workspace;
use book_tests::site::{FileServer, chapter};
use kata_engines::Engine;
use kata_zones::{Attempt, Expect, Failure, Need, Part, Zone};

/// The failures declared for an engine, less those that cannot be judged here.
fn declared(failures: &[Failure], engine: Engine, rows: &[Row]) -> Vec<String> {
    let is_open = |test: &str| {
        rows.iter()
            .any(|row| row.test == test && row.outcome == "unjudged")
    };
    let mut names: Vec<String> = failures
        .iter()
        .filter(|failure| failure.holds_on(&engine.to_string()) && !is_open(&failure.test))
        .map(|failure| failure.test.clone())
        .collect();
    names.sort();
    names
}

/// Runs the kata and expects that the tests fail which its manifest declares.
pub async fn run_the_kata(browser: &Browser, zone: &Zone, engine: Engine) -> Vec<Row> {
    let slug = &zone.slug;
    let rows = browser.run("kata-panel").await;
    assert_eq!(
        rows.len(),
        zone.spec_tests().unwrap().len(),
        "{slug}: not every test has a row"
    );
    assert_eq!(
        failing(&rows),
        declared(&zone.manifest.fails, engine, &rows),
        "{slug}: the kata: {rows:#?}"
    );
    assert!(
        rows.iter().all(|row| row.outcome != "load-error"),
        "{slug}: {rows:#?}"
    );
    rows
}

/// What a static site cannot judge is not shown as a failure of the solution, in no place and no colour.
async fn nothing_failed(browser: &Browser, open: usize) {
    let summary = browser.summary("kata-panel .kata-reveal").await;
    assert!(open > 0, "a service worker plays the whole lab: {summary}");
    let said = format!("{open} could not be judged here");
    assert!(summary.contains(&said), "{summary}");
    let shown = browser
        .eval(
            "(() => { const solution = document.querySelector('kata-panel .kata-reveal'); \
             const why = solution.querySelector('[data-outcome=\"unjudged\"] .kata-message'); \
             return [solution.dataset.outcome, solution.querySelector('.kata-line').dataset.tone, why.textContent]; })()",
        )
        .await;
    assert_eq!((&shown[0], &shown[1]), (&"unjudged".into(), &"open".into()));
    let why = shown[2].as_str().unwrap();
    assert!(why.contains("cargo kata serve"), "no way out: {why}");
}

/// A reader's first run and the picture of a chapter.
async fn red_and_pictured(browser: &Browser, zone: &Zone, engine: Engine) {
    let slug = &zone.slug;
    browser
        .click("kata-panel .kata-predict label.kata-choice")
        .await;
    let rows = run_the_kata(browser, zone, engine).await;
    for failure in zone
        .manifest
        .fails
        .iter()
        .filter(|f| f.holds_on(&engine.to_string()))
    {
        let row = rows.iter().find(|row| row.test == failure.test).unwrap();
        // The page sets `code` between back quotes in another type, without the quotes.
        let (text, words) = (row.text.replace('`', ""), failure.words.replace('`', ""));
        assert!(
            row.outcome == "unjudged" || text.contains(&words),
            "{slug}: {} says {text}",
            row.test
        );
    }
    let summary = browser.summary("kata-panel").await;
    assert!(
        summary.contains(engine.title()),
        "{slug}: the verdict names no engine: {summary}"
    );
    let answer = browser
        .eval("document.querySelector('kata-panel .kata-answer').textContent")
        .await;
    assert!(
        !answer.as_str().unwrap().is_empty(),
        "{slug}: the run did not answer the prediction"
    );

    if engine == Engine::Chromium {
        pictured(browser, slug).await;
    }

    browser
        .click("kata-panel .kata-show [data-action=\"show\"]")
        .await;
    browser
        .until("document.querySelector('kata-panel .kata-show svg')")
        .await;
    let cells = browser
        .eval("document.querySelectorAll('kata-panel .kata-show table td').length")
        .await;
    assert!(
        cells.as_u64().unwrap() > 0,
        "{slug}: the picture has no table"
    );
}

/// The rest of the way: wrong turns with their reasons, and green.
async fn to_green(browser: &Browser, zone: &Zone, engine: Engine) {
    let slug = &zone.slug;
    for (at, attempt) in zone.manifest.attempts.iter().enumerate() {
        if at == 0 || is_special(attempt, engine) {
            wrong_turn(browser, slug, attempt, engine).await;
        }
    }

    browser.click("kata-panel .kata-reveal > summary").await;
    let open = browser
        .eval("document.querySelector('kata-panel .kata-reveal').open")
        .await;
    assert_eq!(open, false, "{slug}: the solution opened when asked once");
    browser.click("kata-panel .kata-reveal > summary").await;
    let rows = browser.run("kata-panel .kata-reveal").await;
    assert_eq!(
        failing(&rows),
        Vec::<String>::new(),
        "{slug}: the solution: {rows:#?}"
    );
    assert!(
        rows.iter().any(|row| row.outcome == "passed"),
        "{slug}: the solution ran nothing"
    );
    let open = rows.iter().filter(|row| row.outcome == "unjudged").count();
    if zone.manifest.needs.contains(&Need::Lab) {
        nothing_failed(browser, open).await;
    } else {
        assert_eq!(open, 0, "{slug}: {rows:#?}");
    }
}

/// Whether an attempt does not just fail tests, the same ones everywhere. `cargo kata check` has judged all of
/// them on every engine, with the page's own host; here one of each kind shows that the page tells it.
fn is_special(attempt: &Attempt, engine: Engine) -> bool {
    attempt.differs() || !matches!(attempt.expect(&engine.to_string()), Expect::Fail(_))
}

async fn wrong_turn(browser: &Browser, slug: &str, attempt: &Attempt, engine: Engine) {
    let part = format!(
        "kata-panel .kata-attempt[data-variant=\"attempts/{}\"]",
        attempt.name
    );
    browser.click(&format!("{part} > summary")).await;
    let why = format!("document.querySelector('{part} .kata-why')");
    assert_eq!(
        browser.eval(&format!("{why}.hidden")).await,
        true,
        "{slug}: the reason shows before the run"
    );
    let rows = browser.run(&part).await;
    for row in &rows {
        let name = &row.test;
        assert!(
            !row.text.starts_with(name.as_str()),
            "{slug}: {name} has no title"
        );
    }
    let name = engine.to_string();
    let expected = attempt.expect(&name);
    match expected {
        Expect::Fail(failures) => {
            assert_eq!(
                failing(&rows),
                declared(failures, engine, &rows),
                "{slug}: {}",
                attempt.name
            );
        }
        _ => assert!(
            rows.iter().all(|row| row.outcome != "passed"),
            "{slug}: {} ran",
            attempt.name
        ),
    }
    assert_eq!(
        browser.eval(&format!("{why}.hidden")).await,
        false,
        "{slug}: no reason after the run"
    );
    if expected.passes_on(&name) {
        half_right(browser, &part, attempt, engine).await;
    }
    if attempt.differs() {
        let row = format!(
            ".kata-matrix tr[data-variant=\"attempts/{}\"]",
            attempt.name
        );
        let own = format!("document.querySelector('{row} [data-own]')");
        let cell = browser
            .eval(&format!(
                "[{own}.dataset.engine, {own}.dataset.declared, {own}.textContent]"
            ))
            .await;
        let declared = if expected.passes_on(&name) {
            "passes"
        } else {
            "fails"
        };
        assert_eq!(
            (&cell[0], &cell[1]),
            (&name.as_str().into(), &declared.into())
        );
        let text = cell[2].as_str().unwrap();
        assert!(
            text.contains("here: "),
            "{slug}: the run is not in the table: {text}"
        );
    }
}

/// An attempt that passes here is neither solved nor a surprise: the page says where it fails.
async fn half_right(browser: &Browser, part: &str, attempt: &Attempt, engine: Engine) {
    let said = browser
        .eval(&format!(
            "(() => {{ const attempt = document.querySelector('{part}'); const line = attempt.querySelector('.kata-line'); \
             return [attempt.dataset.outcome, line.dataset.tone, attempt.querySelector('.kata-word').textContent, line.textContent]; }})()"
        ))
        .await;
    assert_eq!(
        (&said[0], &said[1]),
        (&"elsewhere".into(), &"open".into()),
        "{said}"
    );
    let (word, line) = (said[2].as_str().unwrap(), said[3].as_str().unwrap());
    assert!(word.starts_with("passes here, fails in "), "{word}");
    assert!(
        line.contains("hold here.") && line.contains("It is wrong all the same: it "),
        "{line}"
    );
    for other in Engine::ALL {
        let fails = !attempt
            .expect(&other.to_string())
            .passes_on(&other.to_string());
        assert_eq!(word.contains(other.title()), fails, "{engine}: {word}");
    }
}

/// Goes through some chapters, all in one browser: through one of each kind to the end, by where its tests run, by what
/// they need, and by whether engines differ. What every variant comes to on every engine `cargo kata check` has seen,
/// with the page's own host; here it is seen what the page makes of it.
async fn through(engine: Engine, chosen: impl Fn(&Zone) -> bool, only_kinds: bool) {
    let server = FileServer::start().await;
    let browser = Browser::start(engine).await;
    let mut kinds = Vec::new();
    for zone in workspace()
        .zones()
        .unwrap()
        .iter()
        .filter(|zone| chosen(zone))
    {
        let manifest = &zone.manifest;
        let differs = manifest.attempts.iter().any(Attempt::differs);
        let kind = (manifest.host, manifest.needs.clone(), differs);
        let is_new = !kinds.contains(&kind);
        if only_kinds && !is_new {
            continue;
        }
        kinds.push(kind);
        browser.open(&chapter(&server.url(), zone)).await;
        red_and_pictured(&browser, zone, engine).await;
        if is_new {
            to_green(&browser, zone, engine).await;
        }
        let errors = browser.page_errors().await;
        assert_eq!(errors, Vec::<String>::new(), "{}", zone.slug);
    }
    assert!(!kinds.is_empty());
    browser.stop().await;
}

/// Whether a zone is of the parts whose zones mostly wait. The others mostly work, side by side with them.
fn waits(zone: &Zone) -> bool {
    matches!(zone.manifest.part, Part::Boundary | Part::Sandbox)
}

#[tokio::test(flavor = "multi_thread")]
async fn boundary_and_sandbox_go_from_red_to_green_in_chromium() {
    through(Engine::Chromium, waits, false).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn all_other_chapters_go_from_red_to_green_in_chromium() {
    through(Engine::Chromium, |zone| !waits(zone), false).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_chapter_of_each_kind_goes_from_red_to_green_in_firefox() {
    through(Engine::Firefox, |_| true, true).await;
}
