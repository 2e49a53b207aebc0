//! A client without manners of its own: it sends what it is told and reports what came back, and how it ended.

use std::io::{ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::{Duration, Instant};

use kata_lab::{Lab, LabOptions};
use serde_json::Value;

/// Longer than anything here takes on a busy machine, shorter than a connection's life in the lab.
pub const PATIENCE: Duration = Duration::from_secs(10);

pub fn lab() -> Lab {
    Lab::start(LabOptions::default()).expect("a lab on a free port")
}

/// The address in `http://host:port` with or without a slash.
pub fn addr_of(url: &str) -> SocketAddr {
    let host = url.trim_start_matches("http://").trim_end_matches('/');
    host.parse()
        .unwrap_or_else(|error| panic!("{url:?} holds no address: {error}"))
}

/// Sends a GET and leaves the connection open.
pub fn ask(addr: SocketAddr, target: &str) -> TcpStream {
    send(
        addr,
        format!("GET {target} HTTP/1.1\r\nHost: lab\r\n\r\n").as_bytes(),
    )
}

pub fn send(addr: SocketAddr, bytes: &[u8]) -> TcpStream {
    let mut stream = TcpStream::connect(addr).expect("the lab listens");
    stream.write_all(bytes).expect("the lab reads");
    stream
}

/// How reading ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// The lab closed the connection in good order (FIN).
    Closed,
    /// The lab tore it down (RST).
    Reset,
    /// It was still open when the patience ran out.
    Open,
}

#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub head: String,
    pub body: String,
    pub end: End,
}

/// Reads until the connection ends or `patience` is over.
pub fn read(stream: TcpStream, patience: Duration) -> Answer {
    let (bytes, end) = read_bytes(stream, patience);
    let text = String::from_utf8(bytes).expect("the lab sends text");
    let (head, body) = text.split_once("\r\n\r\n").unwrap_or((&text, ""));
    let status = head
        .split(' ')
        .nth(1)
        .and_then(|word| word.parse().ok())
        .unwrap_or(0);
    Answer {
        status,
        head: head.to_owned(),
        body: body.to_owned(),
        end,
    }
}

/// The head, as text, and the body of an answer that is no text.
pub fn bytes_of(addr: SocketAddr, target: &str) -> (String, Vec<u8>) {
    let (bytes, _) = read_bytes(ask(addr, target), PATIENCE);
    let end_of_head = bytes.windows(4).position(|four| four == b"\r\n\r\n");
    let (head, body) = bytes.split_at(end_of_head.expect("the lab sends a head") + 4);
    (String::from_utf8_lossy(head).into_owned(), body.to_vec())
}

fn read_bytes(mut stream: TcpStream, patience: Duration) -> (Vec<u8>, End) {
    let until = Instant::now() + patience;
    let mut bytes = Vec::new();
    let mut buffer = [0; 4096];
    let end = loop {
        let left = until.saturating_duration_since(Instant::now());
        if left.is_zero() {
            break End::Open;
        }
        stream.set_read_timeout(Some(left)).unwrap();
        match stream.read(&mut buffer) {
            Ok(0) => break End::Closed,
            Ok(read) => bytes.extend_from_slice(&buffer[..read]),
            Err(error) if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut) => {}
            Err(error) if error.kind() == ErrorKind::ConnectionReset => break End::Reset,
            Err(error) => panic!("reading failed in an unforeseen way: {error}"),
        }
    };
    (bytes, end)
}

pub fn get(addr: SocketAddr, target: &str) -> Answer {
    read(ask(addr, target), PATIENCE)
}

impl Answer {
    pub fn header(&self, name: &str) -> Option<&str> {
        self.head
            .lines()
            .find_map(|line| line.strip_prefix(name)?.strip_prefix(": "))
    }

    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body)
            .unwrap_or_else(|error| panic!("{self:?} is no JSON: {error}"))
    }
}

pub fn info(lab: &Lab) -> Value {
    get(lab.addr(), "/info").json()
}

/// One counter of one id.
pub fn seen(lab: &Lab, id: &str, counter: &str) -> u64 {
    let report = get(lab.addr(), &format!("/seen?id={id}")).json();
    report[counter]
        .as_u64()
        .unwrap_or_else(|| panic!("no {counter:?} in {report}"))
}

/// Waits until a counter has a value: closing a connection takes the system a moment.
pub fn await_seen(lab: &Lab, id: &str, counter: &str, value: u64) {
    let until = Instant::now() + PATIENCE;
    while seen(lab, id, counter) != value {
        assert!(
            Instant::now() < until,
            "{counter} of {id} never became {value}: {}",
            get(lab.addr(), &format!("/seen?id={id}")).body
        );
        std::thread::sleep(Duration::from_millis(5));
    }
}
