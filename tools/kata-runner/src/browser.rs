//! Which browser judges.

use std::env;

use anyhow::{Context, bail};
use kata_engines::{Engine, Found, find};

/// The reader's choice.
const VARIABLE: &str = "KATA_BROWSER";

/// The engine that `KATA_BROWSER` names, or else the first that this machine has.
pub fn choose() -> anyhow::Result<Found> {
    if let Some(name) = env::var_os(VARIABLE).filter(|name| !name.is_empty()) {
        let name = name.to_string_lossy();
        let engine: Engine = name.parse().with_context(|| format!("{VARIABLE}={name}"))?;
        return Ok(find(engine)?);
    }
    let mut reasons = Vec::new();
    for engine in Engine::ALL {
        match find(engine) {
            Ok(found) => return Ok(found),
            Err(missing) => reasons.push(missing.to_string()),
        }
    }
    bail!(
        "no browser here can run the tests; one is enough.\n\n{}",
        reasons.join("\n\n")
    )
}
