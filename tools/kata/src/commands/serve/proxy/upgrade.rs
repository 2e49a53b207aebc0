//! A WebSocket through the proxy: it begins as a request, and is then a line for both sides.
//!
//! `Connection` and `Upgrade` are for one connection, so the rules drop them. Whoever wants the same upgrade on
//! the next connection asks for it there anew.

use axum::extract::Request;
use axum::http::{HeaderMap, HeaderValue, Response, StatusCode, header};
use hyper::upgrade::OnUpgrade;
use hyper_util::rt::TokioIo;
use tokio::io::copy_bidirectional;

const WEBSOCKET: HeaderValue = HeaderValue::from_static("websocket");
const UPGRADE: HeaderValue = HeaderValue::from_static("upgrade");

/// A client that waits for its upgrade.
pub struct Asked(OnUpgrade);

/// Both sides have agreed.
pub struct Line {
    client: OnUpgrade,
    server: OnUpgrade,
}

/// Asks the server for the WebSocket that these headers ask the proxy for, if they do.
pub fn asked(came: &HeaderMap, there: &mut Request) -> Option<Asked> {
    if !names(came, header::CONNECTION, "upgrade") || !names(came, header::UPGRADE, "websocket") {
        return None;
    }
    let client = there.extensions_mut().remove::<OnUpgrade>()?;
    ask_for_it(there.headers_mut());
    Some(Asked(client))
}

impl Asked {
    /// The line, if the server has said 101.
    pub fn accept<B>(self, answer: &mut Response<B>) -> Option<Line> {
        let is_on = answer.status() == StatusCode::SWITCHING_PROTOCOLS;
        is_on.then(|| Line {
            client: self.0,
            server: hyper::upgrade::on(answer),
        })
    }
}

impl Line {
    /// Says so to the client, and then carries bytes until one side hangs up.
    pub fn open(self, headers: &mut HeaderMap) {
        ask_for_it(headers);
        tokio::spawn(async move {
            // A side that has gone before it began has nothing to be told.
            let (Ok(client), Ok(server)) = tokio::join!(self.client, self.server) else {
                return;
            };
            let (mut client, mut server) = (TokioIo::new(client), TokioIo::new(server));
            let _ = copy_bidirectional(&mut client, &mut server).await;
        });
    }
}

fn ask_for_it(headers: &mut HeaderMap) {
    headers.insert(header::CONNECTION, UPGRADE);
    headers.insert(header::UPGRADE, WEBSOCKET);
}

/// Whether a header's list has a word.
fn names(headers: &HeaderMap, name: header::HeaderName, word: &str) -> bool {
    let mut lists = headers.get_all(name).iter();
    lists.any(|list| {
        list.to_str().is_ok_and(|list| {
            list.split(',')
                .any(|item| item.trim().eq_ignore_ascii_case(word))
        })
    })
}
