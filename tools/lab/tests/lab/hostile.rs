//! Clients that send nonsense. The lab may answer anything, as long as it answers and does not panic.

use std::io::Write;
use std::net::{Shutdown, SocketAddr, TcpStream};
use std::sync::Once;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use crate::client::{get, lab, read};

/// A small generator (xorshift64*), so that a failure comes again with the same bytes.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33) as usize % sides
    }

    fn pick<T: Copy>(&mut self, from: &[T]) -> T {
        from[self.roll(from.len())]
    }
}

static PANICS: AtomicUsize = AtomicUsize::new(0);

/// Counts panics in the lab's own threads. A panic there ends one connection and nothing else, so a client cannot tell it
/// from a lab that hangs up.
fn watch_for_panics() {
    static WATCHING: Once = Once::new();
    WATCHING.call_once(|| {
        let print = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |info| {
            if std::thread::current()
                .name()
                .is_some_and(|name| name.starts_with("lab-"))
            {
                PANICS.fetch_add(1, Ordering::SeqCst);
            }
            print(info);
        }));
    });
}

/// The lab is well: nothing in it has panicked, and it serves.
fn assert_well(addr: SocketAddr) {
    assert_eq!(get(addr, "/ok").status, 200);
    assert_eq!(
        PANICS.load(Ordering::SeqCst),
        0,
        "the lab panicked: see above"
    );
}

/// Sends `bytes`, says that nothing follows, and takes what comes.
fn throw(addr: SocketAddr, bytes: &[u8]) {
    let mut stream = TcpStream::connect(addr).unwrap();
    // The lab may hang up on the way: that is its good right.
    let _ = stream
        .write_all(bytes)
        .and_then(|()| stream.shutdown(Shutdown::Write));
    let answer = read(stream, Duration::from_secs(5));
    assert_ne!(
        answer.end,
        crate::client::End::Open,
        "{:?} got neither an answer nor an end",
        String::from_utf8_lossy(bytes)
    );
}

#[test]
fn random_bytes_do_no_harm() {
    let lab = lab();
    watch_for_panics();
    let mut dice = Dice(0x5EED);
    for _ in 0..300 {
        let length = dice.roll(2000);
        let mut bytes: Vec<u8> = (0..length).map(|_| dice.roll(256) as u8).collect();
        bytes.extend_from_slice(dice.pick(&[
            b"".as_slice(),
            b"\r\n",
            b"\r\n\r\n",
            b"\0\r\n\r\n\r\n",
        ]));
        throw(lab.addr(), &bytes);
    }
    assert_well(lab.addr());
}

#[test]
fn nearly_right_requests_do_no_harm() {
    const WORDS: [&str; 44] = [
        "GET",
        "PUT",
        "OPTIONS",
        " ",
        " ",
        "/",
        "/",
        "ok",
        "delay",
        "status",
        "stall",
        "drip",
        "short",
        "torn",
        "garbled",
        "redirect",
        "to=",
        "redirect-loop",
        "reset",
        "seen",
        "info",
        "second-origin",
        "?",
        "&",
        "=",
        "bytes=",
        "ms=",
        "every_ms=1",
        "promise=",
        "send=",
        "hop=",
        "id=",
        "4294967295",
        "18446744073709551616",
        "-1",
        "0",
        "7",
        "%",
        "%00",
        "\u{fffd}",
        "\r\n",
        "HTTP/1.1",
        " HTTP/1.1\r\nHost: x\r\n\r\n",
        "\0",
    ];
    let lab = lab();
    watch_for_panics();
    let mut dice = Dice(0xC0FFEE);
    for round in 0..600 {
        let mut text = if round % 2 == 0 {
            "GET /".to_owned()
        } else {
            String::new()
        };
        for _ in 0..dice.roll(14) {
            text += dice.pick(&WORDS);
        }
        text += " HTTP/1.1\r\n\r\n";
        throw(lab.addr(), text.as_bytes());
    }
    assert_well(lab.addr());
}

#[test]
fn a_client_that_never_stops_talking_is_ended() {
    let options = kata_lab::LabOptions {
        lifetime: Duration::from_millis(500),
        ..kata_lab::LabOptions::default()
    };
    let lab = kata_lab::Lab::start(options).unwrap();
    watch_for_panics();
    let mut stream = TcpStream::connect(lab.addr()).unwrap();
    stream
        .write_all(b"POST /silence?id=t HTTP/1.1\r\n\r\n")
        .unwrap();
    let chunk = [b'x'; 65536];
    let start = std::time::Instant::now();
    while stream.write_all(&chunk).is_ok() {
        assert!(
            start.elapsed() < Duration::from_secs(10),
            "still listening after {:?}",
            start.elapsed()
        );
    }
    assert_well(lab.addr());
}
