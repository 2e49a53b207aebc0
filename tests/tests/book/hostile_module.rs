//! Five hundred guests of `hostile-module` in random order, in a page: too many for a spec that every answer runs.

use book_tests::page::Browser;
use book_tests::repository::workspace;
use book_tests::site::{FileServer, chapter};
use kata_engines::Engine;

/// The page's own heart beats too, while its guests run in workers of a worker.
#[tokio::test(flavor = "multi_thread")]
async fn five_hundred_hostile_guests_leave_nothing() {
    let server = FileServer::start().await;
    let browser = Browser::start(Engine::Chromium).await;
    let zone = workspace().zone("hostile-module").unwrap();
    browser.open(&chapter(&server.url(), &zone)).await;
    let run = "(async () => {
        const panel = document.querySelector('script[src$=\"kata/panel.js\"]').src;
        const { runShow } = await import(new URL('host.js', panel));
        const { bundleUrl } = await import(new URL('site.js', panel));
        globalThis.beats = 0;
        globalThis.longest = 0;
        let last = performance.now();
        setInterval(() => {
          const now = performance.now();
          beats += 1;
          longest = Math.max(longest, now - last);
          last = now;
        }, 5);
        const url = bundleUrl('hostile-module', 'solution');
        globalThis.stress = await runShow({ bundleUrl: url, host: 'worker', timeoutMs: 240000, name: 'stress' });
    })().catch((error) => (globalThis.stress = String(error)))";
    browser.eval(&format!("void {run}")).await;
    browser.until("globalThis.stress").await;
    let came = browser.eval("stress").await;
    let beats = browser.eval("beats").await;
    let longest = browser.eval("longest").await.as_f64().unwrap();
    println!(
        "wrong, left, pages, milliseconds, stood still: {came}; the page's heart: {beats}, {longest} ms at the longest"
    );
    assert_eq!(
        came[0], 0.0,
        "guests ended otherwise than they should: {came}"
    );
    assert_eq!(came[1], 0.0, "workers are left: {came}");
    assert_eq!(came[2], 0.0, "pages of memory were added: {came}");
    let (took, beats) = (came[3].as_f64().unwrap(), beats.as_f64().unwrap());
    assert!(
        beats > took / 100.0,
        "in {took} ms the page's heart, of 5 ms, beat {beats} times"
    );
    assert!(
        longest < 1_000.0,
        "the page's heart, of 5 ms, stood still for {longest} ms"
    );
    assert!(
        came[4].as_f64().unwrap() < 1_000.0,
        "the heart of the thread that runs them stood still: {came}"
    );
    browser.stop().await;
}
