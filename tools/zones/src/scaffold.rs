//! The files that every zone has alike, and the files of a new zone.

use crate::workspace::KATA_MEMBER;
use crate::{SHARED_SPECS, UNTOUCHED, Workspace};
use anyhow::{Context, bail};
use std::path::PathBuf;

/// How Cargo.toml names a solution among the workspace's members, before the slug: as a folder, or else, where
/// solutions are withheld, as an empty file in [`NO_SOLUTIONS`], which Cargo passes over.
const SOLUTION_MEMBER: &str = "[s.][oc]*[so]/";

/// The folder of these files.
const NO_SOLUTIONS: &str = ".cargo";

/// The two crates of a zone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// `katas/<slug>`, package `kata-<slug>`.
    Kata,
    /// `solutions/<slug>`, package `solution-<slug>`.
    Solution,
}

impl Kind {
    /// The folder at the repository's top and the package's prefix.
    pub fn names(self) -> (&'static str, &'static str) {
        match self {
            Kind::Kata => ("katas", "kata"),
            Kind::Solution => ("solutions", "solution"),
        }
    }

    /// The dependency on what is given, as a line of the crate's `Cargo.toml`.
    pub(crate) fn contract(self, slug: &str) -> String {
        let path = match self {
            Kind::Kata => "contract".to_owned(),
            Kind::Solution => format!("../../katas/{slug}/contract"),
        };
        format!("contract = {{ path = \"{path}\", package = \"contract-{slug}\" }}")
    }
}

/// The text of `tests/spec.rs`: the same lines in every crate, so that a reader who edits `lib.rs`
/// cannot remove the spec. Built for this machine it would have no tests, and pass.
pub fn shim(kind: Kind, slug: &str) -> String {
    let snake = slug.replace('-', "_");
    let (_, prefix) = kind.names();
    format!(
        r#"use {prefix}_{snake} as zone;
#[path = "../../../tests/specs/{snake}.rs"]
mod spec;

#[cfg(not(target_family = "wasm"))]
compile_error!("A spec runs in a browser, so it is built for wasm32-unknown-unknown.");
"#
    )
}

/// How the `Cargo.toml` of each crate begins.
fn package(name: &str) -> String {
    format!(
        r#"[package]
name = "{name}"
version.workspace = true
edition.workspace = true
rust-version.workspace = true
license.workspace = true
publish.workspace = true
"#
    )
}

fn cargo_toml(kind: Kind, slug: &str) -> String {
    let (_, prefix) = kind.names();
    format!(
        r#"{package}
[lib]
test = false
doctest = false

[lints]
workspace = true

[dependencies]
{contract}
js-sys.workspace = true
wasm-bindgen.workspace = true

[dev-dependencies]
wasm-bindgen-test.workspace = true
"#,
        package = package(&format!("{prefix}-{slug}")),
        contract = kind.contract(slug),
    )
}

fn contract_toml(slug: &str) -> String {
    format!(
        r#"{package}
[lib]
path = "contract.rs"
test = false
doctest = false

[lints]
workspace = true
"#,
        package = package(&format!("contract-{slug}")),
    )
}

const CONTRACT: &str = r#"//! What is given, and what no `lib.rs` can change: errors, enums, constants.

/// Half of the answer.
pub const HALF: u32 = 21;
"#;

const KATA_TOML: &str = r#"title = ""
part = "boundary"
minutes = 0
host = "worker"
summary = ""
hints = ["", "", ""]

[predict]
question = ""
test = "doubles_a_number"
choices = []
explain = ""

[[fails]]
test = "doubles_a_number"
words = "2 * 21"

[[attempts]]
name = "first-idea"
title = ""
why = ""
fails = [{ test = "doubles_a_number", words = "2 * 21" }]
"#;

const KATA_LIB: &str = r#"//! The broken kata: code that looks reasonable and fails in a browser.

#[doc(inline)]
pub use contract::*;

/// Twice `n`.
pub fn double(n: u32) -> u32 {
    n
}
"#;

const SOLUTION_LIB: &str = r#"//! The reference solution.

#[doc(inline)]
pub use contract::*;

/// Twice `n`.
pub fn double(n: u32) -> u32 {
    n * 2
}
"#;

const SPEC: &str = r#"//! What a right design must do.

use crate::zone;
use contract::HALF;
use wasm_bindgen::prelude::*;
use wasm_bindgen_test::*;

wasm_bindgen_test_configure!(run_in_dedicated_worker);

/// The rule that this test pins down, in one line.
#[wasm_bindgen_test]
fn doubles_a_number() {
    assert_eq!(zone::double(HALF), 42, "2 * 21 is 42");
}

/// What the page draws: input, output.
#[wasm_bindgen]
pub fn show() -> js_sys::Array {
    let row = js_sys::Array::of2(&HALF.into(), &zone::double(HALF).into());
    js_sys::Array::of1(&row)
}
"#;

const SHOW: &str = r#"import { el } from "../kata/svg.js";

export default {
  caption: "Input and output",
  variants: ["kata", "solution"],
  /** @param {import("../kata/types.js").ShowRun[]} runs */
  table(runs) {
    return { columns: ["variant", "input", "output"], rows: runs.flatMap((run) => run.rows.map((row) => [run.variant, ...row])) };
  },
  /** @param {import("../kata/types.js").ShowRun[]} runs */
  draw(runs) {
    const text = runs.map((run) => `${run.variant}: ${run.rows.join(" ")}`).join(", ");
    return el("svg", { viewBox: "0 0 640 40" }, el("text", { class: "t-label", x: 8, y: 24 }, text));
  },
};
"#;

/// Writes the files of a new zone, names it in the repository's `Cargo.toml`, and answers the paths of the files. `cargo kata check`
/// reports the zone as unfinished until its author has filled them in.
///
/// # Errors
/// When the slug is not kebab case or is taken by the specs, when the zone or one of its files exists
/// already, or when a file cannot be written.
pub fn write_new_zone(ws: &Workspace, slug: &str) -> anyhow::Result<Vec<PathBuf>> {
    if !is_kebab(slug) {
        bail!(
            "`{slug}` is not a slug: use lower case letters, digits and single hyphens, as in `detached-view`"
        );
    }
    if slug == SHARED_SPECS {
        bail!("`{slug}` is the folder of what several specs use; a zone needs another name");
    }
    let snake = slug.replace('-', "_");
    let mut files = Vec::new();
    for kind in [Kind::Kata, Kind::Solution] {
        let (folder, _) = kind.names();
        let lib = if kind == Kind::Kata {
            KATA_LIB
        } else {
            SOLUTION_LIB
        };
        files.push((
            format!("{folder}/{slug}/Cargo.toml"),
            cargo_toml(kind, slug),
        ));
        files.push((format!("{folder}/{slug}/src/lib.rs"), lib.to_owned()));
        if kind == Kind::Kata {
            files.push((format!("{UNTOUCHED}/{slug}.rs"), lib.to_owned()));
        }
        files.push((format!("{folder}/{slug}/tests/spec.rs"), shim(kind, slug)));
    }
    files.push((
        format!("katas/{slug}/contract/Cargo.toml"),
        contract_toml(slug),
    ));
    files.push((
        format!("katas/{slug}/contract/contract.rs"),
        CONTRACT.to_owned(),
    ));
    files.push((format!("katas/{slug}/kata.toml"), KATA_TOML.to_owned()));
    files.push((format!("tests/specs/{snake}.rs"), SPEC.to_owned()));
    files.push((
        format!("tests/attempts/{slug}/first-idea.rs"),
        KATA_LIB.to_owned(),
    ));
    files.push((format!("theme/shows/{slug}.js"), SHOW.to_owned()));
    files.push((format!("{NO_SOLUTIONS}/{slug}"), String::new()));
    files.push((
        format!("src/boundary/{slug}.md"),
        format!("# \n\n{{{{#kata {slug}}}}}\n"),
    ));

    let paths: Vec<PathBuf> = files.iter().map(|(path, _)| ws.root().join(path)).collect();
    if let Some(path) = paths.iter().find(|path| path.exists()) {
        bail!("{} exists already; nothing was written", path.display());
    }
    let members = ws.root().join("Cargo.toml");
    let text = std::fs::read_to_string(&members)
        .with_context(|| format!("reading {}", members.display()))?;
    let text = with_members(&text, slug).with_context(|| {
        format!(
            "{} has no line `members = [` or no line `default-members = [`",
            members.display()
        )
    })?;
    std::fs::write(&members, text).with_context(|| format!("writing {}", members.display()))?;
    for (path, (_, text)) in paths.iter().zip(&files) {
        let dir = path.parent().context("a file without a folder")?;
        std::fs::create_dir_all(dir).with_context(|| format!("creating {}", dir.display()))?;
        std::fs::write(path, text).with_context(|| format!("writing {}", path.display()))?;
    }
    Ok(paths)
}

/// The text of the workspace's `Cargo.toml` with one zone more.
fn with_members(cargo_toml: &str, slug: &str) -> Option<String> {
    let kata = format!("    \"{KATA_MEMBER}");
    let solution = format!("\"{SOLUTION_MEMBER}{slug}\",\n");
    let both = format!("{kata}{slug}\", {solution}");
    let text = with_line(cargo_toml, "\nmembers = [\n", &kata, &both)?;
    let kind = format!("    \"{SOLUTION_MEMBER}");
    with_line(
        &text,
        "\ndefault-members = [\n",
        &kind,
        &format!("    {solution}"),
    )
}

/// A text with one line more in a list, in its place among the lines of its kind, which come first there.
fn with_line(text: &str, list: &str, kind: &str, new: &str) -> Option<String> {
    let start = text.find(list)? + list.len();
    let before: usize = text[start..]
        .split_inclusive('\n')
        .take_while(|line| line.starts_with(kind) && *line <= new)
        .map(str::len)
        .sum();
    let (before, behind) = text.split_at(start + before);
    Some(format!("{before}{new}{behind}"))
}

pub(crate) fn is_kebab(slug: &str) -> bool {
    let good = |part: &str| {
        !part.is_empty()
            && part
                .bytes()
                .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit())
    };
    slug.starts_with(|c: char| c.is_ascii_lowercase()) && slug.split('-').all(good)
}

#[cfg(test)]
mod tests {
    use super::with_members;

    #[test]
    fn a_zone_stands_in_its_place_among_the_members() {
        let text = "[workspace]\nmembers = [\n    \"katas/b-b\", \"[s.][oc]*[so]/b-b\",\n    \"katas/d-d\", \"[s.][oc]*[so]/d-d\",\n    \
                    \"tools/*\",\n]\ndefault-members = [\n    \"[s.][oc]*[so]/b-b\",\n    \"[s.][oc]*[so]/d-d\",\n]\n";
        for (slug, place) in [("a-a", 0), ("c-c", 1), ("e-e", 2)] {
            let text = with_members(text, slug).unwrap();
            let mut at = text
                .lines()
                .enumerate()
                .filter(|(_, line)| line.contains(slug));
            let line = format!("    \"katas/{slug}\", \"[s.][oc]*[so]/{slug}\",");
            assert_eq!(at.next(), Some((2 + place, line.as_str())), "{text}");
            let line = format!("    \"[s.][oc]*[so]/{slug}\",");
            assert_eq!(at.next(), Some((8 + place, line.as_str())), "{text}");
        }
        for text in ["[package]\n", "[workspace]\nmembers = [\n]\n"] {
            assert_eq!(with_members(text, "a-a"), None);
        }
    }
}
