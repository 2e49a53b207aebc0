//! Several tabs of the local server's book.

use book_tests::page::Browser;
use book_tests::repository::workspace;
use book_tests::site::chapter;
use book_tests::stand_in::StandIn;
use kata_engines::Engine;
use serde_json::json;

/// Browsers open six connections to a server, so one tab listens for news and tells the others. When it is closed, another
/// listens.
#[tokio::test(flavor = "multi_thread")]
async fn one_tab_listens_for_all() {
    let server = StandIn::start("").await;
    let listeners = || *server.clone.listeners.lock().unwrap();
    for engine in [Engine::Chromium, Engine::Firefox] {
        *server.clone.listeners.lock().unwrap() = 0;
        let browser = Browser::start(engine).await;
        let client = &browser.session.client;
        let url = chapter(
            &server.url(),
            &workspace().zone("closure-lifetime").unwrap(),
        );
        browser.open(&url).await;
        let first = client.window().await.unwrap();
        let second = client.new_window(true).await.unwrap().handle;
        client.switch_to_window(second.clone()).await.unwrap();
        browser.open(&url).await;

        // What the tab that listens hears.
        client.switch_to_window(first).await.unwrap();
        assert_eq!(listeners(), 1, "{engine}");
        let news = json!({ "event": "problem", "message": "no such chapter" });
        let tell = format!(
            "new BroadcastChannel(`kata-events ${{new URL('..', location)}}`).postMessage({news})"
        );
        browser.eval(&format!("({tell}, 0)")).await;
        client.close_window().await.unwrap();
        client.switch_to_window(second).await.unwrap();
        let banner = "document.querySelector('.kata-banner')";
        browser
            .until(&format!(
                "{banner}?.textContent.includes('no such chapter')"
            ))
            .await;
        for _ in 0..100 {
            if listeners() < 2 {
                tokio::time::sleep(std::time::Duration::from_millis(50)).await;
            }
        }
        assert_eq!(listeners(), 2, "nobody listens any more, in {engine}");
        browser.stop().await;
    }
}
