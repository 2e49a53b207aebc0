//! The site's service worker: what it keeps, and that nothing waits for it.

use crate::chapters::run_the_kata;
use book_tests::page::{Browser, RUN_LIMIT};
use book_tests::repository::workspace;
use book_tests::site::{FileServer, Host, SLOW, chapter};
use kata_engines::Engine;
use kata_zones::Zone;
use std::time::{Duration, Instant};

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
async fn without_a_network(engine: Engine, host: Host) {
    let server = FileServer::start_as(host).await;
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
    without_a_network(Engine::Chromium, Host::PLAIN).await;
}

/// At a host that leads from a page's name in the links to a shorter one.
#[tokio::test(flavor = "multi_thread")]
async fn a_chapter_runs_without_a_network_in_firefox() {
    without_a_network(Engine::Firefox, SHORT).await;
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

/// The site's next build.
const NEXT: Host = Host {
    build: Some("the-next-build"),
    ..Host::PLAIN
};

/// A host with short addresses.
const SHORT: Host = Host {
    short_addresses: true,
    ..Host::PLAIN
};

/// Waits until what an element says holds some words.
async fn says(browser: &Browser, selector: &str, words: &str) {
    let said = format!("document.querySelector('{selector}')?.textContent.includes('{words}')");
    browser.until(&said).await;
}

/// A page that stays open while the site is updated: no file of the next build gets among this one's copies, and no module of
/// it into the page. Why there is no editor, can be seen.
async fn builds_do_not_mix(browser: &Browser) {
    let late = "../bundles/detached-view/kata/spec.js";
    let kept = format!(
        "(async () => {{
            await (await fetch('{late}')).arrayBuffer();
            await new Promise((done) => setTimeout(done, 1000));
            return (await caches.match(new URL('{late}', location))) !== undefined;
        }})()"
    );
    assert_eq!(browser.eval(&kept).await, false, "builds are mixed");
    browser.click("kata-panel [data-action=\"edit\"]").await;
    says(browser, "kata-panel .kata-notes", "was updated since").await;
    let seen = "(() => {
        const [line, pane] = ['.kata-notes', '[data-tab=\"code\"]']
            .map((part) => document.querySelector(`kata-panel ${part}`).getBoundingClientRect());
        return line.height > 0 && line.top >= pane.top && line.bottom <= pane.bottom;
    })()";
    assert_eq!(browser.eval(seen).await, true, "the line is cut off");
}

/// What was never loaded is said to be out of reach: an editor, a picture, the search.
async fn what_is_missing_is_said(browser: &Browser) {
    let missing = "this browser has no copy";
    browser.click("kata-panel [data-action=\"edit\"]").await;
    says(browser, "kata-panel .kata-notes", missing).await;
    browser.click("kata-panel [data-action=\"show\"]").await;
    says(browser, "kata-panel .kata-caption", missing).await;
    browser.click("#mdbook-search-toggle").await;
    let words = "The search needs the network once";
    says(browser, "#mdbook-searchresults-header", words).await;
}

/// After an update of the site, what was read before can still be read and run without a network, as of the new build; what
/// was not has a clear word.
#[tokio::test(flavor = "multi_thread")]
async fn an_update_loses_nothing() {
    // A page that is left within about a second of a run, while its workers come to their end, may keep the service worker busy
    // in Chromium 156, though nothing of its is pending; the next build's waits for that. A reader's next load ends it; where a
    // driver loads the page, it hangs.
    const ENDING: Duration = Duration::from_secs(5);
    // How long a reader stays on a page.
    const PATIENT: Duration = Duration::from_secs(30);

    let server = FileServer::start().await;
    let browser = Browser::start(Engine::Chromium).await;
    let zone = zone();
    let read = chapter(&server.url(), &zone);
    let unread = chapter(&server.url(), &workspace().zone("detached-view").unwrap());
    let start = format!("{}index.html", server.url());
    browser.open(&read).await;
    run_the_kata(&browser, &zone, Engine::Chromium).await;
    all_is_kept(&browser).await;
    tokio::time::sleep(ENDING).await;

    server.becomes(NEXT);
    builds_do_not_mix(&browser).await;
    browser.open(&start).await;
    let carried = format!(
        "(async () => {{
            const names = (await caches.keys()).filter((name) => name.startsWith('kata-book '));
            const kept = await (await caches.open(names[0])).match('{read}');
            return names.length === 1 && names[0].endsWith(' the-next-build') && kept !== undefined;
        }})()"
    );
    // A browser looks for a new worker a second after a page came, and if it is busy then, after the next page.
    let (begun, mut pages) = (Instant::now(), 1);
    while browser.eval(&carried).await != true {
        if begun.elapsed() > RUN_LIMIT {
            let names = browser.eval("caches.keys()").await;
            panic!("the next build never had what was read before; the caches: {names}");
        }
        tokio::time::sleep(Duration::from_secs(1)).await;
        if begun.elapsed() > PATIENT * pages {
            pages += 1;
            browser.open(&start).await;
        }
    }
    server.stop().await;

    browser.open(&read).await;
    let build =
        "document.querySelector('meta[name=\"kata-site\"]').content.includes('the-next-build')";
    assert_eq!(browser.eval(build).await, true, "the build of the copy");
    run_the_kata(&browser, &zone, Engine::Chromium).await;
    what_is_missing_is_said(&browser).await;

    browser.session.goto(&unread).await.unwrap();
    let said = browser.eval("document.body.innerText").await;
    let said = said.as_str().unwrap();
    assert!(said.contains("cannot be reached"), "{said}");
    assert!(said.contains("Closure lifetime"), "{said}");

    browser.open(&start).await;
    browser
        .click("kata-panel > .kata-run [data-action=\"run\"]")
        .await;
    browser
        .until("document.querySelector('kata-panel > .kata-run .kata-line').dataset.tone === 'bad'")
        .await;
    let said = browser.summary("kata-panel").await;
    assert!(said.contains("this browser has no copy"), "{said}");
    browser.stop().await;
}

/// A reader can keep the whole book, and keep nothing; nothing it stays.
#[tokio::test(flavor = "multi_thread")]
async fn readers_decide_what_is_kept() {
    let server = FileServer::start_as(SHORT).await;
    let browser = Browser::start(Engine::Firefox).await;
    let start = format!("{}index.html", server.url());
    browser.open(&start).await;
    // All bundles would be a hundred megabytes; three files say as much.
    browser
        .eval(
            "(() => {
                const { fetch } = globalThis;
                const some = ['claims.html', 'toc.html', 'bundles/stable-sum/kata/spec.js'];
                globalThis.fetch = (url, options) =>
                    String(url).endsWith('/files.json') ? Promise.resolve(Response.json(some)) : fetch(url, options);
            })()",
        )
        .await;
    let copies = "(async () => {
        const names = (await caches.keys()).filter((name) => name.startsWith('kata-book '));
        const kept = await Promise.all(names.map(async (name) => (await (await caches.open(name)).keys()).length));
        return kept.reduce((sum, number) => sum + number, 0);
    })()";
    // A copy of an older build is none.
    let older = "caches.open(`kata-book ${new URL('.', location)} older`)
        .then((cache) => cache.put(new URL('claims.html', location), new Response('older')))";
    browser.eval(older).await;
    browser.click(".kata-offline [data-action=\"keep\"]").await;
    let line = "document.querySelector('.kata-offline [role=\"status\"]').textContent";
    browser
        .until(&format!("{line}.includes('whole book is kept')"))
        .await;
    let kept = "caches.match(new URL('bundles/stable-sum/kata/spec.js', location)).then(Boolean)";
    assert_eq!(browser.eval(kept).await, true);
    // As if it had not come by way of a short address: with such an answer no browser shows a page.
    let page = "(async () => {
        const { build } = JSON.parse(document.querySelector('meta[name=\"kata-site\"]').content);
        const own = await caches.open(`kata-book ${new URL('.', location)} ${build}`);
        return (await own.match(new URL('claims.html', location)))?.redirected;
    })()";
    assert_eq!(browser.eval(page).await, false);

    browser
        .click(".kata-offline [data-action=\"forget\"]")
        .await;
    browser
        .until(&format!("{line} === 'Nothing is kept in this browser.'"))
        .await;
    assert_eq!(browser.eval(copies).await, 0);
    browser
        .open(&chapter(
            &server.url(),
            &workspace().zone("stable-sum").unwrap(),
        ))
        .await;
    browser.open(&start).await;
    browser
        .until(&format!("{line} === 'Nothing is kept in this browser.'"))
        .await;
    assert_eq!(browser.eval(copies).await, 0, "it stays switched off");
    let workers = "navigator.serviceWorker.getRegistrations().then((all) => all.length)";
    assert_eq!(browser.eval(workers).await, 0);
    browser.stop().await;
}
