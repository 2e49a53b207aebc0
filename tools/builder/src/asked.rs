//! A spec of which only some tests are asked for.
//!
//! A proof must turn one rule or two red, and there are hundreds of proofs. The other tests stay in its spec as functions that
//! nobody calls, and those cost a compiler next to nothing.

use anyhow::Context;
use kata_zones::{SPECS, SpecTest, Zone};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// The files of a zone's spec under another name, by their paths beside the folder of the specs.
pub(super) fn spec(
    zone: &Zone,
    asked: &[String],
    name: &str,
) -> anyhow::Result<BTreeMap<PathBuf, String>> {
    let mut unasked = zone.spec_tests()?;
    unasked.retain(|test| !asked.contains(&test.name));
    let (from, snake) = (zone.spec(), zone.snake());
    let mut files = BTreeMap::new();
    let own = format!("#[path = \"{snake}/");
    let root: String = read(&from, &unasked)?
        .lines()
        .map(|line| match line.strip_prefix(&own) {
            Some(module) => format!("#[path = \"{name}/{module}\n"),
            None => line.replace("#[path = \"", "#[path = \"../specs/") + "\n",
        })
        .collect();
    files.insert(format!("{name}.rs").into(), root);
    let modules = zone.spec_modules();
    if modules.is_dir() {
        for entry in modules
            .read_dir()
            .with_context(|| format!("reading {SPECS}/{snake}"))?
        {
            let path = entry
                .with_context(|| format!("reading {SPECS}/{snake}"))?
                .path();
            files.insert(
                Path::new(name).join(path.file_name().unwrap_or_default()),
                read(&path, &unasked)?,
            );
        }
    }
    Ok(files)
}

/// A file's text in which the tests that are not asked for are plain functions, each in its line.
fn read(file: &Path, unasked: &[SpecTest]) -> anyhow::Result<String> {
    let text =
        std::fs::read_to_string(file).with_context(|| format!("reading {}", file.display()))?;
    let mut lines: Vec<&str> = text.lines().collect();
    for test in unasked.iter().filter(|test| test.file == file) {
        let above = lines[..test.line - 1]
            .iter()
            .rposition(|line| line.starts_with("#[wasm_bindgen_test"));
        if let Some(at) = above {
            lines[at] = "";
        }
    }
    Ok(lines.join("\n") + "\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use kata_zones::Workspace;

    /// Of every spec that stands: its files and their lines stay, and only the test that is asked for is one.
    #[test]
    fn what_is_not_asked_for_stays_as_a_function() {
        let ws = Workspace::find(Path::new(env!("CARGO_MANIFEST_DIR"))).unwrap();
        for zone in ws.zones().unwrap() {
            let all = zone.spec_tests().unwrap();
            let asked = all.last().unwrap();
            let files = spec(&zone, std::slice::from_ref(&asked.name), "asked_1").unwrap();
            let text: String = files.values().map(String::as_str).collect();
            let left = text
                .lines()
                .filter(|line| line.starts_with("#[wasm_bindgen_test"));
            assert_eq!(left.count(), 1, "{}", zone.slug);
            for test in &all {
                let name = match test.file == zone.spec() {
                    true => PathBuf::from("asked_1.rs"),
                    false => Path::new("asked_1").join(test.file.file_name().unwrap()),
                };
                let line = files[&name].lines().nth(test.line - 1).unwrap();
                assert!(
                    line.contains(&format!("fn {}(", test.name)),
                    "{}: {line}",
                    zone.slug
                );
            }
        }
    }
}
