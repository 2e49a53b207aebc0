//! The workbench: code and verdicts side by side in tabs, what is broken first, and the editor.

use crate::chapters::run_the_kata;
use book_tests::editor::EDITOR;
use book_tests::page::Browser;
use book_tests::repository::workspace;
use book_tests::site::{FileServer, chapter};
use book_tests::stand_in::{RIGHT, SLOW, StandIn, WRONG};
use kata_engines::Engine;
use serde_json::{Value, json};
use std::fs;

const ZONE: &str = "closure-lifetime";
const ARROW: &str = "\u{E014}";
const END: &str = "\u{E010}";
const BACKSPACE: &str = "\u{E003}";
const ENTER: char = '\u{E007}';

/// The names of the parts that can be seen.
const SHOWN: &str =
    "[...document.querySelectorAll('.kata-pane')].filter((pane) => pane.firstElementChild.checkVisibility())
        .map((pane) => pane.dataset.tab)";

/// The tabs: their labels, and which is chosen and reached by Tab.
const TABS: &str =
    "[...document.querySelectorAll('.kata-tabs')].map((list) => [...list.children].map((tab) =>
    [tab.textContent, tab.ariaSelected === 'true', tab.tabIndex === 0]))";

/// The summary line of the kata's own run.
const LINE: &str = "document.querySelector('kata-panel > .kata-run .kata-line')";

/// Tabs by keyboard, the order of verdicts, and the focus.
async fn the_parts_are_tabs(engine: Engine) {
    let server = FileServer::start().await;
    let browser = Browser::start(engine).await;
    let zone = workspace().zone(ZONE).unwrap();
    let url = chapter(&server.url(), &zone);
    browser.open(&url).await;
    assert_eq!(browser.eval(SHOWN).await, json!(["code", "predict"]));
    assert_eq!(
        browser.eval(TABS).await,
        json!([
            [
                ["lib.rs", true, true],
                ["Given", false, false],
                ["Spec", false, false]
            ],
            [
                ["Predict", true, true],
                ["Rules", false, false],
                ["Picture", false, false],
                ["Wrong turns", false, false],
                ["Hints", false, false]
            ]
        ])
    );
    let focus = "document.querySelector('.kata-tabs [tabindex=\"0\"]').focus()";
    browser.eval(focus).await;
    for (key, part) in [(ARROW, "given"), (END, "spec"), (ARROW, "code")] {
        browser.press(key).await;
        let at =
            format!("document.activeElement.getAttribute('aria-controls').endsWith('-{part}')");
        assert_eq!(browser.eval(&at).await, true, "the focus is not on {part}");
        assert_eq!(browser.eval(SHOWN).await[0], part, "after {key:?}");
    }

    let rows = run_the_kata(&browser, &zone, engine).await;
    assert_eq!(browser.eval(SHOWN).await, json!(["code", "rules"]));
    let order: Vec<_> = rows.iter().map(|row| row.outcome != "passed").collect();
    assert!(
        order.is_sorted_by(|a, b| a >= b),
        "not broken first: {rows:#?}"
    );
    let broken = order.iter().filter(|broken| **broken).count();
    assert!(
        rows[..broken]
            .iter()
            .all(|row| row.text.contains("panicked at")),
        "{rows:#?}"
    );
    let held = "(({ open, firstElementChild }) => [open, firstElementChild.textContent])(document.querySelector('.kata-held'))";
    let holds = rows.len() - broken;
    assert_eq!(
        browser.eval(held).await,
        json!([
            false,
            format!(
                "{holds} rule{} hold{}",
                if holds == 1 { "" } else { "s" },
                if holds == 1 { "s" } else { "" }
            )
        ])
    );
    let line = format!(
        "[{LINE}.role, {LINE}.textContent.includes('{broken} of {} rules broken')]",
        rows.len()
    );
    assert_eq!(browser.eval(&line).await, json!(["status", true]));

    // A rule leads to its test, which stands beside it.
    browser.click("kata-panel .kata-broken a").await;
    browser
        .until("document.querySelector('.kata-spec .kata-test:target .kata-test-code[open]')?.checkVisibility()")
        .await;
    assert_eq!(browser.eval(SHOWN).await, json!(["spec", "rules"]));
    // A reader who comes by a link sees where it leads.
    browser
        .open(&format!("{url}?again#kata-{ZONE}-hints"))
        .await;
    browser.until(&format!("({SHOWN})[1] === 'hints'")).await;
    assert_eq!(browser.page_errors().await, Vec::<String>::new());
    browser.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_parts_are_tabs_in_chromium() {
    the_parts_are_tabs(Engine::Chromium).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_parts_are_tabs_in_firefox() {
    the_parts_are_tabs(Engine::Firefox).await;
}

/// How far the page has jumped since it was loaded, for no act of the reader.
const SHIFT: &str = "new Promise((tell) => {
    let sum = 0;
    const add = (list) => list.getEntries().forEach((entry) => (sum += entry.hadRecentInput ? 0 : entry.value));
    new PerformanceObserver(add).observe({ type: 'layout-shift', buffered: true });
    setTimeout(() => tell(sum), 300);
})";

/// Every width has Run in view, keeps its place when verdicts come, and is no wider than the screen.
#[tokio::test(flavor = "multi_thread")]
async fn run_is_always_in_reach() {
    let server = FileServer::start().await;
    let browser = Browser::start(Engine::Chromium).await;
    let zone = workspace().zone(ZONE).unwrap();
    for (width, lists) in [(1280, [3, 5]), (768, [8, 0]), (375, [8, 0]), (320, [8, 0])] {
        browser.resize(width).await;
        browser.open(&chapter(&server.url(), &zone)).await;
        let tabs = browser
            .eval(
                "[...document.querySelectorAll('.kata-tabs')].map((list) => list.children.length)",
            )
            .await;
        assert_eq!(tabs, json!(lists), "{width}");
        for place in [".kata-head", ".kata-tabs"] {
            let seen = format!(
                "(() => {{
                    document.querySelector('kata-panel {place}').scrollIntoView({{ behavior: 'instant' }});
                    const run = document.querySelector('kata-panel > .kata-run [data-action=\"run\"]');
                    const {{ left, right, top, bottom }} = run.getBoundingClientRect();
                    return run.contains(document.elementFromPoint((left + right) / 2, (top + bottom) / 2));
                }})()"
            );
            assert_eq!(
                browser.eval(&seen).await,
                true,
                "{width}: Run cannot be seen at {place}"
            );
        }
        let height = "document.querySelector('kata-panel').offsetHeight";
        let before = browser.eval(height).await;
        run_the_kata(&browser, &zone, Engine::Chromium).await;
        assert_eq!(
            browser.eval(height).await,
            before,
            "{width}: the panel grew"
        );
        let shown = browser.eval(SHOWN).await;
        assert_eq!(
            shown.as_array().unwrap().last().unwrap(),
            "rules",
            "{width}"
        );
        let shift = browser.eval(SHIFT).await.as_f64().unwrap();
        assert!(shift < 0.001, "{width}: jumps by {shift}");
        let over = browser
            .eval("document.scrollingElement.scrollWidth - innerWidth")
            .await;
        assert!(over.as_i64().unwrap() <= 0, "{width}: {over} px too wide");
    }
    browser.stop().await;
}

/// An edit: what rustc says, its repair, what a keystroke ends, what is kept and what is saved.
async fn a_reader_writes(engine: Engine) {
    let zone = workspace().zone(ZONE).unwrap();
    let kata = fs::read_to_string(zone.kata_lib()).unwrap();
    // Some editors end lines in another way. It is the same text, and stays as it is.
    let server = StandIn::start(&kata.replace('\n', "\r\n")).await;
    let browser = Browser::start(engine).await;
    let url = chapter(&server.url(), &zone);
    browser.open(&url).await;
    let loaded = "performance.getEntriesByType('resource').some(({ name }) => name.endsWith('codemirror.js'))";
    assert_eq!(
        browser.eval(loaded).await,
        false,
        "the editor comes unasked"
    );
    browser
        .eval("document.querySelector('[data-tab=\"code\"] code').focus()")
        .await;
    browser.press("\u{E007}").await;
    browser
        .until(&format!("{EDITOR}?.matches(':focus') === true"))
        .await;

    let notes = "document.querySelector('.kata-notes').textContent";
    assert_eq!(browser.eval(notes).await, "", "an edit before a key");
    // Whatever the page hears of meanwhile does not take back what was typed last.
    let hears = "{ once: true }";
    let hears = format!(
        "{EDITOR}.addEventListener('keyup', () => dispatchEvent(new Event('focus')), {hears})"
    );
    browser.eval(&hears).await;
    browser.type_text(WRONG).await;
    browser.until(&format!("{notes} !== ''")).await;
    assert_eq!(
        browser.eval(notes).await,
        "Your edit is kept in this browser."
    );
    browser.run_until("It does not compile.").await;
    let marked = format!("{EDITOR}.querySelector('.cm-lintRange-error').textContent");
    assert_eq!(browser.eval(&marked).await, WRONG);
    let said =
        "document.querySelector('.kata-rules .kata-diagnostics').textContent.includes('E0425')";
    assert_eq!(browser.eval(said).await, true);
    browser.click("kata-panel .kata-places button").await;
    assert_eq!(
        browser.eval(&format!("{EDITOR}.matches(':focus')")).await,
        true
    );

    // The s of mdBook's search is a letter here, and so are the others.
    for _ in WRONG.chars() {
        browser.type_text("\u{E017}").await;
    }
    browser.type_text(&format!("// {SLOW}")).await;
    browser.until_edit_holds(SLOW, true).await;
    browser.run_until("compiling your edit").await;
    let cancelled = async |builds| {
        for _ in 0..100 {
            if *server.clone.cancelled.lock().unwrap() < builds {
                tokio::time::sleep(std::time::Duration::from_millis(50)).await;
            }
        }
        *server.clone.cancelled.lock().unwrap()
    };
    // Asked once more, it begins once more, and what ends is the first build alone.
    browser.eval(&format!("{EDITOR}.focus()")).await;
    browser.press_with_control(ENTER).await;
    assert_eq!(cancelled(1).await, 1, "the server builds on");
    let line = browser.eval(&format!("{LINE}.textContent")).await;
    assert_eq!(line, "Building: compiling your edit");
    browser.type_text(BACKSPACE).await;
    browser
        .until(&format!(
            "{LINE}.textContent === 'You typed, so the build was cancelled.'"
        ))
        .await;
    assert_eq!(cancelled(2).await, 2, "the server builds on");

    browser.type_text(&format!(" {RIGHT} ")).await;
    browser.run_until("hold").await;
    browser
        .until("document.querySelector('.kata-state').dataset.state === 'solved'")
        .await;

    // A reload keeps the edit; a save writes it.
    browser.open(&url).await;
    browser.until_edit_holds(RIGHT, true).await;
    browser.press_button("Save").await;
    browser
        .until("document.querySelector('.kata-notes').textContent.includes('Saved to katas/')")
        .await;
    let text = server.clone.text.lock().unwrap().clone();
    assert!(text.contains(RIGHT));
    assert_eq!(text.matches('\n').count(), text.matches("\r\n").count());
    conflict(&browser, &server, &url).await;
    browser.stop().await;
}

/// The file has changed on disk: nothing is written before the reader has chosen.
async fn conflict(browser: &Browser, server: &StandIn, url: &str) {
    let text = || server.clone.text.lock().unwrap().clone();
    let choice = "document.querySelector('.kata-choose')?.checkVisibility()";
    browser.eval(&format!("{EDITOR}.focus()")).await;
    browser.type_text("// mine").await;
    browser.until_edit_holds("// mine", true).await;
    let theirs = "// theirs\n";
    theirs.clone_into(&mut server.clone.text.lock().unwrap());
    browser.press_button("Save").await;
    browser.until(choice).await;
    assert_eq!(text(), theirs, "written over a newer file");
    browser.press_button("See both").await;
    browser
        .until(&format!(
            "{EDITOR}.querySelector('.cm-deletedChunk')?.textContent.includes('theirs')"
        ))
        .await;
    browser.press_button("Take the file's").await;
    browser.until_edit_holds("// mine", false).await;
    browser.press_button("Undo").await;
    browser.until_edit_holds("// mine", true).await;
    // Having seen it, the reader may save over it.
    browser.press_button("Save").await;
    browser
        .until("document.querySelector('.kata-notes').textContent.includes('Saved')")
        .await;
    assert!(text().contains("// mine"));

    // An edit that began from an older file is a question from the start. Save is no answer to it.
    browser.eval(&format!("{EDITOR}.focus()")).await;
    browser.type_text("// more of mine").await;
    browser
        .until("document.querySelector('.kata-notes').textContent.includes('kept')")
        .await;
    theirs.clone_into(&mut server.clone.text.lock().unwrap());
    browser.open(url).await;
    browser.until(&format!("{choice} === true")).await;
    browser.press_button("Save").await;
    browser
        .until(
            "['Nothing was written', 'Saved'].some((words) =>
                document.querySelector('.kata-source').textContent.includes(words))",
        )
        .await;
    assert_eq!(text(), theirs, "written over a file that was not taken");
    browser.press_button("Keep mine").await;
    browser.press_button("Save").await;
    browser
        .until("document.querySelector('.kata-notes').textContent.includes('Saved')")
        .await;
    assert!(text().contains("// more of mine"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reader_writes_in_chromium() {
    a_reader_writes(Engine::Chromium).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reader_writes_in_firefox() {
    a_reader_writes(Engine::Firefox).await;
}

/// Where nobody compiles, the page says so, keeps the edit, and offers what can run; a kata that changes
/// below an edit takes nothing away.
#[tokio::test(flavor = "multi_thread")]
async fn without_a_compiler_the_edit_is_kept() {
    let server = FileServer::start().await;
    let browser = Browser::start(Engine::Chromium).await;
    let zone = workspace().zone(ZONE).unwrap();
    let url = chapter(&server.url(), &zone);
    browser.open(&url).await;
    browser.edit().await;
    other_pages_write(&browser).await;
    browser.eval(&format!("{EDITOR}.focus()")).await;
    browser.type_text("// mine").await;
    browser.run_until("Your edit was not run.").await;
    let said = browser
        .eval("document.querySelector('.kata-notes').textContent")
        .await;
    let command = format!("cargo kata grade {ZONE} lib.rs");
    for words in ["This site has no compiler", "cargo kata serve", &command] {
        assert!(said.as_str().unwrap().contains(words), "{said}");
    }
    browser.press_button("Choose a fix").await;
    assert_eq!(browser.eval(SHOWN).await, json!(["code", "attempts"]));

    browser.open(&url).await;
    browser.until_edit_holds("// mine", true).await;
    browser.press_button("Start again").await;
    browser.until_edit_holds("// mine", false).await;
    browser.press_button("Undo").await;
    browser.until_edit_holds("// mine", true).await;

    let store =
        "import(new URL('store.js', document.querySelector('script[src$=\"kata/panel.js\"]').src))";
    let older = format!(
        "{store}.then(({{ editOf, keepEdit }}) => keepEdit('{ZONE}', editOf('{ZONE}').text, '// an older kata'))"
    );
    browser.eval(&older).await;
    browser.open(&url).await;
    browser
        .until(
            "document.querySelector('.kata-choose')?.textContent.includes('The kata has changed')",
        )
        .await;
    browser.press_button("Keep mine").await;
    browser.until_edit_holds("// mine", true).await;
    let gone: Value = browser
        .eval("document.querySelector('.kata-choose').checkVisibility()")
        .await;
    assert_eq!(gone, false);
    a_reset_reaches_the_page(&browser).await;
    assert_eq!(browser.page_errors().await, Vec::<String>::new());

    // Where nothing can be kept, nobody says that it is.
    let full = "(Storage.prototype.setItem = () => { throw new DOMException('full', 'QuotaExceededError'); }, 0)";
    browser.eval(full).await;
    browser.eval(&format!("{EDITOR}.focus()")).await;
    browser.type_text("x").await;
    let said = "document.querySelector('.kata-notes').textContent.includes('no room left')";
    browser.until(said).await;
    browser.press_with_control('s').await;
    assert_eq!(browser.eval(said).await, true);
    browser.stop().await;
}

/// What another page has written into the editor's zone: this page shows it, asks, and drops nothing that it has not shown.
async fn other_pages_write(browser: &Browser) {
    let theirs = format!(
        "localStorage[`kata:${{new URL('..', location).pathname}}:edit:{ZONE}:another-page`]"
    );
    let edit = json!({ "text": "// theirs\n", "base": "// an older kata\n", "at": "2026-11-01T10:00:00Z" });
    let write = format!("({theirs} = {}, 0)", json!(edit.to_string()));
    let asks = |words: &str| {
        format!("document.querySelector('.kata-choose').textContent.includes('{words}')")
    };
    let tell = format!(
        "dispatchEvent(new StorageEvent('storage', {{ key: `kata:${{new URL('..', location).pathname}}:edit:{ZONE}:another-page` }}))"
    );

    // A page that the browser keeps for its Back button hears of it when it is shown again.
    browser.eval(&write).await;
    browser
        .eval("dispatchEvent(new PageTransitionEvent('pagehide', { persisted: true }))")
        .await;
    assert_eq!(browser.eval(&theirs).await, edit.to_string());
    browser
        .eval("dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))")
        .await;
    browser.until_edit_holds("// theirs", true).await;
    // It began from another kata.
    browser.until(&asks("The kata has changed")).await;
    browser.press_button("Take the new kata").await;
    browser.until_edit_holds("// theirs", false).await;
    assert_eq!(browser.eval(&theirs).await, Value::Null);

    // Beside an edit of this page's own it is a question, for as long as it is there.
    browser.eval(&format!("{EDITOR}.focus()")).await;
    browser.type_text("// mine").await;
    browser
        .until("document.querySelector('.kata-notes').textContent.includes('kept')")
        .await;
    browser.eval(&write).await;
    browser.eval(&tell).await;
    browser.until(&asks("There is another edit")).await;
    browser.eval(&format!("(delete {theirs}, {tell})")).await;
    browser
        .until("!document.querySelector('.kata-choose').checkVisibility()")
        .await;
    browser.eval(&write).await;
    browser.eval(&tell).await;
    browser.press_button("Take the other").await;
    browser.until_edit_holds("// theirs", true).await;
    browser.until(&asks("The kata has changed")).await;
    browser.press_button("Take the new kata").await;
    browser.until_edit_holds("// theirs", false).await;
}

/// What is forgotten elsewhere, and what is brought back, shows on a page that is open.
async fn a_reset_reaches_the_page(browser: &Browser) {
    let store = "(globalThis.load ?? ((url) => import(url)))(new URL('store.js', document.querySelector('script[src$=\"kata/panel.js\"]').src).href)";
    let checked = "document.querySelector('.kata-predict input:checked') !== null";
    browser
        .eval("document.querySelector('.kata-predict input').click()")
        .await;
    browser
        .eval(&format!("{store}.then(({{ reset }}) => reset('{ZONE}'))"))
        .await;
    browser.until_edit_holds("// mine", false).await;
    assert_eq!(browser.eval(checked).await, false, "its prediction is left");
    browser
        .eval(&format!("{store}.then(({{ undo }}) => undo())"))
        .await;
    browser.until_edit_holds("// mine", true).await;
    assert_eq!(browser.eval(checked).await, true);
}
