//! What the browser tests need to know about processes.

use std::fs;
use std::path::Path;
use std::process::Command;
use std::thread;
use std::time::{Duration, Instant};

/// A living process of a browser's tree.
pub struct Process {
    pub id: u32,
    pub command_line: String,
}

/// The processes whose mark names a folder below `folder`, and those that share a group with them.
pub fn processes_below(folder: &Path) -> Vec<Process> {
    let mark = format!("{}={}/", kata_engines::MARK, folder.display()).into_bytes();
    let all: Vec<(u32, u32)> = fs::read_dir("/proc")
        .unwrap()
        .filter_map(|entry| entry.ok()?.file_name().to_str()?.parse().ok())
        .filter_map(|id| Some((id, group_of_living(id)?)))
        .collect();
    let groups: Vec<u32> = all
        .iter()
        .filter(|(id, _)| {
            fs::read(format!("/proc/{id}/environ")).is_ok_and(|environ| {
                environ
                    .split(|byte| *byte == 0)
                    .any(|entry| entry.starts_with(&mark))
            })
        })
        .map(|(_, group)| *group)
        .collect();
    all.into_iter()
        .filter(|(_, group)| groups.contains(group))
        .map(|(id, _)| Process {
            id,
            command_line: fs::read(format!("/proc/{id}/cmdline"))
                .map(|line| String::from_utf8_lossy(&line).replace('\0', " "))
                .unwrap_or_default(),
        })
        .collect()
}

/// The process' group; `None` for a zombie, which only waits to be counted.
fn group_of_living(id: u32) -> Option<u32> {
    let stat = fs::read_to_string(format!("/proc/{id}/stat")).ok()?;
    let mut fields = stat.rsplit_once(") ")?.1.split(' ');
    let state = fields.next()?;
    let group = fields.nth(1)?.parse().ok()?;
    (state != "Z").then_some(group)
}

pub fn send(signal: &str, id: u32) {
    Command::new("/bin/sh")
        .args(["-c", &format!("kill -s {signal} {id}")])
        .status()
        .unwrap();
}

pub fn wait_for(what: &str, mut is_so: impl FnMut() -> bool) {
    let start = Instant::now();
    while !is_so() {
        assert!(
            start.elapsed() < Duration::from_secs(10),
            "waited in vain: {what}"
        );
        thread::sleep(Duration::from_millis(50));
    }
}
