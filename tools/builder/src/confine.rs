//! A compiler that sees no more than it needs.
//!
//! A text that is sent to be compiled can name any file (`include_bytes!`) and any variable (`env!`) of this machine, and its
//! bundle goes back to the sender. So its build runs with a few variables, and on Linux (5.13 or later) the kernel lets it
//! open nothing but the toolchain, the registry and the stage. Elsewhere, files are not guarded: CONTRIBUTING says so.

use crate::compile::cargo_home;
use crate::stage::Stage;
use crate::toolchain;
use anyhow::Context;
use std::path::{Path, PathBuf};
use tokio::process::{Child, Command};
use toml::{Table, Value};

/// What a toolchain and a linker are made of, wherever they come from, and what reaching a registry takes.
const SYSTEM: [&str; 17] = [
    "/usr",
    "/bin",
    "/sbin",
    "/lib",
    "/lib64",
    "/opt",
    "/snap",
    "/nix/store",
    "/gnu/store",
    "/etc/ld.so.cache",
    "/etc/ssl",
    "/etc/pki",
    "/etc/ca-certificates",
    "/etc/hosts",
    "/etc/nsswitch.conf",
    "/etc/resolv.conf",
    "/run/systemd/resolve",
];

/// Devices that programs take for granted.
const DEVICES: [&str; 3] = ["/dev/null", "/dev/zero", "/dev/urandom"];

/// What the file with a registry's tokens is called.
const CREDENTIALS: &str = "credentials";

/// The variables that a build is left with, by how their names begin.
const VARIABLES: [&str; 20] = [
    "PATH",
    "HOME",
    "LANG",
    "LC_",
    "LD_LIBRARY_PATH",
    "CARGO_HOME",
    "CARGO_BUILD_JOBS",
    "CARGO_HTTP_",
    "CARGO_NET_",
    "RUSTUP_",
    "RUSTC",
    "SSL_CERT_",
    "http_proxy",
    "https_proxy",
    "all_proxy",
    "no_proxy",
    "HTTP_PROXY",
    "HTTPS_PROXY",
    "ALL_PROXY",
    "NO_PROXY",
];

/// Whether a build is left with a variable. Where a registry is may be known, and its token may not.
fn passes(name: &str) -> bool {
    VARIABLES.iter().any(|known| name.starts_with(known))
        || (name.starts_with("CARGO_REGISTRIES_") && name.ends_with("_INDEX"))
}

/// What a confined build may open.
#[derive(Debug, Clone)]
pub(super) struct Confinement {
    read: Vec<PathBuf>,
    write: Vec<PathBuf>,
}

impl Confinement {
    /// What a build on this stage needs.
    pub fn of(stage: &Stage) -> anyhow::Result<Self> {
        let temporary = stage.temporary();
        for folder in [&temporary, stage.target()] {
            std::fs::create_dir_all(folder)
                .with_context(|| format!("creating {}", folder.display()))?;
        }
        let mut read: Vec<PathBuf> = SYSTEM.iter().map(PathBuf::from).collect();
        read.push(toolchain::sysroot(stage.dir())?);
        let rustup = std::env::var_os("RUSTUP_HOME").filter(|home| !home.is_empty());
        let rustup = rustup.map(PathBuf::from);
        read.extend(rustup.or_else(|| Some(std::env::home_dir()?.join(".rustup"))));
        // Cargo looks for its settings in every folder above.
        let settings = ["config.toml", "config"].map(|name| Path::new(".cargo").join(name));
        for above in stage.dir().ancestors() {
            for file in settings.iter().map(|name| above.join(name)) {
                read.extend(sources(&file));
                read.push(file);
            }
            read.push(above.join("rust-toolchain.toml"));
            read.push(above.join("rust-toolchain"));
        }
        let mut write: Vec<PathBuf> = DEVICES.iter().map(PathBuf::from).collect();
        write.extend([stage.dir().to_owned(), stage.target().to_owned(), temporary]);
        let home = cargo_home(stage.dir());
        for file in home
            .iter()
            .flat_map(|home| ["config.toml", "config"].map(|name| home.join(name)))
        {
            read.extend(sources(&file));
        }
        for entry in home
            .iter()
            .filter_map(|home| home.read_dir().ok())
            .flatten()
            .flatten()
        {
            if !entry.file_name().to_string_lossy().starts_with(CREDENTIALS) {
                write.push(entry.path());
            }
        }
        Ok(Self { read, write })
    }

    /// Starts a command that can open nothing else, and has few variables.
    ///
    /// # Errors
    /// When it cannot be started, or the kernel could confine it and does not.
    pub fn spawn(&self, command: &mut Command) -> std::io::Result<Child> {
        for (name, _) in std::env::vars_os() {
            if !name.to_str().is_some_and(passes) && !is_set(command, &name) {
                command.env_remove(name);
            }
        }
        let runtime = tokio::runtime::Handle::current();
        // The kernel confines a thread and what it starts, for good: so the thread is one of its own.
        std::thread::scope(|scope| {
            let start = || {
                let _runtime = runtime.enter();
                self.enforce().map_err(std::io::Error::other)?;
                command.spawn()
            };
            let started = scope.spawn(start).join();
            started
                .unwrap_or_else(|_| Err(std::io::Error::other("a confined thread came to no end")))
        })
    }

    #[cfg(target_os = "linux")]
    fn enforce(&self) -> Result<(), landlock::RulesetError> {
        use landlock::{
            ABI, Access, AccessFs, Ruleset, RulesetAttr, RulesetCreatedAttr, path_beneath_rules,
        };
        // What an older kernel does not know of this is left out.
        let abi = ABI::V3;
        Ruleset::default()
            .handle_access(AccessFs::from_all(abi))?
            .create()?
            .add_rules(path_beneath_rules(&self.read, AccessFs::from_read(abi)))?
            .add_rules(path_beneath_rules(&self.write, AccessFs::from_all(abi)))?
            .restrict_self()
            .map(|_| ())
    }

    #[cfg(not(target_os = "linux"))]
    fn enforce(&self) -> Result<(), std::convert::Infallible> {
        Ok(())
    }
}

/// The folders that a file of Cargo's settings names as places of crates, such as vendored ones.
fn sources(settings: &Path) -> Vec<PathBuf> {
    let text = std::fs::read_to_string(settings).unwrap_or_default();
    let table: Table = text.parse().unwrap_or_default();
    let sources = table.get("source").and_then(Value::as_table);
    let of_sources = sources.into_iter().flat_map(Table::values);
    let folders = of_sources
        .flat_map(|source| ["directory", "local-registry"].map(|kind| source.get(kind)))
        .flatten();
    let paths = table.get("paths").and_then(Value::as_array);
    // Relative to the folder that holds Cargo's.
    let base = settings.ancestors().nth(2).unwrap_or(settings);
    folders
        .chain(paths.into_iter().flatten())
        .filter_map(|folder| Some(base.join(folder.as_str()?)))
        .collect()
}

/// Whether a command sets a variable by itself.
fn is_set(command: &Command, name: &std::ffi::OsStr) -> bool {
    command
        .as_std()
        .get_envs()
        .any(|(known, value)| known == name && value.is_some())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn crates_may_lie_where_cargos_settings_say() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join(".cargo/config.toml");
        assert!(sources(&file).is_empty());
        let text = "paths = ['mine']\n[source.crates-io]\nreplace-with = 'v'\n\
                    [source.v]\ndirectory = '/vendor'\n[source.w]\nlocal-registry = 'local'\n";
        crate::write(&file, text).unwrap();
        let wanted = [
            "/vendor".into(),
            dir.path().join("local"),
            dir.path().join("mine"),
        ];
        assert_eq!(sources(&file), wanted);
    }

    #[test]
    fn proxies_pass_and_tokens_do_not() {
        for name in [
            "NO_PROXY",
            "all_proxy",
            "CARGO_BUILD_JOBS",
            "CARGO_REGISTRIES_CORP_INDEX",
        ] {
            assert!(passes(name), "{name}");
        }
        for name in [
            "CARGO_REGISTRY_TOKEN",
            "CARGO_REGISTRIES_CORP_TOKEN",
            "GITHUB_TOKEN",
        ] {
            assert!(!passes(name), "{name}");
        }
    }
}
