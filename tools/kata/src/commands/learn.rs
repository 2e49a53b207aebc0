//! The reader's own commands: list, hint, reset, new.

use super::{owner, progress};
use anyhow::{Context, bail};
use kata_zones::{Workspace, Zone, write_new_zone};
use std::fs::File;
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::{SystemTime, UNIX_EPOCH};

pub fn list(ws: &Workspace) -> anyhow::Result<ExitCode> {
    let progress = progress::read(ws);
    for zone in ws.zones()? {
        let manifest = &zone.manifest;
        let state = if zone.is_untouched() {
            "untouched"
        } else if progress.is_solved(&zone) {
            "solved"
        } else {
            "edited"
        };
        let part = manifest.part.title();
        println!(
            "{:<18} {state:<10} {:>3} min  {part}: {}",
            zone.slug, manifest.minutes, manifest.title
        );
        println!("{:<18} {}", "", manifest.summary);
    }
    Ok(ExitCode::SUCCESS)
}

/// Shows the hints seen so far and one more.
pub fn hint(ws: &Workspace, slug: &str, again: bool) -> anyhow::Result<ExitCode> {
    let zone = ws.zone(slug)?;
    let hints = &zone.manifest.hints;
    let seen = if again {
        0
    } else {
        progress::read(ws).hints(slug)
    };
    let level = seen.saturating_add(1).min(hints.len());
    for (at, hint) in hints.iter().enumerate().take(level) {
        println!("Hint {} of {}: {}\n", at + 1, hints.len(), hint.trim());
    }
    if level == hints.len() {
        let solution = zone.solution_lib();
        match zone.has_solution() {
            true => println!(
                "That was the last one. The solution is in {}.",
                zone.display(&solution)
            ),
            false => {
                println!("That was the last one. This copy of the book keeps its solutions back.")
            }
        }
    } else {
        println!("Another `cargo kata hint {slug}` shows one more.");
    }
    progress::change(ws, |progress| progress.show_hints(slug, level))?;
    Ok(ExitCode::SUCCESS)
}

/// Puts the untouched kata back, and keeps the reader's file beside it.
pub fn reset(ws: &Workspace, slug: &str) -> anyhow::Result<ExitCode> {
    let zone = ws.zone(slug)?;
    let lib = zone.kata_lib();
    if zone.is_untouched() {
        println!(
            "{} is as the book has it; nothing to do.",
            zone.display(&lib)
        );
        return Ok(ExitCode::SUCCESS);
    }
    let untouched = zone.untouched();
    let original =
        std::fs::read(&untouched).with_context(|| format!("reading {}", untouched.display()))?;
    match std::fs::read(&lib) {
        Ok(text) => {
            let backup = keep(&lib, &text)?;
            println!("Your file is kept as {}.", zone.display(&backup));
        }
        Err(error) if error.kind() == ErrorKind::NotFound => {}
        Err(error) => return Err(error).with_context(|| format!("reading {}", lib.display())),
    }
    // A rename is all or nothing, however the command ends.
    let temporary = lib.with_extension("rs.new");
    std::fs::write(&temporary, original)
        .with_context(|| format!("writing {}", temporary.display()))?;
    owner::take_from(&zone.kata_dir(), &temporary);
    std::fs::rename(&temporary, &lib).with_context(|| format!("writing {}", lib.display()))?;
    println!("{} is as the book has it again.", zone.display(&lib));
    Ok(ExitCode::SUCCESS)
}

/// Writes the reader's text to a file that was not there before, and answers its path. Nothing is
/// ever written over: two resets in one second make two backups.
fn keep(lib: &Path, text: &[u8]) -> anyhow::Result<PathBuf> {
    let now = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .context("asking for the time")?
        .as_secs();
    // Outside src/, so that no tool takes it for a module.
    let folder = lib
        .parent()
        .and_then(Path::parent)
        .context("a kata without a folder")?;
    for n in 0..1000 {
        let name = match n {
            0 => format!("lib.rs.{now}.bak"),
            n => format!("lib.rs.{now}-{n}.bak"),
        };
        let backup = folder.join(name);
        let keeping = || format!("keeping your file as {}", backup.display());
        match File::create_new(&backup) {
            Ok(mut file) => {
                file.write_all(text).with_context(keeping)?;
                file.sync_all().with_context(keeping)?;
                owner::take_from(folder, &backup);
                return Ok(backup);
            }
            Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
            Err(error) => return Err(error).with_context(keeping),
        }
    }
    bail!("no free name for the backup")
}

pub fn new(ws: &Workspace, slug: &str) -> anyhow::Result<ExitCode> {
    println!("Written:");
    for path in write_new_zone(ws, slug)? {
        println!(
            "  {}",
            path.strip_prefix(ws.root()).unwrap_or(&path).display()
        );
    }
    println!(
        "\n`cargo kata check {slug}` says what is unfinished; CONTRIBUTING.md has the recipe."
    );
    Ok(ExitCode::SUCCESS)
}

/// Remembers that the kata passes its spec, if its sources still have the sum of those that were judged.
pub fn remember_solved(ws: &Workspace, zone: &Zone, judged: &str) {
    if zone.kata_sources_sha256() != judged {
        return;
    }
    if let Err(error) = progress::change(ws, |progress| progress.solve(zone)) {
        eprintln!("note: {error:#}");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn backups_of_one_second_do_not_meet() {
        let dir = tempfile::tempdir().unwrap();
        let lib = dir.path().join("src/lib.rs");
        let texts: Vec<String> = (0..20).map(|n| format!("// version {n}\n")).collect();
        let kept: Vec<PathBuf> = std::thread::scope(|scope| {
            let all: Vec<_> = texts
                .iter()
                .map(|text| scope.spawn(|| keep(&lib, text.as_bytes()).unwrap()))
                .collect();
            all.into_iter().map(|one| one.join().unwrap()).collect()
        });
        for (text, backup) in texts.iter().zip(&kept) {
            assert_eq!(&std::fs::read_to_string(backup).unwrap(), text);
        }
    }
}
