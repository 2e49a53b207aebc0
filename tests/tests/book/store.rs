//! Nothing that a reader does is lost: what the browser keeps, from version to version, between tabs, where there is no
//! room or no storage, in a file and back, and in the clone.

use crate::serve::serve;
use book_tests::page::Browser;
use book_tests::repository::{Copy, run};
use book_tests::site::{FileServer, chapter};
use kata_engines::Engine;
use kata_engines::fantoccini::Locator;
use serde_json::{Value, json};
use std::fs;

const ENTER: &str = "\u{E007}";
const ESCAPE: &str = "\u{E00C}";

/// Where the first version kept its verdicts, and one that is none.
const OLD: &str = "{\"detached-view\":{\"state\":\"solved\",\"at\":\"2026-11-01T10:00:00.000Z\"},\"blocked-loop\":7}";

/// The page's own copy of its store, as `store`, with whatever is done to it.
async fn with_store(browser: &Browser, what: &str) -> Value {
    browser
        .eval(&format!(
            "(async () => {{
                const panel = document.querySelector('script[src$=\"kata/panel.js\"]').src;
                const store = await (globalThis.load ?? ((url) => import(url)))(new URL('store.js', panel).href);
                return {what};
            }})()"
        ))
        .await
}

/// The text of one of the book's keys.
fn key(name: &str) -> String {
    format!("localStorage[`kata:${{new URL('.', location).pathname}}:{name}`]")
}

/// The state of a zone on the start page's map, as the reader sees it.
fn shown(slug: &str, word: &str) -> String {
    format!(
        "document.querySelector('[data-zone=\"{slug}\"] .kata-zones-state').textContent === '{word}'"
    )
}

/// Presses a button of the start page's progress, by keyboard.
async fn press(browser: &Browser, action: &str) {
    browser
        .until(&format!(
            "!document.querySelector('.kata-kept [data-action=\"{action}\"]').disabled"
        ))
        .await;
    browser
        .eval(&format!(
            "document.querySelector('.kata-kept [data-action=\"{action}\"]').focus()"
        ))
        .await;
    browser.press(ENTER).await;
}

/// What the start page says of what was done last.
async fn until_said(browser: &Browser, words: &str) {
    browser
        .until(&format!(
            "document.querySelector('.kata-kept-line').textContent.includes('{words}')"
        ))
        .await;
}

/// Puts a file with this text into the open dialog, and answers what the dialog says of it.
async fn choose_file(browser: &Browser, text: &str) -> String {
    let file = tempfile::NamedTempFile::with_suffix(".json").unwrap();
    fs::write(&file, text).unwrap();
    let input = Locator::Css("dialog input[type=file]");
    let input = browser.session.client.find(input).await.unwrap();
    let said = "document.querySelector('dialog [role=status]').textContent";
    browser
        .eval("(document.querySelector('dialog [role=status]').textContent = '')")
        .await;
    input
        .send_keys(file.path().to_str().unwrap())
        .await
        .unwrap();
    browser.until(&format!("{said} !== ''")).await;
    browser.eval(said).await.as_str().unwrap().to_owned()
}

/// Data of the first version, broken data, and none of it lost.
async fn what_was_kept_is_taken_over(browser: &Browser) {
    browser
        .eval(&format!(
            "(localStorage.clear(), localStorage['kata-progress'] = '{OLD}', 0)"
        ))
        .await;
    browser.session.client.refresh().await.unwrap();
    browser.until(&shown("detached-view", "solved")).await;
    assert_eq!(browser.eval("localStorage['kata-progress']").await, OLD);

    let broken = "{ nobody closes this";
    let foreign = "{\"verdict\":{\"state\":\"maybe\",\"at\":\"2026-11-01T10:00:00Z\"}}";
    let undo =
        "{\"what\":\"x\",\"at\":\"2026-11-01T10:00:00Z\",\"changes\":[[\"version\",\"9\",null]]}";
    let edit = "{\"text\":\"\",\"base\":\"\",\"at\":\"2026-11-01T10:00:00Z\"}";
    let built_in = key("edit:constructor:somebody");
    browser
        .eval(&format!(
            "({} = '{broken}', {} = '{foreign}', {} = '[]', {} = '{undo}', {} = '{{}}', {built_in} = '{edit}',
                sessionStorage['kata-reload'] = JSON.stringify({{ page: location.pathname, value: 1 }}), 0)",
            key("zone:blocked-loop"),
            key("zone:missing-std"),
            key("edit:blocked-loop:somebody"),
            key("undo"),
            key("zone:No Zone"),
        ))
        .await;
    browser.session.client.refresh().await.unwrap();
    browser.until(&shown("detached-view", "solved")).await;
    browser.until(&shown("blocked-loop", "not run")).await;
    // What is exported can be taken in.
    let exported = "(store.editOf('blocked-loop'), store.extentOfFile(store.exported()))";
    assert_eq!(
        with_store(browser, exported).await,
        json!({ "zones": 2, "edits": 1 })
    );
    browser.eval(&format!("delete {built_in}")).await;
    assert_eq!(with_store(browser, "store.undoable()").await, Value::Null);
    let aside = with_store(browser, "store.asides()").await;
    let aside = aside.as_array().unwrap();
    let mut texts: Vec<&str> = aside
        .iter()
        .map(|one| one["text"].as_str().unwrap())
        .collect();
    texts.sort_unstable();
    let mut wanted = [broken, foreign, "[]", undo, "{}", "{\"blocked-loop\":7}"];
    wanted.sort_unstable();
    assert_eq!(texts, wanted, "{aside:#?}");
    let why = "\"broken\" or \"solved\", and is \"maybe\"";
    assert!(
        aside
            .iter()
            .any(|one| one["why"].as_str().unwrap().contains(why)),
        "{aside:#?}"
    );
    assert_eq!(browser.page_errors().await, Vec::<String>::new());
    let said = "document.querySelector('.kata-kept-trouble').textContent";
    let said = browser.eval(said).await;
    assert!(
        said.as_str().unwrap().contains("could not be read"),
        "{said}"
    );
}

/// Each tab sees what the other does, and neither writes over the other's edit.
async fn two_tabs(browser: &Browser, url: &str) {
    with_store(browser, "(store.onChange((slug) => (document.body.dataset.heard = slug)), store.keepEdit('stable-sum', 'of the first', 'base'))").await;
    let client = &browser.session.client;
    let first = client.window().await.unwrap();
    let second = client.new_window(true).await.unwrap().handle;
    client.switch_to_window(second).await.unwrap();
    browser.open(url).await;
    let begun = with_store(browser, "store.editOf('stable-sum').text").await;
    assert_eq!(
        begun, "of the first",
        "the second tab goes on where the first was"
    );
    with_store(
        browser,
        "store.keepEdit('stable-sum', 'of the second', 'base')",
    )
    .await;
    with_store(browser, "store.remember('stable-sum', 'broken', null)").await;

    client.switch_to_window(first).await.unwrap();
    browser.until(&shown("stable-sum", "broken")).await;
    browser
        .until("document.body.dataset.heard === 'stable-sum'")
        .await;
    with_store(
        browser,
        "store.keepEdit('stable-sum', 'of the first, later', 'base')",
    )
    .await;
    let others = "store.otherEdits('stable-sum').map(({ text }) => text)";
    assert_eq!(with_store(browser, others).await, json!(["of the second"]));
    with_store(browser, "(([other]) => store.chooseEdit('stable-sum', other, [other, store.editOf('stable-sum')]))(store.otherEdits('stable-sum'))").await;
    assert_eq!(
        with_store(browser, "store.editOf('stable-sum').text").await,
        "of the second"
    );
    assert_eq!(with_store(browser, others).await, json!([]));
    with_store(browser, "store.undo()").await;
    let all = with_store(
        browser,
        "[store.editOf('stable-sum'), ...store.otherEdits('stable-sum')].map(({ text }) => text)",
    )
    .await;
    assert_eq!(all, json!(["of the first, later", "of the second"]));
}

/// Everything into a file and back, by keyboard; what is no such file says why, and changes nothing.
async fn a_file_and_back(browser: &Browser) {
    with_store(
        browser,
        "(store.keepHints('stable-sum', 2), store.keepPrediction('stable-sum', 1))",
    )
    .await;
    browser.eval("(URL.createObjectURL = (blob) => (blob.text().then((text) => (document.body.dataset.written = text)), '#'), 0)").await;
    press(browser, "export").await;
    until_said(browser, "All of it is in the file").await;
    browser.until("'written' in document.body.dataset").await;
    let file = browser
        .eval("document.body.dataset.written")
        .await
        .as_str()
        .unwrap()
        .to_owned();
    let zones = |text: &str| serde_json::from_str::<Value>(text).unwrap()["zones"].clone();
    let now = "store.exported()";

    press(browser, "reset").await;
    browser
        .until("document.querySelector('dialog[open]').textContent.includes('2 edits')")
        .await;
    browser.press(ESCAPE).await;
    let focused = "document.activeElement?.dataset.action === 'reset'";
    browser.until(focused).await;
    assert_eq!(
        zones(with_store(browser, now).await.as_str().unwrap()),
        zones(&file),
        "Escape has reset"
    );

    press(browser, "reset").await;
    browser.press(ENTER).await;
    until_said(browser, "Done").await;
    browser.until(focused).await;
    browser.until(&shown("detached-view", "not run")).await;
    assert_eq!(
        zones(with_store(browser, now).await.as_str().unwrap()),
        json!({})
    );
    // After a reset the first version's data does not come back, but Undo is still there.
    browser.session.client.refresh().await.unwrap();
    browser
        .until("!document.querySelector('.kata-kept [data-action=\"undo\"]').hidden")
        .await;
    browser.until(&shown("detached-view", "not run")).await;

    press(browser, "import").await;
    let wrong = file.replacen("\"seen\": 2", "\"seen\": \"two\"", 1);
    let said = choose_file(browser, &wrong).await;
    assert!(said.contains("zones.stable-sum.hints.seen: this should be a whole number from 0 to 99, and is \"two\""), "{said}");
    let said = choose_file(
        browser,
        &file.replacen("\"version\": 1", "\"version\": 2", 1),
    )
    .await;
    assert!(said.contains("this page knows 1"), "{said}");
    let said = choose_file(browser, "so what").await;
    assert!(said.contains("It is no JSON"), "{said}");
    let edit = json!({ "text": "", "base": "", "at": "2026-11-01T10:00:00Z" });
    let many = json!({ "format": "wasm-katas-progress", "version": 1, "zones": { "stable-sum": { "edits": vec![edit; 1001] } } });
    let said = choose_file(browser, &many.to_string()).await;
    assert!(said.contains("more katas or edits than any"), "{said}");
    let said = choose_file(browser, &" ".repeat((1 << 24) + 1)).await;
    assert!(said.contains("larger than any export"), "{said}");
    browser
        .eval("document.querySelector('dialog [data-answer=\"import\"]').click()")
        .await;
    assert_eq!(
        browser
            .eval("!!document.querySelector('dialog[open]')")
            .await,
        true,
        "it takes in what it refused"
    );
    let said = choose_file(browser, &file).await;
    assert!(said.contains("It holds 2 katas and 2 edits"), "{said}");
    browser
        .eval("document.querySelector('dialog [data-answer=\"import\"]').click()")
        .await;
    until_said(browser, "Taken in").await;
    assert_eq!(
        zones(with_store(browser, now).await.as_str().unwrap()),
        zones(&file)
    );
    browser.until(&shown("detached-view", "solved")).await;

    press(browser, "undo").await;
    until_said(browser, "Taken back").await;
    assert_eq!(
        zones(with_store(browser, now).await.as_str().unwrap()),
        json!({})
    );
    assert_eq!(
        browser
            .eval("document.activeElement !== document.body")
            .await,
        true,
        "the focus is lost"
    );
}

/// A full disk and a newer version's data: the page says so, and goes on.
async fn where_nothing_can_be_kept(browser: &Browser, url: &str) {
    let banner = |words: &str| {
        format!(
            "document.querySelector('.kata-banner[role=\"alert\"]')?.textContent.includes('{words}')"
        )
    };
    browser
        .eval(
            "(() => {
                for (let size = 1 << 22; size >= 1; size >>= 1) {
                    try { for (let n = 0; ; n += 1) localStorage[`junk ${size} ${n}`] = 'x'.repeat(size); } catch {}
                }
            })()",
        )
        .await;
    with_store(
        browser,
        "store.keepEdit('stable-sum', 'x'.repeat(1000), 'base')",
    )
    .await;
    browser.until(&banner("no room left")).await;
    assert_eq!(
        with_store(browser, "store.editOf('stable-sum').text.length").await,
        1000
    );
    assert_eq!(
        with_store(browser, "store.exported().includes('x'.repeat(1000))").await,
        true
    );
    browser.eval("(Object.keys(localStorage).forEach((name) => name.startsWith('junk') && localStorage.removeItem(name)), 0)").await;
    with_store(browser, "store.keepHints('stable-sum', 1)").await;
    assert_eq!(with_store(browser, "store.trouble()").await, Value::Null);
    let stored = format!(
        "Object.values(localStorage).some((text) => text.includes('x'.repeat(1000))) && {} !== undefined",
        key("zone:stable-sum")
    );
    assert_eq!(
        browser.eval(&stored).await,
        true,
        "what was pending is not written"
    );

    browser
        .eval(&format!(
            "({} = '2', {} = '{{\"stars\":5}}', 0)",
            key("version"),
            key("zone:blocked-loop")
        ))
        .await;
    let before = browser.eval("JSON.stringify(localStorage)").await;
    browser.open(url).await;
    with_store(browser, "store.keepHints('blocked-loop', 1)").await;
    browser.until(&banner("a newer version")).await;
    assert_eq!(
        with_store(browser, "store.hintsSeen('blocked-loop')").await,
        1
    );
    assert_eq!(
        browser.eval("JSON.stringify(localStorage)").await,
        before,
        "newer data is written over"
    );
}

async fn nothing_is_lost(engine: Engine) {
    let server = FileServer::start().await;
    let browser = Browser::start(engine).await;
    let url = format!("{}index.html", server.url());
    browser.open(&url).await;
    what_was_kept_is_taken_over(&browser).await;
    two_tabs(&browser, &url).await;
    a_file_and_back(&browser).await;
    where_nothing_can_be_kept(&browser, &url).await;
    assert_eq!(browser.page_errors().await, Vec::<String>::new());
    browser.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_lost_in_chromium() {
    nothing_is_lost(Engine::Chromium).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_lost_in_firefox() {
    nothing_is_lost(Engine::Firefox).await;
}

/// A browser whose storage is turned off throws when it is asked for it. The page lives, and says once what that means.
#[tokio::test(flavor = "multi_thread")]
async fn without_storage_the_page_lives() {
    let server = FileServer::start().await;
    let browser = Browser::start(Engine::Chromium).await;
    let source = "for (const name of ['localStorage', 'sessionStorage'])
        Object.defineProperty(globalThis, name, { configurable: true, get() { throw new DOMException('Access is denied', 'SecurityError'); } });";
    let body =
        json!({ "cmd": "Page.addScriptToEvaluateOnNewDocument", "params": { "source": source } });
    browser.vendor("goog/cdp/execute", body).await;
    browser.open(&format!("{}index.html", server.url())).await;
    assert_eq!(
        browser.eval("document.querySelector('.kata-banner')").await,
        Value::Null,
        "it complains of nothing"
    );
    let rows = browser.run("kata-panel").await;
    assert!(rows.iter().any(|row| row.outcome == "failed"), "{rows:#?}");
    browser.until(&shown("detached-view", "broken")).await;
    browser
        .until(
            "document.querySelector('.kata-banner').textContent.includes('storage is turned off')",
        )
        .await;
    press(&browser, "reset").await;
    browser.press(ENTER).await;
    browser.until(&shown("detached-view", "not run")).await;
    press(&browser, "undo").await;
    browser.until(&shown("detached-view", "broken")).await;

    // Some give what throws only when it is used.
    let source = "Object.defineProperty(globalThis, 'localStorage', { value: new Proxy({}, {
        get() { throw new DOMException('corrupted', 'NS_ERROR_FILE_CORRUPTED'); } }) });";
    let body =
        json!({ "cmd": "Page.addScriptToEvaluateOnNewDocument", "params": { "source": source } });
    browser.vendor("goog/cdp/execute", body).await;
    browser.open(&format!("{}index.html", server.url())).await;
    let trouble = with_store(&browser, "store.trouble()").await;
    assert!(trouble.as_str().unwrap().contains("turned off"));
    assert_eq!(browser.page_errors().await, Vec::<String>::new());
    browser.stop().await;
}

/// The page and the terminal know the same, whoever learns it first.
#[tokio::test(flavor = "multi_thread")]
async fn the_page_and_the_clone_agree() {
    let copy = Copy::new();
    copy.keep_chapters(&["detached-view"]);
    let (_server, base) = serve(&copy);
    let browser = Browser::start(Engine::Chromium).await;
    let zone = copy.workspace().zone("detached-view").unwrap();
    browser.open(&chapter(&base, &zone)).await;
    let hint = || run(copy.path(), &["hint", "detached-view"]);
    let seen = "store.hintsSeen('detached-view')";
    assert!(hint().status.success());
    browser.eval("dispatchEvent(new Event('focus'))").await;
    let tries = async |wanted: u64| {
        for _ in 0..100 {
            if with_store(&browser, seen).await == wanted {
                return true;
            }
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        }
        false
    };
    assert!(
        tries(1).await,
        "the page does not hear of the terminal's hint"
    );
    with_store(&browser, "store.keepHints('detached-view', 2)").await;
    let file = || copy.read(".kata-progress.toml");
    for _ in 0..100 {
        if file().contains("detached-view = 2") {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    assert!(file().contains("detached-view = 2"), "{}", file());
    with_store(&browser, "store.reset('detached-view')").await;
    assert!(!file().contains("detached-view"), "{}", file());
    assert_eq!(with_store(&browser, seen).await, 0);
    browser.open(&chapter(&base, &zone)).await;
    with_store(&browser, "store.undo()").await;
    assert!(file().contains("detached-view = 2"), "{}", file());
    browser.stop().await;
}
