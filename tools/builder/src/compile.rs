//! Cargo, run once for many packages, within a limit.

use super::confine::Confinement;
use super::diagnostic::Said;
use super::lines::STAGE;
use super::stage::{PROFILE, Package, Stage};
use crate::process::{Ended, bounded_as};
use crate::toolchain::cargo;
use anyhow::{Context, bail};
use serde::Deserialize;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::time::Duration;
use tokio::process::Command;

/// What Cargo made of one package, and what rustc said of it.
#[derive(Debug)]
pub(super) struct Compiled {
    pub outcome: Outcome,
    pub said: Vec<Said>,
}

impl From<Outcome> for Compiled {
    fn from(outcome: Outcome) -> Self {
        Self {
            outcome,
            said: Vec::new(),
        }
    }
}

/// What Cargo made of one package.
#[derive(Debug)]
pub(super) enum Outcome {
    /// The wasm of the package's spec.
    Wasm(PathBuf),
    /// rustc's diagnostics.
    Refused(String),
    /// Cargo was ended at the limit.
    TimedOut,
}

/// The lines of `--message-format=json` that matter here.
#[derive(Deserialize)]
#[serde(tag = "reason")]
enum Message {
    #[serde(rename = "compiler-message")]
    Said {
        target: Target,
        manifest_path: PathBuf,
        message: Said,
    },
    #[serde(rename = "compiler-artifact")]
    Made {
        target: Target,
        manifest_path: PathBuf,
        executable: Option<PathBuf>,
    },
    #[serde(other)]
    Other,
}

#[derive(Deserialize)]
struct Target {
    kind: Vec<String>,
}

/// How much of rustc's words is kept for one package, in bytes.
const DIAGNOSTICS_LIMIT: usize = 64 * 1024;

/// Memory that one process of a build may map, in KiB: a constant evaluation
/// can ask for anything.
const MEMORY_LIMIT_KIB: u64 = 12 * 1024 * 1024;

/// Keeps the reader's own Cargo settings, in files and in the environment, away from the verdict. Other
/// flags would make other artifacts than the book speaks of; a wrapper or a linker may not know wasm; and
/// a lint is no reason to refuse a kata, not even one that the answer itself forbids. What is empty here
/// counts as set, and goes before a file. Registries, proxies and the number of jobs stay the reader's.
///
/// Where a dependency lies, a panic of it tells, and where the stage is, the debug information: these paths stand in
/// the wasm. Without the reader's own folders in front, all readers' wasm is the same, and none of it tells who built it.
fn isolate(command: &mut Command, stage: &Stage) {
    let mut flags = OsString::from("--cap-lints\u{1f}warn");
    let homes = cargo_home(stage.dir()).map(|home| (home, "/cargo"));
    for (ours, told) in [(stage.dir().to_owned(), STAGE)].into_iter().chain(homes) {
        flags.push("\u{1f}--remap-path-prefix\u{1f}");
        flags.push(ours);
        flags.push("=");
        flags.push(told);
    }
    command.env("CARGO_ENCODED_RUSTFLAGS", flags);
    for (variable, value) in [
        ("RUSTC_WRAPPER", ""),
        ("RUSTC_WORKSPACE_WRAPPER", ""),
        ("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER", "rust-lld"),
        // No unstable features, whatever an editor has set, and nothing is built once more for it.
        ("RUSTC_BOOTSTRAP", "-1"),
    ] {
        command.env(variable, value);
    }
    command
        .env("CARGO_BUILD_BUILD_DIR", stage.target())
        .env("TMPDIR", stage.temporary());
    // What would forbid a build, or change where it goes.
    for variable in ["RUSTFLAGS", "CARGO_BUILD_TARGET"] {
        command.env_remove(variable);
    }
    // For all crates, the published ones too. Switched off, as CI has it, it changes none of those.
    for variable in ["CARGO_INCREMENTAL", "CARGO_BUILD_INCREMENTAL"] {
        if std::env::var_os(variable).is_some_and(|value| value == "1" || value == "true") {
            command.env_remove(variable);
        }
    }
}

/// Cargo's home, as a Cargo that runs in this folder finds it.
pub(super) fn cargo_home(folder: &Path) -> Option<PathBuf> {
    let given = std::env::var_os("CARGO_HOME").filter(|home| !home.is_empty());
    match given {
        Some(home) => Some(folder.join(home)),
        None => Some(std::env::home_dir()?.join(".cargo")),
    }
}

/// Compiles packages of a zone, confined if the text is not from this clone.
pub(super) async fn run(
    stage: &Stage,
    zone: &str,
    packages: &[Package],
    limit: Duration,
    confinement: Option<&Confinement>,
) -> anyhow::Result<Vec<Compiled>> {
    // `ulimit` is the shell's: there is no safe way to set it from here. A browser may be
    // judging, or a reader reading, so the compiler is the one who gives way.
    let mut command = Command::new("sh");
    command.args([
        "-c",
        &format!("ulimit -v {MEMORY_LIMIT_KIB}; exec nice \"$@\""),
        "sh",
    ]);
    command.arg(cargo());
    command.args([
        "build",
        "--quiet",
        "--keep-going",
        "--profile",
        PROFILE,
        "--test",
        "spec",
    ]);
    command.args([
        "--target",
        "wasm32-unknown-unknown",
        "--message-format=json",
    ]);
    for package in packages {
        command.args(["-p", &package.name]);
    }
    command
        .arg("--target-dir")
        .arg(stage.target())
        .current_dir(stage.of_zone(zone));
    let temporary = stage.temporary();
    std::fs::create_dir_all(&temporary)
        .with_context(|| format!("creating {}", temporary.display()))?;
    isolate(&mut command, stage);
    let output = match bounded_as(&mut command, limit, |command| match confinement {
        Some(confinement) => confinement.spawn(command),
        None => command.spawn(),
    })
    .await?
    {
        Ended::TimedOut => {
            let ended = |_| Outcome::TimedOut.into();
            return Ok(packages.iter().map(ended).collect());
        }
        Ended::Done(output) => output,
    };

    let mut wasm = vec![None; packages.len()];
    let mut words = vec![String::new(); packages.len()];
    let mut said = vec![Vec::new(); packages.len()];
    let index = |manifest: &PathBuf| packages.iter().position(|p| stage.manifest(p) == *manifest);
    for line in output.stdout.split(|byte| *byte == b'\n') {
        match serde_json::from_slice(line) {
            Ok(Message::Said {
                manifest_path,
                message,
                target,
            }) => {
                let Some(at) = index(&manifest_path) else {
                    continue;
                };
                let is_error = message.level.starts_with("error");
                if (is_error || target.kind.iter().any(|k| k == "lib"))
                    && let Some(text) = &message.rendered
                    && words[at].len() < DIAGNOSTICS_LIMIT
                {
                    words[at].push_str(text);
                    said[at].push(message);
                }
            }
            Ok(Message::Made {
                manifest_path,
                executable: Some(file),
                target,
            }) => {
                if let Some(at) = index(&manifest_path)
                    && target.kind.iter().any(|k| k == "test")
                {
                    wasm[at] = Some(file);
                }
            }
            _ => {}
        }
    }
    let stderr = String::from_utf8_lossy(&output.stderr);
    if wasm.iter().all(Option::is_none) && words.iter().all(String::is_empty) {
        bail!("cargo could not build the stage:\n{}", stderr.trim());
    }
    let all = wasm.into_iter().zip(words).zip(said);
    let compiled = all.map(|((wasm, words), said)| {
        let outcome = match wasm {
            Some(wasm) => Outcome::Wasm(wasm),
            None if words.is_empty() => Outcome::Refused(stderr.trim().to_owned()),
            None => Outcome::Refused(words),
        };
        Compiled { outcome, said }
    });
    Ok(compiled.collect())
}
