//! Writing on the page by keyboard, and on a phone: the focus is never lost, and what is said is said once.

use book_tests::editor::EDITOR;
use book_tests::page::Browser;
use book_tests::repository::workspace;
use book_tests::site::{FileServer, chapter};
use book_tests::stand_in::{StandIn, WRONG};
use kata_engines::Engine;
use serde_json::json;
use std::fs;

const ZONE: &str = "closure-lifetime";
const ENTER: &str = "\u{E007}";
const BACKSPACE: &str = "\u{E017}";

/// Waits until the editor can be seen and has the focus.
async fn writes(browser: &Browser) {
    browser
        .until(&format!(
            "{EDITOR}?.matches(':focus') && {EDITOR}.checkVisibility({{ contentVisibilityAuto: true }})"
        ))
        .await;
}

/// Presses Enter on a button.
async fn press_on(browser: &Browser, find: &str) {
    browser.until(&format!("{find} !== null")).await;
    browser.eval(&format!("{find}.focus()")).await;
    browser.type_text(ENTER).await;
}

/// A button beside the code, by its name.
fn named(name: &str) -> String {
    format!(
        "([...document.querySelectorAll('[data-tab=\"code\"] button')].find((one) => one.textContent === {}) ?? null)",
        json!(name)
    )
}

#[tokio::test(flavor = "multi_thread")]
async fn the_focus_is_never_lost() {
    let zone = workspace().zone(ZONE).unwrap();
    let server = StandIn::start(&fs::read_to_string(zone.kata_lib()).unwrap()).await;
    let browser = Browser::start(Engine::Chromium).await;
    let url = chapter(&server.url(), &zone);
    browser.open(&url).await;
    browser.edit().await;
    browser.type_text(WRONG).await;
    browser.run_until("It does not compile.").await;

    // A page that becomes narrow shows what is being written, not what a run has shown beside it.
    browser.eval(&format!("{EDITOR}.focus()")).await;
    browser.resize(375).await;
    writes(&browser).await;
    browser.click("kata-panel .kata-places button").await;
    writes(&browser).await;
    for _ in WRONG.chars() {
        browser.type_text(BACKSPACE).await;
    }
    browser.run_until("broken").await;
    browser.click("kata-panel .kata-broken a").await;
    browser
        .until("document.activeElement.matches('.kata-spec .kata-test:target summary')")
        .await;
    browser.fill_window().await;

    // A run that begins by itself takes its rows away.
    let begun = "(() => {
        const run = document.querySelector('kata-panel > .kata-run [data-action=\"run\"]');
        document.querySelector('.kata-broken a').focus();
        run.click();
        return document.activeElement === run;
    })()";
    assert_eq!(
        browser.eval(begun).await,
        true,
        "the focus when a run begins"
    );
    browser.judged("kata-panel").await;

    // What comes over the page and is closed.
    let news = json!({ "event": "problem", "message": "no such chapter" });
    let tell = format!(
        "new BroadcastChannel(`kata-events ${{new URL('..', location)}}`).postMessage({news})"
    );
    browser.eval(&format!("({tell}, 0)")).await;
    press_on(&browser, "document.querySelector('.kata-banner button')").await;
    browser
        .until("document.activeElement.matches('kata-panel > .kata-run [data-action=\"run\"]')")
        .await;

    // A reload that the reader did not ask for.
    browser.open_tab("[data-tab=\"code\"] .kata-editor").await;
    browser.eval(&format!("{EDITOR}.focus()")).await;
    browser.type_text("// here").await;
    let kept = "(sessionStorage['kata-reload'] = JSON.stringify({
        page: location.pathname, value: { scroll: 0, panels: [document.querySelector('kata-panel').snapshot()] } }), 0)";
    browser.eval(kept).await;
    browser.open(&url).await;
    writes(&browser).await;
    browser.type_text("!").await;
    browser.until_edit_holds("// here!", true).await;
    chooses(&browser, &server).await;
    browser.stop().await;
}

/// The three-way choice: what is asked again stays as it is, and each answer leads back to the text.
async fn chooses(browser: &Browser, server: &StandIn) {
    "// theirs\n".clone_into(&mut server.clone.text.lock().unwrap());
    press_on(browser, &named("Save")).await;
    press_on(browser, &named("See both")).await;
    let difference = format!("{EDITOR}.querySelector('.cm-deletedChunk')");
    browser.until(&format!("{difference} !== null")).await;
    let again = format!(
        "(async () => {{
            const both = {both};
            const {{ fetch }} = globalThis;
            const answered = new Promise((done) => {{
                globalThis.fetch = async (...args) => (setTimeout(done, 500), fetch(...args));
            }});
            {save}.click();
            await answered;
            return [{both} === both, both.ariaPressed];
        }})()",
        both = named("See both"),
        save = named("Save"),
    );
    assert_eq!(browser.eval(&again).await, json!([true, "true"]));
    press_on(
        browser,
        &format!("{difference}.querySelector('[name=accept]')"),
    )
    .await;
    browser.until(&format!("{difference} === null")).await;
    writes(browser).await;
    press_on(browser, &named("Keep mine")).await;
    writes(browser).await;
}

/// Where nobody compiles: how it can be run, and who listens to the page is not told so at each pause.
#[tokio::test(flavor = "multi_thread")]
async fn what_is_said_is_said_once() {
    let server = FileServer::start().await;
    let browser = Browser::start(Engine::Chromium).await;
    let url = chapter(&server.url(), &workspace().zone(ZONE).unwrap());
    browser.open(&url).await;
    browser
        .eval("(document.body.insertAdjacentHTML('beforeend', '<a title=\"Git repository\" href=\"https://git.example/katas\"></a>'), 0)")
        .await;
    browser.edit().await;
    for part in [".kata-leave", ".kata-no-compiler"] {
        let seen = format!("document.querySelector('{part}').checkVisibility()");
        assert_eq!(browser.eval(&seen).await, true, "{part}");
    }
    let said = "document.querySelector('.kata-no-compiler').textContent";
    let said = browser.eval(said).await;
    for words in [
        "git clone https://git.example/katas",
        "cli up --workspace-folder .",
    ] {
        assert!(said.as_str().unwrap().contains(words), "{said}");
    }
    browser.type_text("// mine").await;
    let kept =
        "document.querySelector('.kata-notes [role=\"status\"]')?.textContent.includes('is kept')";
    browser.until(kept).await;
    browser
        .eval(
            "(globalThis.changes = 0, new MutationObserver(() => (changes += 1)).observe(
                document.querySelector('.kata-notes'), { childList: true, characterData: true, subtree: true }), 0)",
        )
        .await;
    browser.type_text(", and more").await;
    browser
        .until("Object.keys(localStorage).some((key) => localStorage[key].includes('and more'))")
        .await;
    assert_eq!(browser.eval("changes").await, 0);

    browser.resize(375).await;
    press_on(&browser, &named("Choose a fix")).await;
    browser
        .until("document.activeElement.getAttribute('aria-controls')?.endsWith('-attempts')")
        .await;

    // A question leaves room for the text that it asks about.
    let older = format!(
        "load(new URL('../kata/store.js', location).href).then(({{ editOf, keepEdit }}) =>
            keepEdit('{ZONE}', editOf('{ZONE}').text, '// an older kata'))"
    );
    browser.eval(&older).await;
    browser.resize(320).await;
    browser.open(&url).await;
    browser
        .until("document.querySelector('.kata-choose')?.checkVisibility()")
        .await;
    let height = "document.querySelector('.kata-editor').offsetHeight";
    let height = browser.eval(height).await;
    assert!(height.as_i64().unwrap() > 100, "{height} px for the text");
    assert_eq!(browser.page_errors().await, Vec::<String>::new());
    browser.stop().await;
}
