//! The local server compiles and writes what a page sends. Whoever else sends something is turned away, and nothing
//! that is sent takes the server down.

use book_tests::http::{Ask, PATIENCE, read};
use book_tests::repository::{Copy, Running, kata, running};
use kata_zones::sha256;
use rustix::process::{Resource, getrlimit, setrlimit};
use serde_json::{Value, json};
use std::fs;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// The first zone, which the server compiles first.
const SLUG: &str = "blocked-loop";
const LIB: &str = "katas/blocked-loop/src/lib.rs";

/// What takes the compiler more than any patience.
const ENDLESS: &str = "\n#[allow(long_running_const_eval)]\npub const LONG: u64 = {\n    let mut n = 0;\n    \
    while n < u64::MAX {\n        n += 1;\n    }\n    n\n};\n";

/// A variable of the server's that is nobody's business.
const SECRET: &str = "SOMETHING_SECRET";

/// The server behind the door.
struct Door {
    addr: SocketAddr,
    token: String,
    copy: Copy,
    server: Running,
}

impl Door {
    fn open() -> Self {
        let copy = Copy::new();
        let mut command = kata(copy.path(), &["serve", "--port", "0"]);
        command.envs([(SECRET, "a-secret"), ("KATA_EDITOR", "'touch'")]);
        copy.keep_chapters(&[SLUG]);
        let mut command = with_few_files(&command);
        let (server, addr) = Running::server(command.stderr(Stdio::null()));
        let mut door = Self {
            addr,
            token: String::new(),
            copy,
            server,
        };
        let (_, progress) = door.get("/-/progress").send(addr);
        let progress: Value = serde_json::from_str(&progress).unwrap();
        door.token = progress["token"].as_str().unwrap().to_owned();
        door
    }

    fn get(&self, path: &str) -> Ask<'static> {
        Ask {
            method: "GET",
            path: path.to_owned(),
            host: "localhost",
            headers: Vec::new(),
            body: Vec::new(),
        }
    }

    fn write(&self, method: &'static str, path: &str, body: &Value) -> Ask<'static> {
        let ask = Ask {
            method,
            body: body.to_string().into_bytes(),
            ..self.get(path)
        };
        ask.with("content-type", "application/json")
            .with("kata-token", &self.token)
    }

    fn compile(&self, text: &str) -> Ask<'static> {
        self.write(
            "POST",
            &format!("/-/compile/{SLUG}"),
            &json!({ "text": text }),
        )
    }

    fn save(&self, text: &str) -> Ask<'static> {
        let base = sha256(self.text().as_bytes());
        self.write(
            "PUT",
            &format!("/-/source/{SLUG}"),
            &json!({ "text": text, "base": base }),
        )
    }

    fn text(&self) -> String {
        self.copy.read(LIB)
    }

    /// What a text comes to.
    fn compiled(&self, text: &str) -> Value {
        let (status, body) = self.compile(text).send(self.addr);
        assert_eq!(status, 200, "{body}");
        serde_json::from_str(&body).unwrap()
    }

    /// Compilers of this server that work on the kata.
    fn compilers(&self) -> usize {
        let parent = |pid: &u32| {
            let stat = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
            let (_, after_name) = stat.rsplit_once(')')?;
            after_name.split_whitespace().nth(1)?.parse::<u32>().ok()
        };
        let own = self.server.pid();
        let all = running("stage_katas_blocked_loop").into_iter();
        all.filter(|pid| std::iter::successors(Some(*pid), parent).any(|above| above == own))
            .count()
    }
}

/// The same command with as many open files as most systems allow to begin with.
fn with_few_files(command: &Command) -> Command {
    let mut limited = Command::new("sh");
    limited.args(["-c", "ulimit -S -n 1024; exec \"$@\"", "sh"]);
    limited.arg(command.get_program()).args(command.get_args());
    for (name, value) in command.get_envs() {
        match value {
            Some(value) => limited.env(name, value),
            None => limited.env_remove(name),
        };
    }
    if let Some(folder) = command.get_current_dir() {
        limited.current_dir(folder);
    }
    limited
}

/// What went wrong, all of it: each case has a guard of its own.
#[derive(Default)]
struct Faults(Vec<String>);

impl Faults {
    fn expect(&mut self, case: &str, answer: (u16, String), allowed: &[u16]) {
        let (status, body) = answer;
        let lines = body.trim_end().lines().count();
        if !allowed.contains(&status) || (status != 404 && lines != 1) {
            self.0.push(format!("{case}: {status}, {body}"));
        }
    }
}

/// Strangers: each request is right but for one thing.
fn strangers_are_turned_away(door: &Door, faults: &mut Faults) {
    let mine = "pub const MINE: u32 = 1;\n";
    let before = door.text();
    for (what, ask) in [
        ("save", door.save(mine)),
        ("compile", door.compile(mine)),
        (
            "open",
            door.write("POST", &format!("/-/open/{SLUG}"), &json!({})),
        ),
        (
            "progress",
            door.write(
                "POST",
                "/-/progress",
                &json!({ "slug": SLUG, "source": "" }),
            ),
        ),
    ] {
        let mut refused = |why: &str, ask: Ask, status: u16| {
            faults.expect(&format!("{what}, {why}"), ask.send(door.addr), &[status]);
        };
        refused(
            "foreign origin",
            ask.clone().with("origin", "http://evil.example"),
            403,
        );
        refused(
            "an origin without a name",
            ask.clone().with("origin", "null"),
            403,
        );
        refused(
            "foreign host",
            Ask {
                host: "evil.example",
                ..ask.clone()
            },
            403,
        );
        refused("no token", ask.clone().without("kata-token"), 403);
        refused(
            "a wrong token",
            ask.clone().with("kata-token", &"0".repeat(32)),
            403,
        );
        refused(
            "a second origin",
            ask.clone()
                .with_another("origin", "http://localhost")
                .with_another("origin", "http://evil.example"),
            403,
        );
        refused(
            "no text for an origin",
            ask.clone().with("origin", "\u{ff}"),
            403,
        );
        refused(
            "a second host",
            ask.clone().with_another("host", "evil.example"),
            400,
        );
        if what != "open" {
            for kind in [
                "text/plain",
                "application/x-www-form-urlencoded",
                "multipart/form-data",
            ] {
                refused(kind, ask.clone().with("content-type", kind), 415);
            }
            refused("no type", ask.clone().without("content-type"), 415);
        }
    }
    for path in ["/-/source/blocked-loop", "/-/progress"] {
        let ask = Ask {
            host: "evil.example:3000",
            ..door.get(path)
        };
        faults.expect("a strangers name reads", ask.send(door.addr), &[403]);
    }
    if door.text() != before {
        faults.0.push("a stranger has written".to_owned());
    }
    // Through a forward, localhost has another port.
    let own = Ask {
        host: "localhost:8080",
        ..door.save(&before)
    };
    let own = own.with("origin", "http://localhost:8080");
    faults.expect("another port", own.send(door.addr), &[200]);
}

/// What leads out of the zones leads nowhere.
fn paths_lead_nowhere(door: &Door, faults: &mut Faults) {
    let body = json!({ "text": "", "base": "" });
    for slug in [
        "..%2f..%2fsrc",
        "%2e%2e",
        "..",
        "no-such-zone",
        "blocked-loop%00",
        "%2fetc%2fpasswd",
        "contract%2f..%2f..",
        "%ff",
    ] {
        for path in [
            format!("/-/source/{slug}"),
            format!("/bundles/{slug}/kata/spec.js"),
            format!("/bundles/blocked-loop/attempts/{slug}/spec.js"),
            format!("/-/built/{slug}/x/spec.js"),
            format!("/-/built/{SLUG}/{slug}/spec.js"),
            format!("/-/built/{SLUG}/x/{slug}"),
        ] {
            faults.expect(&path, door.get(&path).send(door.addr), &[400, 404]);
        }
        for (method, path) in [("PUT", "source"), ("POST", "compile"), ("POST", "open")] {
            let path = format!("/-/{path}/{slug}");
            faults.expect(
                &path,
                door.write(method, &path, &body).send(door.addr),
                &[400, 404, 405],
            );
        }
    }
}

/// What is no text of a `lib.rs` is refused, and says why in a line.
fn only_texts_come_in(door: &Door, faults: &mut Faults) {
    let before = door.text();
    for ask in [door.save("x"), door.compile("x")] {
        let path = ask.path.clone();
        let body = |bytes: &[u8]| Ask {
            body: bytes.to_vec(),
            ..ask.clone()
        };
        for (what, bytes) in [
            (
                "invalid UTF-8",
                &b"{\"text\":\"\xff\xfe\",\"base\":\"\"}"[..],
            ),
            ("half a character", br#"{"text":"\ud800","base":""}"#),
            ("no JSON", b"text=x"),
            ("another JSON", b"[1, 2]"),
            ("nothing", b""),
        ] {
            faults.expect(
                &format!("{path}, {what}"),
                body(bytes).send(door.addr),
                &[400],
            );
        }
        for (what, text) in [
            ("NUL", "fn a() {}\n\0\n".to_owned()),
            ("too long", "/".repeat(300 << 10)),
        ] {
            let bytes = json!({ "text": text, "base": sha256(before.as_bytes()) }).to_string();
            faults.expect(
                &format!("{path}, {what}"),
                body(bytes.as_bytes()).send(door.addr),
                &[422],
            );
        }
        // It says how much is to come, and is answered long before that.
        let huge = Ask {
            body: vec![b' '; 3 << 20],
            ..ask.clone()
        }
        .with("content-length", "104857600");
        faults.expect(&format!("{path}, 100 MB"), huge.send(door.addr), &[413]);
    }
    if door.text() != before {
        faults.0.push("what is no text was written".to_owned());
    }
}

/// No file has such a name.
fn what_no_file_can_be_called_is_not_there(door: &Door, faults: &mut Faults) {
    let long = format!("/{}", "a".repeat(300));
    for (method, path) in [
        ("GET", &*long),
        ("HEAD", &long),
        ("GET", "/%00"),
        ("HEAD", "/%00"),
    ] {
        let ask = Ask {
            method,
            ..door.get(path)
        };
        faults.expect(&format!("{method} {path}"), ask.send(door.addr), &[404]);
    }
}

/// Begins a request and says no more.
fn knock(door: &Door) -> TcpStream {
    let mut stream = TcpStream::connect(door.addr).unwrap();
    stream.write_all(b"GET / HT").unwrap();
    stream
}

/// Who only knocks does not keep a place for ever.
fn a_slow_head_is_given_up(mut knocked: TcpStream, faults: &mut Faults) {
    knocked.set_read_timeout(Some(PATIENCE)).unwrap();
    if let Err(error) = knocked.read_to_end(&mut Vec::new()) {
        faults.0.push(format!("a slow head is waited for: {error}"));
    }
}

/// A body that does not come is not waited for.
fn a_slow_body_is_given_up(door: &Door, faults: &mut Faults) {
    let begun = Instant::now();
    let ask = door.compile("x").with("content-length", "1000");
    let mut stream = ask.connect(door.addr);
    faults.expect("a slow body", read(&mut stream), &[408]);
    if begun.elapsed() > Duration::from_secs(60) {
        faults
            .0
            .push(format!("a slow body was waited for: {:?}", begun.elapsed()));
    }
}

/// Two tabs, or a tab and an editor: nothing that was not seen is written over.
fn a_newer_file_is_not_written_over(door: &Door, faults: &mut Faults) {
    let stale = door.save("// stale\n");
    let newer = format!("{}\n// newer\n", door.text());
    door.copy.write(LIB, &newer);
    let (status, body) = stale.send(door.addr);
    let said: Value = serde_json::from_str(&body).unwrap_or_default();
    if status != 409
        || said["text"] != newer
        || said["hash"] != sha256(newer.as_bytes())
        || door.text() != newer
    {
        faults.0.push(format!("a newer file: {status}, {body}"));
    }
    faults.expect(
        "a text that was seen",
        door.save("// mine\n").send(door.addr),
        &[200],
    );
    if door.text() != "// mine\n" {
        faults.0.push("what was saved is not there".to_owned());
    }
}

/// The machine's files and variables are not in what comes back.
fn nothing_of_the_machine_comes_out(door: &Door, faults: &mut Faults) {
    let text = fs::read_to_string(door.copy.workspace().zone(SLUG).unwrap().untouched()).unwrap();
    let passwd = door.compiled(&format!(
        "{text}\npub static SEEN: &[u8] = include_bytes!(\"/etc/passwd\");\n"
    ));
    let rendered = passwd["rendered"].as_str().unwrap_or_default();
    if passwd["status"] != "failed" || !rendered.contains("/etc/passwd") {
        faults.0.push(format!("a file was taken in: {passwd}"));
    }
    let known =
        format!("{text}\npub const SEEN: () = assert!(option_env!(\"{SECRET}\").is_none());\n");
    let known = door.compiled(&known);
    if known["status"] != "ready" {
        faults.0.push(format!("a variable was taken in: {known}"));
    }
    let url = format!("/{}", known["url"].as_str().unwrap_or_default());
    for file in ["spec.js", "spec_bg.wasm"] {
        let (status, _) = door.get(&format!("{url}{file}")).send(door.addr);
        if status != 200 {
            faults.0.push(format!("{url}{file}: {status}"));
        }
    }
}

/// A page that is closed leaves no compiler behind.
fn a_build_ends_with_its_page(door: &Door, faults: &mut Faults) {
    let page = door
        .compile(&format!("{}{ENDLESS}", door.text()))
        .connect(door.addr);
    let until = |wanted: bool| {
        let begun = Instant::now();
        while (door.compilers() > 0) != wanted && begun.elapsed() < PATIENCE / 2 {
            std::thread::sleep(Duration::from_millis(20));
        }
        (door.compilers() > 0) == wanted
    };
    if !until(true) {
        faults.0.push("the build never began".to_owned());
    }
    drop(page);
    if !until(false) {
        faults
            .0
            .push("the page is gone, and its build goes on".to_owned());
    }
}

/// A thousand at once are answered or told to come back, and then the server is there.
fn a_thousand_at_once(door: &Door, faults: &mut Faults) {
    let endless = door.compile(&format!("{}{ENDLESS}", door.text()));
    // All of them are here before anybody reads, and those that are let in come to no end.
    let mut all: Vec<TcpStream> = (0..1000).map(|_| endless.connect(door.addr)).collect();
    let mut statuses = Vec::new();
    let mut silent = 0;
    for stream in &mut all {
        stream
            .set_read_timeout(Some(Duration::from_millis(if silent > 40 {
                1
            } else {
                500
            })))
            .unwrap();
        match read(stream).0 {
            0 => silent += 1,
            status => statuses.push(status),
        }
    }
    drop(all);
    if silent > 40 || statuses.iter().any(|status| *status != 503) {
        statuses.sort();
        statuses.dedup();
        faults.0.push(format!(
            "of a thousand {silent} wait; the others: {statuses:?}"
        ));
    }
    faults.expect(
        "after a thousand",
        door.save(&door.text()).send(door.addr),
        &[200],
    );
    let (status, _) = door.get("/index.html").send(door.addr);
    if status != 200 {
        faults.0.push(format!("after a thousand: {status}"));
    }
}

#[test]
fn the_door_is_locked() {
    // A thousand sockets here, and as many in the server.
    let mut files = getrlimit(Resource::Nofile);
    files.current = files.maximum;
    setrlimit(Resource::Nofile, files).unwrap();
    let door = Door::open();
    let mut faults = Faults::default();
    let knocked = knock(&door);
    strangers_are_turned_away(&door, &mut faults);
    what_no_file_can_be_called_is_not_there(&door, &mut faults);
    paths_lead_nowhere(&door, &mut faults);
    only_texts_come_in(&door, &mut faults);
    a_slow_body_is_given_up(&door, &mut faults);
    nothing_of_the_machine_comes_out(&door, &mut faults);
    a_build_ends_with_its_page(&door, &mut faults);
    a_thousand_at_once(&door, &mut faults);
    a_newer_file_is_not_written_over(&door, &mut faults);
    a_slow_head_is_given_up(knocked, &mut faults);
    assert!(faults.0.is_empty(), "{:#?}", faults.0);
}
