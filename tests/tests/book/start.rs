//! The start page: a kata to run before anything is read, a map of all zones, and what the reader's browser can do.

use book_tests::page::Browser;
use book_tests::repository::workspace;
use book_tests::site::FileServer;
use kata_engines::Engine;

/// Where Run ends, in pixels from the top of the window, less the window's height.
const RUN_BELOW: &str = "document.querySelector('kata-panel [data-action=\"run\"]').getBoundingClientRect().bottom - innerHeight";

/// One click from the page as it opens to the first red verdict; then the map knows.
async fn from_opening_to_red(engine: Engine) {
    let server = FileServer::start().await;
    let browser = Browser::start(engine).await;
    browser.open(&format!("{}index.html", server.url())).await;
    let zones = workspace().zones().unwrap();
    let links = browser
        .eval("[...document.querySelectorAll('.kata-zones [data-zone][data-state=\"new\"] > a')].map((link) => link.getAttribute('href'))")
        .await;
    assert_eq!(links.as_array().unwrap().len(), zones.len(), "{links}");
    for zone in &zones {
        let link = format!("{}/{}.html", zone.manifest.part.folder(), zone.slug);
        assert!(
            links.as_array().unwrap().contains(&link.as_str().into()),
            "no tile for {link}"
        );
    }
    assert!(
        browser.eval(RUN_BELOW).await.as_f64().unwrap() <= 0.0,
        "Run is below the fold"
    );

    // The click of a hand: the page is not scrolled to the button first.
    browser
        .eval("document.querySelector('kata-panel [data-action=\"run\"]').click()")
        .await;
    let red = "[...document.querySelectorAll('kata-panel .kata-test[data-outcome=\"failed\"]')]";
    browser.until(&format!("{red}.length > 0")).await;
    browser.judged("kata-panel").await;
    let seen = format!(
        "{red}.some((row) => row.getBoundingClientRect().top < innerHeight) && scrollY === 0"
    );
    assert_eq!(
        browser.eval(&seen).await,
        true,
        "no red verdict within the first screen"
    );
    let tile = "document.querySelector('[data-zone=\"detached-view\"]')";
    browser
        .until(&format!(
            "{tile}.dataset.state === 'broken' && {tile}.textContent.includes('broken')"
        ))
        .await;
    let all = browser
        .eval("document.querySelector('.kata-zones-all').textContent")
        .await;
    assert_eq!(all, format!("0 of {} solved, 1 broken", zones.len()));

    let said = "Object.fromEntries([...document.querySelectorAll('[data-ability]')].map((row) => [row.dataset.ability, row.querySelector('dd').textContent]))";
    let said = browser.eval(said).await;
    let isolated = "where a kata needs it";
    assert_eq!(said["simd"], "yes", "{said}");
    assert_eq!(said["isolation"], isolated, "{said}");
    assert!(said["threads"] == "on isolated pages", "{said}");
    assert_ne!(said["exceptions"], "not measured", "{said}");
    let name = browser
        .eval("document.querySelector('.kata-engine-name').textContent")
        .await;
    assert!(name.as_str().unwrap().starts_with(engine.title()), "{name}");
    assert_eq!(browser.page_errors().await, Vec::<String>::new());
    // Firefox runs a test's scripts beside the page's own globals.
    if engine == Engine::Chromium {
        // A reader may have turned WebAssembly off.
        let module = "new URL('kata/abilities.js', location).href";
        let off = format!(
            "(delete globalThis.WebAssembly, load({module}).then((page) => page.showAbilities()))"
        );
        assert_eq!(browser.eval(&off).await, serde_json::Value::Null);
        let said = browser
            .eval("document.querySelector('[data-ability=\"simd\"] dd').textContent")
            .await;
        assert_eq!(said, "no");
        browser.resize(375).await;
        browser.open(&format!("{}index.html", server.url())).await;
        assert!(
            browser.eval(RUN_BELOW).await.as_f64().unwrap() <= 0.0,
            "Run is below a phone's fold"
        );
        browser.smallest().await;
        assert!(
            browser.eval(RUN_BELOW).await.as_f64().unwrap() <= 0.0,
            "Run is below the smallest phone's fold"
        );
    }
    browser.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn from_opening_to_red_in_chromium() {
    from_opening_to_red(Engine::Chromium).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn from_opening_to_red_in_firefox() {
    from_opening_to_red(Engine::Firefox).await;
}
