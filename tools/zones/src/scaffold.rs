//! The files that every zone has alike, and the files of a new zone.

use crate::{SHARED_SPECS, Workspace};
use anyhow::{Context, bail};
use std::path::PathBuf;

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
}

/// The text of `tests/spec.rs`: the same three lines in every crate, so that a
/// reader who edits `lib.rs` cannot remove the spec.
pub fn shim(kind: Kind, slug: &str) -> String {
    let snake = slug.replace('-', "_");
    let (_, prefix) = kind.names();
    format!(
        "use {prefix}_{snake} as zone;\n#[path = \"../../../tests/specs/{snake}.rs\"]\nmod spec;\n"
    )
}

fn cargo_toml(kind: Kind, slug: &str) -> String {
    let (_, prefix) = kind.names();
    format!(
        r#"[package]
name = "{prefix}-{slug}"
version.workspace = true
edition.workspace = true
rust-version.workspace = true
license.workspace = true
publish.workspace = true

[lib]
test = false
doctest = false

[lints]
workspace = true

[dependencies]
js-sys.workspace = true
wasm-bindgen.workspace = true

[dev-dependencies]
wasm-bindgen-test.workspace = true
"#
    )
}

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

/// Twice `n`.
pub fn double(n: u32) -> u32 {
    n
}
"#;

const SOLUTION_LIB: &str = r#"//! The reference solution.

/// Twice `n`.
pub fn double(n: u32) -> u32 {
    n * 2
}
"#;

const SPEC: &str = r#"//! What a right design must do.

use crate::zone;
use wasm_bindgen::prelude::*;
use wasm_bindgen_test::*;

wasm_bindgen_test_configure!(run_in_dedicated_worker);

/// The rule that this test pins down, in one line.
#[wasm_bindgen_test]
fn doubles_a_number() {
    assert_eq!(zone::double(21), 42, "2 * 21 is 42");
}

/// What the page draws: input, output.
#[wasm_bindgen]
pub fn show() -> js_sys::Array {
    let row = js_sys::Array::of2(&21.into(), &zone::double(21).into());
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

/// Writes the files of a new zone and answers their paths. `cargo kata check`
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
        files.push((format!("{folder}/{slug}/tests/spec.rs"), shim(kind, slug)));
    }
    files.push((format!("katas/{slug}/kata.toml"), KATA_TOML.to_owned()));
    files.push((format!("tests/specs/{snake}.rs"), SPEC.to_owned()));
    files.push((
        format!("tests/attempts/{slug}/first-idea.rs"),
        KATA_LIB.to_owned(),
    ));
    files.push((format!("theme/shows/{slug}.js"), SHOW.to_owned()));
    files.push((
        format!("src/boundary/{slug}.md"),
        format!("# \n\n{{{{#kata {slug}}}}}\n"),
    ));

    let paths: Vec<PathBuf> = files.iter().map(|(path, _)| ws.root().join(path)).collect();
    if let Some(path) = paths.iter().find(|path| path.exists()) {
        bail!("{} exists already; nothing was written", path.display());
    }
    for (path, (_, text)) in paths.iter().zip(&files) {
        let dir = path.parent().context("a file without a folder")?;
        std::fs::create_dir_all(dir).with_context(|| format!("creating {}", dir.display()))?;
        std::fs::write(path, text).with_context(|| format!("writing {}", path.display()))?;
    }
    Ok(paths)
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
