//! Installs what an engine lacks: browsers by apt, geckodriver by Cargo.

use std::fs;
use std::io;
use std::os::unix::fs::MetadataExt;
use std::process::{Command, Stdio};

use anyhow::{Context, bail, ensure};

use crate::find::{Found, Machine, Part, cargo_home, find_on};
use crate::{Engine, find};

/// The geckodriver that this book was proved with. Debian has no package of it.
const GECKODRIVER: &str = "geckodriver@0.37.1";

/// One command of the plan, as words.
type Step = Vec<String>;

/// Installs what `engine` lacks, and does nothing when it is there.
///
/// `say` hears each command before it runs. The commands' own output goes to
/// stderr, since stdout may be a machine's to read.
pub fn install(engine: Engine, say: &mut dyn FnMut(&str)) -> anyhow::Result<Found> {
    if let Ok(found) = find(engine) {
        return Ok(found);
    }
    let machine = Machine::this();
    let lacking = lacking(engine, &machine);
    for step in plan(engine, &lacking, &machine)? {
        say(&format!("$ {}", step.join(" ")));
        run(&step)?;
    }
    find(engine).context("everything was installed, but it is still not found")
}

/// The commands that a reader would type.
pub(crate) fn by_hand(engine: Engine, lacking: &[Part], machine: &Machine) -> String {
    match plan(engine, lacking, machine) {
        Ok(steps) => {
            let lines: Vec<_> = steps.iter().map(|step| step.join(" ")).collect();
            lines.join(" && ")
        }
        Err(reason) => reason.to_string(),
    }
}

fn lacking(engine: Engine, machine: &Machine) -> Vec<Part> {
    match find_on(engine, machine) {
        Ok(_) => Vec::new(),
        Err(missing) => missing.parts,
    }
}

fn plan(engine: Engine, lacking: &[Part], machine: &Machine) -> anyhow::Result<Vec<Step>> {
    let ubuntu = fs::read_to_string(machine.root.join("etc/os-release"))
        .is_ok_and(|text| text.lines().any(|line| line == "ID=ubuntu"));
    let mut packages = Vec::new();
    let mut steps = Vec::new();
    for part in lacking {
        match (engine, part) {
            (Engine::Chromium, Part::Browser) if ubuntu => packages.push("chromium-browser"),
            (Engine::Chromium, Part::Driver) if ubuntu => packages.push("chromium-chromedriver"),
            (Engine::Chromium, Part::Browser) => packages.push("chromium"),
            (Engine::Chromium, Part::Driver) => packages.push("chromium-driver"),
            (Engine::Firefox, Part::Browser) if ubuntu => packages.push("firefox"),
            (Engine::Firefox, Part::Browser) => packages.push("firefox-esr"),
            (Engine::Firefox, Part::Driver) => {
                steps.push(words("cargo install --locked", &[GECKODRIVER]))
            }
            (Engine::Webkit, Part::Browser | Part::Driver) => packages.push("webkit2gtk-driver"),
            (_, Part::Xvfb) => packages.push("xvfb"),
        }
    }
    packages.dedup();
    if packages.is_empty() {
        return Ok(steps);
    }
    ensure!(
        machine.program(&["apt-get"]).is_some(),
        "with your package manager, install what Debian calls {}",
        packages.join(" and ")
    );
    let sudo = if machine.is_root {
        ""
    } else if machine.program(&["sudo"]).is_some() {
        "sudo "
    } else {
        bail!("as root, run: apt-get install {}", packages.join(" "));
    };
    let mut apt = vec![
        words(&format!("{sudo}apt-get update"), &[]),
        words(
            &format!(
                "{sudo}env DEBIAN_FRONTEND=noninteractive apt-get install --yes --no-install-recommends"
            ),
            &packages,
        ),
    ];
    apt.append(&mut steps);
    Ok(apt)
}

fn words(start: &str, more: &[&str]) -> Step {
    start
        .split_whitespace()
        .chain(more.iter().copied())
        .map(str::to_owned)
        .collect()
}

fn run(step: &Step) -> anyhow::Result<()> {
    let (program, arguments) = step.split_first().context("an empty command")?;
    let mut command = Command::new(program);
    command
        .args(arguments)
        .stdin(Stdio::inherit())
        .stdout(io::stderr())
        .stderr(Stdio::inherit());
    // Inside the repository `build.target` would make geckodriver a wasm module.
    let outside = tempfile::tempdir().context("no temporary folder")?;
    command
        .current_dir(outside.path())
        .env_remove("CARGO_BUILD_TARGET");
    if program == "cargo" {
        command.args([
            "--root".into(),
            cargo_home()
                .context("no home folder for Cargo")?
                .into_os_string(),
        ]);
    }
    let status = command
        .status()
        .with_context(|| format!("cannot run {program}"))?;
    // A package list that could not be renewed is no reason to give up: the install will tell.
    let is_update = step.ends_with(&["update".to_owned()]);
    ensure!(
        status.success() || is_update,
        "`{}` failed ({status})",
        step.join(" ")
    );
    Ok(())
}

/// Whether this process runs as root.
pub(crate) fn is_root() -> bool {
    fs::metadata("/proc/self").is_ok_and(|meta| meta.uid() == 0)
}
