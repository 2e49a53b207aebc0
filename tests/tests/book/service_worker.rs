//! The site's service worker: what it keeps, and that nothing waits for it.

use crate::chapters::run_the_kata;
use book_tests::page::Browser;
use book_tests::repository::workspace;
use book_tests::site::{FileServer, SLOW, chapter};
use kata_engines::Engine;
use kata_zones::Zone;
use std::time::Duration;

/// A zone whose guest is a worker: its script comes through the service worker.
fn zone() -> Zone {
    workspace().zone("closure-lifetime").unwrap()
}

/// Waits until the service worker has a copy of everything that the page has loaded. But for the
/// icon, which the browser fetches for its tab, past the service worker.
async fn all_is_kept(browser: &Browser) {
    let missing = "(async () => {
        const kept = new Set();
        for (const name of await caches.keys())
            for (const { url } of await (await caches.open(name)).keys()) kept.add(url);
        const loaded = performance.getEntriesByType('resource').map((entry) => entry.name);
        const icons = [...document.querySelectorAll('link[rel~=icon]')].map((link) => link.href);
        const mine = [location.href, ...loaded].map((url) => url.split(/[?#]/)[0]);
        const others = [...icons, new URL('../lab-worker.js', location.href).href];
        return mine.filter((url) => url.startsWith('http') && !others.includes(url) && !kept.has(url));
    })()";
    let mut left = serde_json::Value::Null;
    for _ in 0..300 {
        left = browser.eval(missing).await;
        if left.as_array().is_some_and(Vec::is_empty) {
            return;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    panic!("not kept: {left}");
}

/// What was read and run once can be read and run again when the site is out of reach.
async fn without_a_network(engine: Engine) {
    let server = FileServer::start().await;
    let browser = Browser::start(engine).await;
    let zone = zone();
    let url = chapter(&server.url(), &zone);
    browser.open(&url).await;
    run_the_kata(&browser, &zone, engine).await;
    all_is_kept(&browser).await;
    server.stop().await;

    browser.open(&url).await;
    run_the_kata(&browser, &zone, engine).await;
    browser.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_chapter_runs_without_a_network_in_chromium() {
    without_a_network(Engine::Chromium).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_chapter_runs_without_a_network_in_firefox() {
    without_a_network(Engine::Firefox).await;
}

/// What the page asked for before the service worker took over is kept, even what comes after that.
#[tokio::test(flavor = "multi_thread")]
async fn what_is_late_is_kept() {
    let server = FileServer::start_with(
        "const { claim } = Clients.prototype;
         Clients.prototype.claim = async function () {
             await new Promise((done) => setTimeout(done, 1500));
             await claim.call(this);
         };\n",
    )
    .await;
    for engine in [Engine::Chromium, Engine::Firefox] {
        let browser = Browser::start(engine).await;
        browser.open(&chapter(&server.url(), &zone())).await;
        let asked = format!(
            "(async () => {{
                const early = navigator.serviceWorker.controller === null;
                const answer = await fetch('../bundles/{}/solution/spec_bg.wasm?{SLOW}');
                await answer.arrayBuffer();
                return [early, navigator.serviceWorker.controller !== null];
            }})()",
            zone().slug
        );
        assert_eq!(
            browser.eval(&asked).await,
            serde_json::json!([true, true]),
            "asked before the service worker took over, and answered after it, in {engine}"
        );
        all_is_kept(&browser).await;
        browser.stop().await;
    }
}

/// In Firefox a claim of the page ends only when every worker that is just starting has its script,
/// and the script comes only from a service worker whose activation is over. Here no claim ends.
#[tokio::test(flavor = "multi_thread")]
async fn activation_does_not_wait_for_the_claim() {
    let server =
        FileServer::start_with("Clients.prototype.claim = () => new Promise(() => {});\n").await;
    let browser = Browser::start(Engine::Firefox).await;
    let zone = zone();
    let url = chapter(&server.url(), &zone);
    browser.open(&url).await;
    let state = browser
        .eval(
            "navigator.serviceWorker.ready.then(({ active }) => new Promise((answer) => {
                const look = () => active.state === 'activated' && answer(active.state);
                active.addEventListener('statechange', look);
                look();
                setTimeout(() => answer(`${active.state}, for 20 s`), 20_000);
            }))",
        )
        .await;
    assert_eq!(state, "activated", "the service worker");

    browser.open(&url).await;
    let controlled = browser.eval("!!navigator.serviceWorker.controller").await;
    assert_eq!(
        controlled, true,
        "the second visit goes through the service worker"
    );
    run_the_kata(&browser, &zone, Engine::Firefox).await;
    browser.stop().await;
}
