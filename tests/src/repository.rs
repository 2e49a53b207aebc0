//! This repository, and copies of it.

use kata_zones::Workspace;
use rustix::process::{Pid, Signal, kill_process};
use std::fs;
use std::io::{BufRead, BufReader};
use std::iter::successors;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::OnceLock;
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// How long a command may take to end when it is interrupted: a book that is being rendered is rendered to its end, and
/// other tests have the machine at the same time.
pub const PATIENCE: Duration = Duration::from_secs(60);

/// The repository that these tests belong to.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .unwrap()
        .to_owned()
}

/// The repository as the tools see it.
pub fn workspace() -> Workspace {
    Workspace::find(&root()).unwrap()
}

/// Where Cargo builds.
pub fn target() -> PathBuf {
    std::env::var_os("CARGO_TARGET_DIR")
        .map_or_else(|| root().join("target"), |dir| root().join(dir))
}

/// The `kata` program, built once for all tests of a binary.
fn program() -> &'static Path {
    static PROGRAM: OnceLock<PathBuf> = OnceLock::new();
    PROGRAM.get_or_init(|| {
        let output = Command::new("cargo")
            .args([
                "build",
                "--quiet",
                "--target",
                "host-tuple",
                "-p",
                "kata",
                "--message-format=json",
            ])
            .current_dir(root())
            .stderr(Stdio::inherit())
            .output()
            .unwrap();
        String::from_utf8_lossy(&output.stdout)
            .lines()
            .filter_map(|line| serde_json::from_str::<serde_json::Value>(line).ok())
            .filter(|message| message["target"]["name"] == "kata")
            .find_map(|message| message["executable"].as_str().map(PathBuf::from))
            .expect("cargo built no `kata` program")
    })
}

/// `cargo kata` with these arguments, in this folder.
pub fn kata(dir: &Path, args: &[&str]) -> Command {
    let mut command = Command::new(program());
    command
        .args(args)
        .current_dir(dir)
        .stdin(Stdio::null())
        .env("CARGO_TARGET_DIR", target());
    command
}

/// Runs `cargo kata` to its end.
pub fn run(dir: &Path, args: &[&str]) -> Output {
    kata(dir, args).output().unwrap()
}

/// What a command printed, both streams, for messages.
pub fn words(output: &Output) -> String {
    format!(
        "{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    )
}

/// A copy of the repository's sources that a test may change.
pub struct Copy(TempDir);

impl Copy {
    /// Copies what git knows or would add, and commits it, so that `reset` has a history.
    #[allow(clippy::new_without_default, reason = "it copies a repository")]
    pub fn new() -> Self {
        let copy = Self(tempfile::tempdir().unwrap());
        let listed = Command::new("git")
            .args([
                "ls-files",
                "-z",
                "--cached",
                "--others",
                "--exclude-standard",
            ])
            .current_dir(root())
            .output()
            .unwrap();
        for name in String::from_utf8(listed.stdout)
            .unwrap()
            .split('\0')
            .filter(|name| !name.is_empty())
        {
            let from = root().join(name);
            if !from.is_file() {
                continue;
            }
            let to = copy.path().join(name);
            fs::create_dir_all(to.parent().unwrap()).unwrap();
            fs::copy(from, to).unwrap();
        }
        for args in [
            &["init", "--quiet"][..],
            &["add", "--all"],
            &[
                "-c",
                "user.name=Test",
                "-c",
                "user.email=test@example.org",
                "commit",
                "--quiet",
                "-m",
                "copy",
            ],
        ] {
            assert!(
                Command::new("git")
                    .args(args)
                    .current_dir(copy.path())
                    .status()
                    .unwrap()
                    .success()
            );
        }
        copy
    }

    /// Makes a book of few chapters, which is built in a moment: these zones', and that of the kata which the start page
    /// runs. The zones are all there.
    pub fn keep_chapters(&self, slugs: &[&str]) {
        const START: &str = "detached-view";
        let mut summary = "[Start here](index.md)\n\n".to_owned();
        let others = slugs.iter().filter(|slug| **slug != START);
        for slug in others.chain([&START]) {
            let part = self.workspace().zone(slug).unwrap().manifest.part.folder();
            summary.push_str(&format!("- [{slug}]({part}/{slug}.md)\n"));
        }
        self.write("src/SUMMARY.md", &summary);
    }

    /// The copy's folder.
    pub fn path(&self) -> &Path {
        self.0.path()
    }

    /// The copy as the tools see it.
    pub fn workspace(&self) -> Workspace {
        Workspace::find(self.path()).unwrap()
    }

    /// Writes a file of the copy.
    pub fn write(&self, relative: &str, text: &str) {
        let path = self.path().join(relative);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    /// Reads a file of the copy.
    pub fn read(&self, relative: &str) -> String {
        fs::read_to_string(self.path().join(relative)).unwrap()
    }

    /// Gives each test of a zone so many milliseconds.
    pub fn limit(&self, slug: &str, timeout_ms: u32) {
        let file = format!("katas/{slug}/kata.toml");
        let text = self.read(&file);
        let others: Vec<&str> = text
            .lines()
            .filter(|line| !line.starts_with("timeout_ms"))
            .collect();
        self.write(
            &file,
            &format!("timeout_ms = {timeout_ms}\n{}\n", others.join("\n")),
        );
    }
}

/// A program that is ended, by the signal that a terminal would send, when the test is over.
pub struct Running {
    child: Child,
}

impl Running {
    /// Starts it.
    pub fn start(command: &mut Command) -> Self {
        Self {
            child: command.spawn().unwrap(),
        }
    }

    /// Starts a server, which says on its first line where it listens.
    pub fn server(command: &mut Command) -> (Self, SocketAddr) {
        let mut server = Self::start(command.stdout(Stdio::piped()));
        let mut line = String::new();
        BufReader::new(server.stdout())
            .read_line(&mut line)
            .unwrap();
        let mut words = line.split_whitespace().rev();
        let address = words.find_map(|word| word.strip_prefix("http://")?.strip_suffix('/'));
        let address = address.unwrap_or_else(|| panic!("no address in {line:?}"));
        (server, address.parse().unwrap())
    }

    /// Its process id.
    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Its standard output, if it is piped.
    pub fn stdout(&mut self) -> std::process::ChildStdout {
        self.child.stdout.take().unwrap()
    }

    /// Its standard input, if it is piped.
    pub fn stdin(&mut self) -> std::process::ChildStdin {
        self.child.stdin.take().unwrap()
    }

    /// Its standard error, if it is piped.
    pub fn stderr(&mut self) -> std::process::ChildStderr {
        self.child.stderr.take().unwrap()
    }

    /// Sends SIGINT and waits: true if it ended within the limit.
    pub fn interrupt(&mut self, limit: Duration) -> bool {
        self.signal(Signal::INT);
        self.ends(limit)
    }

    /// Waits for its end: true if it came within the limit.
    pub fn ends(&mut self, limit: Duration) -> bool {
        let start = Instant::now();
        while start.elapsed() < limit {
            if self.child.try_wait().unwrap().is_some() {
                return true;
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        false
    }

    /// Sends SIGKILL and reaps it.
    pub fn kill(&mut self) {
        self.signal(Signal::KILL);
        let _ = self.child.wait();
    }

    fn signal(&self, signal: Signal) {
        send(self.child.id(), signal);
    }
}

/// Sends SIGKILL to a process.
pub fn kill(pid: u32) {
    send(pid, Signal::KILL);
}

fn send(pid: u32, signal: Signal) {
    let pid = i32::try_from(pid).ok().and_then(Pid::from_raw);
    let _ = kill_process(pid.unwrap(), signal);
}

impl Drop for Running {
    fn drop(&mut self) {
        if !self.interrupt(PATIENCE) {
            self.kill();
        }
    }
}

/// The processes of browsers, drivers and screens whose profiles are below a folder: what a command
/// that was started with this `TMPDIR` has left.
pub fn browsers_below(folder: &Path) -> Vec<u32> {
    let mark = format!("{}={}", kata_engines::MARK, folder.display());
    processes(|process| {
        let environment = fs::read(process.join("environ")).unwrap_or_default();
        environment
            .split(|byte| *byte == 0)
            .any(|line| line.starts_with(mark.as_bytes()))
    })
}

/// Chromium's processes that run a web worker for a browser of [`browsers_below`]. A renderer has
/// written its title over the environment that it was started with, so it is known by its parents.
pub fn workers_below(folder: &Path) -> Vec<u32> {
    let browsers = browsers_below(folder);
    let has_worker = |process: &Path| {
        let threads = fs::read_dir(process.join("task")).into_iter().flatten();
        threads.flatten().any(|thread| {
            let name = fs::read_to_string(thread.path().join("comm")).unwrap_or_default();
            name.starts_with("DedicatedWorker")
        })
    };
    let parent = |process: &PathBuf| {
        let stat = fs::read_to_string(process.join("stat")).ok()?;
        let (_, after_name) = stat.rsplit_once(')')?;
        Some(Path::new("/proc").join(after_name.split_whitespace().nth(1)?))
    };
    processes(|process| {
        has_worker(process)
            && successors(parent(&process.to_owned()), parent)
                .any(|above| browsers.iter().any(|id| above.ends_with(id.to_string())))
    })
}

/// The processes that have these words in their command line.
pub fn running(words: &str) -> Vec<u32> {
    processes(|process| {
        let line = fs::read(process.join("cmdline")).unwrap_or_default();
        String::from_utf8_lossy(&line).contains(words)
    })
}

/// The processes whose folder in `/proc` a question says yes to.
fn processes(ask: impl Fn(&Path) -> bool) -> Vec<u32> {
    fs::read_dir("/proc")
        .unwrap()
        .flatten()
        .filter_map(|entry| {
            let id = entry.file_name().to_string_lossy().parse().ok()?;
            ask(&entry.path()).then_some(id)
        })
        .collect()
}
