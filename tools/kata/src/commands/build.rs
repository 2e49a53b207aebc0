//! `cargo kata build`: the complete static site.

use super::output::Output;
use super::staging::Staging;
use crate::cli::Build;
use anyhow::{Context, bail};
use kata_book::{Mode, SiteOptions, build_site, list_files};
use kata_builder::{Builder, Built, LINES, Profile, Request, Source};
use kata_zones::Bundle;
use kata_zones::{Workspace, is_hidden, sha256};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// The files of a bundle that a page runs.
const RUN: [&str; 2] = ["spec.js", "spec_bg.wasm"];

/// The site's file with the hashes of all that its pages run, as `sha256sum -c` reads it.
const SUMS: &str = "SHA256SUMS";

pub async fn run(ws: &Workspace, args: &Build) -> anyhow::Result<ExitCode> {
    let here = std::env::current_dir().context("asking for the current folder")?;
    let out = match &args.out {
        Some(out) => here.join(out),
        None => ws.root().join("book"),
    };
    let out = real(out)?;
    let output = Output::of(&out)?;
    // Where the swap is a rename. It is removed when this function ends in any other way.
    let staging = Staging::of(&out)?;

    let builder = Builder::new(ws)?;
    let requests: Vec<Request> = ws
        .zones()?
        .iter()
        .flat_map(|zone| {
            zone.variants()
                .into_iter()
                .map(|v| Request::variant(zone, v))
                .collect::<Vec<_>>()
        })
        .collect();
    eprintln!("compiling {} crates with their specs", requests.len());
    let built = builder.build(&requests, Profile::Release).await?;

    let site = staging.path().join("site");
    let build_id = build_id(ws, &built)?;
    eprintln!("building the book");
    build_site(
        ws,
        &SiteOptions {
            out: &site,
            mode: Mode::Static,
            build_id: &build_id,
            compile_service: args.compile_service.as_deref(),
        },
    )?;
    let bundles = site.join("bundles");
    let (mut bytes, mut sums) = (0, String::new());
    for (request, built) in requests.iter().zip(&built) {
        let name = format!("{}/{}", request.zone.slug, request.source.label());
        let dir = bundles.join(&name);
        match built {
            Built::Ready(bundle) => {
                copy_bundle(bundle, &dir)?;
                bytes += bundle.wasm_bytes + bundle.glue_bytes;
                sums.push_str(&sums_of(bundle, &name)?);
            }
            Built::Refused(diagnostics) if may_be_refused(request) => {
                write_refused(&dir, diagnostics)?;
            }
            Built::Refused(diagnostics) => bail!(
                "{} of {} does not compile, so there is no site of it:\n{diagnostics}",
                request.source.label(),
                request.zone.slug
            ),
            Built::TimedOut(limit) => bail!(
                "{} of {} did not compile within {} s",
                request.source.label(),
                request.zone.slug,
                limit.as_secs()
            ),
        }
    }
    let path = bundles.join(SUMS);
    std::fs::write(&path, sums).with_context(|| format!("writing {}", path.display()))?;
    list_files(&site)?;
    output.replace(&site, staging.path())?;
    println!(
        "{} ({} bundles, {:.1} MB of them)",
        out.display(),
        built.len(),
        bytes as f64 / 1e6
    );
    Ok(ExitCode::SUCCESS)
}

/// The folder behind links and dots: it is the one that is replaced.
fn real(out: PathBuf) -> anyhow::Result<PathBuf> {
    if out.symlink_metadata().is_err() {
        return Ok(out);
    }
    out.canonicalize()
        .with_context(|| format!("{} leads nowhere", out.display()))
}

/// Changes whenever a bundle, a chapter or the theme does.
fn build_id(ws: &Workspace, built: &[Built]) -> anyhow::Result<String> {
    let mut all = String::new();
    for built in built {
        if let Built::Ready(bundle) = built {
            all.push_str(&bundle.hash);
        }
    }
    for folder in [
        "src",
        "theme",
        "katas",
        "solutions",
        "tests/specs",
        "tests/attempts",
    ] {
        hash_folder(&ws.root().join(folder), &mut all)?;
    }
    Ok(sha256(all.as_bytes()).chars().take(16).collect())
}

fn hash_folder(folder: &Path, all: &mut String) -> anyhow::Result<()> {
    // The solutions may be withheld.
    if !folder.is_dir() {
        return Ok(());
    }
    let reading = || format!("reading {}", folder.display());
    let mut paths: Vec<PathBuf> = folder
        .read_dir()
        .with_context(reading)?
        .map(|entry| entry.map(|e| e.path()))
        .collect::<Result<_, _>>()
        .with_context(reading)?;
    paths.retain(|path| !path.file_name().is_some_and(is_hidden));
    paths.sort();
    for path in paths {
        if path.is_dir() {
            hash_folder(&path, all)?;
        } else {
            let text =
                std::fs::read(&path).with_context(|| format!("reading {}", path.display()))?;
            all.push_str(&sha256(&text));
        }
    }
    Ok(())
}

fn copy_bundle(bundle: &Bundle, dir: &Path) -> anyhow::Result<()> {
    std::fs::create_dir_all(dir).with_context(|| format!("creating {}", dir.display()))?;
    let lines = bundle.lines.then_some(LINES);
    for name in ["bundle.json"].into_iter().chain(RUN).chain(lines) {
        let from = bundle.dir.join(name);
        std::fs::copy(&from, dir.join(name))
            .with_context(|| format!("copying {}", from.display()))?;
    }
    Ok(())
}

/// A line for each file of a bundle that a page runs.
fn sums_of(bundle: &Bundle, name: &str) -> anyhow::Result<String> {
    let mut lines = String::new();
    for file in RUN {
        let path = bundle.dir.join(file);
        let text = std::fs::read(&path).with_context(|| format!("reading {}", path.display()))?;
        lines.push_str(&format!("{}  {name}/{file}\n", sha256(&text)));
    }
    Ok(lines)
}

/// An attempt may be there to show that it does not compile. Anything else that does not is a fault.
fn may_be_refused(request: &Request) -> bool {
    match &request.source {
        Source::Variant(variant) => request.zone.is_refused(variant),
        Source::Graded(_) | Source::Proof(_) | Source::Posted(_) => false,
    }
}

/// What the page shows in the place of a run.
fn write_refused(dir: &Path, diagnostics: &str) -> anyhow::Result<()> {
    std::fs::create_dir_all(dir).with_context(|| format!("creating {}", dir.display()))?;
    let state = serde_json::json!({ "status": "failed", "diagnostics": diagnostics });
    let path = dir.join("bundle.json");
    std::fs::write(&path, state.to_string()).with_context(|| format!("writing {}", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::symlink;

    #[test]
    fn what_is_withheld_or_hidden_is_no_part_of_a_build() {
        let dir = tempfile::tempdir().unwrap();
        let mut sums = String::new();
        hash_folder(&dir.path().join("solutions"), &mut sums).unwrap();
        symlink("me@host.4711", dir.path().join(".#lib.rs")).unwrap();
        hash_folder(dir.path(), &mut sums).unwrap();
        assert_eq!(sums, "");
        std::fs::write(dir.path().join("lib.rs"), "").unwrap();
        hash_folder(dir.path(), &mut sums).unwrap();
        assert_eq!(sums, sha256(b""));
    }

    #[test]
    fn an_output_folder_is_what_a_link_leads_to() {
        let dir = tempfile::tempdir().unwrap();
        let root = dir.path().canonicalize().unwrap();
        let (folder, link) = (root.join("www"), root.join("site"));
        assert_eq!(real(folder.clone()).unwrap(), folder);
        symlink(&folder, &link).unwrap();
        assert!(real(link.clone()).is_err());
        std::fs::create_dir(&folder).unwrap();
        for out in [link, folder.join("."), folder.join("../site")] {
            assert_eq!(real(out).unwrap(), folder);
        }
    }
}
