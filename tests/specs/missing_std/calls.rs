//! The calls of std that the chapter's table tells of. Each runs in a fresh instance.

use std::backtrace::Backtrace;
use std::error::Error;
use std::fmt::{Debug, Display};
use std::hash::{BuildHasher, RandomState};
use std::io::{self, Write};
use std::net::{SocketAddr, TcpListener, TcpStream, ToSocketAddrs, UdpSocket};
use std::path::Path;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::mpsc::channel;
use std::sync::{Condvar, LazyLock, Mutex, Once, RwLock};
use std::time::{Duration, Instant, SystemTime};
use std::{env, fs, panic, process, thread};

use wasm_bindgen::prelude::*;

use super::fresh;

/// A call, and what it says of itself.
pub struct Call {
    /// What it asks the system for.
    pub area: &'static str,
    /// As one writes it.
    pub name: &'static str,
    /// How it is made.
    pub how: How,
    run: fn() -> Said,
}

/// How a call is made.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum How {
    /// In a fresh instance.
    Once,
    /// In two, to compare their answers.
    Twice,
    /// Alone in a worker, because it may come to no end.
    Alone,
}

/// A kind of answer, and words.
type Said = (u32, String);

/// It does what it should.
pub const WORKS: u32 = 0;
/// It says that it cannot.
pub const REFUSES: u32 = 1;
/// It returns as if all were well, and is not.
pub const SILENT: u32 = 2;
/// It returns as if something had gone out. The one who counts the imports knows better.
pub const SAYS_SENT: u32 = 3;
/// What it answers must be new in each instance. The one who has two of them knows better.
pub const SAYS_NEW: u32 = 4;

/// Makes call number `index`.
#[wasm_bindgen]
pub fn spec_std_call(index: u32) -> u32 {
    fresh::answer(CALLS[index as usize].run)
}

const fn call(area: &'static str, name: &'static str, run: fn() -> Said) -> Call {
    Call {
        area,
        name,
        how: How::Once,
        run,
    }
}

/// All of them, in the table's order.
pub const CALLS: [Call; 50] = [
    call("time", "Instant::now()", || works(Instant::now())),
    call("time", "SystemTime::now()", || works(SystemTime::now())),
    call("time", "UNIX_EPOCH + Duration", || {
        let date = SystemTime::UNIX_EPOCH + Duration::from_millis(1500);
        of(date.duration_since(SystemTime::UNIX_EPOCH))
    }),
    call("time", "thread::sleep(1 ms)", || {
        thread::sleep(Duration::from_millis(1));
        works("slept")
    }),
    Call {
        how: How::Twice,
        ..call("chance", "RandomState::new().hash_one(0)", || {
            (SAYS_NEW, RandomState::new().hash_one(0).to_string())
        })
    },
    call("output", "println!", || {
        println!("hello");
        (SAYS_SENT, "()".to_owned())
    }),
    call("output", "eprintln!", || {
        eprintln!("hello");
        (SAYS_SENT, "()".to_owned())
    }),
    call("output", "stdout().write_all, flush", || {
        let mut out = io::stdout();
        let wrote = out.write_all(b"hello").and_then(|()| out.flush());
        (SAYS_SENT, format!("{wrote:?}"))
    }),
    call("output", "panic!, with std's own hook", || {
        drop(panic::take_hook());
        panic!("nobody reads this")
    }),
    call("output", "catch_unwind(|| panic!(…))", || {
        works(panic::catch_unwind(|| panic!("not caught")).is_err())
    }),
    call("output", "Backtrace::force_capture()", || {
        silent(Backtrace::force_capture())
    }),
    call("input", "stdin().read_line(…)", || {
        match io::stdin().read_line(&mut String::new()) {
            Ok(bytes) => silent(format!("Ok({bytes}): the end of the file")),
            Err(error) => refuses(error),
        }
    }),
    call("input", "env::args().count()", || {
        silent(format!(
            "{}: not even the program's name",
            env::args().count()
        ))
    }),
    call("input", "env::var(\"HOME\")", || of(env::var("HOME"))),
    call("input", "env::vars().count()", || {
        works(env::vars().count())
    }),
    call("input", "env::set_var(…)", || {
        // SAFETY: There is one thread, and nobody reads the environment.
        unsafe { env::set_var("HOME", "/") };
        works("set")
    }),
    call("files", "fs::read_to_string(…)", || {
        of(fs::read_to_string("boot.conf"))
    }),
    call("files", "fs::write(…)", || {
        of(fs::write("boot.log", "hello"))
    }),
    call("files", "fs::create_dir(…)", || {
        of(fs::create_dir("logs"))
    }),
    call("files", "fs::read_dir(\"/\")", || {
        of(fs::read_dir("/").map(|entries| entries.count()))
    }),
    call("files", "Path::exists() of \"/\"", || {
        silent(Path::new("/").exists())
    }),
    call("files", "Path::try_exists() of \"/\"", || {
        of(Path::new("/").try_exists())
    }),
    call("files", "Path::join(…)", || {
        works(Path::new("/etc").join("boot.conf").display())
    }),
    call("files", "env::current_dir()", || of(env::current_dir())),
    call("files", "env::current_exe()", || of(env::current_exe())),
    call("files", "env::temp_dir()", || {
        works(env::temp_dir().display())
    }),
    call("network", "TcpStream::connect(…)", || {
        of(TcpStream::connect(("127.0.0.1", 80)))
    }),
    call("network", "TcpListener::bind(…)", || {
        of(TcpListener::bind(("127.0.0.1", 0)))
    }),
    call("network", "UdpSocket::bind(…)", || {
        of(UdpSocket::bind(("127.0.0.1", 0)))
    }),
    call("network", "\"localhost:80\".to_socket_addrs()", || {
        of("localhost:80".to_socket_addrs().map(|found| found.count()))
    }),
    call("network", "\"[::1]:80\".parse::<SocketAddr>()", || {
        of("[::1]:80".parse::<SocketAddr>())
    }),
    call("processes", "Command::new(\"ls\").spawn()", || {
        of(process::Command::new("ls").spawn())
    }),
    call("processes", "process::id()", || works(process::id())),
    call("processes", "process::exit(0)", || process::exit(0)),
    call("processes", "process::abort()", || process::abort()),
    call("threads", "thread::spawn(…)", || {
        works(thread::spawn(|| ()).join().is_ok())
    }),
    call("threads", "Builder::new().spawn(…)", || {
        of(thread::Builder::new().spawn(|| ()).map(|_| ()))
    }),
    call("threads", "available_parallelism()", || {
        of(thread::available_parallelism())
    }),
    call("threads", "thread::park()", || {
        thread::park();
        silent("back at once, and nobody has called unpark")
    }),
    call("threads", "thread_local!", || {
        thread_local!(static CELL: AtomicU32 = const { AtomicU32::new(1) });
        works(CELL.with(|cell| cell.fetch_add(1, Ordering::Relaxed)))
    }),
    call("locks", "Mutex::lock(), free", || {
        of(Mutex::new(1).lock().map(|one| *one))
    }),
    call("locks", "Mutex::lock(), held", || {
        let mutex = Mutex::new(1);
        let _held = mutex.lock();
        of(mutex.lock().map(|one| *one))
    }),
    call("locks", "RwLock::write(), while read", || {
        let lock = RwLock::new(1);
        let _read = lock.read();
        of(lock.write().map(|one| *one))
    }),
    call("locks", "Condvar::wait(…)", || {
        let (mutex, changed) = (Mutex::new(1), Condvar::new());
        of(mutex
            .lock()
            .and_then(|one| changed.wait(one))
            .map(|one| *one))
    }),
    call("locks", "Once in its own call_once", || {
        static ONCE: Once = Once::new();
        ONCE.call_once(|| ONCE.call_once(|| ()));
        works(ONCE.is_completed())
    }),
    call("locks", "LazyLock", || {
        static ONE: LazyLock<String> = LazyLock::new(|| "1".to_owned());
        works(&*ONE)
    }),
    Call {
        how: How::Alone,
        ..call("channels", "recv(), nothing sent yet", || {
            let (_sender, receiver) = channel::<u32>();
            of(receiver.recv())
        })
    },
    call("channels", "recv_timeout(1 ms)", || {
        let (_sender, receiver) = channel::<u32>();
        of(receiver.recv_timeout(Duration::from_millis(1)))
    }),
    call("channels", "try_recv()", || {
        let (_sender, receiver) = channel::<u32>();
        match receiver.try_recv() {
            Err(empty) => works(empty),
            Ok(number) => silent(number),
        }
    }),
    call("channels", "send, then recv()", || {
        let (sender, receiver) = channel();
        let sent = sender.send(1);
        of(sent
            .map_err(Box::<dyn Error>::from)
            .and_then(|()| Ok(receiver.recv()?)))
    }),
];

fn works(words: impl Debug) -> Said {
    (WORKS, format!("{words:?}"))
}

fn silent(words: impl Display) -> Said {
    (SILENT, words.to_string())
}

fn refuses(error: impl Display) -> Said {
    (REFUSES, error.to_string())
}

fn of<T: Debug>(result: Result<T, impl Display>) -> Said {
    match result {
        Ok(value) => works(value),
        Err(error) => refuses(error),
    }
}
