//! Builds the modules: one generated workspace below the target folder, one
//! package for each contender, each compiled twice, for size and for speed.

use super::contenders::{CONTENDERS, Contender};
use anyhow::{Context, bail};
use kata_builder::process::{Ended, bounded};
use kata_builder::state_dir;
use kata_builder::toolchain::{self, cargo};
use kata_zones::Workspace;
use std::path::{Path, PathBuf};
use std::time::Duration;
use tokio::process::Command;

/// How the counted bytes come about, in the words of the page.
pub const MODULE: &str = "a plain cdylib with add, multiply, parse and print; opt-level s, \
                          fat LTO, panic abort, stripped; no wasm-bindgen, no wasm-opt";

/// Both profiles, which [`MODULE`] describes and the times come from.
const PROFILES: &str = r#"
[profile.small]
inherits = "release"
opt-level = "s"
lto = true
codegen-units = 1
panic = "abort"
strip = true

[profile.fast]
inherits = "release"
opt-level = 3
lto = true
codegen-units = 1
panic = "abort"
"#;

const HARNESS: &str = include_str!("harness.rs");

const LIMIT: Duration = Duration::from_secs(900);

/// The generated workspace.
pub struct Workshop {
    root: PathBuf,
    dir: PathBuf,
    target: PathBuf,
}

/// What became of a contender.
pub enum Built {
    /// It compiles to a module of so many bytes.
    Bytes(u64),
    /// It does not: the compiler's first error.
    Refused(String),
}

impl Workshop {
    /// Writes the workspace. Adds the wasm target if it is missing.
    pub fn new(ws: &Workspace) -> anyhow::Result<Self> {
        toolchain::ensure_wasm_target(ws.root())?;
        let state = state_dir(ws).join("bench/crates");
        let dir = state.join("workspace");
        let members: Vec<String> = CONTENDERS.iter().map(Contender::package).collect();
        let workspace = format!("[workspace]\nresolver = \"3\"\nmembers = {members:?}\n{PROFILES}");
        write(&dir.join("Cargo.toml"), &workspace)?;
        for contender in CONTENDERS {
            let package = dir.join(contender.package());
            write(&package.join("Cargo.toml"), &contender.manifest())?;
            write(&package.join("src/lib.rs"), HARNESS)?;
            write(&package.join("src/contender.rs"), contender.adapter)?;
        }
        Ok(Self {
            root: ws.root().to_owned(),
            dir,
            target: state.join("target"),
        })
    }

    /// Compiles a contender, small and fast.
    pub async fn build(&self, contender: &Contender) -> anyhow::Result<Built> {
        if let Some(refusal) = self.compile(contender, "small").await? {
            return Ok(Built::Refused(refusal));
        }
        if let Some(refusal) = self.compile(contender, "fast").await? {
            bail!("{} compiles small, but not fast: {refusal}", contender.name);
        }
        let small = self.modules("small").join(self.file(contender));
        let data =
            std::fs::metadata(&small).with_context(|| format!("reading {}", small.display()))?;
        Ok(Built::Bytes(data.len()))
    }

    /// The folder with the modules of a profile.
    pub fn modules(&self, profile: &str) -> PathBuf {
        self.target.join("wasm32-unknown-unknown").join(profile)
    }

    /// A contender's module in that folder.
    pub fn file(&self, contender: &Contender) -> String {
        format!("{}.wasm", contender.package().replace('-', "_"))
    }

    /// Answers the first error, if there is one.
    async fn compile(
        &self,
        contender: &Contender,
        profile: &str,
    ) -> anyhow::Result<Option<String>> {
        let mut command = Command::new(cargo());
        command
            .args(["build", "--quiet", "--target", "wasm32-unknown-unknown"])
            .args(["--profile", profile, "-p", &contender.package()])
            .arg("--manifest-path")
            .arg(self.dir.join("Cargo.toml"))
            .arg("--target-dir")
            .arg(&self.target)
            // The repository's toolchain, wherever the target folder is.
            .current_dir(&self.root);
        for variable in ["RUSTFLAGS", "CARGO_ENCODED_RUSTFLAGS", "CARGO_BUILD_TARGET"] {
            command.env_remove(variable);
        }
        let Ended::Done(output) = bounded(&mut command, LIMIT).await? else {
            bail!(
                "{} did not compile within {} s",
                contender.name,
                LIMIT.as_secs()
            );
        };
        if output.status.success() {
            return Ok(None);
        }
        let words = String::from_utf8_lossy(&output.stderr);
        let first = words.lines().find(|line| line.starts_with("error"));
        first
            .map(|line| Some(line.to_owned()))
            .with_context(|| format!("cargo could not build {}:\n{words}", contender.name))
    }
}

/// Writes a file unless it holds that text already: Cargo goes by time stamps.
fn write(path: &Path, text: &str) -> anyhow::Result<()> {
    if std::fs::read_to_string(path).is_ok_and(|old| old == text) {
        return Ok(());
    }
    if let Some(dir) = path.parent() {
        std::fs::create_dir_all(dir).with_context(|| format!("creating {}", dir.display()))?;
    }
    std::fs::write(path, text).with_context(|| format!("writing {}", path.display()))
}
