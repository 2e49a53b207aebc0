//! An answer: its headers and its body, honest or not.

use serde_json::Value;

use crate::gzip;
use crate::origin::Origin;
use crate::query::BadParameter;

const TEXT: &str = "text/plain; charset=utf-8";

/// What the lab says to a request.
#[derive(Debug)]
pub(crate) struct Answer {
    status: u16,
    content_type: &'static str,
    headers: Vec<(&'static str, String)>,
    body: Vec<u8>,
    length: Length,
}

/// How an answer says where its body ends.
#[derive(Debug)]
enum Length {
    /// Content-Length. Honest endpoints say the body's length.
    Promise(u64),
    /// In chunks, each with its own length. The body is already cut into them.
    Chunked,
}

impl Answer {
    fn new(status: u16, content_type: &'static str, body: Vec<u8>) -> Self {
        Self {
            status,
            content_type,
            headers: Vec::new(),
            length: Length::Promise(body.len() as u64),
            body,
        }
    }

    /// Some words for a person.
    pub(crate) fn text(status: u16, words: &str) -> Self {
        Self::new(status, TEXT, format!("{}\n", words.trim_end()).into_bytes())
    }

    /// What another server has said.
    pub(crate) fn passed_on(status: u16, body: Vec<u8>) -> Self {
        Self::new(status, TEXT, body)
    }

    pub(crate) fn json(value: &Value) -> Self {
        Self::new(200, "application/json", value.to_string().into_bytes())
    }

    /// 200 with `bytes` digits as a body, out of a promised number.
    pub(crate) fn filler(bytes: u64, promise: u64) -> Self {
        Self {
            length: Length::Promise(promise),
            ..Self::new(200, TEXT, digits(bytes))
        }
    }

    /// 200 with `bytes` digits out of a chunk of one more: without a Content-Length, only the framing tells that it is
    /// not all.
    pub(crate) fn torn(bytes: u64) -> Self {
        let mut body = format!("{:x}\r\n", bytes + 1).into_bytes();
        body.extend(digits(bytes));
        Self {
            length: Length::Chunked,
            ..Self::new(200, TEXT, body)
        }
    }

    /// 200 with `bytes` digits in gzip, and behind them what no decoder takes. The length is that of all these bytes.
    pub(crate) fn garbled(bytes: u64) -> Self {
        Self::new(200, TEXT, gzip::garbled(&digits(bytes))).with("Content-Encoding", "gzip")
    }

    pub(crate) fn redirect(status: u16, location: String) -> Self {
        Self::text(status, "Not here: see Location.").with("Location", location)
    }

    pub(crate) fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    /// The answer as it goes over the wire, up to where the endpoint stops.
    pub(crate) fn bytes(&self, origin: Origin) -> Vec<u8> {
        let mut head = format!("HTTP/1.1 {} {}\r\n", self.status, reason(self.status));
        let mut header = |name: &str, value: &str| head += &format!("{name}: {value}\r\n");
        header("Connection", "close");
        // An answer out of a cache would never reach the lab.
        header("Cache-Control", "no-store");
        // A browser that guesses the type holds the first bytes back, and a drip would come in a gush.
        header("X-Content-Type-Options", "nosniff");
        if origin == Origin::First {
            header("Access-Control-Allow-Origin", "*");
            header("Cross-Origin-Resource-Policy", "cross-origin");
            header("Timing-Allow-Origin", "*");
            // Content-Length is shown to every origin. Without this one, nobody could know what it counts.
            header("Access-Control-Expose-Headers", "Content-Encoding");
        }
        for (name, value) in &self.headers {
            header(name, value);
        }
        // These have no body, by definition.
        let bodiless = matches!(self.status, 204 | 205 | 304);
        if !bodiless {
            header("Content-Type", self.content_type);
            match self.length {
                Length::Promise(bytes) => header("Content-Length", &bytes.to_string()),
                Length::Chunked => header("Transfer-Encoding", "chunked"),
            }
        }
        head += "\r\n";
        let mut bytes = head.into_bytes();
        if !bodiless {
            bytes.extend_from_slice(&self.body);
        }
        bytes
    }
}

impl From<BadParameter> for Answer {
    fn from(BadParameter(words): BadParameter) -> Self {
        Self::text(400, &words)
    }
}

/// The filler of all bodies: digits, over and over.
fn digits(bytes: u64) -> Vec<u8> {
    let digits = b"0123456789".iter().copied().cycle();
    digits.zip(0..bytes).map(|(digit, _)| digit).collect()
}

/// The words for a status. Clients must not rely on them, and for the rarer codes there are none.
fn reason(status: u16) -> &'static str {
    match status {
        200 => "OK",
        204 => "No Content",
        302 => "Found",
        304 => "Not Modified",
        307 => "Temporary Redirect",
        400 => "Bad Request",
        403 => "Forbidden",
        404 => "Not Found",
        405 => "Method Not Allowed",
        408 => "Request Timeout",
        429 => "Too Many Requests",
        431 => "Request Header Fields Too Large",
        500 => "Internal Server Error",
        502 => "Bad Gateway",
        503 => "Service Unavailable",
        504 => "Gateway Timeout",
        _ => "",
    }
}
