//! What an engine itself says in a page whose policy allows no WebAssembly: what the spec of `import-gate` takes for
//! granted, and what its chapter says of it.

use axum::Router;
use axum::http::header;
use axum::response::{Html, IntoResponse};
use axum::routing::get;
use book_tests::page::Browser;
use kata_engines::Engine;
use serde_json::{Value, json};
use std::net::Ipv4Addr;
use tokio::net::TcpListener;

/// Scripts in the page, and no `'wasm-unsafe-eval'`.
const FORBIDDING: &str = "script-src 'self' 'unsafe-inline'";
const ALLOWING: &str = "script-src 'self' 'unsafe-inline' 'wasm-unsafe-eval'";

/// For each step with the smallest module: that it worked, or the class and words of what was thrown.
const STEPS: &str = "(async () => {
    const smallest = new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0]);
    const steps = {
        validate: () => WebAssembly.validate(smallest),
        compile: () => WebAssembly.compile(smallest),
        module: () => new WebAssembly.Module(smallest),
        instantiate: async () => WebAssembly.instantiate(await WebAssembly.compile(smallest), {}),
        eval: () => eval('1'),
    };
    const came = {};
    for (const [name, step] of Object.entries(steps)) {
        try { await step(); came[name] = 'works'; }
        catch (error) { came[name] = [error.name, error instanceof WebAssembly.CompileError, error.message]; }
    }
    return came;
})()";

/// What comes of each step under a policy, served with the page as its header. The page's own script takes the steps:
/// ChromeDriver's may use `eval` anywhere.
async fn under(browser: &Browser, policy: &'static str) -> Value {
    let page = async move || {
        let headers = [(header::CONTENT_SECURITY_POLICY, policy)];
        let html = format!(
            "<!doctype html><title>A page with a policy</title><script>globalThis.came = {STEPS}</script>"
        );
        (headers, Html(html)).into_response()
    };
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
    let url = format!("http://{}/", listener.local_addr().unwrap());
    let server = tokio::spawn(async move {
        let router = Router::new().route("/", get(page));
        axum::serve(listener, router).await.unwrap();
    });
    browser.session.goto(&url).await.unwrap();
    let came = browser.eval("globalThis.came").await;
    server.abort();
    came
}

async fn a_policy_forbids_webassembly(engine: Engine, words: &str) {
    let browser = Browser::start(engine).await;
    let came = under(&browser, FORBIDDING).await;
    assert_eq!(came["validate"], "works", "{came}");
    for step in ["compile", "module", "instantiate"] {
        let thrown = &came[step];
        assert_eq!(thrown[0], "CompileError", "{step}: {came}");
        assert_eq!(thrown[1], true, "{step}: {came}");
        let said = thrown[2].as_str().unwrap();
        assert!(said.contains(words), "{step} should say {words}: {came}");
    }
    assert_eq!(came["eval"][0], "EvalError", "{came}");

    let came = under(&browser, ALLOWING).await;
    for step in ["validate", "compile", "module", "instantiate"] {
        assert_eq!(came[step], json!("works"), "{step}: {came}");
    }
    assert_eq!(came["eval"][0], "EvalError", "{came}");
    browser.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_policy_forbids_webassembly_in_chromium() {
    let words = "violates the following Content Security policy directive";
    a_policy_forbids_webassembly(Engine::Chromium, words).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_policy_forbids_webassembly_in_firefox() {
    a_policy_forbids_webassembly(Engine::Firefox, "blocked by CSP").await;
}
