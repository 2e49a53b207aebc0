//! Does a program that was found also run?
//!
//! Distributions put scripts where browsers were: Ubuntu's `chromium-browser` and `firefox` say that
//! a snap is required, and end. And a snap runs only where it may use the home folder, so not in the
//! private one that browsers get here. Machine code is believed; everything else is asked.

use std::ffi::OsStr;
use std::fs::{self, File};
use std::io::Read;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Command, ExitStatus, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, bail};

use crate::temporary::temporary_folder;

/// How long a program may take to say its version.
const PATIENCE: Duration = Duration::from_secs(20);

/// How executables begin on Linux and on macOS.
const MACHINE_CODE: [&[u8]; 4] = [
    b"\x7fELF",
    b"\xcf\xfa\xed\xfe",
    b"\xca\xfe\xba\xbe",
    b"\xca\xfe\xba\xbf",
];

/// Asks the program for its version, unless it is machine code. An error says what is wrong with it.
pub(crate) fn ask(program: &Path) -> Result<(), String> {
    if is_machine_code(program) && !is_snap(program) {
        return Ok(());
    }
    version(program, PATIENCE)
        .map_err(|error| format!("{} does not run: {error:#}", program.display()))
}

fn is_machine_code(program: &Path) -> bool {
    let mut start = [0; 4];
    let read = File::open(program).and_then(|mut file| file.read_exact(&mut start));
    read.is_ok() && MACHINE_CODE.contains(&&start[..])
}

fn is_snap(program: &Path) -> bool {
    fs::canonicalize(program).is_ok_and(|real| real.file_name() == Some(OsStr::new("snap")))
}

fn version(program: &Path, patience: Duration) -> anyhow::Result<()> {
    let home = temporary_folder()?;
    let said = home.path().join("said");
    let file = File::create(&said).context("it has no file to speak to")?;
    let mut child = Command::new(program)
        .arg("--version")
        .env("HOME", home.path())
        .current_dir(home.path())
        .stdin(Stdio::null())
        .stdout(file.try_clone()?)
        .stderr(file)
        .process_group(0)
        .spawn()?;
    let start = Instant::now();
    let status: ExitStatus = loop {
        if let Some(status) = child.try_wait()? {
            break status;
        }
        if start.elapsed() > patience {
            child.kill().ok();
            child.wait().ok();
            bail!("asked for its version, it has no answer after {patience:?}");
        }
        thread::sleep(Duration::from_millis(5));
    };
    if status.success() {
        return Ok(());
    }
    let said = fs::read(&said).unwrap_or_default();
    let said = String::from_utf8_lossy(&said);
    let words: Vec<&str> = said.split_whitespace().take(40).collect();
    bail!(
        "asked for its version, it says `{}` ({status})",
        words.join(" ")
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt;

    fn script(text: &str) -> (tempfile::TempDir, std::path::PathBuf) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("browser");
        fs::write(&path, text).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
        (folder, path)
    }

    #[test]
    fn a_script_that_runs_is_believed_and_a_stub_is_not() {
        let (_folder, browser) = script("#!/bin/sh\necho Browser 1.0\n");
        ask(&browser).unwrap();
        let (_folder, stub) = script("#!/bin/sh\necho 'requires the\nfirefox snap' >&2\nexit 1\n");
        let reason = ask(&stub).unwrap_err();
        assert!(reason.contains("requires the firefox snap"), "{reason}");
        assert!(reason.contains("exit status: 1"), "{reason}");
        let (_folder, empty) = script("");
        assert!(ask(&empty).unwrap_err().contains("does not run"));
    }

    #[test]
    fn machine_code_is_believed_except_for_a_snap() {
        let (folder, _) = script("");
        ask(&std::env::current_exe().unwrap()).unwrap();
        let snap = folder.path().join("snap");
        fs::copy("/bin/false", &snap).unwrap();
        let browser = folder.path().join("chromium");
        std::os::unix::fs::symlink(&snap, &browser).unwrap();
        assert!(ask(&browser).is_err());
    }

    #[test]
    fn silence_has_an_end() {
        let (_folder, silent) = script("#!/bin/sh\nexec sleep 600\n");
        let error = version(&silent, Duration::from_millis(200)).unwrap_err();
        assert!(error.to_string().contains("no answer after"), "{error}");
    }
}
