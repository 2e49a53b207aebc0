//! The static site in real browsers, behind a plain file server and below a path prefix.
#![cfg(not(target_family = "wasm"))]
// In a test a panic is the verdict; helpers of tests are tests too.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use book_tests::page::{Browser, Row};
use book_tests::repository::{target, workspace};
use book_tests::site::{FileServer, build, chapter};
use kata_engines::Engine;
use kata_zones::{Attempt, Expect, Failure, Need, Part, Zone};
use std::fs;

/// The tests that did not pass, sorted. On a static site some need a server, and say so.
fn failing(rows: &[Row]) -> Vec<String> {
    let mut names: Vec<String> = rows
        .iter()
        .filter(|row| row.outcome != "passed" && row.outcome != "needs-server")
        .map(|row| row.test.clone())
        .collect();
    names.sort();
    names
}

/// The failures declared for an engine, less those that only a server can show.
fn declared(failures: &[Failure], engine: Engine, rows: &[Row]) -> Vec<String> {
    let needs_server = |test: &str| {
        rows.iter()
            .any(|row| row.test == test && row.outcome == "needs-server")
    };
    let mut names: Vec<String> = failures
        .iter()
        .filter(|failure| failure.holds_on(&engine.to_string()) && !needs_server(&failure.test))
        .map(|failure| failure.test.clone())
        .collect();
    names.sort();
    names
}

/// The reader's way through a chapter: red, each wrong turn with its reason, green.
async fn through_the_chapter(browser: &Browser, url: &str, zone: &Zone, engine: Engine) {
    let slug = &zone.slug;
    browser.open(url).await;
    browser.eval("localStorage.clear()").await;
    browser.open(url).await;

    browser
        .click("kata-panel .kata-predict label.kata-choice")
        .await;
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
            row.outcome == "needs-server" || text.contains(&words),
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

    for attempt in &zone.manifest.attempts {
        wrong_turn(browser, slug, attempt, engine).await;
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
    if !zone.manifest.needs.contains(&Need::Lab) {
        assert!(
            rows.iter().all(|row| row.outcome == "passed"),
            "{slug}: {rows:#?}"
        );
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
    match attempt.expect() {
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
}

/// The parts whose zones mostly wait, and those whose zones mostly work, side by side.
#[derive(Clone, Copy, PartialEq)]
enum Parts {
    BoundaryAndSandbox,
    TheOthers,
}

async fn every_chapter(parts: Parts, engine: Engine) {
    let server = FileServer::start().await;
    let browser = Browser::start(engine).await;
    for zone in workspace().zones().unwrap() {
        let its_parts = match zone.manifest.part {
            Part::Boundary | Part::Sandbox => Parts::BoundaryAndSandbox,
            Part::Memory | Part::Numbers | Part::Production => Parts::TheOthers,
        };
        if its_parts != parts {
            continue;
        }
        through_the_chapter(&browser, &chapter(&server.url(), &zone), &zone, engine).await;
        let errors = browser.page_errors().await;
        assert_eq!(errors, Vec::<String>::new(), "{}", zone.slug);
    }
    browser.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn boundary_and_sandbox_go_from_red_to_green_in_chromium() {
    every_chapter(Parts::BoundaryAndSandbox, Engine::Chromium).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn boundary_and_sandbox_go_from_red_to_green_in_firefox() {
    every_chapter(Parts::BoundaryAndSandbox, Engine::Firefox).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn all_other_chapters_go_from_red_to_green_in_chromium() {
    every_chapter(Parts::TheOthers, Engine::Chromium).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn all_other_chapters_go_from_red_to_green_in_firefox() {
    every_chapter(Parts::TheOthers, Engine::Firefox).await;
}

/// The start page invites to one kata, which runs there.
#[tokio::test(flavor = "multi_thread")]
async fn the_start_page_has_a_kata_to_run_at_once() {
    let server = FileServer::start().await;
    let browser = Browser::start(Engine::Chromium).await;
    browser.open(&format!("{}index.html", server.url())).await;
    let rows = browser.run("kata-panel").await;
    assert!(rows.iter().any(|row| row.outcome == "failed"), "{rows:#?}");
    for zone in workspace().zones().unwrap() {
        let link = format!(
            "main a[href=\"{}/{}.html\"]",
            zone.manifest.part.folder(),
            zone.slug
        );
        assert_eq!(
            browser
                .eval(&format!("!!document.querySelector('{link}')"))
                .await,
            true,
            "no link: {link}"
        );
    }
    assert_eq!(browser.page_errors().await, Vec::<String>::new());
    browser.stop().await;
}

/// The whole way by keyboard alone: predict, run, an attempt, a hint.
async fn by_keyboard(engine: Engine) {
    let server = FileServer::start().await;
    let browser = Browser::start(engine).await;
    let zone = workspace().zone("detached-view").unwrap();
    browser.open(&chapter(&server.url(), &zone)).await;
    tab_to(&browser, "kata-panel .kata-predict input").await;
    press(&browser, " ").await;
    assert_eq!(
        browser.eval("document.activeElement.checked").await,
        true,
        "space does not choose"
    );
    tab_to(&browser, "kata-panel > .kata-run [data-action=\"run\"]").await;
    press(&browser, "\u{E007}").await;
    let rows = browser.judged("kata-panel").await;
    assert!(rows.iter().any(|row| row.outcome == "failed"));
    assert_eq!(
        browser
            .eval("document.activeElement.matches('kata-panel > .kata-run [data-action=\"run\"]')")
            .await,
        true,
        "the focus was lost"
    );
    tab_to(&browser, "kata-panel .kata-attempt > summary").await;
    press(&browser, "\u{E007}").await;
    tab_to(
        &browser,
        "kata-panel .kata-attempt > .kata-run [data-action=\"run\"]",
    )
    .await;
    press(&browser, "\u{E007}").await;
    let first = format!(
        "kata-panel .kata-attempt[data-variant=\"attempts/{}\"]",
        zone.manifest.attempts[0].name
    );
    assert!(!failing(&browser.judged(&first).await).is_empty());
    tab_to(&browser, "kata-panel .kata-hint > summary").await;
    press(&browser, "\u{E007}").await;
    assert_eq!(
        browser
            .eval("document.querySelector('kata-panel .kata-hint').open")
            .await,
        true
    );
    browser.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_keyboard_is_enough_in_chromium() {
    by_keyboard(Engine::Chromium).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_keyboard_is_enough_in_firefox() {
    by_keyboard(Engine::Firefox).await;
}

async fn press(browser: &Browser, key: &str) {
    let element = browser.session.client.active_element().await.unwrap();
    element.send_keys(key).await.unwrap();
}

/// Presses Tab until the focus is on an element that a selector finds.
async fn tab_to(browser: &Browser, selector: &str) {
    for _ in 0..200 {
        press(browser, "\u{E004}").await;
        if browser
            .eval(&format!("document.activeElement.matches('{selector}')"))
            .await
            == true
        {
            return;
        }
    }
    panic!("Tab never reaches {selector}");
}

/// How far a page's parts have jumped since it was loaded, as the engine itself counts it: 0 is not
/// at all, 1 is the whole window by its height.
async fn layout_shift(browser: &Browser) -> f64 {
    let shift = browser
        .eval(
            "new Promise((tell) => {
                let sum = 0;
                const add = (list) => list.getEntries().forEach((entry) => (sum += entry.value));
                new PerformanceObserver(add).observe({ type: 'layout-shift', buffered: true });
                setTimeout(() => tell(sum), 300);
            })",
        )
        .await;
    shift.as_f64().unwrap()
}

/// A page comes alive without a jump, and on a phone nothing is wider than the screen; and light
/// and dark the page is looked at: the pictures are kept.
#[tokio::test(flavor = "multi_thread")]
async fn every_page_stands_still_fits_a_phone_and_is_pictured() {
    let pictures = target().join("screenshots");
    fs::create_dir_all(&pictures).unwrap();
    let server = FileServer::start().await;
    let browser = Browser::start(Engine::Chromium).await;
    let mut pages = vec![("index".to_owned(), format!("{}index.html", server.url()))];
    for zone in workspace().zones().unwrap() {
        pages.push((zone.slug.clone(), chapter(&server.url(), &zone)));
    }
    for (name, url) in &pages {
        for (width, pixels) in [("phone", 375), ("wide", 1280)] {
            browser.resize(pixels).await;
            // On a busy machine a font may come after the text; the next load has it already.
            let mut shift = f64::INFINITY;
            for _ in 0..3 {
                if shift >= 0.001 {
                    browser.open(url).await;
                    shift = shift.min(layout_shift(&browser).await);
                }
            }
            assert!(
                shift < 0.001,
                "{name} jumps by {shift} when it comes alive ({width})"
            );
        }
        browser.run("kata-panel").await;
        for (width, pixels) in [("wide", 1280), ("phone", 375)] {
            browser.resize(pixels).await;
            browser
                .eval("document.querySelector('kata-panel').scrollIntoView()")
                .await;
            for theme in ["light", "navy"] {
                let button = format!("document.getElementById('mdbook-theme-{theme}').click()");
                browser.eval(&button).await;
                let shown = "document.documentElement.classList";
                browser.until(&format!("{shown}.contains('{theme}')")).await;
                fs::write(
                    pictures.join(format!("{name}-{theme}-{width}.png")),
                    browser.screenshot().await,
                )
                .unwrap();
                let overflow = browser
                    .eval("document.scrollingElement.scrollWidth - innerWidth")
                    .await;
                assert!(
                    overflow.as_i64().unwrap() <= 0,
                    "{name} is {overflow} px too wide ({width})"
                );
            }
        }
    }
    assert_eq!(browser.page_errors().await, Vec::<String>::new());
    browser.stop().await;
}

/// What is there to read is there without JavaScript.
#[test]
fn without_javascript_the_chapter_is_whole() {
    let site = build();
    for zone in workspace().zones().unwrap() {
        let html = fs::read_to_string(
            site.join(zone.manifest.part.folder())
                .join(format!("{}.html", zone.slug)),
        )
        .unwrap();
        let text = html
            .replace("&lt;", "<")
            .replace("&gt;", ">")
            .replace("&quot;", "\"")
            .replace("&#39;", "'")
            .replace("&amp;", "&");
        for path in [zone.kata_lib(), zone.solution_lib()] {
            let code = fs::read_to_string(path).unwrap();
            assert!(
                text.contains(code.lines().next().unwrap()),
                "{}: no source in the page",
                zone.slug
            );
        }
        for test in zone.spec_tests().unwrap() {
            assert!(
                html.contains(&format!("data-test=\"{}\"", test.name)),
                "{}: {}",
                zone.slug,
                test.name
            );
        }
    }
}

/// The site names no other host as a source of anything, and every page has a strict policy.
#[test]
fn the_site_loads_from_its_own_origin_only() {
    let mut pages = 0;
    let mut folders = vec![build()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            if path.extension().is_none_or(|extension| extension != "html") {
                continue;
            }
            pages += 1;
            let html = fs::read_to_string(&path).unwrap();
            let file = path.display();
            assert!(
                html.contains("http-equiv=\"Content-Security-Policy\""),
                "{file} has no policy"
            );
            assert!(!html.contains("'unsafe-eval'"), "{file} allows eval");
            for source in [" src=\"http", "<link rel=\"stylesheet\" href=\"http"] {
                assert!(!html.contains(source), "{file} loads from another host");
            }
        }
    }
    assert!(pages > 5, "{pages} pages");
}
