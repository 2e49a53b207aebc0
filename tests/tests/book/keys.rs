//! The keyboard: it is enough for everything, and the arrow keys, with which mdBook turns the page,
//! do so only while they mean nothing else.

use book_tests::page::{Browser, failing};
use book_tests::repository::workspace;
use book_tests::site::{FileServer, chapter};
use kata_engines::Engine;
use std::fs;

const RIGHT: &str = "\u{E014}";
const LEFT: &str = "\u{E012}";

/// Where the focus may be: what scrolls or opens, of the panel and of mdBook.
const PLACES: [&str; 8] = [
    "kata-panel [data-tab=\"code\"] code",
    "kata-panel [role=\"tab\"][aria-selected=\"true\"]",
    "kata-panel .kata-test-code[open] code",
    "kata-panel .kata-test-code > summary",
    "kata-panel .kata-attempt > summary",
    "kata-panel > .kata-run [data-action=\"run\"]",
    "kata-panel .kata-diagnostics",
    "kata-panel .kata-console",
];

/// Puts what a run would add into the panel, with lines that are wider than any screen, and makes
/// the turn of a page something that can be read from the address.
const PREPARE: &str = "(() => {
    for (const link of document.querySelectorAll('.nav-chapters')) link.href = '#turned';
    const panel = document.querySelector('kata-panel');
    panel.querySelector('.kata-test-code').open = true;
    panel.querySelector('[data-tab=\"code\"] code').append('x'.repeat(2000));
    const wide = (name, tag) => Object.assign(document.createElement(tag), { className: name, tabIndex: 0, textContent: 'x' });
    panel.append(wide('kata-diagnostics', 'pre'), wide('kata-console', 'ol'));
    const theirs = Object.assign(document.createElement('pre'), { innerHTML: '<code class=\"hljs\" id=\"theirs\"></code>' });
    theirs.firstChild.textContent = 'x'.repeat(2000);
    const short = Object.assign(document.createElement('pre'), { innerHTML: '<code id=\"short\">let x;</code>' });
    document.querySelector('main').prepend(theirs, short);
})()";

/// Whether the search or the help is open.
const OPENED: &str = "document.getElementById('mdbook-search-wrapper').checkVisibility() ||
    document.getElementById('mdbook-help-popup').checkVisibility()";

/// Whether a key turns the page.
async fn turns(browser: &Browser, key: &str) -> bool {
    browser.eval("(location.hash = '')").await;
    browser.type_text(key).await;
    browser.eval("location.hash === '#turned'").await == true
}

async fn arrows_belong_to_the_focus(engine: Engine) {
    let server = FileServer::start().await;
    let browser = Browser::start(engine).await;
    let zone = workspace().zone("closure-lifetime").unwrap();
    browser.open(&chapter(&server.url(), &zone)).await;
    browser.eval(PREPARE).await;
    for place in PLACES {
        browser.open_tab(place).await;
        let focus = format!(
            "(() => {{ const place = document.querySelector('{place}'); place.focus(); return document.activeElement === place; }})()"
        );
        assert_eq!(browser.eval(&focus).await, true, "no focus on {place}");
        for key in [RIGHT, LEFT] {
            assert!(!turns(&browser, key).await, "the page turns at {place}");
        }
    }
    let code = "document.querySelector('kata-panel [data-tab=\"code\"] code')";
    browser
        .open_tab("kata-panel [data-tab=\"code\"] code")
        .await;
    browser.eval(&format!("{code}.focus()")).await;
    browser.press(RIGHT).await;
    browser.until(&format!("{code}.scrollLeft > 0")).await;

    // A click into a block of code gives it the keys, though not the focus, and so does one into the panel.
    for place in ["#theirs", "#short", "kata-panel .kata-summary"] {
        browser.click(place).await;
        assert!(!turns(&browser, RIGHT).await, "the page turns at {place}");
    }

    // Behind a question nothing happens.
    browser.click("kata-panel .kata-kept-line button").await;
    browser
        .until("document.querySelector('dialog[open]')")
        .await;
    browser.click("dialog p").await;
    for key in [RIGHT, "s", "?"] {
        assert!(
            !turns(&browser, key).await,
            "the page turns behind a dialog"
        );
    }
    let opened = browser.eval(OPENED).await;
    assert_eq!(opened, false, "a letter opened something behind a dialog");
    browser.click("dialog [data-answer=\"\"]").await;

    // An editor has every key, within a tree of its own too: none searches, helps or turns the page.
    browser
        .eval(
            "(() => {
                const editor = document.createElement('div');
                editor.attachShadow({ mode: 'open' }).innerHTML = '<div contenteditable></div>';
                document.querySelector('main').prepend(editor);
                editor.shadowRoot.firstChild.focus();
            })()",
        )
        .await;
    for key in ["s", "/", "?", "ArrowRight", "ArrowLeft"] {
        let typed = format!(
            "document.querySelector('main').firstChild.shadowRoot.firstChild.dispatchEvent(
                new KeyboardEvent('keydown', {{ key: '{key}', bubbles: true, composed: true }}))"
        );
        browser.eval("(location.hash = '')").await;
        browser.eval(&typed).await;
        let turned = browser.eval("location.hash === '#turned'").await;
        assert_eq!(turned, false, "the page turns in an editor, by {key}");
    }
    assert_eq!(
        browser.eval(OPENED).await,
        false,
        "a letter in an editor opened something"
    );
    browser
        .eval("document.querySelector('main').firstChild.remove()")
        .await;

    // Inputs keep their keys too, and an arrow with nothing to move turns the page as ever, beside an editor too.
    browser.edit().await;
    browser
        .eval(
            "((inner = document.activeElement) => {
                while (inner.shadowRoot?.activeElement) inner = inner.shadowRoot.activeElement;
                inner.blur();
                getSelection().removeAllRanges();
            })()",
        )
        .await;
    assert!(
        turns(&browser, RIGHT).await,
        "nothing turns the page any more"
    );

    browser
        .eval(
            "(globalThis.fetch = (_, { signal }) => new Promise((_, stop) => \
             signal.addEventListener('abort', () => stop(signal.reason))))",
        )
        .await;
    browser
        .click("kata-panel > .kata-run [data-action=\"run\"]")
        .await;
    browser.eval("document.activeElement.blur()").await;
    for key in [RIGHT, LEFT] {
        assert!(!turns(&browser, key).await, "the page turns during a run");
    }
    browser
        .click("kata-panel > .kata-run [data-action=\"stop\"]")
        .await;
    browser
        .until("document.querySelector('kata-panel > .kata-run .kata-line').textContent === 'Stopped.'")
        .await;
    browser.eval("document.activeElement.blur()").await;
    browser.eval("getSelection().removeAllRanges()").await;
    assert!(turns(&browser, RIGHT).await, "the run is over");
    browser.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn arrows_belong_to_the_focus_in_chromium() {
    arrows_belong_to_the_focus(Engine::Chromium).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn arrows_belong_to_the_focus_in_firefox() {
    arrows_belong_to_the_focus(Engine::Firefox).await;
}

/// The whole way by keyboard alone: predict, run, an attempt, a hint.
async fn by_keyboard(engine: Engine) {
    let server = FileServer::start().await;
    let browser = Browser::start(engine).await;
    let zone = workspace().zone("detached-view").unwrap();
    browser.open(&chapter(&server.url(), &zone)).await;
    tab_to(&browser, "kata-panel .kata-predict input").await;
    browser.press(" ").await;
    assert_eq!(
        browser.eval("document.activeElement.checked").await,
        true,
        "space does not choose"
    );
    tab_to(&browser, "kata-panel > .kata-run [data-action=\"run\"]").await;
    browser.press("\u{E007}").await;
    let rows = browser.judged("kata-panel").await;
    assert!(rows.iter().any(|row| row.outcome == "failed"));
    assert_eq!(
        browser
            .eval("document.activeElement.matches('kata-panel > .kata-run [data-action=\"run\"]')")
            .await,
        true,
        "the focus was lost"
    );
    turn_to(&browser, "attempts").await;
    tab_to(&browser, "kata-panel .kata-attempt > summary").await;
    browser.press("\u{E007}").await;
    tab_to(
        &browser,
        "kata-panel .kata-attempt > .kata-run [data-action=\"run\"]",
    )
    .await;
    browser.press("\u{E007}").await;
    let first = format!(
        "kata-panel .kata-attempt[data-variant=\"attempts/{}\"]",
        zone.manifest.attempts[0].name
    );
    assert!(!failing(&browser.judged(&first).await).is_empty());
    turn_to(&browser, "hints").await;
    tab_to(&browser, "kata-panel .kata-hint > summary").await;
    browser.press("\u{E007}").await;
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

/// Goes back to the tabs of the verdicts and turns to one of them, which shows its part. Back, because Firefox without a
/// window opens no fold by key any more once Tab has gone through the whole page and begun anew.
async fn turn_to(browser: &Browser, part: &str) {
    let tabs = "kata-panel [data-side=\"verdicts\"] [aria-selected=\"true\"]";
    tab_by(browser, "\u{E008}\u{E004}", tabs).await;
    let there = format!(
        "document.activeElement.matches('[aria-selected=\"true\"][aria-controls$=\"-{part}\"]')"
    );
    for _ in 0..6 {
        if browser.eval(&there).await == true {
            return;
        }
        browser.press(RIGHT).await;
    }
    panic!("the arrow keys never reach {part}");
}

/// Presses Tab until the focus is on an element that a selector finds.
async fn tab_to(browser: &Browser, selector: &str) {
    tab_by(browser, "\u{E004}", selector).await;
}

/// The same with other keys than Tab alone.
async fn tab_by(browser: &Browser, keys: &str, selector: &str) {
    for _ in 0..200 {
        browser.press(keys).await;
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

/// What is given is one tab beside the code, and can be copied like the code.
#[tokio::test(flavor = "multi_thread")]
async fn what_is_given_is_one_key_away() {
    let server = FileServer::start().await;
    let browser = Browser::start(Engine::Chromium).await;
    let zones = workspace().zones().unwrap();
    let zone = zones.iter().find(|zone| zone.contract().is_file()).unwrap();
    browser.open(&chapter(&server.url(), zone)).await;
    browser
        .eval(
            "Object.defineProperty(navigator, 'clipboard', {
                value: { writeText: async (text) => { globalThis.copied = text; } },
            }) && null",
        )
        .await;
    let shown = "document.querySelector('kata-panel [data-tab=\"given\"] code').checkVisibility()";
    assert_eq!(browser.eval(shown).await, false, "the code comes first");
    tab_to(
        &browser,
        "kata-panel [data-side=\"code\"] [aria-selected=\"true\"]",
    )
    .await;
    browser.press(RIGHT).await;
    assert_eq!(browser.eval(shown).await, true, "an arrow key opens it");
    for (place, file) in [("code", zone.kata_lib()), ("given", zone.contract())] {
        browser
            .click(&format!(
                "kata-panel [data-tab=\"{place}\"] [data-action=\"copy\"]"
            ))
            .await;
        let copied = browser.eval("copied").await;
        let code = fs::read_to_string(file).unwrap();
        assert_eq!(copied.as_str().unwrap(), code.trim_end(), "{place}");
    }
    browser.stop().await;
}
