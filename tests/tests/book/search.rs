//! The book's search: it finds Rust names wherever they stand, and a hit can be seen.

use book_tests::page::Browser;
use book_tests::repository::workspace;
use book_tests::site::{FileServer, chapter};
use kata_engines::Engine;

/// Searches as a reader does, and waits for the answer.
pub async fn search(browser: &Browser, words: &str) {
    browser.click("#mdbook-search-toggle").await;
    browser
        .until("document.activeElement.id === 'mdbook-searchbar'")
        .await;
    browser.press(words).await;
    browser
        .until(&format!(
            "document.getElementById('mdbook-searchresults-header').textContent.includes(\"'{words}'\")"
        ))
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn names_are_found_wherever_they_stand() {
    let server = FileServer::start().await;
    let browser = Browser::start(Engine::Chromium).await;
    for (words, page) in [
        ("strong_count", "closure-lifetime"),
        ("Rc::strong_count", "closure-lifetime"),
        ("from_closure", "finalized-handle"),
        ("into_js_value", "closure-lifetime"),
        ("js_value", "closure-lifetime"),
        (
            "events_arrive_while_the_subscription_lives",
            "closure-lifetime",
        ),
    ] {
        browser.open(&format!("{}index.html", server.url())).await;
        search(&browser, words).await;
        let shown = format!(
            "[...document.querySelectorAll('#mdbook-searchresults li')]
                .filter((hit) => hit.querySelector('a').href.includes('/{page}.html'))
                .map((hit) => hit.querySelector('.teaser em')?.textContent ?? 'no hit is shown')"
        );
        let shown = browser.eval(&shown).await;
        let hits = shown.as_array().unwrap();
        assert_ne!(hits.len(), 0, "`{words}` is not found in {page}");
        for hit in hits {
            let hit = hit.as_str().unwrap().to_lowercase();
            assert!(hit.contains(&words.to_lowercase()), "`{words}`: {hit}");
        }
    }
    browser.stop().await;
}

/// What a reader sees when it breaks leads to the zone about it.
const SYMPTOMS: [(&str, &str); 5] = [
    ("detached", "detached-view"),
    (
        "closure invoked recursively or after being dropped",
        "closure-lifetime",
    ),
    ("can't sleep", "blocked-loop"),
    ("AbortController", "silent-fetch"),
    ("RuntimeError: unreachable", "out-of-bounds"),
];

/// A hit leads to words that can be seen, whatever fold they are in.
#[tokio::test(flavor = "multi_thread")]
async fn symptoms_are_found_and_seen() {
    let server = FileServer::start().await;
    let browser = Browser::start(Engine::Chromium).await;
    for (words, zone) in SYMPTOMS {
        browser.open(&format!("{}index.html", server.url())).await;
        search(&browser, words).await;
        let hits =
            "[...document.querySelectorAll('#mdbook-searchresults a')].map((hit) => hit.href)";
        let hits = browser.eval(hits).await;
        let page = format!("/{zone}.html");
        let hits = hits.as_array().unwrap().iter();
        let hits: Vec<&str> = hits
            .filter_map(|hit| hit.as_str())
            .filter(|hit| hit.contains(&page))
            .collect();
        assert!(!hits.is_empty(), "`{words}` does not lead to {zone}");
        // Of the hits of a word that stands in folds alone, each is looked at.
        let looked_at = if words == "AbortController" { 3 } else { 1 };
        for hit in hits.into_iter().take(looked_at) {
            browser.open(hit).await;
            browser
                .until(
                    "[...document.querySelectorAll('main mark')].some((mark) => {
                        const { top, bottom } = mark.getBoundingClientRect();
                        return mark.checkVisibility() && bottom > top && top >= 0 && bottom <= innerHeight;
                    })",
                )
                .await;
        }
    }
    browser.stop().await;
}

/// What only a run tells, in some zones: why a wrong turn is wrong, and the answer to the question before it. With each, what
/// the name of its heading ends in.
const TOLD: [(&str, &str, &str); 3] = [
    ("worker-message", ".kata-why", "-attempts"),
    ("scoped-dom", ".kata-why", "-attempts"),
    ("worker-message", ".kata-explain", ""),
];

/// A word that stands nowhere else on a page is seen when the search has led there.
#[tokio::test(flavor = "multi_thread")]
async fn what_a_run_tells_is_seen() {
    let server = FileServer::start().await;
    let browser = Browser::start(Engine::Chromium).await;
    for (slug, place, heading) in TOLD {
        let url = chapter(&server.url(), &workspace().zone(slug).unwrap());
        browser.open(&url).await;
        let word = format!(
            "(() => {{
                const all = document.querySelector('main').textContent.toLowerCase();
                const words = [...document.querySelectorAll('{place}')].flatMap((node) => node.textContent.match(/[A-Za-z]{{5,}}/g));
                return words.find((word) => all.split(word.toLowerCase()).length === 2);
            }})()"
        );
        let word = browser.eval(&word).await;
        let word = word
            .as_str()
            .unwrap_or_else(|| panic!("{slug}: no word for {place}"));
        let hit = format!("{url}?highlight={word}#kata-{slug}{heading}");
        browser.open(&hit).await;
        let seen = format!("document.querySelector('{place} mark')?.checkVisibility()");
        browser.until(&seen).await;
    }
    browser.stop().await;
}

/// Of the folds below a heading, one that gives nothing away is opened rather than one that does, and one is enough.
#[tokio::test(flavor = "multi_thread")]
async fn one_fold_opens_for_a_hit() {
    let server = FileServer::start().await;
    let browser = Browser::start(Engine::Chromium).await;
    let zone = workspace().zone("closure-lifetime").unwrap();
    let url = chapter(&server.url(), &zone);
    browser
        .open(&format!(
            "{url}?highlight=wasm_bindgen_test#kata-{}-spec",
            zone.slug
        ))
        .await;
    browser
        .until("document.querySelector('.kata-spec details[open] mark') !== null")
        .await;
    let open = "document.querySelectorAll('.kata-spec .kata-test-code[open]').length";
    assert_eq!(browser.eval(open).await, 1);
    let telling =
        "document.querySelectorAll(':is(.kata-hint, .kata-attempt, .kata-reveal)[open]').length";
    assert_eq!(browser.eval(telling).await, 0);
    browser.stop().await;
}
