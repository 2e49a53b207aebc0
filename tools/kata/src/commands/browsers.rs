//! Which engines a command judges on, and getting them onto the machine.

use crate::cli::Browsers;
use anyhow::bail;
use kata_engines::{Engine, Missing};
use kata_judge::JudgeOptions;

/// The engines of a run: those named, else `default`. Installs what is missing
/// when asked to (or when CI=true), and otherwise leaves out what was not asked
/// for by name, with a note.
///
/// # Errors
/// When an engine that was named is missing, or none is left: the error says
/// what is missing and the command that installs it.
pub fn engines(browsers: &Browsers, default: &[Engine]) -> anyhow::Result<Vec<Engine>> {
    let named = browsers.named();
    let wanted = if named.is_empty() {
        default.to_vec()
    } else {
        named.clone()
    };
    if browsers.webdriver.is_some() {
        // What a remote endpoint has is for its sessions to say.
        return Ok(if named.is_empty() {
            vec![Engine::Chromium]
        } else {
            named
        });
    }
    let install = browsers.install || std::env::var("CI").is_ok_and(|ci| ci == "true" || ci == "1");
    if install {
        kata_engines::install(&wanted, &mut |line| eprintln!("{line}"))?;
    }
    let mut found = Vec::new();
    let mut missing: Vec<Missing> = Vec::new();
    for engine in wanted {
        match kata_engines::find(engine) {
            Ok(_) => found.push(engine),
            Err(what) => missing.push(what),
        }
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
    Ok(found)
}

/// How the judge reaches browsers.
pub fn judge_options(browsers: &Browsers) -> JudgeOptions {
    JudgeOptions {
        webdriver: browsers.webdriver.clone(),
        ip: browsers.listen,
        ..JudgeOptions::default()
    }
}
