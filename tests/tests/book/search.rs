//! The book's search: it finds Rust names wherever they stand, and a hit can be seen.

use book_tests::page::Browser;
use book_tests::repository::workspace;
use book_tests::site::{FileServer, chapter};
use kata_engines::Engine;

/// Searches as a reader does, and waits for the answer.
async fn search(browser: &Browser, words: &str) {
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

/// mdBook marks a hit also in a fold that is closed. The fold is opened, if it gives nothing away.
#[tokio::test(flavor = "multi_thread")]
async fn a_hit_in_a_fold_is_seen() {
    let server = FileServer::start().await;
    let browser = Browser::start(Engine::Chromium).await;
    let zone = workspace().zone("closure-lifetime").unwrap();
    let name = "wasm_bindgen_test";
    let url = chapter(&server.url(), &zone);
    browser
        .open(&format!("{url}?highlight={name}#kata-{}-spec", zone.slug))
        .await;
    browser
        .until(
            "(() => {
                const { top, bottom } = document.querySelector('.kata-spec mark').getBoundingClientRect();
                return bottom > top && top >= 0 && bottom <= innerHeight;
            })()",
        )
        .await;
    let open = "document.querySelectorAll('.kata-spec .kata-test-code[open]').length";
    assert_eq!(browser.eval(open).await, 1, "one is enough");
    browser
        .open(&format!("{url}?highlight=fn#kata-{}-solution", zone.slug))
        .await;
    browser
        .until("document.querySelector('.kata-reveal mark') !== null")
        .await;
    let open = "document.querySelector('.kata-reveal').open";
    assert_eq!(
        browser.eval(open).await,
        false,
        "the solution was given away"
    );
    browser.stop().await;
}
