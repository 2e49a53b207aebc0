//! Other servers below paths of the book: what `kata.toml` asks `cargo kata serve` for.

use book_tests::repository::{Copy, Running, kata, run, words};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::process::Stdio;
use std::thread;
use std::time::Duration;

const PATIENCE: Duration = Duration::from_secs(10);

/// A server of one's own: each connection's head, in small letters, and the connection are for `play`.
fn upstream(play: impl Fn(&str, BufReader<TcpStream>) + Clone + Send + 'static) -> SocketAddr {
    let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let addr = listener.local_addr().unwrap();
    thread::spawn(move || {
        for stream in listener.incoming().map_while(Result::ok) {
            let play = play.clone();
            thread::spawn(move || {
                stream.set_read_timeout(Some(PATIENCE)).unwrap();
                let mut stream = BufReader::new(stream);
                let head = head_of(&mut stream);
                if !head.is_empty() {
                    play(&head, stream);
                }
            });
        }
    });
    addr
}

/// Everything up to the empty line.
fn head_of(stream: &mut BufReader<TcpStream>) -> String {
    let mut head = String::new();
    while stream.read_line(&mut head).is_ok_and(|read| read > 2) {}
    head.to_ascii_lowercase()
}

/// Answers what it was asked.
fn echo() -> SocketAddr {
    upstream(|head, stream| {
        let extra = "Set-Cookie: a=1\r\nSet-Cookie: b=2\r\nX-Hop: 1\r\nConnection: close, x-hop\r\nCache-Control: max-age=60";
        let length = head.len();
        let _ = write!(
            stream.into_inner(),
            "HTTP/1.1 200 OK\r\n{extra}\r\nContent-Length: {length}\r\n\r\n{head}"
        );
    })
}

/// A server with this `kata.toml`.
fn serve(config: &str) -> (Copy, Running, SocketAddr) {
    let copy = Copy::new();
    copy.write("kata.toml", config);
    copy.keep_chapters(&[]);
    let (server, address) =
        Running::server(kata(copy.path(), &["serve", "--port", "0"]).stderr(Stdio::null()));
    (copy, server, address)
}

fn connect(server: SocketAddr) -> TcpStream {
    let stream = TcpStream::connect(server).unwrap();
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    stream
}

/// The whole answer to a request that is written by hand; its last header is `Connection: close`.
fn ask(server: SocketAddr, request: &str) -> String {
    let mut stream = connect(server);
    let request = format!("{request}\nConnection: close\n\n");
    write!(stream, "{}", request.replace('\n', "\r\n")).unwrap();
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer);
    String::from_utf8_lossy(&answer).into_owned()
}

fn get(server: SocketAddr, target: &str) -> String {
    ask(server, &format!("GET {target} HTTP/1.1\nHost: localhost"))
}

#[test]
fn a_request_goes_by_the_rules_and_the_book_stays() {
    let (api, beta) = (echo(), echo());
    let (_copy, _server, book) = serve(&format!(
        "[[proxy]]\nprefix = \"/api\"\nupstream = \"http://{api}/base\"\n\
         [[proxy]]\nprefix = \"/api/beta\"\nupstream = \"http://{beta}\"\norigin = \"upstream\"\n"
    ));
    let own = format!("http://localhost:{}", book.port());
    let answer = ask(
        book,
        &format!(
            "GET /api/a%2Fb//c?d=%3F HTTP/1.1\nHost: localhost:{}\nOrigin: {own}\nKata-Token: t\nX-Gone: 1\n\
             Keep-Alive: 5\nConnection: x-gone",
            book.port()
        ),
    );
    let (head, seen) = answer.split_once("\r\n\r\n").unwrap();
    assert!(head.starts_with("HTTP/1.1 200"), "{answer}");
    assert!(
        seen.starts_with("get /base/a%2fb//c?d=%3f http/1.1"),
        "{seen}"
    );
    for line in [format!("host: {api}"), format!("origin: {own}")] {
        assert!(
            seen.contains(&format!("\r\n{line}\r\n")),
            "no {line} in {seen}"
        );
    }
    for name in ["kata-token", "x-gone", "keep-alive"] {
        assert!(!seen.contains(name), "{name} goes on: {seen}");
    }
    // The answer is the server's own: nothing of the book's is added, nothing of the connection's is left.
    let head = head.to_ascii_lowercase();
    for line in [
        "set-cookie: a=1",
        "set-cookie: b=2",
        "cache-control: max-age=60",
    ] {
        assert!(head.contains(line), "no {line} in {head}");
    }
    for name in ["x-hop", "cross-origin", "no-store"] {
        assert!(!head.contains(name), "{name} in {head}");
    }

    // The longest prefix wins, and its server wants another origin.
    let answer = ask(
        book,
        &format!("GET /api/beta HTTP/1.1\nHost: localhost\nOrigin: {own}"),
    );
    assert!(answer.contains("get / http/1.1"), "{answer}");
    assert!(
        answer.contains(&format!("origin: http://{beta}")),
        "{answer}"
    );

    // What is not below a prefix is the book's.
    for target in ["/apiary/x", "/api@127.0.0.1:1/x", "/api%2Fx"] {
        let answer = get(book, target);
        assert!(answer.starts_with("HTTP/1.1 404"), "{target}: {answer}");
        assert!(
            answer.contains("cross-origin-opener-policy"),
            "{target}: not the book's"
        );
    }
    assert!(get(book, "/index.html").starts_with("HTTP/1.1 200"));
    assert!(get(book, "/-/progress").contains("\"token\""));
    assert!(get(book, "/-/lab/ok?bytes=3").ends_with("012"));

    // Nobody gets further than to these two.
    for target in [
        "/api/../x",
        "/api/%2e%2E/x",
        "/api/..%2fx",
        "http://evil.example/api/x",
        "http://localhost/api/x",
    ] {
        let answer = get(book, target);
        assert!(answer.starts_with("HTTP/1.1 400"), "{target}: {answer}");
    }
    let connect = ask(book, "CONNECT evil.example:443 HTTP/1.1\nHost: localhost");
    assert!(connect.starts_with("HTTP/1.1 400"), "{connect}");
    for headers in [
        "Host: evil.example",
        "Host: localhost\nOrigin: http://evil.example",
        "Host: localhost\nOrigin: null",
    ] {
        let answer = ask(book, &format!("GET /api/x HTTP/1.1\n{headers}"));
        assert!(answer.starts_with("HTTP/1.1 403"), "{headers}: {answer}");
    }
    let two = ask(
        book,
        "GET /api/x HTTP/1.1\nHost: localhost\nHost: localhost",
    );
    assert!(two.starts_with("HTTP/1.1 400"), "{two}");
}

/// Reads until `words` have come.
fn read_until(stream: &mut impl Read, words: &str) -> String {
    let mut seen = Vec::new();
    while !String::from_utf8_lossy(&seen).contains(words) {
        let mut byte = [0];
        let read = stream.read(&mut byte);
        assert!(
            matches!(read, Ok(1)),
            "{words:?} never comes: {:?}",
            String::from_utf8_lossy(&seen)
        );
        seen.push(byte[0]);
    }
    String::from_utf8(seen).unwrap()
}

#[test]
fn bodies_stream_both_ways_and_a_websocket_is_a_line() {
    // Answers each piece of the request before the next one is sent. A single byte comes in one piece.
    let pieces = upstream(|_, mut stream| {
        let mut out = stream.get_ref().try_clone().unwrap();
        write!(out, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n").unwrap();
        for (piece, answer) in [("P", "1\r\nQ\r\n"), ("Y", "1\r\nZ\r\n")] {
            read_until(&mut stream, piece);
            out.write_all(answer.as_bytes()).unwrap();
        }
        // Whoever hangs up with something unread takes back what was said last.
        read_until(&mut stream, "0\r\n\r\n");
        write!(out, "0\r\n\r\n").unwrap();
    });
    // Agrees to a WebSocket, and then says all again in capitals.
    let line = upstream(|head, mut stream| {
        let mut out = stream.get_ref().try_clone().unwrap();
        if !(head.contains("connection: upgrade") && head.contains("upgrade: websocket")) {
            let _ = write!(
                out,
                "HTTP/1.1 426 Upgrade Required\r\nContent-Length: 0\r\n\r\n"
            );
            return;
        }
        assert!(head.contains("sec-websocket-key: k"), "{head}");
        let agreed = "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: a";
        write!(out, "HTTP/1.1 101 Switching Protocols\r\n{agreed}\r\n\r\n").unwrap();
        let mut byte = [0];
        while matches!(stream.read(&mut byte), Ok(1)) {
            out.write_all(&byte.map(|byte| byte.to_ascii_uppercase()))
                .unwrap();
        }
    });
    let (_copy, _server, book) = serve(&format!(
        "[[proxy]]\nprefix = \"/pieces\"\nupstream = \"http://{pieces}\"\n\
         [[proxy]]\nprefix = \"/line\"\nupstream = \"http://{line}\"\n"
    ));

    let mut stream = connect(book);
    let head = "POST /pieces HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n";
    write!(stream, "{head}1\r\nP\r\n").unwrap();
    let answer = read_until(&mut stream, "Q");
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    write!(stream, "1\r\nY\r\n0\r\n\r\n").unwrap();
    read_until(&mut stream, "Z");
    read_until(&mut stream, "0\r\n\r\n");

    let mut stream = connect(book);
    let asks = "Connection: keep-alive, Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: k";
    write!(
        stream,
        "GET /line HTTP/1.1\r\nHost: localhost\r\n{asks}\r\n\r\n"
    )
    .unwrap();
    let answer = read_until(&mut stream, "\r\n\r\n").to_ascii_lowercase();
    assert!(answer.starts_with("http/1.1 101"), "{answer}");
    for line in [
        "upgrade: websocket",
        "connection: upgrade",
        "sec-websocket-accept: a",
    ] {
        assert!(answer.contains(line), "no {line} in {answer}");
    }
    for words in ["hello", "again"] {
        write!(stream, "{words}").unwrap();
        read_until(&mut stream, &words.to_ascii_uppercase());
    }
    // Another upgrade than this one is not asked for.
    let other = ask(book, "GET /line HTTP/1.1\nHost: localhost\nUpgrade: h2c");
    assert!(other.starts_with("HTTP/1.1 426"), "{other}");
}

#[test]
fn what_does_not_work_is_said_in_plain_words() {
    let silent = upstream(|_, mut stream| {
        let _ = stream.read_to_end(&mut Vec::new());
    });
    let stalled = upstream(|_, mut stream| {
        let mut out = stream.get_ref().try_clone().unwrap();
        write!(out, "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n0123").unwrap();
        let _ = stream.read_to_end(&mut Vec::new());
    });
    let events = upstream(|_, stream| {
        let mut out = stream.get_ref().try_clone().unwrap();
        write!(
            out,
            "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\ndata: 1\n\n"
        )
        .unwrap();
        thread::sleep(Duration::from_millis(900));
        write!(out, "data: 2\n\n").unwrap();
    });
    let nobody = {
        let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        listener.local_addr().unwrap()
    };
    let drain = upstream(|_, mut stream| {
        let _ = stream.read_to_end(&mut Vec::new());
    });
    let (_copy, _server, book) = serve(&format!(
        "[[proxy]]\nprefix = \"/silent\"\nupstream = \"http://{silent}\"\ntimeout_ms = 300\n\
         [[proxy]]\nprefix = \"/stalled\"\nupstream = \"http://{stalled}\"\ntimeout_ms = 300\n\
         [[proxy]]\nprefix = \"/events\"\nupstream = \"http://{events}\"\ntimeout_ms = 300\n\
         [[proxy]]\nprefix = \"/nobody\"\nupstream = \"http://{nobody}\"\n\
         [[proxy]]\nprefix = \"/small\"\nupstream = \"http://{drain}\"\nlimit_bytes = 10\n"
    ));
    let expect = |answer: &str, status: &str, words: &str| {
        assert!(
            answer.starts_with(&format!("HTTP/1.1 {status}")),
            "{answer}"
        );
        assert!(
            answer.contains("text/plain") && answer.contains(words),
            "{answer}"
        );
    };
    let down = get(book, "/nobody/x");
    expect(&down, "502", &format!("http://{nobody} cannot be asked: "));
    assert!(down.contains("refused"), "the reason is missing: {down}");
    expect(
        &get(book, "/silent"),
        "504",
        "has not answered within 300 ms",
    );
    // Its head has come, so all that can be done is to break off.
    let stalled = get(book, "/stalled");
    assert!(
        stalled.starts_with("HTTP/1.1 200") && stalled.ends_with("0123"),
        "{stalled}"
    );

    // Events come when there are any.
    let events = get(book, "/events");
    assert!(
        events.contains("data: 1") && events.contains("data: 2"),
        "{events}"
    );

    let post = |headers: &str, body: &str| {
        let mut stream = connect(book);
        let head = format!(
            "POST /small HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n{headers}\r\n\r\n"
        );
        write!(stream, "{head}{body}").unwrap();
        let mut answer = Vec::new();
        let _ = stream.read_to_end(&mut answer);
        String::from_utf8_lossy(&answer).into_owned()
    };
    let words = "may have 10 bytes";
    expect(&post("Content-Length: 11", "0123456789a"), "413", words);
    let chunks = "8\r\n01234567\r\n8\r\n01234567\r\n0\r\n\r\n";
    expect(&post("Transfer-Encoding: chunked", chunks), "413", words);
}

#[test]
fn a_broken_file_is_one_line_with_its_place() {
    let copy = Copy::new();
    for (text, error) in [
        (
            "[[proxy]]\nprefix = \"/-/lab\"\nupstream = \"http://127.0.0.1:1\"\n",
            "error: kata.toml:2: prefix = \"/-/lab\": the book itself has /-/",
        ),
        (
            "\n[[proxy]]\nprefix = \"/api\"\nupstream = \"https://intern.example\"\n",
            "error: kata.toml:4: upstream = \"https://intern.example\": expected http://host:port/path",
        ),
        ("# mine\n[[proxy]\n", "error: kata.toml:2: "),
        (
            "[[proxy]]\nprefix = \"/api\"\n",
            "error: kata.toml:1: missing field `upstream`",
        ),
    ] {
        copy.write("kata.toml", text);
        let output = run(copy.path(), &["serve", "--port", "0"]);
        assert_eq!(output.status.code(), Some(2), "{text}");
        let said = words(&output);
        let line = said.lines().find(|line| line.starts_with("error: "));
        assert!(line.is_some_and(|line| line.starts_with(error)), "{said}");
    }
    let port = TcpListener::bind(("127.0.0.1", 0))
        .unwrap()
        .local_addr()
        .unwrap()
        .port();
    copy.write(
        "kata.toml",
        &format!("[[proxy]]\nprefix = \"/api\"\nupstream = \"http://localhost:{port}/api\"\n"),
    );
    let output = run(copy.path(), &["serve", "--port", &port.to_string()]);
    assert!(
        words(&output).contains("kata.toml:1: the upstream"),
        "{}",
        words(&output)
    );
}
