//! The folder that the servers run from: their scripts, the modules in each step, and workerd, which npm
//! fetches by its lock file.

use super::Trace;
use anyhow::{Context, bail};
use kata_builder::process::{Ended, bounded};
use kata_builder::state_dir;
use kata_builder::toolchain::{self, cargo};
use kata_zones::Workspace;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::Duration;
use tokio::process::Command;

/// A way to build the engine.
pub struct Build {
    pub name: &'static str,
    /// What is new in it.
    pub what: &'static str,
    /// The package that is the engine.
    package: &'static str,
    /// How requests and answers cross the boundary: a feature of `wasm.rs`.
    feature: &'static str,
    profile: &'static str,
}

const SOLUTION: &str = "solutions/price-engine";

/// JavaScript, and then each step with all those before it.
pub const STEPS: [Build; 7] = [
    Build {
        name: "js",
        what: "plain JavaScript",
        package: "",
        feature: "",
        profile: "",
    },
    Build {
        name: "kata",
        what: "the kata: rules read for each line, text across the boundary",
        package: "katas/price-engine",
        feature: "text",
        profile: "plain",
    },
    Build {
        name: "once",
        what: "the solution: rules read once, nothing kept",
        package: SOLUTION,
        feature: "text",
        profile: "plain",
    },
    Build {
        name: "list",
        what: "numbers across the boundary, at a fixed place",
        package: SOLUTION,
        feature: "list",
        profile: "plain",
    },
    Build {
        name: "numbers",
        what: "no list for the answer: nothing is allocated",
        package: SOLUTION,
        feature: "numbers",
        profile: "plain",
    },
    Build {
        name: "lean",
        what: "LTO over all crates, and panics that abort",
        package: SOLUTION,
        feature: "numbers",
        profile: "lean",
    },
    Build {
        name: "small",
        what: "the same, optimized for size",
        package: SOLUTION,
        feature: "numbers",
        profile: "small",
    },
];

/// The step that the servers run.
const SERVED: &str = "lean";

/// Names are stripped from all of them, so that their bytes can be compared.
const PROFILES: &str = r#"
[profile.plain]
inherits = "release"
codegen-units = 1
lto = "off"
strip = true

[profile.lean]
inherits = "plain"
lto = true
panic = "abort"

[profile.small]
inherits = "lean"
opt-level = "s"
"#;

const SCRIPTS: [(&str, &str); 12] = [
    ("engine.js", include_str!("../../../../edge/engine.js")),
    ("errors.js", include_str!("../../../../edge/errors.js")),
    ("node.js", include_str!("../../../../edge/node.js")),
    ("numbers.js", include_str!("../../../../edge/numbers.js")),
    (
        "package-lock.json",
        include_str!("../../../../edge/package-lock.json"),
    ),
    (
        "package.json",
        include_str!("../../../../edge/package.json"),
    ),
    ("service.js", include_str!("../../../../edge/service.js")),
    ("steps.js", include_str!("../../../../edge/steps.js")),
    ("wasm.js", include_str!("../../../../edge/wasm.js")),
    (
        "worker-js.js",
        include_str!("../../../../edge/worker-js.js"),
    ),
    (
        "worker-js.capnp",
        include_str!("../../../../edge/worker-js.capnp"),
    ),
    (
        "worker-wasm.js",
        include_str!("../../../../edge/worker-wasm.js"),
    ),
];
const WASM_CONFIG: &str = include_str!("../../../../edge/worker-wasm.capnp");
const WASM: &str = include_str!("../../../../edge/wasm.rs");

/// Has V8 optimize all of a module before it runs. As it comes it does so in the background, function by function: on a
/// busy machine that took hundreds of thousands of quotes, and its own CPU time counts as theirs.
const OPTIMIZED: &str = "--no-liftoff";

const LIMIT: Duration = Duration::from_secs(900);

pub struct Workshop {
    /// Where the scripts are.
    pub dir: PathBuf,
    /// The program.
    pub workerd: PathBuf,
    /// Node and workerd, with their versions.
    pub runtimes: [String; 2],
}

impl Workshop {
    pub async fn build(ws: &Workspace, trace: &Trace) -> anyhow::Result<Self> {
        toolchain::ensure_wasm_target(ws.root())?;
        let state = state_dir(ws).join("bench/edge");
        let dir = state.join("run");
        for (name, text) in SCRIPTS {
            write(&dir.join(name), text)?;
        }
        write(&dir.join("worker-wasm.capnp"), WASM_CONFIG)?;
        write(&dir.join("shop.txt"), &trace.shop)?;
        write(&dir.join("trace.json"), &trace.batch())?;
        for step in STEPS.iter().filter(|step| !step.package.is_empty()) {
            compile(ws, &state, &dir, step).await?;
        }
        std::fs::copy(dir.join(format!("{SERVED}.wasm")), dir.join("engine.wasm"))?;
        let node = said(Command::new("node").arg("--version")).await?;
        said(
            Command::new("npm")
                .args(["ci", "--no-audit", "--no-fund"])
                .current_dir(&dir),
        )
        .await?;
        let workerd = dir.join("node_modules/.bin/workerd");
        // npm's entry is a script that starts the program, which would be measured with it.
        let workerd = program(&dir).unwrap_or(workerd);
        let version = said(Command::new(&workerd).arg("--version")).await?;
        Ok(Self {
            dir,
            workerd,
            runtimes: [format!("Node {}", node.trim_start_matches('v')), version],
        })
    }

    /// Bytes of the engine that the servers load: JavaScript's script; the module and what its host does for it.
    pub fn artifact_bytes(&self) -> anyhow::Result<[u64; 2]> {
        let module = format!("{SERVED}.wasm");
        Ok([
            bytes(&self.dir, "engine.js")?,
            bytes(&self.dir, &module)? + bytes(&self.dir, "wasm.js")?,
        ])
    }

    pub fn step_bytes(&self, step: &Build) -> anyhow::Result<u64> {
        match step.package {
            "" => bytes(&self.dir, "engine.js"),
            _ => bytes(&self.dir, &format!("{}.wasm", step.name)),
        }
    }

    /// Nanoseconds a quote of each step, for each round. Each time in a process of its own: an engine that ran
    /// before would leave its types and its garbage to the next.
    pub async fn time_steps(&self, rounds: usize) -> anyhow::Result<BTreeMap<String, Vec<f64>>> {
        let mut all: BTreeMap<String, Vec<f64>> = BTreeMap::new();
        for _ in 0..rounds {
            for step in &STEPS {
                let mut node = Command::new("node");
                node.args([OPTIMIZED, "steps.js", "1", "trace.json", step.name])
                    .current_dir(&self.dir);
                let json = said(&mut node).await?;
                let found: BTreeMap<String, Vec<f64>> = serde_json::from_str(&json)
                    .with_context(|| format!("steps.js printed {json}"))?;
                for (name, samples) in found {
                    all.entry(name).or_default().extend(samples);
                }
            }
        }
        Ok(all)
    }
}

/// The program itself, in the package for this machine.
fn program(dir: &Path) -> Option<PathBuf> {
    let packages = std::fs::read_dir(dir.join("node_modules/@cloudflare")).ok()?;
    let mut programs = packages
        .flatten()
        .map(|package| package.path().join("bin/workerd"));
    programs.find(|program| program.is_file())
}

fn bytes(dir: &Path, name: &str) -> anyhow::Result<u64> {
    let path = dir.join(name);
    let data = std::fs::metadata(&path).with_context(|| format!("reading {}", path.display()))?;
    Ok(data.len())
}

async fn compile(ws: &Workspace, state: &Path, run: &Path, step: &Build) -> anyhow::Result<()> {
    let dir = state.join("modules").join(step.name);
    let zone = ws.root().join(step.package);
    let name = step
        .package
        .replace("katas/", "kata-")
        .replace("solutions/", "solution-");
    let manifest = format!(
        "[workspace]\n{PROFILES}\n[package]\nname = \"edge-{}\"\nedition = \"2024\"\n\n[lib]\ncrate-type = [\"cdylib\"]\n\
         path = \"wasm.rs\"\n\n[features]\ntext = []\nlist = []\nnumbers = []\n\n\
         [dependencies]\nzone = {{ path = {zone:?}, package = \"{name}\" }}\n",
        step.name
    );
    write(&dir.join("Cargo.toml"), &manifest)?;
    write(&dir.join("wasm.rs"), WASM)?;
    // The versions that the repository is locked to.
    std::fs::copy(ws.root().join("Cargo.lock"), dir.join("Cargo.lock"))?;
    let target = state.join("target");
    let mut command = Command::new(cargo());
    command
        .args(["build", "--quiet", "--target", "wasm32-unknown-unknown"])
        .args([
            "--profile",
            step.profile,
            "--features",
            step.feature,
            "--manifest-path",
        ])
        .arg(dir.join("Cargo.toml"))
        .arg("--target-dir")
        .arg(&target)
        // The repository's toolchain, wherever the target folder is.
        .current_dir(ws.root());
    for variable in ["RUSTFLAGS", "CARGO_ENCODED_RUSTFLAGS", "CARGO_BUILD_TARGET"] {
        command.env_remove(variable);
    }
    said(&mut command).await?;
    let module = target
        .join("wasm32-unknown-unknown")
        .join(step.profile)
        .join(format!("edge_{}.wasm", step.name));
    std::fs::copy(&module, run.join(format!("{}.wasm", step.name)))
        .with_context(|| format!("copying {}", module.display()))?;
    Ok(())
}

/// Runs a command and returns what it printed.
async fn said(command: &mut Command) -> anyhow::Result<String> {
    let name = command
        .as_std()
        .get_program()
        .to_string_lossy()
        .into_owned();
    let ended = bounded(command, LIMIT)
        .await
        .with_context(|| format!("running {name}"))?;
    let Ended::Done(output) = ended else {
        bail!("{name} did not end within {} s", LIMIT.as_secs());
    };
    if !output.status.success() {
        bail!(
            "{name} failed:\n{}",
            String::from_utf8_lossy(&output.stderr)
        );
    }
    Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
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
