//! What the ledger's programs answer in a page of each engine, and what they answered when that was written down.

use super::{in_browsers, programs};
use axum::Router;
use axum::extract::{Path as Place, State};
use axum::http::{HeaderName, StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::get;
use book_tests::page::Browser;
use kata_book::claims::{Answers, Measured};
use kata_engines::Engine;
use serde_json::Value;
use std::collections::BTreeMap;
use std::fs;
use std::net::Ipv4Addr;
use std::path::PathBuf;
use tokio::net::TcpListener;

/// The pages that a program may ask for, and the headers that they come with.
fn headers(page: &str) -> Option<Vec<(HeaderName, &'static str)>> {
    let coop = HeaderName::from_static("cross-origin-opener-policy");
    let coep = HeaderName::from_static("cross-origin-embedder-policy");
    let policy = |text| vec![(header::CONTENT_SECURITY_POLICY, text)];
    match page {
        "plain" => Some(Vec::new()),
        "isolated" => Some(vec![(coop, "same-origin"), (coep, "require-corp")]),
        "self" => Some(policy("script-src 'self'")),
        "wasm" => Some(policy("script-src 'self' 'wasm-unsafe-eval'")),
        _ => None,
    }
}

const PAGES: [&str; 4] = ["plain", "isolated", "self", "wasm"];

async fn a_page(Place(page): Place<String>) -> Response {
    let Some(headers) = headers(&page) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let html = "<!doctype html><meta charset=utf-8><title>Claims</title>\
                <script type=module src='/run.js'></script><body></body>";
    let mut response = Html(html).into_response();
    for (name, value) in headers {
        response.headers_mut().insert(name, value.parse().unwrap());
    }
    response
}

async fn a_file(State(folder): State<PathBuf>, Place(file): Place<String>) -> Response {
    let (kind, body) = match file.rsplit_once('.') {
        Some((_, "js")) => ("text/javascript", fs::read(folder.join(&file)).ok()),
        Some((stem, "wasm")) => {
            let text = fs::read_to_string(folder.join(format!("{stem}.wat")));
            let wasm =
                text.map(|text| wat::parse_str(text).unwrap_or_else(|error| panic!("{error}")));
            ("application/wasm", wasm.ok())
        }
        _ => {
            let names = serde_json::to_vec(&in_browsers()).ok();
            (
                "application/json",
                names.filter(|_| file == "programs.json"),
            )
        }
    };
    match body {
        Some(body) => ([(header::CONTENT_TYPE, kind)], body).into_response(),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

/// What all programs answer in one engine: by program, then by page, and each as a list of questions and answers.
type Came = BTreeMap<String, BTreeMap<String, Vec<(String, Value)>>>;

async fn measure(engine: Engine) -> (String, Came) {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
    let url = format!("http://{}/", listener.local_addr().unwrap());
    let router = Router::new()
        .route("/{page}/", get(a_page))
        .route("/{file}", get(a_file))
        .with_state(programs("browser"));
    let server = tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
    let browser = Browser::start(engine).await;
    let mut all = Came::new();
    for page in PAGES {
        browser
            .session
            .goto(&format!("{url}{page}/"))
            .await
            .unwrap();
        browser.until("globalThis.came").await;
        // As text: a driver may change numbers on their way.
        let came = browser.eval("JSON.stringify(globalThis.came)").await;
        let came: BTreeMap<String, Vec<(String, Value)>> =
            serde_json::from_str(came.as_str().unwrap())
                .unwrap_or_else(|error| panic!("{engine}, {page}: {error}: {came}"));
        for (program, answers) in came {
            let failed = answers.iter().find(|(what, _)| what == "error");
            assert!(failed.is_none(), "{engine}, {page}, {program}: {failed:?}");
            all.entry(program)
                .or_default()
                .insert(page.to_owned(), answers);
        }
    }
    let version = browser.session.version().to_owned();
    browser.stop().await;
    server.abort();
    (version, all)
}

fn recorded() -> Measured {
    let text = fs::read_to_string(programs("browser").join("measured.json")).unwrap();
    serde_json::from_str(&text).unwrap()
}

/// What was recorded of one engine.
fn of_engine(measured: &Measured, engine: Engine) -> Came {
    // An engine may have fewer answers: what it lacks cannot be asked further.
    let own = |answers: &Answers| {
        let value = answers.all.as_ref().or(answers.each.get(engine.name()));
        value.map(|value| (answers.what.clone(), value.clone()))
    };
    let pages = |pages: &BTreeMap<String, Vec<Answers>>| {
        let page = |(page, answers): (&String, &Vec<Answers>)| {
            (page.clone(), answers.iter().filter_map(own).collect())
        };
        pages.iter().map(page).collect()
    };
    measured
        .programs
        .iter()
        .map(|(program, of)| (program.clone(), pages(of)))
        .collect()
}

async fn answers_as_recorded(engine: Engine) {
    if std::env::var_os("CLAIMS").is_some_and(|value| value == "write") {
        return; // `answers_are_written` is at work.
    }
    let measured = recorded();
    let (version, came) = measure(engine).await;
    let expected = of_engine(&measured, engine);
    let names = |all: &Came| all.keys().cloned().collect::<Vec<_>>();
    assert_eq!(
        names(&came),
        names(&expected),
        "programs, and those with answers"
    );
    for (program, pages) in &came {
        assert_eq!(
            pages,
            &expected[program],
            "{program} answers otherwise in {version} than it did in {}, on {}. If the engine has changed, write \
             down its answers with CLAIMS=write, and say on the page what is different.",
            measured.engines[engine.name()],
            measured.date
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn programs_answer_as_the_ledger_says_in_chromium() {
    answers_as_recorded(Engine::Chromium).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn programs_answer_as_the_ledger_says_in_firefox() {
    answers_as_recorded(Engine::Firefox).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn programs_answer_as_the_ledger_says_in_webkit() {
    answers_as_recorded(Engine::Webkit).await;
}

/// With `CLAIMS=write`, and never else: what all three engines answer now becomes what is recorded.
#[tokio::test(flavor = "multi_thread")]
async fn answers_are_written() {
    if std::env::var_os("CLAIMS").is_none_or(|value| value != "write") {
        return;
    }
    let mut engines = BTreeMap::new();
    let mut of_each = BTreeMap::new();
    for engine in Engine::ALL {
        let (version, came) = measure(engine).await;
        engines.insert(engine.name().to_owned(), version);
        of_each.insert(engine.name().to_owned(), came);
    }
    let mut programs_now: BTreeMap<String, BTreeMap<String, Vec<Answers>>> = BTreeMap::new();
    for (engine, came) in &of_each {
        for (program, pages) in came {
            for (page, answers) in pages {
                let known = programs_now.entry(program.clone()).or_default();
                let known = known.entry(page.clone()).or_default();
                for (what, value) in answers {
                    if known.iter().all(|of| of.what != *what) {
                        let what = what.clone();
                        known.push(Answers {
                            what,
                            all: None,
                            each: BTreeMap::new(),
                        });
                    }
                    let of = known.iter_mut().find(|of| of.what == *what).unwrap();
                    of.each.insert(engine.clone(), value.clone());
                }
            }
        }
    }
    let all_answers = programs_now
        .values_mut()
        .flat_map(BTreeMap::values_mut)
        .flatten();
    for of in all_answers {
        let value = of.each.values().next().unwrap().clone();
        let is_same = of.each.values().all(|other| *other == value);
        if is_same && of.each.len() == of_each.len() {
            of.all = Some(value);
            of.each.clear();
        }
    }
    let date = std::process::Command::new("date")
        .arg("+%F")
        .output()
        .unwrap();
    let measured = Measured {
        date: String::from_utf8(date.stdout).unwrap().trim().to_owned(),
        engines,
        programs: programs_now,
    };
    let text = serde_json::to_string_pretty(&measured).unwrap();
    fs::write(programs("browser").join("measured.json"), text + "\n").unwrap();
}
