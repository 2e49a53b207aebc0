//! `cargo kata serve` from elsewhere: through a forwarded port, from a container, under another name.

use book_tests::page::Browser;
use book_tests::repository::{Copy, Running, kata, run, words};
use book_tests::site::chapter;
use kata_engines::Engine;
use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::process::Stdio;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

/// The zone that needs a network.
const LAB: &str = "silent-fetch";
/// A zone whose tests wait for nothing.
const QUICK: &str = "detached-view";

/// Serves the chapters of these zones on a free port.
fn serve(copy: &Copy, chapters: &[&str]) -> (Running, SocketAddr) {
    copy.keep_chapters(chapters);
    Running::server(kata(copy.path(), &["serve", "--port", "0"]).stderr(Stdio::null()))
}

/// What the server answers to a request that is written by hand, as far as it comes.
fn ask(server: SocketAddr, request: &str) -> String {
    let mut stream = TcpStream::connect(server).unwrap();
    stream
        .set_read_timeout(Some(Duration::from_secs(10)))
        .unwrap();
    write!(stream, "{}\r\n\r\n", request.replace('\n', "\r\n")).unwrap();
    let mut answer = Vec::new();
    // A connection that is torn down is an answer, too.
    let _ = stream.read_to_end(&mut answer);
    String::from_utf8(answer).unwrap()
}

/// What `GET path` comes to with this `Host`.
fn get(server: SocketAddr, path: &str, host: &str) -> String {
    let request = format!("GET {path} HTTP/1.1\nHost: {host}\nConnection: close");
    ask(server, &request)
}

/// How often each end of a request was seen by the lab.
fn seen(server: SocketAddr, id: &str) -> serde_json::Value {
    let answer = get(server, &format!("/-/lab/seen?id={id}"), "localhost");
    let (_, body) = answer.split_once("\r\n\r\n").unwrap();
    serde_json::from_str(body).unwrap()
}

#[test]
fn any_port_of_localhost_is_ours_and_no_strangers_name() {
    let copy = Copy::new();
    let (_server, addr) = serve(&copy, &[]);
    for host in ["localhost:8080", "127.0.0.1:8080", "localhost"] {
        let answer = get(addr, "/index.html", host);
        assert!(answer.starts_with("HTTP/1.1 200"), "{host}: {answer}");
    }
    for host in ["evil.example:3000", "192.168.1.7:3000", "devbox:3000"] {
        let answer = get(addr, "/index.html", host);
        assert!(answer.starts_with("HTTP/1.1 403"), "{host}: {answer}");
        assert!(answer.contains("--host NAME"), "no way out: {answer}");
    }
    let foreign = "GET / HTTP/1.1\nHost: localhost\nOrigin: http://evil.example\nConnection: close";
    assert!(ask(addr, foreign).starts_with("HTTP/1.1 403"));
}

#[test]
fn a_container_is_reached_by_its_address_and_by_the_names_given() {
    let copy = Copy::new();
    let args = [
        "serve", "--port", "0", "--listen", "0.0.0.0", "--host", "devbox",
    ];
    let mut command = kata(copy.path(), &args);
    copy.keep_chapters(&[]);
    let (mut server, place) = Running::server(command.stderr(Stdio::piped()));
    let mut said = BufReader::new(server.stderr()).lines().map(Result::unwrap);
    let warning = said.find(|line| line.contains("everybody")).unwrap();
    let port = place.port();
    assert!(
        warning.contains(&format!("everybody who reaches 0.0.0.0:{port}")),
        "nobody is told what it opens: {warning}"
    );
    // Another address of this machine, as another machine would use it.
    let addr = SocketAddr::from(([127, 0, 0, 2], port));
    for host in ["devbox:8080", "172.17.0.2:3000", "localhost:3000"] {
        let answer = get(addr, "/index.html", host);
        assert!(answer.starts_with("HTTP/1.1 200"), "{host}: {answer}");
    }
    assert!(get(addr, "/index.html", "evil.example").starts_with("HTTP/1.1 403"));
}

/// What breaks in the lab breaks in the same way through the book's port.
#[test]
fn the_labs_faults_come_through_the_books_port() {
    let copy = Copy::new();
    let (_server, addr) = serve(&copy, &[]);
    let lab = |path: &str| get(addr, &format!("/-/lab{path}"), "localhost:8080");
    assert!(lab("/ok?bytes=3").ends_with("\r\n\r\n012"));
    let short = lab("/short?promise=10&send=4");
    assert!(short.contains("content-length: 10"), "{short}");
    assert!(!short.ends_with("01234"), "{short}");
    let torn = lab("/torn?bytes=4");
    assert!(
        !torn.ends_with("0\r\n\r\n"),
        "a torn body has an end: {torn}"
    );
    assert_eq!(lab("/reset"), "", "a reset is an answer");
    let moved = lab("/redirect-loop");
    assert!(
        moved.contains("location: /-/lab/redirect-loop?hop=1"),
        "{moved}"
    );
    let info = lab("/info");
    assert!(info.contains("\"refused\":null"), "{info}");
    // Whoever stops waiting is gone for the lab, before the headers and in the body.
    for (path, id) in [("silence", "before"), ("stall?bytes=3", "within")] {
        let mut client = TcpStream::connect(addr).unwrap();
        let joint = if path.contains('?') { '&' } else { '?' };
        write!(
            client,
            "GET /-/lab/{path}{joint}id={id} HTTP/1.1\r\nHost: localhost\r\n\r\n"
        )
        .unwrap();
        let until = |field: &str| {
            for _ in 0..200 {
                if seen(addr, id)[field] == 1 {
                    return;
                }
                std::thread::sleep(Duration::from_millis(50));
            }
            panic!("{path}: never {field}: {}", seen(addr, id));
        };
        until("open");
        drop(client);
        until("closed_by_client");
    }
}

/// A port that leads to another one, as `ssh -L` and editors make them.
async fn forward(to: SocketAddr) -> (JoinHandle<()>, String) {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let task = tokio::spawn(async move {
        while let Ok((mut near, _)) = listener.accept().await {
            tokio::spawn(async move {
                let mut far = tokio::net::TcpStream::connect(to).await.unwrap();
                let _ = tokio::io::copy_bidirectional(&mut near, &mut far).await;
            });
        }
    });
    (task, format!("http://localhost:{port}/"))
}

/// With the book's port alone, the zone that needs a network runs. What cannot be had that way is
/// said, and is no failure.
#[tokio::test(flavor = "multi_thread")]
async fn one_forwarded_port_is_enough() {
    let copy = Copy::new();
    let zone = copy.workspace().zone(LAB).unwrap();
    let (_server, addr) = serve(&copy, &[LAB]);
    let (forwarding, base) = forward(addr).await;
    let browser = Browser::start(Engine::Chromium).await;
    browser.open(&chapter(&base, &zone)).await;
    // The lab's own port is one of the other machine. Here it would be in reach.
    browser
        .eval(
            "(() => { const { fetch } = globalThis; globalThis.fetch = (url, options) => \
             String(url).startsWith('http://127.0.0.1') ? Promise.reject(new TypeError('not forwarded')) : fetch(url, options); })()",
        )
        .await;
    for _ in 0..2 {
        browser.click("kata-panel .kata-reveal > summary").await;
    }
    let rows = browser.run("kata-panel .kata-reveal").await;
    let (open, judged): (Vec<_>, Vec<_>) = rows.iter().partition(|row| row.outcome == "unjudged");
    assert!(
        judged.iter().all(|row| row.outcome == "passed"),
        "{rows:#?}"
    );
    assert_eq!(open.len(), 1, "{rows:#?}");
    assert!(
        open[0].text.contains("no connection can be refused"),
        "{open:#?}"
    );
    let summary = browser.summary("kata-panel .kata-reveal").await;
    assert!(summary.contains("1 could not be judged here"), "{summary}");
    browser.stop().await;
    forwarding.abort();
}

/// What is solved on the page is solved in the clone: at every address and in the terminal, until the
/// text is another.
#[tokio::test(flavor = "multi_thread")]
async fn what_is_solved_is_solved_at_every_address() {
    let copy = Copy::new();
    let zone = copy.workspace().zone(QUICK).unwrap();
    let lib = format!("katas/{QUICK}/src/lib.rs");
    copy.write(&lib, &fs::read_to_string(zone.solution_lib()).unwrap());
    let (_server, addr) = serve(&copy, &[QUICK]);
    let listed = || {
        let text = words(&run(copy.path(), &["list"]));
        let line = text.lines().find(|line| line.starts_with(QUICK)).unwrap();
        line.split_whitespace().nth(1).unwrap().to_owned()
    };
    assert_eq!(listed(), "edited");
    let browser = Browser::start(Engine::Chromium).await;
    let by_number = format!("http://{addr}/");
    browser.open(&chapter(&by_number, &zone)).await;
    let rows = browser.run("kata-panel").await;
    assert!(rows.iter().all(|row| row.outcome == "passed"), "{rows:#?}");
    let state = |wanted: &str| {
        format!("document.querySelector('kata-panel .kata-state').dataset.state === '{wanted}'")
    };
    browser.until(&state("solved")).await;
    for _ in 0..100 {
        if listed() == "solved" {
            break;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    assert_eq!(listed(), "solved");
    let by_name = format!("http://localhost:{}/", addr.port());
    browser.open(&chapter(&by_name, &zone)).await;
    browser.until(&state("solved")).await;

    // Nobody else's page can add a mark, and no mark is for a text that nobody has judged.
    let mark = |token: &str, source: &str| {
        let body = format!("{{\"slug\":\"{QUICK}\",\"source\":\"{source}\"}}");
        ask(
            addr,
            &format!(
                "POST /-/progress HTTP/1.1\nHost: localhost\nConnection: close\nkata-token: {token}\n\
                 Content-Type: application/json\nContent-Length: {}\n\n{body}",
                body.len()
            ),
        )
    };
    let answer = get(addr, "/-/progress", "localhost");
    let token = answer.split('"').skip_while(|word| *word != "token").nth(2);
    let token = token.unwrap();
    copy.write(&lib, &format!("{}\n// Once more.\n", copy.read(&lib)));
    assert_eq!(listed(), "edited");
    let now = zone.kata_sha256();
    assert!(mark("another", &now).starts_with("HTTP/1.1 403"));
    assert!(mark(token, &"0".repeat(64)).starts_with("HTTP/1.1 409"));
    assert_eq!(listed(), "edited");
    assert!(mark(token, &now).starts_with("HTTP/1.1 204"));
    assert_eq!(listed(), "solved");
    browser.stop().await;
}
