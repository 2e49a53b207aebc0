//! From a saved edit to the last verdict: the wait that a reader feels.
//!
//! The same edit, a changed constant in the same `lib.rs`, is judged in turn by
//! this project's path, by stock `cargo test`, by `wasm-pack test` where it is
//! installed, and compared with the floor: `cargo build --tests` alone. What rustc
//! itself takes of that is timed, too: nobody who calls it can be quicker. The
//! edits are made in a copy, never in the reader's files.

use super::samples::{Samples, print};
use crate::cli::Bench;
use crate::commands::browsers;
use anyhow::{Context, bail};
use kata_builder::state_dir;
use kata_builder::toolchain::cargo;
use kata_builder::{Builder, Built, Profile, Request};
use kata_engines::Engine;
use kata_judge::Judge;
use kata_zones::{Variant, Workspace};
use std::fs::Permissions;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// How the floor was compiled before this project chose its profile.
const DEFAULTS: &[&str] = &[
    "--config",
    "profile.dev.debug=true",
    "--config",
    "profile.dev.opt-level=0",
    "--config",
    "profile.dev.package.\"*\".opt-level=0",
];

/// Stands before rustc and writes down how many nanoseconds each compilation takes.
const STOPWATCH: &str = r#"#!/bin/sh
case "$*" in *--edition*) ;; *) exec "$@" ;; esac
start=$(date +%s%N)
"$@" || exit
echo $(($(date +%s%N) - start)) >>"$KATA_STOPWATCH"
"#;

pub async fn run(ws: &Workspace, args: &Bench) -> anyhow::Result<()> {
    let engine = browsers::engines(&args.browsers, &[Engine::Chromium]).await?[0];
    let copy = Copy::new(ws, &args.slug)?;
    let runner = runner(ws)?;
    let builder = Builder::new(&copy.ws)?;
    let zone = copy.ws.zone(&args.slug)?;
    // The solution's text in the kata's place: every test is judged and passes.
    let request = [Request::variant(&zone, Variant::Kata)];
    let judge = Judge::start(
        ws,
        builder.bundles_root(),
        browsers::judge_options(&args.browsers),
    )
    .await?;
    let mut court = judge.court(engine).await?;
    println!(
        "Save to verdict: {}, {} tests, {}, {} rounds after one that is not counted",
        args.slug,
        zone.spec_tests()?.len(),
        court.version(),
        args.rounds
    );

    let package = format!("kata-{}", args.slug);
    let wasm_pack = find_on_path("wasm-pack");
    let mut ours = Samples::new("a  this project: edit to last verdict");
    let mut build = Samples::new("a1   of which staging, cargo and wasm-bindgen");
    let mut tests = Samples::new("a2   of which the browser");
    let mut stock = Samples::new("b  cargo test -p, stock wasm-bindgen-test-runner");
    let mut pack = Samples::new("c  wasm-pack test --headless");
    let mut plain = Samples::new("d0 cargo build --tests, Cargo's default dev profile");
    let mut floor = Samples::new("d  cargo build --tests, this project's dev profile");
    let mut rustc = Samples::new("e  rustc and its linker alone, within d");
    for round in 0..=args.rounds {
        let counted = round > 0;
        let add = |samples: &mut Samples, duration: Duration| {
            if counted {
                samples.add(duration);
            }
        };

        copy.edit()?;
        let start = Instant::now();
        let built = builder.build(&request, Profile::Quick).await?;
        let built_in = start.elapsed();
        let [Built::Ready(bundle)] = built.as_slice() else {
            bail!("{} does not compile", args.slug)
        };
        let judged = court
            .judge(&[bundle], zone.manifest.timeout_ms, &mut |_| {})
            .await?;
        add(&mut ours, start.elapsed());
        add(&mut build, built_in);
        add(&mut tests, start.elapsed() - built_in);
        if let Some(bad) = judged.iter().flatten().find(|v| !v.message.is_empty()) {
            bail!(
                "the bench runs the solution, and {} failed: {}",
                bad.test,
                bad.message
            );
        }

        copy.edit()?;
        let quiet = ["test", "-p", &package];
        add(&mut stock, copy.cargo(&quiet, &runner)?);
        if let Some(program) = &wasm_pack {
            copy.edit()?;
            add(&mut pack, copy.wasm_pack(program, &package)?);
        }
        copy.edit()?;
        let floor_args = ["build", "--tests", "-p", &package];
        let defaults: Vec<&str> = floor_args.iter().chain(DEFAULTS).copied().collect();
        add(&mut plain, copy.cargo(&defaults, &runner)?);
        copy.edit()?;
        add(&mut floor, copy.cargo(&floor_args, &runner)?);
        copy.edit()?;
        add(&mut rustc, copy.rustc(&floor_args)?);
    }
    court.close().await;
    let mut all = vec![ours, build, tests, stock];
    if wasm_pack.is_some() {
        all.push(pack);
    } else {
        println!("wasm-pack is not installed: c is left out");
    }
    all.extend([plain, rustc, floor]);
    print(&all);
    Ok(())
}

/// kata-runner, built once: what `cargo test` would run.
fn runner(ws: &Workspace) -> anyhow::Result<PathBuf> {
    let output = Command::new(cargo())
        .args([
            "build",
            "--quiet",
            "--target",
            "host-tuple",
            "-p",
            "tools-runner",
            "--message-format=json",
        ])
        .current_dir(ws.root())
        .stderr(Stdio::inherit())
        .output()
        .context("building kata-runner")?;
    String::from_utf8_lossy(&output.stdout)
        .lines()
        .filter_map(|line| serde_json::from_str::<serde_json::Value>(line).ok())
        .filter(|message| message["target"]["name"] == "kata-runner")
        .find_map(|message| message["executable"].as_str().map(PathBuf::from))
        .context("cargo did not say where kata-runner is")
}

fn find_on_path(name: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path)
        .map(|dir| dir.join(name))
        .find(|file| file.is_file())
}

/// A copy of what the measurement compiles.
struct Copy {
    ws: Workspace,
    lib: PathBuf,
    text: String,
    target: PathBuf,
    edits: std::cell::Cell<u32>,
}

impl Copy {
    fn new(ws: &Workspace, slug: &str) -> anyhow::Result<Self> {
        let state = state_dir(ws).join("bench");
        let root = state.join("repository");
        std::fs::create_dir_all(&root).with_context(|| format!("creating {}", root.display()))?;
        for entry in [
            "Cargo.toml",
            "Cargo.lock",
            ".cargo",
            "rust-toolchain.toml",
            "book.toml",
            "katas",
            "solutions",
            "tests",
            "tools",
        ] {
            copy_tree(&ws.root().join(entry), &root.join(entry))?;
        }
        let copied = Workspace::find(&root)?;
        let zone = copied.zone(slug)?;
        let text = std::fs::read_to_string(zone.solution_lib()).context("reading the solution")?;
        Ok(Self {
            lib: zone.kata_lib(),
            ws: copied,
            text,
            target: state.join("target"),
            edits: std::cell::Cell::new(0),
        })
    }

    /// Saves a `lib.rs` that differs from the last one in a constant.
    fn edit(&self) -> anyhow::Result<()> {
        let n = self.edits.get() + 1;
        self.edits.set(n);
        let text = format!(
            "{}\n/// Changes with every edit.\npub const EDIT: u32 = {n};\n",
            self.text
        );
        std::fs::write(&self.lib, text).with_context(|| format!("writing {}", self.lib.display()))
    }

    fn cargo(&self, args: &[&str], runner: &Path) -> anyhow::Result<Duration> {
        let mut command = Command::new(cargo());
        command
            .args(args)
            .env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUNNER", runner);
        self.time(&mut command)
    }

    /// What rustc takes of a build.
    fn rustc(&self, args: &[&str]) -> anyhow::Result<Duration> {
        let folder = self.target.parent().context("a target folder of its own")?;
        let (stopwatch, log) = (folder.join("stopwatch.sh"), folder.join("stopwatch.log"));
        std::fs::write(&stopwatch, STOPWATCH)
            .and_then(|()| std::fs::set_permissions(&stopwatch, Permissions::from_mode(0o755)))
            .and_then(|()| std::fs::write(&log, ""))
            .with_context(|| format!("writing {}", stopwatch.display()))?;
        let mut command = Command::new(cargo());
        command
            .args(args)
            .env("RUSTC_WRAPPER", &stopwatch)
            .env("KATA_STOPWATCH", &log);
        self.time(&mut command)?;
        let text = std::fs::read_to_string(&log).context("reading the stopwatch")?;
        let calls: Vec<u64> = text
            .lines()
            .map(str::parse)
            .collect::<Result<_, _>>()
            .with_context(|| format!("the stopwatch says {text:?}"))?;
        // The kata and its spec.
        anyhow::ensure!(calls.len() == 2, "rustc was called {} times", calls.len());
        Ok(Duration::from_nanos(calls.iter().sum()))
    }

    fn wasm_pack(&self, program: &Path, package: &str) -> anyhow::Result<Duration> {
        let dir = self
            .ws
            .root()
            .join("katas")
            .join(package.trim_start_matches("kata-"));
        let mut command = Command::new(program);
        command.args(["test", "--headless", "--chrome"]).arg(dir);
        self.time(&mut command)
    }

    fn time(&self, command: &mut Command) -> anyhow::Result<Duration> {
        let start = Instant::now();
        let output = command
            .env("CARGO_TARGET_DIR", &self.target)
            .current_dir(self.ws.root())
            .stdin(Stdio::null())
            .output()
            .with_context(|| format!("running {command:?}"))?;
        if !output.status.success() {
            bail!(
                "{command:?} ended with {}:\n{}",
                output.status,
                String::from_utf8_lossy(&output.stderr)
            );
        }
        Ok(start.elapsed())
    }
}

/// Copies a file or a folder, whole; build folders excepted.
fn copy_tree(from: &Path, to: &Path) -> anyhow::Result<()> {
    if from.is_dir() {
        std::fs::create_dir_all(to).with_context(|| format!("creating {}", to.display()))?;
        for entry in from
            .read_dir()
            .with_context(|| format!("reading {}", from.display()))?
        {
            let name = entry
                .with_context(|| format!("reading {}", from.display()))?
                .file_name();
            if name != "target" {
                copy_tree(&from.join(&name), &to.join(&name))?;
            }
        }
        return Ok(());
    }
    let text = std::fs::read(from).with_context(|| format!("reading {}", from.display()))?;
    if std::fs::read(to).ok().as_ref() != Some(&text) {
        std::fs::write(to, text).with_context(|| format!("writing {}", to.display()))?;
    }
    Ok(())
}
