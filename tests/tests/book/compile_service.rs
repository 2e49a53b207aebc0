//! A site whose readers compile elsewhere: the service answers to its pages, and to nobody else.

use book_tests::http::{Ask, read_all};
use book_tests::repository::{Running, kata, root, workspace};
use serde_json::{Value, json};
use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::process::Stdio;

const SLUG: &str = "detached-view";
const SITE: &str = "https://book.example";

/// The service for a site.
fn service(site: &str) -> (Running, SocketAddr) {
    let mut command = kata(&root(), &["serve", "--port", "0", "--compile-for", site]);
    let mut running = Running::start(command.stdout(Stdio::piped()).stderr(Stdio::null()));
    let mut line = String::new();
    BufReader::new(running.stdout())
        .read_line(&mut line)
        .unwrap();
    let mut words = line.split_whitespace().rev();
    let addr = words.find_map(|word| word.strip_prefix("http://")?.strip_suffix('/'));
    (
        running,
        addr.unwrap_or_else(|| panic!("no address in {line:?}"))
            .parse()
            .unwrap(),
    )
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
