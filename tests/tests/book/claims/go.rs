//! What the ledger's Go programs print in a page of each engine.

use super::{programs, stems};
use axum::Router;
use axum::http::header;
use axum::response::Html;
use axum::routing::get;
use book_tests::page::Browser;
use kata_engines::Engine;
use std::collections::BTreeMap;
use std::fs;
use std::net::Ipv4Addr;
use std::path::{Path, PathBuf};
use tokio::net::TcpListener;

/// What a Go program prints in a page of one engine. The program is built already.
async fn go_prints(browser: &Browser, wasm: &Path, goroot: &Path) -> Vec<String> {
    let script = |file: PathBuf| async move {
        (
            [(header::CONTENT_TYPE, "text/javascript")],
            fs::read(file).unwrap(),
        )
    };
    let glue = goroot.join("lib/wasm/wasm_exec.js");
    let page = programs("go").join("page.js");
    let wasm = fs::read(wasm).unwrap();
    let router = Router::new()
        .route(
            "/",
            get(|| async {
                Html("<!doctype html><meta charset=utf-8><title>Go</title><body></body>\
                     <script src='/wasm_exec.js'></script><script type=module src='/page.js'></script>")
            }),
        )
        .route("/wasm_exec.js", get(move || script(glue.clone())))
        .route("/page.js", get(move || script(page.clone())))
        .route(
            "/program.wasm",
            get(move || async move { ([(header::CONTENT_TYPE, "application/wasm")], wasm.clone()) }),
        )
        .route(
            "/slow",
            get(|| async {
                tokio::time::sleep(std::time::Duration::from_secs(1)).await;
                "slow"
            }),
        );
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
    let url = format!("http://{}/", listener.local_addr().unwrap());
    let server = tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
    browser.session.goto(&url).await.unwrap();
    browser.until("globalThis.came").await;
    let came = browser.eval("globalThis.came").await;
    server.abort();
    serde_json::from_value(came).unwrap()
}

fn printed(program: &str, args: &[&str], folder: &Path) -> String {
    let mut command = std::process::Command::new(program);
    let output = command
        .args(args)
        .current_dir(folder)
        .envs([("GOOS", "js"), ("GOARCH", "wasm")])
        .output()
        .unwrap_or_else(|error| panic!("{program}: {error}"));
    assert!(output.status.success(), "{program} {args:?}: {output:?}");
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
}

/// With `CLAIMS=go`, and never else, since it needs Go: what the Go programs print in a page of each engine is written
/// beside them.
#[tokio::test(flavor = "multi_thread")]
async fn what_go_prints_is_written() {
    if std::env::var_os("CLAIMS").is_none_or(|value| value != "go") {
        return;
    }
    let folder = programs("go");
    let goroot = PathBuf::from(printed("go", &["env", "GOROOT"], &folder));
    let version = printed("go", &["env", "GOVERSION"], &folder);
    let date = printed("date", &["+%F"], &folder);
    let built = tempfile::tempdir().unwrap();
    let wasm = built.path().join("program.wasm");
    let mut lines: BTreeMap<String, Vec<(String, Vec<String>)>> = BTreeMap::new();
    for engine in Engine::ALL {
        let browser = Browser::start(engine).await;
        for name in stems(&folder, "") {
            let file = folder.join(&name).join("main.go");
            let text = fs::read_to_string(file).unwrap_or_default();
            let first = text.lines().next().unwrap_or_default();
            if !first.split(' ').any(|word| word == "page") {
                continue;
            }
            let place = format!("./{name}");
            printed(
                "go",
                &["build", "-o", wasm.to_str().unwrap(), &place],
                &folder,
            );
            let came = go_prints(&browser, &wasm, &goroot).await;
            let version = browser.session.version().to_owned();
            lines.entry(name).or_default().push((version, came));
        }
        browser.stop().await;
    }
    for (name, engines) in lines {
        let mut text = format!("{version}, {date}\n");
        for group in engines.chunk_by(|a, b| a.1 == b.1) {
            let names: Vec<&str> = group.iter().map(|(engine, _)| engine.as_str()).collect();
            text += &format!("\n{}:\n{}\n", names.join(", "), group[0].1.join("\n"));
        }
        fs::write(folder.join(name).join("page.txt"), text).unwrap();
    }
}
