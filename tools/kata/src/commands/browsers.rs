//! Which engines a command judges on, and getting them onto the machine.

use crate::cli::Browsers;
use anyhow::{Context, bail};
use kata_engines::{Engine, Missing};
use kata_judge::JudgeOptions;
use tokio::task::spawn_blocking;

/// Names an engine for all that judges, as for plain `cargo test`.
const VARIABLE: &str = "KATA_BROWSER";

/// Variables that plain `cargo test` takes a driver's address from.
const REMOTES: [&str; 4] = [
    "CHROMEDRIVER_REMOTE",
    "GECKODRIVER_REMOTE",
    "SAFARIDRIVER_REMOTE",
    "WEBKITDRIVER_REMOTE",
];

/// Engines, some of which may have to be installed yet.
#[derive(Debug)]
pub struct Chosen {
    /// The engines, in order.
    pub engines: Vec<Engine>,
    /// Whether the reader has named them.
    pub are_named: bool,
    install: bool,
}

impl Chosen {
    /// Installs what is missing. Other work may go on meanwhile: geckodriver alone takes a minute to compile.
    ///
    /// # Errors
    /// When it cannot be installed.
    pub async fn ready(&self) -> anyhow::Result<()> {
        if !self.install {
            return Ok(());
        }
        let engines = self.engines.clone();
        let say = |line: &str| eprintln!("{line}");
        spawn_blocking(move || kata_engines::install(&engines, &mut { say }))
            .await
            .context("installing came to no end")?
    }
}

/// The engines of a run, with all that they need on the machine.
///
/// # Errors
/// Those of [`choose`] and [`Chosen::ready`].
pub async fn engines(browsers: &Browsers, default: &[Engine]) -> anyhow::Result<Vec<Engine>> {
    let chosen = choose(browsers, default)?;
    chosen.ready().await?;
    Ok(chosen.engines)
}

/// The engines that the reader names: on the command line, or else by a variable.
fn named(browsers: &Browsers) -> anyhow::Result<Vec<Engine>> {
    let named = browsers.named();
    let variable = std::env::var(VARIABLE).unwrap_or_default();
    if !named.is_empty() || variable.is_empty() {
        return Ok(named);
    }
    let engine = variable
        .parse()
        .with_context(|| format!("{VARIABLE}={variable}"))?;
    Ok(vec![engine])
}

/// The engines of a run: those named, else `default`; where that is one and missing, another one. What is missing is to be installed
/// when asked for (or when CI=true), and otherwise left out, with a note, if it was not asked
/// for by name.
///
/// # Errors
/// When an engine that was named is missing, or none is left: the error says
/// what is missing and the command that installs it.
pub fn choose(browsers: &Browsers, default: &[Engine]) -> anyhow::Result<Chosen> {
    let named = named(browsers)?;
    let chosen = |engines, install| Chosen {
        engines,
        are_named: !named.is_empty(),
        install,
    };
    let wanted = if named.is_empty() {
        default.to_vec()
    } else {
        named.clone()
    };
    if browsers.webdriver.is_some() {
        // What a remote endpoint has is for its sessions to say.
        let engines = if named.is_empty() {
            vec![Engine::Chromium]
        } else {
            named.clone()
        };
        return Ok(chosen(engines, false));
    }
    for name in REMOTES {
        if std::env::var_os(name).is_some_and(|url| !url.is_empty()) {
            eprintln!("note: {name} is not used; --webdriver names a driver that runs already");
        }
    }
    let install = browsers.install || std::env::var("CI").is_ok_and(|ci| ci == "true" || ci == "1");
    if install {
        return Ok(chosen(wanted, install));
    }
    let mut found = Vec::new();
    let mut missing: Vec<Missing> = Vec::new();
    for engine in wanted {
        match kata_engines::find(engine) {
            Ok(_) => found.push(engine),
            Err(what) => missing.push(what),
        }
    }
    if let ([], []) = (&found[..], &named[..])
        && let Some(other) = Engine::ALL
            .into_iter()
            .find(|engine| kata_engines::find(*engine).is_ok())
    {
        eprintln!(
            "note: {} judges, since it is what this machine has",
            other.title()
        );
        return Ok(chosen(vec![other], false));
    }
    let words = missing
        .iter()
        .map(ToString::to_string)
        .collect::<Vec<_>>()
        .join("\n");
    let asked_for = missing.iter().any(|m| named.contains(&m.engine));
    if asked_for || found.is_empty() {
        bail!("{words}\nOr let this command do it: add --install");
    }
    if !missing.is_empty() {
        eprintln!("Leaving out what is not on this machine:\n{words}");
    }
    Ok(chosen(found, false))
}

/// How the judge reaches browsers.
pub fn judge_options(browsers: &Browsers) -> JudgeOptions {
    JudgeOptions {
        webdriver: browsers.webdriver.clone(),
        ip: browsers.listen,
        ..JudgeOptions::default()
    }
}
