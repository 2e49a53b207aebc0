//! What a session is asked for: our wishes, and the reader's `webdriver.json` on top.

use std::fs::File;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use serde_json::{Map, Value};

use crate::settings::variable;

/// The stock runner's variable for the file.
pub const VARIABLE: &str = "WASM_BINDGEN_TEST_WEBDRIVER_JSON";

/// The file in a package's folder.
pub const FILE: &str = "webdriver.json";

/// Puts the reader's wishes on top of ours: those of the file that the variable names, or else of
/// `webdriver.json` in the package's folder, where the stock runner looks too.
pub fn with_the_readers(mut ours: Map<String, Value>) -> anyhow::Result<Map<String, Value>> {
    let file = match variable(VARIABLE)? {
        Some(named) => PathBuf::from(named),
        None if Path::new(FILE).exists() => PathBuf::from(FILE),
        None => return Ok(ours),
    };
    merge(&mut ours, read(&file)?);
    Ok(ours)
}

fn read(file: &Path) -> anyhow::Result<Map<String, Value>> {
    let what = || format!("the browser's settings in {}", file.display());
    let opened = File::open(file).with_context(what)?;
    match serde_json::from_reader(opened).with_context(what)? {
        Value::Object(wishes) => Ok(wishes),
        _ => bail!("{} are no JSON object", what()),
    }
}

/// Lists grow, objects are merged, and everything else is replaced.
fn merge(ours: &mut Map<String, Value>, theirs: Map<String, Value>) {
    for (key, their) in theirs {
        match (ours.get_mut(&key), their) {
            (Some(Value::Object(our)), Value::Object(their)) => merge(our, their),
            (Some(Value::Array(our)), Value::Array(their)) => our.extend(their),
            (_, their) => {
                ours.insert(key, their);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn the_readers_wishes_are_added() {
        let Value::Object(mut ours) = json!({
            "goog:chromeOptions": { "args": ["--headless"], "binary": "/usr/bin/chromium" }
        }) else {
            panic!()
        };
        let Value::Object(theirs) = json!({
            "goog:chromeOptions": { "args": ["--lang=de"], "binary": "/opt/chrome" },
            "proxy": { "proxyType": "direct" }
        }) else {
            panic!()
        };
        merge(&mut ours, theirs);
        let wanted = json!({
            "goog:chromeOptions": { "args": ["--headless", "--lang=de"], "binary": "/opt/chrome" },
            "proxy": { "proxyType": "direct" }
        });
        assert_eq!(Value::Object(ours), wanted);
    }

    #[test]
    fn a_file_that_says_nothing_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("mine.json");
        for text in [None, Some("{"), Some("[]")] {
            if let Some(text) = text {
                std::fs::write(&file, text).unwrap();
            }
            let error = format!("{:#}", read(&file).unwrap_err());
            assert!(error.contains("mine.json"), "{error}");
        }
    }
}
