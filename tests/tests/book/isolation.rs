//! Zones that need cross-origin isolation have it on a static site, which sends no headers for it.

use crate::chapters::run_the_kata;
use book_tests::page::Browser;
use book_tests::repository::workspace;
use book_tests::site::{FileServer, chapter};
use kata_engines::Engine;
use serde_json::json;
use std::time::Duration;

/// A zone that needs isolation, and one that runs in a frame, which an isolated page refuses.
const ISOLATED: &str = "shared-memory";
const FRAME: &str = "detached-view";

/// The badge has been told. A page that is to be loaded once more has none that has.
const SAYS: &str =
    "document.querySelector('[data-need=\"isolation\"]')?.textContent.includes('isolated,')";

/// What the page is, what its badge says, and how it was loaded.
const STATE: &str = "({
    isolated: crossOriginIsolated,
    shared: 'SharedArrayBuffer' in globalThis,
    says: document.querySelector('[data-need=\"isolation\"]')?.textContent ?? null,
    loaded: performance.getEntriesByType('navigation')[0].type,
})";

async fn a_page_that_needs_it_is_isolated(engine: Engine) {
    let server = FileServer::start().await;
    let browser = Browser::start(engine).await;
    let [zone, frame] = [ISOLATED, FRAME].map(|slug| workspace().zone(slug).unwrap());
    let url = chapter(&server.url(), &zone);
    browser.open(&url).await;
    browser.until(SAYS).await;
    let state = browser.eval(STATE).await;
    let expected = |loaded| {
        json!({
            "isolated": true, "shared": true, "says": "isolated, and memory is shared", "loaded": loaded,
        })
    };
    assert_eq!(state, expected("reload"), "the first visit");

    let origin = browser.eval("performance.timeOrigin").await;
    run_the_kata(&browser, &zone, engine).await;
    tokio::time::sleep(Duration::from_secs(1)).await;
    let same = browser.eval("performance.timeOrigin").await;
    assert_eq!(same, origin, "the page was loaded again and again");

    browser.open(&chapter(&server.url(), &frame)).await;
    let state = browser.eval("crossOriginIsolated").await;
    assert_eq!(state, false, "a page whose zone does not need it");
    run_the_kata(&browser, &frame, engine).await;

    browser.open(&url).await;
    browser.until(SAYS).await;
    let state = browser.eval(STATE).await;
    assert_eq!(state, expected("navigate"), "the second visit");
    browser.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_that_needs_it_is_isolated_in_chromium() {
    a_page_that_needs_it_is_isolated(Engine::Chromium).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_that_needs_it_is_isolated_in_firefox() {
    a_page_that_needs_it_is_isolated(Engine::Firefox).await;
}

/// Where nothing can isolate the page, its badge says so, and why; nothing is loaded again.
#[tokio::test(flavor = "multi_thread")]
async fn a_page_that_cannot_be_isolated_says_why() {
    let server = FileServer::start().await;
    let browser = Browser::start(Engine::Chromium).await;
    let zone = workspace().zone(ISOLATED).unwrap();
    browser.open(&chapter(&server.insecure_url(), &zone)).await;
    browser.until(SAYS).await;
    let state = browser.eval(STATE).await;
    assert_eq!(
        (&state["isolated"], &state["loaded"]),
        (&json!(false), &json!("navigate")),
        "{state}"
    );
    let says = state["says"].as_str().unwrap();
    assert!(
        says.starts_with("not isolated, so all goes by messages: ")
            && says.contains("the address is not secure"),
        "{says}"
    );
    browser.stop().await;
}
