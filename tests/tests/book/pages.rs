//! What must hold for every page: it stands still, fits, works by keyboard and without JavaScript,
//! and loads nothing from elsewhere.

use crate::chapters::run_the_kata;
use book_tests::page::Browser;
use book_tests::repository::{target, workspace};
use book_tests::site::{FileServer, build, chapter};
use kata_engines::Engine;
use kata_zones::Zone;
use serde_json::json;
use std::collections::HashSet;
use std::fs;

/// The start page invites to one kata, which runs there.
#[tokio::test(flavor = "multi_thread")]
async fn the_start_page_has_a_kata_to_run_at_once() {
    let server = FileServer::start().await;
    let browser = Browser::start(Engine::Chromium).await;
    browser.open(&format!("{}index.html", server.url())).await;
    let rows = browser.run("kata-panel").await;
    assert!(rows.iter().any(|row| row.outcome == "failed"), "{rows:#?}");
    pictured(&browser, "index").await;
    for zone in workspace().zones().unwrap() {
        let link = format!(
            "main a[href=\"{}/{}.html\"]",
            zone.manifest.part.folder(),
            zone.slug
        );
        assert_eq!(
            browser
                .eval(&format!("!!document.querySelector('{link}')"))
                .await,
            true,
            "no link: {link}"
        );
    }
    assert_eq!(browser.page_errors().await, Vec::<String>::new());
    browser.stop().await;
}

/// An engine may refuse to send a compiled module to a worker. Then the worker gets the bytes.
#[tokio::test(flavor = "multi_thread")]
async fn a_module_that_cannot_be_sent_goes_as_bytes() {
    let server = FileServer::start().await;
    let browser = Browser::start(Engine::Chromium).await;
    let zone = workspace().zone("closure-lifetime").unwrap();
    browser.open(&chapter(&server.url(), &zone)).await;
    browser
        .eval(
            "(() => {
                const { postMessage } = MessagePort.prototype;
                globalThis.refused = 0;
                MessagePort.prototype.postMessage = function (message, transfer) {
                    if (message.wasm instanceof WebAssembly.Module) {
                        refused += 1;
                        throw new DOMException('The object can not be cloned.', 'DataCloneError');
                    }
                    return postMessage.call(this, message, transfer);
                };
            })()",
        )
        .await;
    run_the_kata(&browser, &zone, Engine::Chromium).await;
    let refused = browser.eval("refused").await;
    assert_eq!(refused, 1, "how often the module was tried");
    browser.stop().await;
}

/// A sandboxed frame cannot read a compiled module. What cannot be read is said, not waited for.
#[tokio::test(flavor = "multi_thread")]
async fn a_bundle_that_cannot_be_read_is_said() {
    let server = FileServer::start().await;
    let browser = Browser::start(Engine::Chromium).await;
    let zone = workspace().zone("detached-view").unwrap();
    browser.open(&chapter(&server.url(), &zone)).await;
    browser
        .eval(
            "(() => {
                const { postMessage } = MessagePort.prototype;
                const wasm = new WebAssembly.Module(new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0]));
                MessagePort.prototype.postMessage = function (message, transfer) {
                    return postMessage.call(this, message.wasm ? { ...message, wasm } : message, transfer);
                };
            })()",
        )
        .await;
    let rows = browser.run("kata-panel").await;
    assert_eq!(rows.len(), zone.spec_tests().unwrap().len());
    for row in &rows {
        assert_eq!(row.outcome, "load-error", "{rows:#?}");
        let said = row.text.contains("a message of the page could not be read");
        assert!(said, "{row:#?}");
    }
    browser.stop().await;
}

/// The rules stand in groups: each list has the name of its heading, and they are numbered throughout.
#[tokio::test(flavor = "multi_thread")]
async fn rules_stand_in_groups() {
    let server = FileServer::start().await;
    let browser = Browser::start(Engine::Chromium).await;
    let grouped = |zone: &Zone| {
        let tests = zone.spec_tests().unwrap();
        tests.iter().any(|test| test.group.is_some())
    };
    let zone = workspace()
        .zones()
        .unwrap()
        .into_iter()
        .find(grouped)
        .unwrap();
    browser.open(&chapter(&server.url(), &zone)).await;
    let lists = browser
        .eval(
            "[...document.querySelectorAll('kata-panel .kata-spec > .kata-tests')].map((list) => ({
                heading: document.getElementById(list.getAttribute('aria-labelledby')).textContent,
                start: list.start,
                tests: [...list.children].map((row) => row.dataset.test),
            }))",
        )
        .await;
    let lists = lists.as_array().unwrap();
    let tests = zone.spec_tests().unwrap();
    let groups: Vec<_> = tests.chunk_by(|a, b| a.group == b.group).collect();
    assert_eq!(lists.len(), groups.len(), "{lists:#?}");
    let mut headings = HashSet::new();
    let mut first = 1;
    for (list, rules) in lists.iter().zip(groups) {
        let names: Vec<&str> = rules.iter().map(|rule| rule.name.as_str()).collect();
        assert_eq!(list["tests"], serde_json::json!(names));
        assert_eq!(list["start"], first, "{list}");
        first += rules.len();
        assert!(headings.insert(list["heading"].as_str().unwrap()), "{list}");
    }
    browser.stop().await;
}

/// Each change of the page is a frame, which takes the processor from the tests. So verdicts that fall
/// together are drawn together, and a test that lasts is still seen to run.
#[tokio::test(flavor = "multi_thread")]
async fn verdicts_that_fall_together_are_drawn_together() {
    let server = FileServer::start().await;
    let browser = Browser::start(Engine::Chromium).await;
    browser.open(&format!("{}index.html", server.url())).await;
    let drawn = browser
        .eval(
            "(async () => {
                const panel = document.querySelector('script[src$=\"kata/panel.js\"]').src;
                const { VerdictList } = await import(new URL('verdicts.js', panel));
                const rows = document.createElement('ol');
                const list = new VerdictList(rows);
                const tests = Array.from({ length: 40 }, (_, n) => `test_${n}`);
                list.begin([...tests, 'slow']);
                let changes = 0;
                new MutationObserver(() => (changes += 1))
                    .observe(rows, { subtree: true, childList: true, attributes: true, characterData: true });
                const task = () => new Promise((done) => {
                    const { port1, port2 } = new MessageChannel();
                    port1.onmessage = done;
                    port2.postMessage(null);
                });
                const started = performance.now();
                for (const test of tests) {
                    list.start(test);
                    await task();
                    list.show({ test, outcome: 'passed', message: '', panic: null, stack: [], ms: 1, console: [] });
                    await task();
                }
                list.finish();
                await task();
                const drawn = changes;
                const allowed = 1 + (performance.now() - started) / 100;
                const passed = rows.querySelectorAll('[data-outcome=\"passed\"]').length;
                list.start('slow');
                await new Promise((done) => setTimeout(done, 150));
                return { drawn, allowed, passed, slow: rows.lastElementChild.dataset.outcome };
            })()",
        )
        .await;
    assert_eq!(drawn["passed"], 40, "{drawn}");
    assert_eq!(drawn["slow"], "running", "{drawn}");
    let number = |name: &str| drawn[name].as_f64().unwrap();
    assert!(number("drawn") <= number("allowed"), "{drawn}");
    browser.stop().await;
}

/// The mark of a test that runs turns about its own middle.
#[tokio::test(flavor = "multi_thread")]
async fn the_running_mark_turns_in_place() {
    let server = FileServer::start().await;
    let browser = Browser::start(Engine::Chromium).await;
    browser.open(&format!("{}index.html", server.url())).await;
    let middles = browser
        .eval(
            "(() => {
                const row = document.querySelector('kata-panel .kata-test');
                row.dataset.outcome = 'running';
                const mark = row.querySelector('.kata-mark');
                const [turn] = mark.getAnimations();
                turn.pause();
                return [0, 0.25, 0.5, 0.75].map((part) => {
                    turn.currentTime = part * turn.effect.getTiming().duration;
                    const { left, right, top, bottom } = mark.getBoundingClientRect();
                    return [(left + right) / 2, (top + bottom) / 2];
                });
            })()",
        )
        .await;
    let number = |middle: &serde_json::Value, axis: usize| middle[axis].as_f64().unwrap();
    for middle in middles.as_array().unwrap() {
        for axis in [0, 1] {
            let off = number(middle, axis) - number(&middles[0], axis);
            assert!(off.abs() < 0.1, "{middles}");
        }
    }
    browser.stop().await;
}

/// How far a page's parts have jumped since it was loaded, as the engine itself counts it: 0 is not
/// at all, 1 is the whole window by its height.
async fn layout_shift(browser: &Browser) -> f64 {
    let shift = browser
        .eval(
            "new Promise((tell) => {
                let sum = 0;
                const add = (list) => list.getEntries().forEach((entry) => (sum += entry.value));
                new PerformanceObserver(add).observe({ type: 'layout-shift', buffered: true });
                setTimeout(() => tell(sum), 300);
            })",
        )
        .await;
    shift.as_f64().unwrap()
}

/// A page comes alive without a jump.
#[tokio::test(flavor = "multi_thread")]
async fn every_page_stands_still() {
    let server = FileServer::start().await;
    let browser = Browser::start(Engine::Chromium).await;
    let mut urls = vec![format!("{}index.html", server.url())];
    for zone in workspace().zones().unwrap() {
        urls.push(chapter(&server.url(), &zone));
    }
    for url in &urls {
        for (width, pixels) in WIDTHS {
            browser.resize(pixels).await;
            // On a busy machine a font may come after the text; the next load has it already.
            let mut shift = f64::INFINITY;
            for _ in 0..3 {
                if shift >= 0.001 {
                    browser.open(url).await;
                    shift = shift.min(layout_shift(&browser).await);
                }
            }
            assert!(
                shift < 0.001,
                "{url} jumps by {shift} when it comes alive ({width})"
            );
        }
    }
    assert_eq!(browser.page_errors().await, Vec::<String>::new());
    browser.stop().await;
}

/// A phone's screen and a desk's, in pixels.
const WIDTHS: [(&str, u32); 2] = [("wide", 1280), ("phone", 375)];

/// The height of the smallest words in the page's drawings, in pixels; null if it has none.
const SMALLEST_WORDS: &str =
    "Math.min(...[...document.querySelectorAll('.kata-stage text')].map((text) => {
    const { a, b } = text.getScreenCTM();
    return parseFloat(getComputedStyle(text).fontSize) * Math.hypot(a, b);
}))";

/// Shows or hides the list of chapters, as a page does by itself when it is loaded on a desk's screen or
/// a phone's, and waits until it is at rest.
async fn show_sidebar(browser: &Browser, shown: bool) {
    browser
        .eval(&format!(
            "(() => {{
                const toggle = document.getElementById('mdbook-sidebar-toggle-anchor');
                if (toggle.checked !== {shown}) toggle.click();
            }})()"
        ))
        .await;
    let place = "document.getElementById('mdbook-sidebar').getBoundingClientRect()";
    let at_rest = if shown {
        format!("{place}.left === 0")
    } else {
        format!("{place}.right <= 0")
    };
    browser.until(&at_rest).await;
}

/// The page that is open is looked at, dark and light: nothing is wider than the screen, words in
/// drawings are large enough to be read, and the pictures are kept.
pub async fn pictured(browser: &Browser, name: &str) {
    let pictures = target().join("screenshots");
    fs::create_dir_all(&pictures).unwrap();
    for (width, pixels) in WIDTHS {
        browser.resize(pixels).await;
        show_sidebar(browser, pixels >= 620).await;
        browser
            .eval("document.querySelector('kata-panel').scrollIntoView()")
            .await;
        for theme in ["navy", "light"] {
            let button = format!("document.getElementById('mdbook-theme-{theme}').click()");
            browser.eval(&button).await;
            let shown = "document.documentElement.classList";
            browser.until(&format!("{shown}.contains('{theme}')")).await;
            fs::write(
                pictures.join(format!("{name}-{theme}-{width}.png")),
                browser.screenshot().await,
            )
            .unwrap();
            let overflow = browser
                .eval("document.scrollingElement.scrollWidth - innerWidth")
                .await;
            assert!(
                overflow.as_i64().unwrap() <= 0,
                "{name} is {overflow} px too wide ({width})"
            );
        }
        let words = browser.eval(SMALLEST_WORDS).await;
        assert!(
            words.as_f64().is_none_or(|height| height >= 10.0),
            "{name} has words of {words} px in a drawing ({width})"
        );
    }
    browser.fill_window().await;
}

/// What is there to read is there without JavaScript.
#[test]
fn without_javascript_the_chapter_is_whole() {
    let site = build();
    for zone in workspace().zones().unwrap() {
        let html = fs::read_to_string(
            site.join(zone.manifest.part.folder())
                .join(format!("{}.html", zone.slug)),
        )
        .unwrap();
        let text = html
            .replace("&lt;", "<")
            .replace("&gt;", ">")
            .replace("&quot;", "\"")
            .replace("&#39;", "'")
            .replace("&amp;", "&");
        for path in [zone.kata_lib(), zone.solution_lib()] {
            let code = fs::read_to_string(path).unwrap();
            assert!(
                text.contains(code.lines().next().unwrap()),
                "{}: no source in the page",
                zone.slug
            );
        }
        for test in zone.spec_tests().unwrap() {
            assert!(
                html.contains(&format!("data-test=\"{}\"", test.name)),
                "{}: {}",
                zone.slug,
                test.name
            );
        }
    }
}

/// On the page of all chapters, which is for paper, nothing that runs is shown.
#[tokio::test(flavor = "multi_thread")]
async fn only_the_page_for_paper_hides_what_runs() {
    let server = FileServer::start().await;
    let browser = Browser::start(Engine::Chromium).await;
    for (page, hides) in [("print.html", true), ("index.html", false)] {
        let url = format!("{}{page}", server.url());
        browser.session.goto(&url).await.unwrap();
        let seen = browser
            .eval(
                "[...document.querySelectorAll('.kata-live')]
                    .map((part) => part.checkVisibility())",
            )
            .await;
        let seen = seen.as_array().unwrap();
        assert_ne!(seen.len(), 0, "{page} has nothing that runs");
        assert_eq!(seen.iter().all(|shown| shown == false), hides, "{page}");
    }
    browser.stop().await;
}

/// The site names no other host as a source of anything, and every page has a strict policy.
#[test]
fn the_site_loads_from_its_own_origin_only() {
    let mut pages = 0;
    let mut folders = vec![build()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            if path.extension().is_none_or(|extension| extension != "html") {
                continue;
            }
            pages += 1;
            let html = fs::read_to_string(&path).unwrap();
            let file = path.display();
            let policy = html
                .split_once("http-equiv=\"Content-Security-Policy\"")
                .and_then(|(_, rest)| rest.split_once("content=\"")?.1.split_once('"'));
            let (policy, _) = policy.unwrap_or_else(|| panic!("{file} has no policy"));
            assert!(
                policy.contains("script-src ") && !policy.contains("'unsafe-eval'"),
                "{file} allows eval: {policy}"
            );
            for source in [" src=\"http", "<link rel=\"stylesheet\" href=\"http"] {
                assert!(!html.contains(source), "{file} loads from another host");
            }
        }
    }
    assert!(pages > 5, "{pages} pages");
}

/// A panic says where it happened, and the engine only at which byte: the bundle's source map leads from there to the same line.
#[tokio::test(flavor = "multi_thread")]
async fn a_stack_names_the_lines_of_rust() {
    let server = FileServer::start().await;
    let zone = workspace().zone("foreign-code").unwrap();
    for engine in [Engine::Chromium, Engine::Firefox] {
        let browser = Browser::start(engine).await;
        browser.open(&chapter(&server.url(), &zone)).await;
        browser.run("kata-panel").await;
        // A driver's scripts share no variables in Firefox.
        let rows = "[...document.querySelectorAll('kata-panel .kata-test:has(.kata-panic):has(.kata-stack)')]";
        browser
            .eval(&format!(
                "{rows}.map((row) => (row.querySelector('.kata-fold').open = true))"
            ))
            .await;
        let found = format!("{rows}.filter((row) => row.querySelector('.kata-stack code + code'))");
        browser.until(&format!("{found}.length > 0")).await;
        let pairs = browser
            .eval(&format!(
                "{found}.map((row) => [row.querySelector('.kata-panic code').textContent,
                    [...row.querySelectorAll('.kata-stack code + code')].map((place) => place.textContent)])"
            ))
            .await;
        for pair in pairs.as_array().unwrap() {
            let (line, _column) = pair[0].as_str().unwrap().rsplit_once(':').unwrap();
            assert_eq!(pair[1][0], line, "{engine}: the innermost frame; {pairs}");
        }
        assert_eq!(browser.page_errors().await, Vec::<String>::new());
        browser.stop().await;
    }
}

/// A debugger finds the map by the address that the module holds when it reaches a worker, or a frame.
#[tokio::test(flavor = "multi_thread")]
async fn a_module_says_where_its_map_is() {
    let server = FileServer::start().await;
    let browser = Browser::start(Engine::Chromium).await;
    for slug in ["closure-lifetime", "detached-view"] {
        let zone = workspace().zone(slug).unwrap();
        browser.open(&chapter(&server.url(), &zone)).await;
        browser
            .eval(
                "(() => {
                    const { postMessage } = MessagePort.prototype;
                    globalThis.sent = [];
                    MessagePort.prototype.postMessage = function (message, ...rest) {
                        if (message.wasm instanceof WebAssembly.Module) sent.push(message.wasm);
                        else if (message.wasm) sent.push(new WebAssembly.Module(message.wasm));
                        return postMessage.call(this, message, ...rest);
                    };
                })()",
            )
            .await;
        browser.run("kata-panel").await;
        let sources = browser
            .eval(
                "(async () => {
                    const sections = WebAssembly.Module.customSections(sent[0], 'sourceMappingURL');
                    const text = new TextDecoder().decode(sections[0]);
                    const map = await fetch(text.slice(text.indexOf('http')));
                    return (await map.json()).sources;
                })()",
            )
            .await;
        let code = json!(format!("katas/{slug}/src/lib.rs"));
        let all = sources
            .as_array()
            .unwrap_or_else(|| panic!("{slug}: {sources}"));
        assert!(all.contains(&code), "{sources}");
    }
    browser.stop().await;
}
