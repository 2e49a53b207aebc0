//! Processes that never outlive us.
//!
//! A driver starts a browser, the browser starts a dozen processes, some of them
//! leave the process group and some their parent. What they keep is their
//! environment, so each tree carries a mark there. One small shell, the guard,
//! ends the tree by that mark and deletes its folder, and it does so as soon as a
//! pipe ends that only we hold. That covers a normal stop, a panic and `SIGKILL` alike.

use std::fs::File;
use std::io::Write;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, ExitStatus, Stdio};

use anyhow::Context;

use crate::temporary::temporary_folder;

/// The variable that marks every process of a tree. Its value is the tree's folder.
pub const MARK: &str = "KATA_BROWSER_TREE";

/// Ends the tree when its standard input does; see the file's comments.
const GUARD: &str = include_str!("guard.sh");

/// Variables that would let the outside in: the user's screen, session bus and proxies.
const STRIPPED: [&str; 12] = [
    "DISPLAY",
    "WAYLAND_DISPLAY",
    "XAUTHORITY",
    "http_proxy",
    "https_proxy",
    "all_proxy",
    "no_proxy",
    "HTTP_PROXY",
    "HTTPS_PROXY",
    "ALL_PROXY",
    "NO_PROXY",
    "SESSION_MANAGER",
];

/// A tree of processes with a folder of its own, which serves as home and as
/// place for temporary files. Dropping it ends every process and deletes the folder.
pub(crate) struct ProcessTree {
    home: PathBuf,
    guard: Child,
    /// The guard's standard input; `None` once the tree has ended.
    leash: Option<ChildStdin>,
    children: Vec<Child>,
}

/// One process that was started in a tree.
#[derive(Clone, Copy)]
pub(crate) struct Member(usize);

impl ProcessTree {
    pub(crate) fn new() -> anyhow::Result<Self> {
        let home = temporary_folder()?;
        let mut guard = Command::new("/bin/sh")
            .args(["-c", GUARD, "kata-guard"])
            .arg(mark(home.path()))
            .arg(home.path())
            .current_dir("/")
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            // Ctrl-C reaches the terminal's foreground group. The guard must survive it.
            .process_group(0)
            .spawn()
            .context("cannot start /bin/sh, which guards the browser's processes")?;
        let leash = guard.stdin.take();
        Ok(ProcessTree {
            home: home.keep(),
            guard,
            leash,
            children: Vec::new(),
        })
    }

    /// The folder that goes away with the tree.
    pub(crate) fn home(&self) -> &Path {
        &self.home
    }

    /// A command whose process, once started by [`Self::spawn`], belongs to the tree.
    pub(crate) fn command(&self, program: &Path) -> Command {
        let mut command = Command::new(program);
        for name in STRIPPED {
            command.env_remove(name);
        }
        command
            .env(MARK, &self.home)
            .env("HOME", &self.home)
            .env("TMPDIR", &self.home)
            .env("DBUS_SESSION_BUS_ADDRESS", "disabled:")
            .env("NO_AT_BRIDGE", "1")
            .current_dir(&self.home)
            .stdin(Stdio::null())
            .process_group(0);
        for (name, folder) in [
            ("XDG_CONFIG_HOME", "config"),
            ("XDG_CACHE_HOME", "cache"),
            ("XDG_DATA_HOME", "data"),
        ] {
            command.env(name, self.home.join(folder));
        }
        command
    }

    pub(crate) fn spawn(&mut self, command: &mut Command) -> anyhow::Result<Member> {
        let child = command
            .spawn()
            .with_context(|| format!("cannot start {}", command.get_program().display()))?;
        if let Some(leash) = &mut self.leash {
            // Each process leads a group of its own, so its id is the group's.
            writeln!(leash, "{}", child.id())
                .context("the guard of the browser's processes is gone")?;
        }
        self.children.push(child);
        Ok(Member(self.children.len() - 1))
    }

    /// How the process ended, if it did.
    pub(crate) fn exit(&mut self, member: Member) -> Option<ExitStatus> {
        self.children[member.0].try_wait().ok().flatten()
    }

    /// The process' standard output, if it was piped and not taken yet.
    pub(crate) fn take_stdout(&mut self, member: Member) -> Option<std::process::ChildStdout> {
        self.children[member.0].stdout.take()
    }

    /// A fresh file in the tree's folder, for what a process prints.
    pub(crate) fn log(&self, name: &str) -> anyhow::Result<(PathBuf, File)> {
        let path = self.home.join(name);
        let file =
            File::create(&path).with_context(|| format!("cannot write {}", path.display()))?;
        Ok((path, file))
    }

    /// Ends every process and deletes the folder, in a fraction of a second.
    fn end(&mut self) {
        drop(self.leash.take());
        // The guard gives up after a few seconds, so neither wait can be for ever:
        // a direct child is killed once more here, in case the guard itself was.
        self.guard.wait().ok();
        for child in &mut self.children {
            child.kill().ok();
            child.wait().ok();
        }
    }
}

impl Drop for ProcessTree {
    fn drop(&mut self) {
        self.end();
    }
}

fn mark(home: &Path) -> String {
    format!("{MARK}={}", home.display())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;
    use std::time::{Duration, Instant};

    /// Ids of the living processes that carry the mark of `home`.
    fn marked(home: &Path) -> Vec<u32> {
        let mark = mark(home).into_bytes();
        fs::read_dir("/proc")
            .unwrap()
            .filter_map(|entry| entry.ok()?.file_name().to_str()?.parse().ok())
            .filter(|pid| {
                fs::read(format!("/proc/{pid}/environ")).is_ok_and(|environ| {
                    environ.split(|byte| *byte == 0).any(|entry| entry == mark)
                })
            })
            .collect()
    }

    fn shell(tree: &mut ProcessTree, script: &str) -> Member {
        let mut command = tree.command(Path::new("/bin/sh"));
        command.args(["-c", script]);
        tree.spawn(&mut command).unwrap()
    }

    fn wait_for(what: &str, mut is_so: impl FnMut() -> bool) {
        let start = Instant::now();
        while !is_so() {
            assert!(
                start.elapsed() < Duration::from_secs(10),
                "waited in vain: {what}"
            );
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    #[test]
    fn a_drop_ends_children_and_grandchildren() {
        let mut tree = ProcessTree::new().unwrap();
        let home = tree.home.clone();
        shell(&mut tree, "sleep 600 & sleep 600");
        wait_for("three processes", || marked(&home).len() == 3);
        drop(tree);
        assert_eq!(marked(&home), [] as [u32; 0]);
        assert!(!home.exists(), "the folder is still there");
    }

    /// What a crash reporter does: a session of its own, and an orphan.
    #[test]
    fn a_process_that_left_its_group_is_found_by_its_mark() {
        let mut tree = ProcessTree::new().unwrap();
        let home = tree.home.clone();
        let member = shell(
            &mut tree,
            "setsid sh -c 'sleep 600 & sleep 600' & sleep 0.2",
        );
        wait_for("the leader's end", || tree.exit(member).is_some());
        wait_for("the orphans", || marked(&home).len() == 3);
        drop(tree);
        assert_eq!(marked(&home), [] as [u32; 0]);
    }

    /// What Chromium's renderers do: no mark, but the same group.
    #[test]
    fn a_process_that_lost_its_mark_is_found_by_its_group() {
        let mut tree = ProcessTree::new().unwrap();
        let pid_file = tree.home.with_extension("pid");
        shell(
            &mut tree,
            &format!(
                "env -i sleep 600 & echo $! > {}; sleep 600",
                pid_file.display()
            ),
        );
        let mut pid = String::new();
        wait_for("the id", || {
            pid = fs::read_to_string(&pid_file).unwrap_or_default();
            pid.ends_with('\n')
        });
        fs::remove_file(&pid_file).unwrap();
        let process = PathBuf::from("/proc").join(pid.trim());
        assert!(process.exists());
        drop(tree);
        wait_for("its end", || !process.exists());
    }

    #[test]
    fn a_process_that_ignores_signals_is_ended_too() {
        let mut tree = ProcessTree::new().unwrap();
        let home = tree.home.clone();
        shell(&mut tree, "trap '' HUP INT TERM; while :; do sleep 1; done");
        wait_for("it to run", || !marked(&home).is_empty());
        drop(tree);
        assert_eq!(marked(&home), [] as [u32; 0]);
    }

    #[test]
    fn two_trees_do_not_touch_each_other() {
        let mut first = ProcessTree::new().unwrap();
        let mut second = ProcessTree::new().unwrap();
        shell(&mut first, "sleep 600");
        let member = shell(&mut second, "sleep 600");
        drop(first);
        assert!(
            second.exit(member).is_none(),
            "the other tree's process died"
        );
    }
}
