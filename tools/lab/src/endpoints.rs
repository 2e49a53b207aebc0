//! The endpoints: what each of them plays.

use std::time::{Duration, Instant};

use serde_json::json;

use crate::answer::Answer;
use crate::bridge;
use crate::connection::{Connection, Cut};
use crate::origin::{Origin, url};
use crate::query::{self, BYTES, BadParameter, MILLISECONDS, Query};
use crate::request::Request;
use crate::seen::{End, Entry};
use crate::shared::Shared;

/// Told to whoever finds this server and wonders.
const WELCOME: &str = include_str!("welcome.txt");
/// Leads from the first origin to the second.
const SECOND: &str = "/second-origin";
/// Fetches from the second origin what its own pages could read there.
const BRIDGE: &str = "/bridge";
const METHODS: &str = "GET, POST, PUT, PATCH, DELETE, OPTIONS";
/// What `/info` lists: every fault that this server can play, which is all there are.
const PLAYS: [&str; 15] = [
    "ok",
    "delay",
    "status",
    "silence",
    "stall",
    "drip",
    "short",
    "torn",
    "garbled",
    "redirect",
    "redirect-loop",
    "reset",
    "refused",
    "second-origin",
    "bridge",
];

/// A fault, ready to be played.
enum Fault {
    /// Answers, perhaps less than it promised, and hangs up.
    Say(Answer),
    Delay(Duration, Answer),
    /// Answers, and then neither goes on nor hangs up.
    Stall(Answer),
    /// Sends the answer's head, and this many further bytes at this interval.
    Drip(Answer, u64, Duration),
    Silence,
    Reset,
}

/// Answers one request.
pub(crate) fn play(connection: Connection<'_>, request: &Request, origin: Origin, shared: &Shared) {
    let answer = match choose(request, origin, shared) {
        Ok(Choice::Fault { id, fault }) => {
            let mut entry = shared.seen.enter(id);
            return match act(&connection, fault, origin, &mut entry) {
                Ok(Farewell::Finish) => connection.finish(),
                Ok(Farewell::Reset) => connection.reset(),
                Err(cut) => entry.settle(cut.into()),
            };
        }
        Ok(Choice::Service(answer)) => answer,
        Err(bad) => bad.into(),
    };
    // Should the client be gone already, there is nobody left to tell.
    if connection.send(&answer.bytes(origin)).is_ok() {
        connection.finish();
    }
}

/// What a request asks for.
enum Choice<'a> {
    /// Something about the lab itself. Not counted.
    Service(Answer),
    Fault {
        id: Option<&'a str>,
        fault: Fault,
    },
}

fn choose<'a>(
    request: &'a Request,
    origin: Origin,
    shared: &Shared,
) -> Result<Choice<'a>, BadParameter> {
    let query = Query(request.query());
    let id = query.id()?;
    let service = |answer| Ok(Choice::Service(answer));
    match request.method.as_str() {
        "OPTIONS" => {
            shared.seen.preflight(id);
            return service(preflight(origin));
        }
        method if METHODS.split(", ").any(|allowed| allowed == method) => {}
        _ => {
            return service(
                Answer::text(405, "The lab does not know this method.").with("Allow", METHODS),
            );
        }
    }
    if let (Some(rest), Origin::First) = (request.target.strip_prefix(BRIDGE), origin)
        && rest.starts_with('/')
    {
        return service(bridge::fetch(shared.second, rest));
    }
    let path = match (request.path().strip_prefix(SECOND), origin) {
        (Some(rest), Origin::First) if rest.starts_with('/') => {
            let there = request.target.replacen(SECOND, &url(shared.second), 1);
            return service(Answer::redirect(307, there));
        }
        // The same address works on the second origin itself.
        (Some(rest), Origin::Second) => rest,
        _ => request.path(),
    };
    let fault = match path.split('/').skip(1).collect::<Vec<_>>().as_slice() {
        [""] => return service(Answer::text(200, WELCOME)),
        ["info"] => return service(info(shared)),
        ["seen"] => {
            let Some(id) = id else {
                return service(Answer::text(
                    400,
                    "id: expected the id to report on, got nothing",
                ));
            };
            return service(Answer::json(&shared.seen.report(id)));
        }
        ["ok"] => {
            let bytes = query.number_or("bytes", BYTES, 2)?;
            Fault::Say(Answer::filler(bytes, bytes))
        }
        ["delay"] => {
            let ms = query.number("ms", MILLISECONDS)?;
            let bytes = query.number_or("bytes", BYTES, 2)?;
            Fault::Delay(Duration::from_millis(ms), Answer::filler(bytes, bytes))
        }
        ["status", code] => {
            let code = query::number("status", Some(code), 200..=599)?;
            // The range is that of a u16.
            Fault::Say(Answer::text(
                u16::try_from(code).unwrap_or(500),
                &format!("status {code}"),
            ))
        }
        ["silence"] => Fault::Silence,
        ["stall"] => {
            let bytes = query.number("bytes", BYTES)?;
            // One byte more is promised than will ever come. Without a promise, the end of the connection's life would look
            // like the proper end of the body.
            Fault::Stall(Answer::filler(bytes, bytes + 1))
        }
        ["drip"] => {
            let every = query.number("every_ms", MILLISECONDS)?;
            let bytes = query.number("bytes", BYTES)?;
            Fault::Drip(
                Answer::filler(0, bytes),
                bytes,
                Duration::from_millis(every),
            )
        }
        ["short"] => {
            let promise = query.number("promise", 1..=*BYTES.end())?;
            let send = query.number("send", 0..=promise - 1)?;
            Fault::Say(Answer::filler(send, promise))
        }
        ["torn"] => Fault::Say(Answer::torn(query.number("bytes", BYTES)?)),
        ["garbled"] => Fault::Say(Answer::garbled(query.number("bytes", BYTES)?)),
        ["redirect"] => {
            // Of the parameters, the endpoint there takes what it knows.
            let there = format!("/{}?{}", query.name("to")?, request.query());
            Fault::Say(Answer::redirect(302, there))
        }
        ["redirect-loop"] => {
            // The hop keeps a client from mistaking this for an address which it has seen.
            let hop = query.number_or("hop", 0..=u64::from(u32::MAX), 0)?;
            let id = id.map(|id| format!("&id={id}")).unwrap_or_default();
            Fault::Say(Answer::redirect(
                302,
                format!("/redirect-loop?hop={}{id}", (hop + 1) % u64::from(u32::MAX)),
            ))
        }
        ["reset"] => Fault::Reset,
        _ => {
            return service(Answer::text(
                404,
                &format!("The lab does not play this.\n\n{WELCOME}"),
            ));
        }
    };
    Ok(Choice::Fault { id, fault })
}

/// How a connection is closed when the lab has done what it meant to do.
enum Farewell {
    Finish,
    Reset,
}

/// Plays a fault to its end, or until the connection is cut.
fn act(
    connection: &Connection<'_>,
    fault: Fault,
    origin: Origin,
    entry: &mut Entry,
) -> Result<Farewell, Cut> {
    match fault {
        Fault::Say(answer) => say(connection, &answer.bytes(origin), entry)?,
        Fault::Delay(time, answer) => {
            connection.wait_until(Instant::now() + time)?;
            say(connection, &answer.bytes(origin), entry)?;
        }
        Fault::Stall(answer) => {
            connection.send(&answer.bytes(origin))?;
            return Err(connection.wait_for_the_end());
        }
        Fault::Drip(head, bytes, every) => {
            drip(connection, &head.bytes(origin), bytes, every, entry)?
        }
        Fault::Silence => return Err(connection.wait_for_the_end()),
        Fault::Reset => {
            entry.settle(End::Finished);
            return Ok(Farewell::Reset);
        }
    }
    Ok(Farewell::Finish)
}

/// Sends the last of what the lab means to send.
fn say(connection: &Connection<'_>, bytes: &[u8], entry: &mut Entry) -> Result<(), Cut> {
    let (all_but_last, last) = bytes.split_at(bytes.len().saturating_sub(1));
    connection.send(all_but_last)?;
    // The client may ask for the counters as soon as it has the last byte, so they come first. Should that byte fail to
    // go out, the entry is corrected.
    entry.settle(End::Finished);
    connection.send(last)
}

fn drip(
    connection: &Connection<'_>,
    head: &[u8],
    bytes: u64,
    every: Duration,
    entry: &mut Entry,
) -> Result<(), Cut> {
    if bytes == 0 {
        return say(connection, head, entry);
    }
    connection.send(head)?;
    // Each byte has its own moment, so that the pace does not drift.
    let mut next = Instant::now();
    for (digit, at) in b"0123456789".iter().cycle().zip(1..=bytes) {
        next += every;
        connection.wait_until(next)?;
        if at == bytes {
            return say(connection, &[*digit], entry);
        }
        connection.send(&[*digit])?;
    }
    Ok(())
}

/// Lets a page of any origin send what it likes, or (second origin) answers without permitting anything.
fn preflight(origin: Origin) -> Answer {
    let answer = Answer::text(204, "");
    match origin {
        Origin::First => answer
            .with("Access-Control-Allow-Methods", METHODS)
            .with("Access-Control-Allow-Headers", "*")
            // A remembered permission would hide the next preflight from the counters.
            .with("Access-Control-Max-Age", "0"),
        Origin::Second => answer.with("Allow", METHODS),
    }
}

fn info(shared: &Shared) -> Answer {
    Answer::json(&json!({
        "kind": "server",
        "second": url(shared.second),
        "refused": format!("{}/", url(shared.refused)),
        "plays": PLAYS,
    }))
}
