//! The counters: what became of a request, as soon as it is known.

use std::io::Read;
use std::time::{Duration, Instant};

use kata_lab::{Lab, LabOptions};

use crate::client::{ask, await_seen, get, lab, read, seen};

#[test]
fn an_answer_is_counted_before_the_client_can_ask() {
    let lab = lab();
    for n in 1..=200 {
        let mut connection = ask(lab.addr(), "/ok?bytes=3&id=a");
        let mut got = Vec::new();
        while !got.ends_with(b"012") {
            let mut byte = [0];
            connection.read_exact(&mut byte).unwrap();
            got.push(byte[0]);
        }
        // The body is complete, the connection not yet closed.
        assert_eq!(seen(&lab, "a", "finished"), n);
    }
    assert_eq!(seen(&lab, "a", "requests"), 200);
    assert_eq!(seen(&lab, "a", "open"), 0);
}

#[test]
fn a_client_that_hangs_up_is_noticed_at_once() {
    let lab = lab();
    for (id, target) in [
        ("silence", "/silence?"),
        ("stall", "/stall?bytes=100&"),
        ("delay", "/delay?ms=30000&"),
        ("drip", "/drip?every_ms=30000&bytes=2&"),
        ("slow", "/drip?every_ms=20&bytes=10000&"),
    ] {
        let connection = ask(lab.addr(), &format!("{target}id={id}"));
        await_seen(&lab, id, "open", 1);
        assert_eq!(
            seen(&lab, id, "closed_by_client"),
            0,
            "{id}: the client still waits"
        );
        let hung_up = Instant::now();
        drop(connection);
        await_seen(&lab, id, "closed_by_client", 1);
        assert!(
            hung_up.elapsed() < Duration::from_secs(5),
            "{id}: noticed only after {:?}",
            hung_up.elapsed()
        );
        assert_eq!(seen(&lab, id, "open"), 0, "{id}");
        assert_eq!(seen(&lab, id, "finished"), 0, "{id}");
    }
}

#[test]
fn a_client_that_resets_is_noticed_too() {
    let lab = lab();
    let connection = ask(lab.addr(), "/silence?id=rst");
    await_seen(&lab, "rst", "open", 1);
    socket2::SockRef::from(&connection)
        .set_linger(Some(Duration::ZERO))
        .unwrap();
    drop(connection);
    await_seen(&lab, "rst", "closed_by_client", 1);
}

#[test]
fn a_client_that_leaves_during_a_large_answer_is_counted_as_gone() {
    let lab = lab();
    // Both ends' buffers take a part of it; the rest waits in the lab, which must not call that finished.
    let connection = ask(lab.addr(), "/drip?every_ms=0&bytes=1048576&id=big");
    await_seen(&lab, "big", "open", 1);
    drop(connection);
    await_seen(&lab, "big", "closed_by_client", 1);
}

#[test]
fn each_id_has_its_own_counters() {
    let lab = lab();
    get(lab.addr(), "/ok?id=one");
    get(lab.addr(), "/reset?id=two");
    get(lab.addr(), "/short?promise=9&send=1&id=two");
    get(lab.addr(), "/ok");
    assert_eq!(
        (seen(&lab, "one", "requests"), seen(&lab, "one", "finished")),
        (1, 1)
    );
    assert_eq!(
        (seen(&lab, "two", "requests"), seen(&lab, "two", "finished")),
        (2, 2)
    );
    assert_eq!(seen(&lab, "three", "requests"), 0, "never seen");
}

#[test]
fn what_is_not_played_is_not_counted() {
    let lab = lab();
    for target in [
        "/info?id=a",
        "/seen?id=a",
        "/?id=a",
        "/nowhere?id=a",
        "/stall?id=a",
    ] {
        get(lab.addr(), target);
    }
    assert_eq!(seen(&lab, "a", "requests"), 0);
}

#[test]
fn a_request_that_outlives_its_connection_is_ended_by_the_lab() {
    let options = LabOptions {
        lifetime: Duration::from_millis(300),
        ..LabOptions::default()
    };
    let lab = Lab::start(options).unwrap();
    for (id, target) in [
        ("silence", "/silence?"),
        ("stall", "/stall?bytes=3&"),
        ("delay", "/delay?ms=20000&"),
    ] {
        let answer = get(lab.addr(), &format!("{target}id={id}"));
        assert_ne!(
            answer.end,
            crate::client::End::Open,
            "{id} must have been ended: {answer:?}"
        );
        await_seen(&lab, id, "ended_by_lab", 1);
        assert_eq!(
            seen(&lab, id, "closed_by_client"),
            0,
            "{id}: it was not the client"
        );
    }
    let idle = read(
        std::net::TcpStream::connect(lab.addr()).unwrap(),
        crate::client::PATIENCE,
    );
    assert_eq!(
        idle.end,
        crate::client::End::Closed,
        "a client that never speaks is hung up on"
    );
}
