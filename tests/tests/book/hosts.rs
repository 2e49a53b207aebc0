//! Where nothing can run, the page says at once why, and what to do.

use book_tests::editor::EDITOR;
use book_tests::page::Browser;
use book_tests::repository::workspace;
use book_tests::site::{FileServer, Host, build, chapter};
use kata_engines::Engine;
use std::time::{Duration, Instant};

/// The page says within two seconds what its host forbids. A machine that does more than this needs longer (ten seconds
/// were not enough for Firefox once), but not the 40 in which a guest that never comes is given up.
const AT_ONCE: Duration = Duration::from_secs(35);

/// A zone that runs in a frame, and one that runs in a worker.
const FRAME: &str = "detached-view";
const WORKER: &str = "closure-lifetime";

/// What hosts send with every file, a zone that cannot run then, and what is said of it.
const FORBIDDING: [(&str, &str, &str, &str); 8] = [
    (
        "x-frame-options",
        "DENY",
        FRAME,
        "forbids frames: it sends X-Frame-Options: DENY",
    ),
    (
        "content-security-policy",
        "frame-ancestors 'none'",
        FRAME,
        "forbids frames: it sends Content-Security-Policy: frame-ancestors 'none'",
    ),
    (
        "cross-origin-resource-policy",
        "same-origin",
        FRAME,
        "forbids frames: it sends Cross-Origin-Resource-Policy: same-origin",
    ),
    (
        "content-security-policy",
        "frame-src 'none'",
        FRAME,
        "forbids frames: it sends Content-Security-Policy: frame-src 'none'",
    ),
    (
        "content-security-policy",
        "worker-src 'none'",
        WORKER,
        "forbids workers: it sends Content-Security-Policy: worker-src 'none'",
    ),
    (
        "content-security-policy",
        "script-src 'self' 'unsafe-inline' blob:",
        WORKER,
        "forbids WebAssembly: it sends Content-Security-Policy: script-src 'self' 'unsafe-inline' blob:",
    ),
    (
        "content-security-policy",
        "connect-src 'none'",
        WORKER,
        "forbids requests: it sends Content-Security-Policy: connect-src 'none'",
    ),
    (
        "cross-origin-embedder-policy",
        "require-corp",
        FRAME,
        "forbids frames without an origin: it sends Cross-Origin-Embedder-Policy: require-corp",
    ),
];

async fn what_a_host_forbids_is_said(engine: Engine) {
    let browser = Browser::start(engine).await;
    for (name, value, slug, words) in FORBIDDING {
        let host = Host {
            header: Some((name, value)),
            ..Host::PLAIN
        };
        let server = FileServer::start_as(host).await;
        let zone = workspace().zone(slug).unwrap();
        browser.open(&chapter(&server.url(), &zone)).await;
        let started = Instant::now();
        let rows = browser.run("kata-panel").await;
        let took = started.elapsed();
        let said = browser.summary("kata-panel").await;
        assert!(said.contains(words), "{said}\nshould hold\n{words}");
        assert!(said.contains("cargo kata serve"), "{said}");
        assert!(took < AT_ONCE, "{name}: {value} was said after {took:?}");
        assert!(
            rows.iter().all(|row| row.outcome == "none"),
            "nothing was judged: {rows:#?}"
        );
    }
    browser.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_host_forbids_is_said_in_chromium() {
    what_a_host_forbids_is_said(Engine::Chromium).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_host_forbids_is_said_in_firefox() {
    what_a_host_forbids_is_said(Engine::Firefox).await;
}

/// What the first panel of a page says in the place of a run, and how many buttons of it can be seen.
const STILL: &str = "(() => {
    const panel = document.querySelector('kata-panel');
    const seen = (selector) => [...panel.querySelectorAll(selector)].filter((node) => node.checkVisibility());
    const said = seen('.kata-still').map((node) => node.innerText).join(' | ');
    return { said, buttons: seen('button').length, claims: panel.innerText.includes('Runs in this browser'),
        answer: seen('.kata-explain').length, errors: globalThis.pageErrors };
})()";

/// A host that refuses the scripts in mdBook's pages leaves a page to read.
#[tokio::test(flavor = "multi_thread")]
async fn a_host_that_forbids_scripts_in_pages_is_named() {
    let browser = Browser::start(Engine::Chromium).await;
    let host = Host {
        header: Some(("content-security-policy", "default-src 'self'")),
        ..Host::PLAIN
    };
    let server = FileServer::start_as(host).await;
    let zone = workspace().zone(FRAME).unwrap();
    let url = chapter(&server.url(), &zone);
    browser.session.goto(&url).await.unwrap();
    browser
        .until(
            "document.querySelector('.kata-still').innerText.includes('Content-Security-Policy')",
        )
        .await;
    let still = browser.eval(STILL).await;
    assert_eq!(still["buttons"], 0, "{still}");
    browser.stop().await;
}

/// Where a page's modules cannot load, a page to read is left, which says so by itself: a host calls scripts something else,
/// or the page has no origin, as in a sandboxed frame, and the host lets none without one fetch them.
#[tokio::test(flavor = "multi_thread")]
async fn a_page_whose_modules_do_not_load_says_so() {
    let browser = Browser::start(Engine::Chromium).await;
    let zone = workspace().zone(FRAME).unwrap();
    for (header, script_type) in [
        (("x-content-type-options", "nosniff"), Some("text/plain")),
        (("content-security-policy", "sandbox allow-scripts"), None),
    ] {
        let host = Host {
            header: Some(header),
            script_type,
            ..Host::PLAIN
        };
        let server = FileServer::start_as(host).await;
        let url = chapter(&server.url(), &zone);
        browser.session.goto(&url).await.unwrap();
        let still = browser.eval(STILL).await;
        let said = still["said"].as_str().unwrap();
        assert!(said.contains("scripts did not load"), "{still}");
        assert_eq!(still["buttons"], 0, "{still}");
        assert_eq!(still["claims"], false, "{still}");
    }
    browser.stop().await;
}

/// What forbids nothing is not taken for a reason.
#[tokio::test(flavor = "multi_thread")]
async fn a_frame_of_the_same_origin_is_allowed() {
    let host = Host {
        header: Some(("x-frame-options", "SAMEORIGIN")),
        ..Host::PLAIN
    };
    let server = FileServer::start_as(host).await;
    let zone = workspace().zone(FRAME).unwrap();
    for engine in [Engine::Chromium, Engine::Firefox] {
        let browser = Browser::start(engine).await;
        browser.open(&chapter(&server.url(), &zone)).await;
        crate::chapters::run_the_kata(&browser, &zone, engine).await;
        browser.stop().await;
    }
}

/// What never began says nothing of the code.
#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_fails_is_no_failure_of_a_kata() {
    let server = FileServer::start().await;
    let zone = workspace().zone(WORKER).unwrap();
    let browser = Browser::start(Engine::Chromium).await;
    browser.open(&chapter(&server.url(), &zone)).await;
    browser
        .eval(
            "(() => {
                const { fetch } = window;
                window.fetch = (url, ...more) => String(url).endsWith('/spec.js')
                    ? Promise.resolve(new Response('', { status: 500 })) : fetch(url, ...more);
            })()",
        )
        .await;
    let rows = browser.run("kata-panel").await;
    assert!(!rows.is_empty());
    for row in &rows {
        assert_eq!(row.outcome, "unjudged", "{rows:#?}");
        assert!(row.text.contains("the server answered 500"), "{row:#?}");
    }
    browser.stop().await;
}

async fn a_file_is_for_reading(engine: Engine) {
    let browser = Browser::start(engine).await;
    let site = tokio::task::spawn_blocking(build).await.unwrap();
    let zone = workspace().zone(FRAME).unwrap();
    let chapter = chapter("", &zone);
    for page in ["index.html", &chapter] {
        let url = format!("file://{}", site.join(page).display());
        browser.session.goto(&url).await.unwrap();
        browser
            .until("document.documentElement.classList.contains('as-file')")
            .await;
        let still = browser.eval(STILL).await;
        let said = still["said"].as_str().unwrap();
        assert!(said.contains("opened as a file"), "{page}: {still}");
        assert!(said.contains("cargo kata serve"), "{page}: {still}");
        assert!(!said.contains("JavaScript"), "{page}: {still}");
        assert_eq!(still["buttons"], 0, "{page}: {still}");
        assert_eq!(still["claims"], false, "{page}: {still}");
        let questions = if page == chapter { 1 } else { 0 };
        assert_eq!(still["answer"], questions, "{page}: {still}");
    }
    browser.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_is_for_reading_in_chromium() {
    a_file_is_for_reading(Engine::Chromium).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_is_for_reading_in_firefox() {
    a_file_is_for_reading(Engine::Firefox).await;
}

/// Where a browser withholds something because of the address, the address is what is named.
#[tokio::test(flavor = "multi_thread")]
async fn an_address_that_is_not_secure_is_named() {
    let server = FileServer::start().await;
    let browser = Browser::start(Engine::Chromium).await;
    let zone = workspace().zone("silent-fetch").unwrap();
    browser.open(&chapter(&server.insecure_url(), &zone)).await;
    assert_eq!(browser.eval("isSecureContext").await, false);
    browser.run("kata-panel").await;
    let said = browser.summary("kata-panel").await;
    assert!(said.contains("at http://0.0.0.0:"), "{said}");
    assert!(said.contains("the address is not secure"), "{said}");

    browser
        .click("kata-panel .kata-show [data-action=\"show\"]")
        .await;
    browser
        .until("document.querySelector('kata-panel .kata-caption').textContent.includes('the address is not secure')")
        .await;

    // What can be had without a secure address is there: the code, ready to be copied.
    browser
        .click("kata-panel [data-tab=\"code\"] [data-action=\"copy\"]")
        .await;
    let selected = "getSelection().toString().trim() === document.querySelector('kata-panel [data-tab=\"code\"] code').textContent.trim()";
    browser.until(selected).await;
    let title =
        "document.querySelector('kata-panel [data-tab=\"code\"] [data-action=\"copy\"]').title";
    let title = browser.eval(title).await;
    assert!(title.as_str().unwrap().contains("not secure"), "{title}");
    // While it is edited, that is another text.
    browser.edit().await;
    browser.type_text("// mine").await;
    browser.press_button("Copy").await;
    let selected = format!("{EDITOR}.getRootNode().getSelection().toString().includes('// mine')");
    browser.until(&selected).await;

    // A zone that needs no service worker runs as anywhere.
    let zone = workspace().zone(FRAME).unwrap();
    browser.open(&chapter(&server.insecure_url(), &zone)).await;
    crate::chapters::run_the_kata(&browser, &zone, Engine::Chromium).await;
    browser.stop().await;
}

/// Whether a script that somebody puts into the open page runs, in any of the ways in which one gets there.
const INJECTED: &str = "(async () => {
    const script = document.createElement('script');
    script.textContent = 'globalThis.injected = true';
    const image = document.createElement('img');
    image.setAttribute('onerror', 'globalThis.injected = true');
    image.src = 'data:,';
    const frame = document.createElement('iframe');
    frame.srcdoc = '<script>parent.injected = true</script>';
    document.body.append(script, image, frame);
    await new Promise((done) => setTimeout(done, 500));
    return globalThis.injected ?? false;
})()";

/// An injected script does not run, by the policy in the page or by the same one in the host's headers; katas do.
#[tokio::test(flavor = "multi_thread")]
async fn an_injected_script_does_not_run() {
    let browser = Browser::start(Engine::Chromium).await;
    for reads_headers in [false, true] {
        let host = Host {
            reads_headers,
            ..Host::PLAIN
        };
        let server = FileServer::start_as(host).await;
        for slug in [FRAME, WORKER] {
            let zone = workspace().zone(slug).unwrap();
            browser.open(&chapter(&server.url(), &zone)).await;
            crate::chapters::run_the_kata(&browser, &zone, Engine::Chromium).await;
            assert_eq!(browser.eval(INJECTED).await, false, "{slug}");
        }
        // The test's own script stands at the top of each page: before the page's policy, but not before a header.
        let watches = browser.eval("Array.isArray(globalThis.pageErrors)").await;
        assert_eq!(watches, !reads_headers);
    }
    browser.stop().await;
}
