//! Installs what an engine lacks: browsers by apt, geckodriver by Cargo.

use std::fs;
use std::io;
use std::os::unix::fs::MetadataExt;
use std::process::Command;

use anyhow::{Context, bail, ensure};

use crate::find::{Machine, Part, find_on};
use crate::{Engine, find};

/// Builds the geckodriver that this book was proved with; Debian has no package of it.
/// The target is named since the repository's own, where a reader may stand, is wasm. It
/// passes on a few messages a second, so it is not worth the wait for an optimized build, which
/// takes twice as long.
const GECKODRIVER: &str = "env CARGO_PROFILE_DEV_DEBUG=false cargo install --debug --locked --target host-tuple geckodriver@0.37.1";

/// One command of the plan, as words.
type Step = Vec<String>;

/// Installs what these engines lack, and does nothing when they are there.
///
/// `say` hears each command before it runs. The commands' own output goes to
/// stderr, since stdout may be a machine's to read.
pub fn install(engines: &[Engine], say: &mut dyn FnMut(&str)) -> anyhow::Result<()> {
    let machine = Machine::this();
    for step in plan(&lacking(engines, &machine), &machine)? {
        say(&format!("$ {}", step.join(" ")));
        run(&step)?;
    }
    for engine in engines {
        find(*engine).context("everything was installed, but it is still not found")?;
    }
    Ok(())
}

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

fn lacking(engines: &[Engine], machine: &Machine) -> Vec<(Engine, Part)> {
    let missing = engines
        .iter()
        .filter_map(|engine| find_on(*engine, machine).err());
    missing.flat_map(|missing| missing.parts).collect()
}

/// The commands, the package manager's one first: it takes all packages at once.
fn plan(lacking: &[(Engine, Part)], machine: &Machine) -> anyhow::Result<Vec<Step>> {
    let ubuntu = fs::read_to_string(machine.root.join("etc/os-release"))
        .is_ok_and(|text| text.lines().any(|line| line == "ID=ubuntu"));
    let mut packages = Vec::new();
    let mut steps = Vec::new();
    for part in lacking {
        match part {
            (Engine::Chromium, Part::Browser) if ubuntu => packages.push("chromium-browser"),
            (Engine::Chromium, Part::Driver) if ubuntu => packages.push("chromium-chromedriver"),
            (Engine::Chromium, Part::Browser) => packages.push("chromium"),
            (Engine::Chromium, Part::Driver) => packages.push("chromium-driver"),
            (Engine::Firefox, Part::Browser) if ubuntu => packages.push("firefox"),
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
    // Outside the repository, whose Cargo settings are for wasm.
    let outside = tempfile::tempdir().context("no temporary folder")?;
    let status = Command::new(program)
        .args(arguments)
        .current_dir(outside.path())
        .env_remove("CARGO_INSTALL_ROOT")
        .stdout(io::stderr())
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

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt;
    use tempfile::TempDir;

    /// A made-up machine with these programs and nothing else.
    fn machine(programs: &[&str], is_root: bool) -> (TempDir, Machine) {
        let root = tempfile::tempdir().unwrap();
        for program in programs {
            let path = root.path().join(program);
            fs::write(&path, "").unwrap();
            fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
        }
        let machine = Machine {
            folders: vec![root.path().to_owned()],
            root: root.path().to_owned(),
            variables: Vec::new(),
            is_root,
        };
        (root, machine)
    }

    fn commands(engine: Engine, machine: &Machine) -> String {
        by_hand(&lacking(&[engine], machine), machine)
    }

    #[test]
    fn root_on_debian_needs_no_sudo() {
        let (_root, machine) = machine(&["apt-get"], true);
        let apt = "apt-get update && env DEBIAN_FRONTEND=noninteractive \
                   apt-get install --yes --no-install-recommends";
        assert_eq!(
            commands(Engine::Chromium, &machine),
            format!("{apt} chromium-driver chromium")
        );
        assert_eq!(
            commands(Engine::Webkit, &machine),
            format!("{apt} webkit2gtk-driver xvfb")
        );
        assert_eq!(
            commands(Engine::Firefox, &machine),
            format!("{apt} firefox-esr && {GECKODRIVER}")
        );
    }

    #[test]
    fn what_several_engines_lack_is_installed_in_one_go() {
        let (_root, machine) = machine(&["apt-get", "firefox", "chromedriver"], true);
        let steps = plan(&lacking(&Engine::ALL, &machine), &machine).unwrap();
        let commands: Vec<String> = steps.iter().map(|step| step.join(" ")).collect();
        assert_eq!(commands.len(), 3, "{commands:#?}");
        assert_eq!(commands[0], "apt-get update");
        assert!(
            commands[1].ends_with(" chromium webkit2gtk-driver xvfb"),
            "{commands:#?}"
        );
        assert_eq!(commands[2], GECKODRIVER);
    }

    #[test]
    fn only_what_is_missing_is_installed() {
        let (_root, machine) = machine(&["apt-get", "firefox"], true);
        assert_eq!(commands(Engine::Firefox, &machine), GECKODRIVER);
    }

    #[test]
    fn another_user_gets_sudo() {
        let (_root, machine) = machine(&["apt-get", "sudo"], false);
        let said = commands(Engine::Webkit, &machine);
        assert!(
            said.starts_with("sudo apt-get update && sudo env"),
            "{said}"
        );
    }

    #[test]
    fn without_sudo_root_is_asked() {
        let (_root, machine) = machine(&["apt-get"], false);
        assert_eq!(
            commands(Engine::Webkit, &machine),
            "as root, run: apt-get install webkit2gtk-driver xvfb"
        );
    }

    #[test]
    fn without_apt_the_packages_are_named() {
        let (_root, machine) = machine(&[], true);
        let said = commands(Engine::Chromium, &machine);
        assert!(said.contains("chromium-driver and chromium"), "{said}");
    }

    #[test]
    fn ubuntus_names_are_known() {
        let (root, machine) = machine(&["apt-get"], true);
        fs::create_dir(root.path().join("etc")).unwrap();
        fs::write(
            root.path().join("etc/os-release"),
            "NAME=Ubuntu\nID=ubuntu\n",
        )
        .unwrap();
        let said = commands(Engine::Chromium, &machine);
        assert!(
            said.ends_with("chromium-chromedriver chromium-browser"),
            "{said}"
        );
    }

    #[test]
    fn a_command_that_fails_is_an_error_that_names_it() {
        let error = run(&words("false because", &[])).unwrap_err().to_string();
        assert!(error.contains("`false because` failed"), "{error}");
        assert!(run(&words("false update", &[])).is_ok());
        assert!(run(&words("no-such-program-here", &[])).is_err());
    }
}
