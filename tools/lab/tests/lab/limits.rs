//! The limits, and the end of it all.

use std::net::{SocketAddr, TcpListener, TcpStream};
use std::time::{Duration, Instant};

use kata_lab::{Lab, LabOptions};

use crate::client::{End, PATIENCE, addr_of, ask, await_seen, get, info, lab, read, seen, send};

#[test]
fn surplus_connections_get_503_and_places_come_free() {
    let lab = lab();
    let crowd: Vec<TcpStream> = (0..300)
        .map(|_| ask(lab.addr(), "/silence?id=crowd"))
        .collect();
    // Whoever has a place waits in silence, and whoever has none is told so, in whatever order they were let in.
    let (mut seated, mut turned_away) = (Vec::new(), 0);
    std::thread::scope(|scope| {
        let told: Vec<_> = crowd
            .iter()
            .map(|stream| stream.try_clone().unwrap())
            .map(|stream| scope.spawn(move || read(stream, Duration::from_secs(3))))
            .collect();
        for (stream, told) in crowd.iter().zip(told) {
            match told.join().unwrap() {
                answer if answer.end == End::Open => seated.push(stream.try_clone().unwrap()),
                answer => {
                    assert_eq!(
                        (answer.status, answer.end),
                        (503, End::Closed),
                        "{answer:?}"
                    );
                    turned_away += 1;
                }
            }
        }
    });
    assert_eq!((seated.len(), turned_away), (256, 44));
    let other = get(addr_of(&lab.second_origin_url()), "/ok");
    assert_eq!(other.status, 503, "both origins share the places");

    drop(crowd);
    seated.truncate(200);
    let until = Instant::now() + PATIENCE;
    while get(lab.addr(), "/ok").status != 200 {
        assert!(
            Instant::now() < until,
            "56 clients left, and there is still no place"
        );
    }
    await_seen(&lab, "crowd", "closed_by_client", 56);
    assert_eq!(seen(&lab, "crowd", "open"), 200);
    assert_eq!(
        seen(&lab, "crowd", "requests"),
        256,
        "who got 503 was not served"
    );
}

#[test]
fn three_hundred_at_once_are_all_answered() {
    let lab = lab();
    let addr = lab.addr();
    let statuses: Vec<u16> = std::thread::scope(|scope| {
        let clients: Vec<_> = (0..300)
            .map(|_| scope.spawn(move || get(addr, "/delay?ms=1000").status))
            .collect();
        clients
            .into_iter()
            .map(|client| client.join().unwrap())
            .collect()
    });
    let count = |status| statuses.iter().filter(|&&got| got == status).count();
    assert_eq!(
        count(200) + count(503),
        300,
        "something else came: {statuses:?}"
    );
    assert!(
        count(200) >= 256,
        "256 have a place, {} were served",
        count(200)
    );
    assert_eq!(get(addr, "/ok").status, 200, "and then it goes on");
}

#[test]
fn dropping_the_lab_ends_everything() {
    let lab = lab();
    let (first, second) = (lab.addr(), addr_of(&lab.second_origin_url()));
    let open: Vec<TcpStream> = [
        "/silence?id=d",
        "/stall?bytes=3&id=d",
        "/drip?every_ms=10000&bytes=9&id=d",
        "/delay?ms=30000&id=d",
    ]
    .into_iter()
    .flat_map(|target| [ask(first, target), ask(second, target)])
    .collect();
    await_seen(&lab, "d", "open", 8);
    let idle = TcpStream::connect(first).unwrap();
    let half_a_head = send(second, b"GET /ok HT");

    let dropped = Instant::now();
    drop(lab);
    assert!(
        dropped.elapsed() < Duration::from_secs(5),
        "dropping took {:?}",
        dropped.elapsed()
    );
    for stream in open.into_iter().chain([idle, half_a_head]) {
        let answer = read(stream, PATIENCE);
        assert_ne!(answer.end, End::Open, "{answer:?}");
    }
    for addr in [first, second] {
        TcpStream::connect_timeout(&addr, PATIENCE).expect_err("nobody listens any more");
    }
}

#[test]
fn dropping_the_lab_frees_its_port() {
    let addr = lab().addr();
    for _ in 0..20 {
        let lab = Lab::start(LabOptions {
            addr,
            ..LabOptions::default()
        })
        .expect("the port is free again");
        let _waiting = ask(lab.addr(), "/silence");
        assert_eq!(get(lab.addr(), "/ok").status, 200);
    }
}

#[test]
#[cfg(target_os = "linux")]
fn dropping_the_lab_ends_its_threads() {
    let lab = lab();
    let name = format!("lab-{}", lab.addr().port());
    let threads = || {
        let tasks = std::fs::read_dir("/proc/self/task").unwrap().flatten();
        tasks
            .filter_map(|task| std::fs::read_to_string(task.path().join("comm")).ok())
            .filter(|comm| comm.trim() == name)
            .count()
    };
    let _waiting = [
        ask(lab.addr(), "/silence?id=t"),
        ask(lab.addr(), "/stall?bytes=1&id=t"),
    ];
    await_seen(&lab, "t", "open", 2);
    assert!(
        threads() >= 3,
        "one that listens and one for each connection, found {}",
        threads()
    );
    drop(lab);
    // A thread that has ended takes the system a moment to clear away.
    let until = Instant::now() + PATIENCE;
    while threads() > 0 {
        assert!(Instant::now() < until, "{} threads are left", threads());
        std::thread::sleep(Duration::from_millis(5));
    }
}

#[test]
fn a_taken_port_is_a_clear_error() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let addr = taken.local_addr().unwrap();
    let error = Lab::start(LabOptions {
        addr,
        ..LabOptions::default()
    })
    .expect_err("the port is taken");
    let text = format!("{error:#}");
    assert!(
        text.contains(&addr.to_string()) && text.contains("another program"),
        "{text:?}"
    );
}

#[test]
fn it_listens_on_the_given_address_only() {
    let lab = lab();
    assert!(lab.addr().ip().is_loopback());
    for addr in [
        lab.addr(),
        addr_of(&lab.second_origin_url()),
        addr_of(info(&lab)["refused"].as_str().unwrap()),
    ] {
        // All of 127.0.0.0/8 is this machine, so another address of it stands for "any other interface".
        let elsewhere = SocketAddr::new([127, 0, 0, 2].into(), addr.port());
        TcpStream::connect_timeout(&elsewhere, PATIENCE)
            .expect_err("the lab answers at an address that it was not given");
    }
}

#[test]
fn a_slow_or_long_head_has_an_end() {
    let lab = lab();
    let mut long = b"GET /ok HTTP/1.1\r\nX: ".to_vec();
    long.resize(8 * 1024 + 1, b'x');
    assert_eq!(read(send(lab.addr(), &long), PATIENCE).status, 431);
    // One that ends in time, but too late by its length.
    long.extend_from_slice(b"\r\n\r\n");
    assert_eq!(read(send(lab.addr(), &long), PATIENCE).status, 431);
    // A long one within the limit is fine.
    let mut fits = b"GET /ok HTTP/1.1\r\nX: ".to_vec();
    fits.resize(8 * 1024 - 4, b'x');
    fits.extend_from_slice(b"\r\n\r\n");
    assert_eq!(read(send(lab.addr(), &fits), PATIENCE).status, 200);

    let lab = Lab::start(LabOptions {
        lifetime: Duration::from_millis(300),
        ..LabOptions::default()
    })
    .unwrap();
    let begun = read(send(lab.addr(), b"GET /ok HTTP/1.1\r\n"), PATIENCE);
    assert_ne!(
        begun.end,
        End::Open,
        "a head that never ends must not hold a place for ever"
    );
}

#[test]
fn who_has_no_place_may_not_linger() {
    let options = LabOptions {
        max_connections: 0,
        ..LabOptions::default()
    };
    let lab = Lab::start(options).unwrap();
    let idle = read(TcpStream::connect(lab.addr()).unwrap(), PATIENCE);
    assert_eq!(
        idle.end,
        End::Closed,
        "an idle surplus connection is closed long before a connection's lifetime is over"
    );
    let slow = read(send(lab.addr(), b"GET /ok HT"), PATIENCE);
    assert_eq!((slow.status, slow.end), (503, End::Closed));
}

#[test]
fn a_lifetime_without_end_is_no_trouble() {
    let lab = Lab::start(LabOptions {
        lifetime: Duration::MAX,
        ..LabOptions::default()
    })
    .unwrap();
    assert_eq!(get(lab.addr(), "/ok").status, 200);
}
