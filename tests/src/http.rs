//! HTTP by hand, so that a request can be wrong in one thing.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

/// How long an answer may take on a busy machine; nearly all of it is compiling.
pub const PATIENCE: Duration = Duration::from_secs(300);

/// A request that is right, to be spoiled in one thing.
#[derive(Clone)]
pub struct Ask<'a> {
    /// `GET` and its like.
    pub method: &'a str,
    /// The path, as it is sent.
    pub path: String,
    /// The value of `Host`.
    pub host: &'a str,
    /// All other headers; without `content-length` it is the body's.
    pub headers: Vec<(&'a str, String)>,
    /// The body.
    pub body: Vec<u8>,
}

impl<'a> Ask<'a> {
    /// The same with this header in the place of another value.
    #[must_use]
    pub fn with(mut self, name: &'a str, value: &str) -> Self {
        self.headers.retain(|(known, _)| *known != name);
        self.headers.push((name, value.to_owned()));
        self
    }

    /// The same with this header once more.
    #[must_use]
    pub fn with_another(mut self, name: &'a str, value: &str) -> Self {
        self.headers.push((name, value.to_owned()));
        self
    }

    /// The same without a header.
    #[must_use]
    pub fn without(mut self, name: &str) -> Self {
        self.headers.retain(|(known, _)| *known != name);
        self
    }

    fn bytes(&self) -> Vec<u8> {
        let mut head = format!(
            "{} {} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n",
            self.method, self.path, self.host
        );
        for (name, value) in &self.headers {
            head.push_str(&format!("{name}: {value}\r\n"));
        }
        if !self
            .headers
            .iter()
            .any(|(name, _)| *name == "content-length")
        {
            head.push_str(&format!("content-length: {}\r\n", self.body.len()));
        }
        [head.as_bytes(), b"\r\n", &self.body].concat()
    }

    /// Sends it, and answers the connection.
    pub fn connect(&self, addr: SocketAddr) -> TcpStream {
        let mut stream = TcpStream::connect(addr).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        stream.write_all(&self.bytes()).unwrap();
        stream
    }

    /// Sends it, and answers the status and the body.
    pub fn send(&self, addr: SocketAddr) -> (u16, String) {
        read(&mut self.connect(addr))
    }
}

/// The status of an answer and its body; 0 if there is none.
pub fn read(stream: &mut TcpStream) -> (u16, String) {
    let (status, _, body) = read_all(stream);
    (status, body)
}

/// The status of an answer, its headers in small letters, and its body.
pub fn read_all(stream: &mut TcpStream) -> (u16, String, String) {
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer);
    let text = String::from_utf8_lossy(&answer).into_owned();
    let status = text.split(' ').nth(1).and_then(|word| word.parse().ok());
    let (head, body) = text.split_once("\r\n\r\n").unwrap_or((&text, ""));
    (status.unwrap_or(0), head.to_lowercase(), body.to_owned())
}
