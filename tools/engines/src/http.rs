//! One HTTP request, by hand: is the driver ready?
//!
//! kata-runner has no async runtime and needs no more than this.

use std::io::{Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpStream, ToSocketAddrs};
use std::time::{Duration, Instant};

use anyhow::{Context, anyhow, ensure};
use serde_json::Value;

/// More than any driver says about itself.
const LIMIT: usize = 64 * 1024;

/// How long a driver that somebody else has started may take to answer.
const PATIENCE: Duration = Duration::from_secs(10);

/// Asks the driver behind this URL, `http://host:port`, whether it takes sessions. An error says why
/// not.
pub fn ask_driver(url: &str) -> anyhow::Result<()> {
    let rest = url
        .strip_prefix("http://")
        .context("a driver's address begins with http://")?;
    let (host, path) = rest.split_once('/').unwrap_or((rest, ""));
    let address = if host.rsplit(']').next().is_some_and(|end| end.contains(':')) {
        host.to_owned()
    } else {
        format!("{host}:80")
    };
    let addresses = address
        .to_socket_addrs()
        .with_context(|| format!("{address} is no address"))?;
    let path = format!("/{}/status", path.trim_matches('/')).replace("//", "/");
    let is_ready = ask_each(addresses, host, &path).context("no driver answers there")?;
    ensure!(is_ready, "the driver there takes no sessions now");
    Ok(())
}

/// Asks one address after the other until one answers: `localhost` may be two, and a driver listens on one.
fn ask_each(
    addresses: impl Iterator<Item = SocketAddr>,
    host: &str,
    path: &str,
) -> anyhow::Result<bool> {
    let mut why = anyhow!("the name has no address");
    for address in addresses {
        match ask(address, host, path, PATIENCE) {
            Ok(is_ready) => return Ok(is_ready),
            Err(error) => why = error,
        }
    }
    Err(why)
}

/// Asks the driver on this port for `GET /status`; `Ok(true)` when it takes sessions.
pub(crate) fn is_ready(port: u16, patience: Duration) -> anyhow::Result<bool> {
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
    ask(address, &address.to_string(), "/status", patience)
}

fn ask(address: SocketAddr, host: &str, path: &str, patience: Duration) -> anyhow::Result<bool> {
    let start = Instant::now();
    let mut stream =
        TcpStream::connect_timeout(&address, patience).context("it takes no connection")?;
    stream.set_read_timeout(Some(patience))?;
    stream.set_write_timeout(Some(patience))?;
    // In one piece, for whoever answers before all of it has come.
    let request = format!("GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes())?;
    let mut answer = Vec::new();
    let mut chunk = [0; 4096];
    // chromedriver keeps the connection open whatever we ask, so the end of the
    // answer is the end of its JSON.
    while answer.len() < LIMIT && start.elapsed() < patience {
        let length = match stream.read(&mut chunk) {
            Ok(0) => break,
            Ok(length) => length,
            Err(error) if answer.is_empty() => {
                return Err(error).context("it takes a connection and does not answer");
            }
            Err(_) => break,
        };
        answer.extend_from_slice(&chunk[..length]);
        if let Ok(ready) = judge(&answer) {
            return Ok(ready);
        }
    }
    judge(&answer)
}

/// Whether this answer says that the driver takes sessions.
fn judge(answer: &[u8]) -> anyhow::Result<bool> {
    let answer = String::from_utf8_lossy(answer);
    let (head, body) = answer.split_once("\r\n\r\n").unwrap_or((&answer, ""));
    let line = head.lines().next().unwrap_or_default();
    ensure!(
        line.starts_with("HTTP/1.") && line.contains(" 200"),
        "it answers `{}`",
        short(line)
    );
    // Whatever the transfer coding, the object lies between the outer braces.
    let json = body
        .find('{')
        .zip(body.rfind('}'))
        .and_then(|(from, to)| body.get(from..=to));
    let status: Value = json
        .and_then(|json| serde_json::from_str(json).ok())
        .with_context(|| format!("it answers `{}`, which is no WebDriver status", short(body)))?;
    Ok(status["value"]["ready"] == true)
}

fn short(text: &str) -> String {
    text.chars().take(80).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::net::TcpListener;
    use std::thread;

    const SOON: Duration = Duration::from_millis(500);

    /// A server that answers one connection with these bytes and keeps it open.
    fn answering(answer: &'static str) -> u16 {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        thread::spawn(move || {
            let (mut stream, _) = listener.accept().unwrap();
            stream.write_all(answer.as_bytes()).unwrap();
            thread::sleep(SOON * 4);
        });
        port
    }

    #[test]
    fn a_ready_driver_is_ready() {
        let port =
            answering("HTTP/1.1 200 OK\r\n\r\n{\"value\": {\"ready\" : true, \"message\": \"\"}}");
        assert!(is_ready(port, SOON).unwrap());
    }

    #[test]
    fn a_chunked_answer_is_read() {
        let port = answering(
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n19\r\n{\"value\":{\"ready\":false}}\r\n0\r\n\r\n",
        );
        assert!(!is_ready(port, SOON).unwrap());
    }

    #[test]
    fn silence_is_an_error_in_time() {
        let error = is_ready(answering(""), SOON).unwrap_err();
        assert!(
            format!("{error:#}").contains("does not answer"),
            "{error:#}"
        );
    }

    #[test]
    fn garbage_is_an_error_that_shows_it() {
        let error = is_ready(answering("SSH-2.0-OpenSSH_9.2\r\n"), SOON).unwrap_err();
        assert!(error.to_string().contains("SSH-2.0"), "{error:#}");
        let error = is_ready(answering("HTTP/1.1 200 OK\r\n\r\n<html>"), SOON).unwrap_err();
        assert!(error.to_string().contains("<html>"), "{error:#}");
    }

    #[test]
    fn another_server_is_an_error() {
        let error = is_ready(answering("HTTP/1.1 404 Not Found\r\n\r\n{}"), SOON).unwrap_err();
        assert!(error.to_string().contains("404"), "{error:#}");
    }

    #[test]
    fn a_driver_elsewhere_is_asked_by_its_url() {
        let ready = "HTTP/1.1 200 OK\r\n\r\n{\"value\":{\"ready\":true}}";
        // Nothing listens on the name's first address.
        let unused = TcpListener::bind("127.0.0.1:0").unwrap().local_addr();
        let of_name = [
            unused.unwrap(),
            (Ipv4Addr::LOCALHOST, answering(ready)).into(),
        ];
        assert!(ask_each(of_name.into_iter(), "localhost", "/status").unwrap());
        assert!(ask_each(std::iter::empty(), "localhost", "/status").is_err());
        for end in ["", "/", "/wd/hub/"] {
            ask_driver(&format!("http://127.0.0.1:{}{end}", answering(ready))).unwrap();
        }
        let busy = answering("HTTP/1.1 200 OK\r\n\r\n{\"value\":{\"ready\":false}}");
        let error = ask_driver(&format!("http://127.0.0.1:{busy}")).unwrap_err();
        assert!(error.to_string().contains("takes no sessions"), "{error:#}");
        for wrong in [
            "",
            "localhost:4444",
            "https://localhost:1",
            "http://localhost:x",
            "http://",
        ] {
            assert!(ask_driver(wrong).is_err(), "{wrong}");
        }
    }
}
