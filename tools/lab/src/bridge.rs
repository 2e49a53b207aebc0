//! The way from the first origin to the second, without a browser's rules in between.

use std::io::{self, ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use crate::answer::Answer;
use crate::query::BYTES;
use crate::request::{MAX_HEAD, head_length};

/// How long the second origin may say nothing.
const PATIENCE: Duration = Duration::from_secs(5);

/// Asks the second origin for `target`, which begins with a slash, and answers its status and its body.
pub(crate) fn fetch(second: SocketAddr, target: &str) -> Answer {
    match ask(second, target) {
        Ok((status, body)) => Answer::passed_on(status, body),
        Err(error) if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut) => {
            Answer::text(504, "The second origin says nothing.")
        }
        Err(error) => Answer::text(502, &format!("The second origin cannot be asked: {error}")),
    }
}

fn ask(second: SocketAddr, target: &str) -> io::Result<(u16, Vec<u8>)> {
    let mut stream = TcpStream::connect_timeout(&second, PATIENCE)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    write!(
        stream,
        "GET {target} HTTP/1.1\r\nHost: {second}\r\nConnection: close\r\n\r\n"
    )?;
    let mut bytes = Vec::new();
    // Every answer there ends with its connection.
    stream
        .take(MAX_HEAD as u64 + BYTES.end())
        .read_to_end(&mut bytes)?;
    let broken = || io::Error::new(ErrorKind::InvalidData, "its answer is none");
    let body = bytes.split_off(head_length(&bytes).ok_or_else(broken)?);
    let status = std::str::from_utf8(&bytes)
        .ok()
        .and_then(|head| head.split(' ').nth(1)?.parse().ok())
        .ok_or_else(broken)?;
    Ok((status, body))
}
