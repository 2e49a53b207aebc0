//! A site whose readers compile elsewhere: the service answers to its pages, and to nobody else.

use book_tests::http::{Ask, read_all};
use book_tests::page::{Browser, failing};
use book_tests::repository::{Copy, Running, kata, root, words, workspace};
use book_tests::site::{FileServer, Host, chapter};
use kata_engines::Engine;
use serde_json::{Value, json};
use std::net::SocketAddr;
use std::process::Stdio;

const SLUG: &str = "detached-view";
const SITE: &str = "https://book.example";
/// Without the local server, some of its rules cannot be judged.
const LAB: &str = "silent-fetch";

/// The service for a site.
fn service(site: &str) -> (Running, SocketAddr) {
    let mut command = kata(&root(), &["serve", "--port", "0", "--compile-for", site]);
    Running::server(command.stderr(Stdio::null()))
}

fn ask(method: &'static str, path: &str, origin: &str, body: &Value) -> Ask<'static> {
    let ask = Ask {
        method,
        path: path.to_owned(),
        host: "compile.example",
        headers: Vec::new(),
        body: body.to_string().into_bytes(),
    };
    ask.with("origin", origin)
        .with("content-type", "application/json")
}

#[test]
fn it_compiles_for_one_site_and_shows_nothing_else() {
    let (_running, addr) = service(SITE);
    let lib = workspace().zone(SLUG).unwrap().kata_lib();
    let text = json!({ "text": std::fs::read_to_string(lib).unwrap() });
    let path = format!("/compile/{SLUG}");
    for origin in [
        "https://evil.example",
        "null",
        "https://book.example.evil.example",
        "http://book.example",
    ] {
        for method in ["OPTIONS", "POST"] {
            let (status, head, _) = read_all(&mut ask(method, &path, origin, &text).connect(addr));
            assert_eq!(status, 403, "{method} from {origin}");
            assert!(!head.contains("access-control"), "{head}");
        }
    }
    let nameless = ask("POST", &path, SITE, &text).without("origin");
    assert_eq!(nameless.send(addr).0, 403);

    let (status, head, _) = read_all(&mut ask("OPTIONS", &path, SITE, &json!({})).connect(addr));
    assert_eq!(status, 204);
    assert!(
        head.contains("access-control-allow-headers: content-type"),
        "{head}"
    );
    let (status, head, body) = read_all(&mut ask("POST", &path, SITE, &text).connect(addr));
    assert_eq!(status, 200, "{body}");
    assert!(
        head.contains("access-control-allow-origin: https://book.example\r\n"),
        "{head}"
    );
    let told: Value = serde_json::from_str(&body).unwrap();
    assert_eq!(told["status"], "ready", "{told}");
    let url = format!("/{}", told["url"].as_str().unwrap());
    for file in ["spec.js", "spec_bg.wasm"] {
        let (status, head, _) =
            read_all(&mut ask("GET", &format!("{url}{file}"), SITE, &json!({})).connect(addr));
        assert!(
            status == 200 && head.contains("access-control-allow-origin"),
            "{file}: {head}"
        );
    }

    // The door is the same, and there is no book behind it.
    let form = ask("POST", &path, SITE, &text).with("content-type", "text/plain");
    assert_eq!(form.send(addr).0, 415);
    for path in [
        "/",
        "/-/progress",
        "/-/source/detached-view",
        "/bundles/detached-view/kata/spec.js",
    ] {
        assert_eq!(
            ask("GET", path, SITE, &json!({})).send(addr).0,
            404,
            "{path}"
        );
    }
}

/// A reader of such a site writes in the editor, and runs it there: what rustc refuses, and what is right.
async fn a_reader_far_away_writes(engine: Engine) {
    let out = tempfile::tempdir().unwrap();
    let site = FileServer::start_of(out.path().join("site"), Host::PLAIN).await;
    let url = site.url();
    let origin = url.split('/').take(3).collect::<Vec<_>>().join("/");
    let (_running, service) = service(&origin);
    let copy = Copy::new();
    copy.keep_chapters(&[LAB]);
    let built = kata(copy.path(), &["build", "--compile-service"])
        .arg(format!("http://{service}/"))
        .arg("--out")
        .arg(out.path().join("site"))
        .output()
        .unwrap();
    assert!(built.status.success(), "{}", words(&built));

    let browser = Browser::start(engine).await;
    let zone = workspace().zone(LAB).unwrap();
    browser.open(&chapter(&url, &zone)).await;
    browser.run("kata-panel").await;
    let state = "document.querySelector('.kata-state').dataset.state";
    assert_eq!(browser.eval(state).await, "broken");
    browser.edit().await;
    browser.type_text("oops ").await;
    browser.run_until("It does not compile.").await;
    let said = "document.querySelector('.kata-rules .kata-diagnostics').textContent";
    let said = browser.eval(said).await;
    assert!(said.as_str().unwrap().contains("oops"), "{said}");
    let solution = std::fs::read_to_string(zone.solution_lib()).unwrap();
    browser.paste_over(&solution).await;
    let rows = browser.run("kata-panel").await;
    let said = browser.summary("kata-panel").await;
    assert!(failing(&rows).is_empty(), "{said}: {rows:#?}");
    // Nothing is broken any more, now and after a reload.
    assert_eq!(browser.eval(state).await, "open");
    browser.open(&chapter(&url, &zone)).await;
    assert_eq!(browser.eval(state).await, "new");
    assert_eq!(browser.page_errors().await, Vec::<String>::new());
    browser.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reader_far_away_writes_in_chromium() {
    a_reader_far_away_writes(Engine::Chromium).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reader_far_away_writes_in_firefox() {
    a_reader_far_away_writes(Engine::Firefox).await;
}
