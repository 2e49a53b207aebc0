//! Installs what an engine lacks.

use std::io;
use std::process::Command;

use anyhow::{Context, ensure};

use crate::find::find_on;
use crate::machine::{Machine, cargo_home};
use crate::recipe::{Part, Step, plan};
use crate::temporary::temporary_folder;
use crate::{Engine, find};

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

fn lacking(engines: &[Engine], machine: &Machine) -> Vec<(Engine, Part)> {
    let missing = engines
        .iter()
        .filter_map(|engine| find_on(*engine, machine).err());
    missing.flat_map(|missing| missing.parts).collect()
}

fn run(step: &Step) -> anyhow::Result<()> {
    let (program, arguments) = step.split_first().context("an empty command")?;
    // Outside the repository, whose Cargo settings are for wasm.
    let outside = temporary_folder()?;
    let mut command = Command::new(program);
    // Where it is looked for, whatever a reader's Cargo settings say.
    match cargo_home() {
        Some(home) => command.env("CARGO_INSTALL_ROOT", home),
        None => command.env_remove("CARGO_INSTALL_ROOT"),
    };
    // Those for wasm are not the host's.
    for flags in [
        "CARGO_BUILD_RUSTFLAGS",
        "CARGO_ENCODED_RUSTFLAGS",
        "RUSTFLAGS",
    ] {
        command.env_remove(flags);
    }
    let status = command
        .args(arguments)
        .current_dir(outside.path())
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::recipe::{GECKODRIVER, by_hand, words};
    use std::fs;
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
            ask: |_| Ok(()),
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
    fn ubuntu_gets_no_snap() {
        let (root, machine) = machine(&["apt-get", "geckodriver"], true);
        fs::create_dir(root.path().join("etc")).unwrap();
        fs::write(
            root.path().join("etc/os-release"),
            "NAME=Ubuntu\nID=ubuntu\n",
        )
        .unwrap();
        for (engine, package) in [
            (Engine::Chromium, "chromium-driver"),
            (Engine::Firefox, "firefox-esr"),
        ] {
            let error = plan(&lacking(&[engine], &machine), &machine).unwrap_err();
            let said = error.to_string();
            assert!(said.contains("is a snap"), "{said}");
            assert!(said.ends_with(package), "{said}");
        }
        let said = commands(Engine::Webkit, &machine);
        assert!(said.ends_with("webkit2gtk-driver xvfb"), "{said}");
    }

    #[test]
    fn a_command_that_fails_is_an_error_that_names_it() {
        let error = run(&words("false because", &[])).unwrap_err().to_string();
        assert!(error.contains("`false because` failed"), "{error}");
        assert!(run(&words("false update", &[])).is_ok());
        let is_told = format!(
            "test \"$CARGO_INSTALL_ROOT\" = '{}' && test -z \"${{RUSTFLAGS-}}\"",
            cargo_home().unwrap().display()
        );
        run(&words("sh -c", &[&is_told])).unwrap();
        assert!(run(&words("no-such-program-here", &[])).is_err());
    }
}
