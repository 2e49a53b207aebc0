//! How what an engine lacks gets here: browsers by apt, geckodriver by Cargo.

use std::fs;

use anyhow::{bail, ensure};

use crate::Engine;
use crate::machine::Machine;

/// A part of an engine. Each is looked for by itself and named when it is missing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Part {
    Driver,
    Browser,
    Xvfb,
}

/// Builds the geckodriver that this book was proved with; Debian has no package of it.
/// The target is named since the repository's own, where a reader may stand, is wasm. It
/// passes on a few messages a second, so it is not worth the wait for an optimized build, which
/// takes twice as long.
pub(crate) const GECKODRIVER: &str = "env CARGO_PROFILE_DEV_DEBUG=false cargo install --debug --locked --target host-tuple geckodriver@0.37.1";

/// One command of the plan, as words.
pub(crate) type Step = Vec<String>;

/// The commands that a reader would type.
pub(crate) fn by_hand(lacking: &[(Engine, Part)], machine: &Machine) -> String {
    match plan(lacking, machine) {
        Ok(steps) => {
            let lines: Vec<_> = steps.iter().map(|step| step.join(" ")).collect();
            lines.join(" && ")
        }
        Err(reason) => reason.to_string(),
    }
}

/// The commands, the package manager's one first: it takes all packages at once.
pub(crate) fn plan(lacking: &[(Engine, Part)], machine: &Machine) -> anyhow::Result<Vec<Step>> {
    refuse_snaps(lacking, machine)?;
    let mut packages = Vec::new();
    let mut steps = Vec::new();
    for part in lacking {
        match part {
            (Engine::Chromium, Part::Browser) => packages.push("chromium"),
            (Engine::Chromium, Part::Driver) => packages.push("chromium-driver"),
            (Engine::Firefox, Part::Browser) => packages.push("firefox-esr"),
            (Engine::Firefox, Part::Driver) => steps.push(words(GECKODRIVER, &[])),
            (Engine::Webkit, Part::Browser | Part::Driver) => packages.push("webkit2gtk-driver"),
            (_, Part::Xvfb) => packages.push("xvfb"),
        }
    }
    // Of one package may be both, a driver and its browser.
    packages.dedup();
    if packages.is_empty() {
        return Ok(steps);
    }
    ensure!(
        machine.program(&["apt-get"]).is_ok(),
        "with your package manager, install what Debian calls {}",
        packages.join(" and ")
    );
    let sudo = if machine.is_root {
        ""
    } else if machine.program(&["sudo"]).is_ok() {
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

/// Ubuntu's own packages of these browsers only install snaps, which do not run in the private home
/// folder that a browser gets here, and in a container not at all.
fn refuse_snaps(lacking: &[(Engine, Part)], machine: &Machine) -> anyhow::Result<()> {
    let is_ubuntu = fs::read_to_string(machine.root.join("etc/os-release"))
        .is_ok_and(|text| text.lines().any(|line| line.trim() == "ID=ubuntu"));
    let lacks = |parts: &[(Engine, Part)]| parts.iter().any(|part| lacking.contains(part));
    let chromium = [
        (Engine::Chromium, Part::Browser),
        (Engine::Chromium, Part::Driver),
    ];
    let sources = [
        (
            &chromium[..],
            "ppa:xtradeb/apps",
            "chromium chromium-driver",
        ),
        // Its driver is built by Cargo.
        (
            &[(Engine::Firefox, Part::Browser)],
            "ppa:mozillateam/ppa",
            "firefox-esr",
        ),
    ];
    let commands: Vec<_> = sources
        .into_iter()
        .filter(|(parts, ..)| is_ubuntu && lacks(parts))
        .map(|(_, source, packages)| {
            format!(
                "sudo add-apt-repository --yes {source} && sudo apt-get install --yes {packages}"
            )
        })
        .collect();
    ensure!(
        commands.is_empty(),
        "Ubuntu's own package is a snap, which cannot be driven from here; a source that has a real one: {}",
        commands.join(" && ")
    );
    Ok(())
}

pub(crate) fn words(start: &str, more: &[&str]) -> Step {
    start
        .split_whitespace()
        .chain(more.iter().copied())
        .map(str::to_owned)
        .collect()
}
