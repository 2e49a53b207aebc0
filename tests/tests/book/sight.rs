//! What readers see who have set colours of their own, or a larger page.

use book_tests::page::Browser;
use book_tests::repository::workspace;
use book_tests::site::{FileServer, chapter};
use kata_engines::Engine;
use serde_json::{Value, json};

/// What is behind an element, and how far two colours are apart.
const COLOURS: &str = "
    const numbers = (colour) => {
        const parts = colour.match(/[\\d.]+/g).map(Number);
        return colour.startsWith('color(') ? parts.map((part, at) => (at < 3 ? part * 255 : part)) : parts;
    };
    const probe = document.body.appendChild(document.createElement('i'));
    probe.style.backgroundColor = 'Canvas';
    const plate = getComputedStyle(probe).backgroundColor;
    probe.remove();
    const ground = (node) => {
        const colour = getComputedStyle(node).backgroundColor;
        return (numbers(colour)[3] ?? 1) > 0 ? colour : node.parentElement ? ground(node.parentElement) : plate;
    };
    const light = (colour) => numbers(colour).slice(0, 3)
        .map((part) => (part /= 255) <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4)
        .reduce((sum, part, at) => sum + part * [0.2126, 0.7152, 0.0722][at], 0.05);
    const contrast = (a, b) => Math.max(light(a) / light(b), light(b) / light(a));
";

/// Texts that can be seen, and yet not be read. Behind each text, forced colours put a plate of the page's own colour, unless
/// the text is left out of them; then it stands on whatever is behind it.
const UNREADABLE: &str = "return [...document.querySelectorAll('main *, nav *')]
    .filter((node) => node.checkVisibility() && !node.closest('svg, :disabled, [aria-disabled=\"true\"]'))
    .filter((node) => [...node.childNodes].some((child) => child.nodeType === 3 && child.data.trim()))
    .filter((node) => {
        const style = getComputedStyle(node);
        return contrast(style.color, style.forcedColorAdjust === 'none' ? ground(node) : plate) < 4.5;
    })
    .map((node) => `${node.outerHTML.slice(0, 120)}: ${getComputedStyle(node).color}`);";

/// How far the ground of an open tab is from that of another: 1 is the same.
const TABS: &str = "const [open, other] = ['true', 'false']
    .map((selected) => ground(document.querySelector(`.kata-tabs [aria-selected=\"${selected}\"]`)));
    return contrast(open, other);";

/// How far the ring of a tab that has the focus is from the tab's own ground, on which it is drawn.
const RING: &str = "const tab = document.activeElement;
    return tab.matches('[aria-selected=\"true\"]:focus-visible') ? contrast(getComputedStyle(tab).outlineColor, ground(tab)) : 0;";

async fn look(browser: &Browser, what: &str) -> Value {
    browser
        .eval(&format!("(() => {{ {COLOURS} {what} }})()"))
        .await
}

/// With few colours, all the reader's own, every text can be read, and it can be seen which tab is open.
#[tokio::test(flavor = "multi_thread")]
async fn a_readers_own_colours_hide_nothing() {
    let server = FileServer::start().await;
    let browser = Browser::start(Engine::Chromium).await;
    let zone = workspace().zone("detached-view").unwrap();
    let url = chapter(&server.url(), &zone);
    for scheme in ["light", "dark"] {
        browser
            .prefers(&[
                ("forced-colors", "active"),
                ("prefers-color-scheme", scheme),
            ])
            .await;
        browser.open(&url).await;
        for state in ["before a run", "after a run"] {
            let unreadable = look(&browser, UNREADABLE).await;
            assert_eq!(unreadable, json!([]), "{scheme}, {state}");
            let apart = look(&browser, TABS).await;
            // What WCAG asks of whatever tells one state from another.
            assert!(
                apart.as_f64().unwrap() >= 3.0,
                "{scheme}, {state}: the open tab looks like another: {apart}"
            );
            browser
                .eval("document.querySelector('.kata-tabs [aria-selected=\"true\"]').focus()")
                .await;
            // The arrow key to the right.
            browser.press("\u{E014}").await;
            let ring = look(&browser, RING).await;
            assert!(
                ring.as_f64().unwrap() >= 3.0,
                "{scheme}, {state}: the focus cannot be seen: {ring}"
            );
            browser.run("kata-panel").await;
        }
    }
    browser.stop().await;
}

/// On a page of two and of four times the size nothing is cut off at the side, and a run can be started and read.
#[tokio::test(flavor = "multi_thread")]
async fn a_larger_page_can_be_worked() {
    let server = FileServer::start().await;
    let browser = Browser::start(Engine::Chromium).await;
    let zone = workspace().zone("detached-view").unwrap();
    for factor in [2, 4] {
        browser.zoom(factor).await;
        for url in [
            format!("{}index.html", server.url()),
            chapter(&server.url(), &zone),
        ] {
            browser.open(&url).await;
            browser.run("kata-panel").await;
            let over = browser
                .eval("document.scrollingElement.scrollWidth - innerWidth")
                .await;
            assert!(
                over.as_i64().unwrap() <= 0,
                "{url} × {factor}: {over} px too wide"
            );
            // Scrolled to where a reader reads, no bar covers the first reason.
            let seen = browser
                .eval(
                    "(() => {
                        const reason = [...document.querySelectorAll('kata-panel .kata-message')].find((node) => node.checkVisibility());
                        reason.scrollIntoView({ block: 'center', behavior: 'instant' });
                        const { left, top } = reason.getClientRects()[0];
                        return reason.contains(document.elementFromPoint(left + 4, top + 4));
                    })()",
                )
                .await;
            assert_eq!(seen, true, "{url} × {factor}: the first reason is covered");
        }
    }
    browser.stop().await;
}

/// On paper the parts of a chapter stand one below the other, whatever its tabs hide.
#[tokio::test(flavor = "multi_thread")]
async fn a_chapter_prints_whole() {
    let server = FileServer::start().await;
    let browser = Browser::start(Engine::Chromium).await;
    let zone = workspace().zone("closure-lifetime").unwrap();
    browser.open(&chapter(&server.url(), &zone)).await;
    let body = json!({ "cmd": "Emulation.setEmulatedMedia", "params": { "media": "print" } });
    browser.vendor("goog/cdp/execute", body).await;
    let seen = browser
        .eval(
            "['[data-tab=\"code\"] pre', '[data-tab=\"given\"] pre', '.kata-spec .kata-rule', '.kata-run']
                .map((part) => document.querySelector(`kata-panel ${part}`).checkVisibility())",
        )
        .await;
    assert_eq!(seen, json!([true, true, true, false]));
    browser.stop().await;
}
