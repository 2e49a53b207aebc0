//! Child processes that cannot outlive their welcome.

use anyhow::Context;
use rustix::process::{Pid, Signal, kill_process_group};
use std::process::{Output, Stdio};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncReadExt};
use tokio::process::{Child, Command};

/// What became of a bounded child.
#[derive(Debug)]
pub enum Ended {
    /// It ended by itself.
    Done(Output),
    /// It was still running at the limit, and its whole process group was ended.
    TimedOut,
}

/// Ends a whole process group when it is dropped.
struct Group(Option<Pid>);

impl Drop for Group {
    fn drop(&mut self) {
        if let Some(group) = self.0 {
            // The group may be gone already, which is what we want.
            let _ = kill_process_group(group, Signal::KILL);
        }
    }
}

/// Runs its arguments as a command, and ends the whole group when the pipe on its standard input
/// ends: the kernel closes that when we die, by SIGKILL too.
const LEASH: &str = r#"
exec 3<&0 </dev/null
{ read -r _ <&3; kill -s KILL 0; } >/dev/null 2>&1 &
exec "$@" 3<&-
"#;

/// Bytes of each stream that are kept. What a macro makes rustc say has no end.
const KEPT: usize = 64 * 1024 * 1024;

/// The same command on a leash.
fn leashed(command: &std::process::Command) -> Command {
    let mut shell = Command::new("/bin/sh");
    shell
        .args(["-c", LEASH, "kata-leash"])
        .arg(command.get_program())
        .args(command.get_args());
    if let Some(folder) = command.get_current_dir() {
        shell.current_dir(folder);
    }
    for (name, value) in command.get_envs() {
        match value {
            Some(value) => shell.env(name, value),
            None => shell.env_remove(name),
        };
    }
    shell
}

/// Runs `command` in its own process group, for `limit` at most, and keeps what it prints. When
/// the future is dropped, or we die, the group is ended too.
///
/// # Errors
/// When the command cannot be started or its output cannot be read.
pub async fn bounded(command: &mut Command, limit: Duration) -> anyhow::Result<Ended> {
    bounded_as(command, limit, Command::spawn).await
}

/// The same for a command that is started in its own way.
pub(super) async fn bounded_as(
    command: &mut Command,
    limit: Duration,
    spawn: impl FnOnce(&mut Command) -> std::io::Result<Child>,
) -> anyhow::Result<Ended> {
    let name = command
        .as_std()
        .get_program()
        .to_string_lossy()
        .into_owned();
    let mut leashed = leashed(command.as_std());
    leashed
        .process_group(0)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .kill_on_drop(true);
    let mut child = spawn(&mut leashed).with_context(|| format!("starting {name}"))?;
    let group = Group(
        child
            .id()
            .and_then(|id| i32::try_from(id).ok())
            .and_then(Pid::from_raw),
    );
    // Taken out, since a wait would close it.
    let _leash = child.stdin.take();
    let (mut out, mut err) = (child.stdout.take(), child.stderr.take());
    let (mut stdout, mut stderr) = (Vec::new(), Vec::new());
    let run = async {
        let (status, out, err) = tokio::join!(
            child.wait(),
            keep(&mut out, &mut stdout),
            keep(&mut err, &mut stderr)
        );
        out.and(err)?;
        status
    };
    match tokio::time::timeout(limit, run).await {
        Ok(status) => {
            let status = status.with_context(|| format!("waiting for {name}"))?;
            Ok(Ended::Done(Output {
                status,
                stdout,
                stderr,
            }))
        }
        Err(_) => {
            drop(group);
            // Reap it, so that no zombie stays behind.
            let _ = child.wait().await;
            Ok(Ended::TimedOut)
        }
    }
}

/// Reads a stream to its end and keeps its first [`KEPT`] bytes.
async fn keep(
    stream: &mut Option<impl AsyncRead + Unpin>,
    kept: &mut Vec<u8>,
) -> std::io::Result<()> {
    let Some(stream) = stream else {
        return Ok(());
    };
    let mut chunk = vec![0; 64 * 1024];
    loop {
        match stream.read(&mut chunk).await? {
            0 => return Ok(()),
            length => {
                let room = length.min(KEPT - kept.len());
                kept.extend_from_slice(&chunk[..room]);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_child_that_hangs_is_ended_with_its_own_children() {
        let dir = tempfile::tempdir().unwrap();
        let pid_file = dir.path().join("pid");
        let script = format!("sleep 600 & echo $! > {}; wait", pid_file.display());
        let mut command = Command::new("sh");
        let ended = bounded(command.args(["-c", &script]), Duration::from_millis(500))
            .await
            .unwrap();
        assert!(matches!(ended, Ended::TimedOut));
        let pid: i32 = std::fs::read_to_string(&pid_file)
            .unwrap()
            .trim()
            .parse()
            .unwrap();
        for _ in 0..50 {
            let gone = rustix::process::test_kill_process(Pid::from_raw(pid).unwrap()).is_err();
            let zombie = std::fs::read_to_string(format!("/proc/{pid}/stat"))
                .is_ok_and(|s| s.contains(") Z "));
            if gone || zombie {
                return;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        panic!("the grandchild {pid} is still running");
    }

    #[tokio::test]
    async fn output_of_a_child_that_ends_is_kept() {
        let mut command = Command::new("sh");
        let ended = bounded(
            command.args(["-c", "echo out; echo err >&2; exit 3"]),
            Duration::from_secs(10),
        );
        let Ended::Done(output) = ended.await.unwrap() else {
            panic!("timed out")
        };
        assert_eq!(output.stdout, b"out\n");
        assert_eq!(output.stderr, b"err\n");
        assert_eq!(output.status.code(), Some(3));
    }

    #[tokio::test]
    async fn what_has_no_end_is_not_kept() {
        let mut command = Command::new("sh");
        let line = "x".repeat(1 << 16);
        let script = format!("n=0; while [ $n -lt 1100 ]; do echo {line}; n=$((n+1)); done");
        let Ended::Done(output) = bounded(command.args(["-c", &script]), Duration::from_secs(60))
            .await
            .unwrap()
        else {
            panic!("timed out")
        };
        assert!(output.status.success());
        assert_eq!(output.stdout.len(), KEPT);
    }
}
