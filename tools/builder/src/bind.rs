//! wasm-bindgen, in process, and what a bundle says of itself.

use super::lines::{Lines, Moves};
use super::{Profile, Request, lines, meter, write};
use anyhow::Context;
use kata_zones::{Bundle, Host};
use sha2::{Digest, Sha256};
use std::fs::File;
use std::path::Path;
use std::time::{Duration, SystemTime};
use walrus::ModuleConfig;
use wasm_bindgen_cli_support::Bindgen;

/// Pages of 64 KiB that a spec's memory may grow to: 1 GiB. A kata that wants
/// all the memory there is gets an error instead of the reader's machine.
const MAX_PAGES: u64 = 16_384;

/// Characters of the hash that name a bundle's folder.
const HASH_LENGTH: usize = 20;

/// Bundles of one variant that are kept.
const KEPT: usize = 6;

/// How long every bundle is kept: on a busy machine, the browser that will load it may be far from ready.
const YOUNG: Duration = Duration::from_secs(5 * 60);

/// Changes whenever bundles are made differently from the same wasm.
const RECIPE: &str = "6";

/// What binding came to.
pub(super) enum Bound {
    /// A bundle.
    Ready(Bundle),
    /// The source compiles, and is none of what a spec can judge; why.
    Refused(String),
}

/// Binds a compiled spec, or takes the bundle that was made of the same wasm before.
///
/// # Errors
/// When a file cannot be read or written. What the source does wrong is no error.
pub(super) fn bind(
    request: &Request,
    wasm: &Path,
    workspace: &Path,
    variant_dir: &Path,
    profile: Profile,
) -> anyhow::Result<Bound> {
    let bytes = std::fs::read(wasm).with_context(|| format!("reading {}", wasm.display()))?;
    let zone = &request.zone;
    let hash = format!("{RECIPE}-{:x}", Sha256::digest(&bytes));
    let host = zone.manifest.host;
    // Named by its content: whoever builds the same variant at the same time, with
    // another text, cannot change this bundle under a browser that runs it.
    let dir = variant_dir.join(&hash[..HASH_LENGTH]);
    let made_before = || read(&dir).filter(|bundle| bundle.hash == hash && bundle.host == host);
    if let Some(bundle) = made_before() {
        // Somebody is about to load it, so it is as good as new. If it cannot be touched, it goes when it is old.
        let _ = File::open(&dir).and_then(|dir| dir.set_modified(SystemTime::now()));
        return Ok(Bound::Ready(bundle));
    }

    let mut module = ModuleConfig::new()
        .preserve_code_transform(true)
        .parse(&bytes)
        .context("reading the compiled wasm")?;
    let found: Vec<String> = module
        .exports
        .iter()
        .filter(|export| export.name.starts_with("__wbgt_"))
        .filter_map(|export| export.name.rsplit("::").next().map(str::to_owned))
        .collect();
    let declared = zone.spec_tests()?;
    let asked = request.source.asks(&declared);
    let stranger = |name: &String| !asked.contains(&name.as_str());
    if found.len() != asked.len() || found.iter().any(stranger) {
        return Ok(Bound::Refused(format!(
            "error: the wasm holds {} tests and the spec declares {}: a `lib.rs` can neither add tests nor take any away\n",
            found.len(),
            asked.len()
        )));
    }
    let tests = asked.into_iter().map(str::to_owned).collect();
    for memory in module.memories.iter_mut() {
        memory.maximum = Some(memory.maximum.map_or(MAX_PAGES, |max| max.min(MAX_PAGES)));
    }

    let bound = Bindgen::new()
        .no_modules(true)?
        .emit_start(false)
        .typescript(false)
        .omit_default_module_path(true)
        .input_module("spec", module)
        .generate_output();
    let mut output = match bound {
        Ok(output) => output,
        Err(error) => {
            return Ok(Bound::Refused(format!(
                "error: wasm-bindgen refuses it: {error:#}\n\
                 note: neither a spec nor a kata brings JavaScript of its own: no inline_js, no module = …\n"
            )));
        }
    };
    if host == Host::Frame {
        // After wasm-bindgen, which runs some functions while it works, and knows no loops there.
        meter::meter(output.wasm_mut());
    }
    let lines = Lines::read(&bytes)?;
    let moves = (!lines.is_empty()).then(|| Moves::watch(output.wasm_mut()));
    let wasm = output.wasm_mut().emit_wasm();
    let glue = factory(output.js());
    let bundle = Bundle {
        status: "ready".into(),
        zone: zone.slug.clone(),
        variant: request.source.label(),
        host,
        tests,
        profile: profile.name().into(),
        wasm_bytes: wasm.len(),
        glue_bytes: glue.len(),
        lines: moves.is_some(),
        hash: hash.clone(),
        dir: dir.clone(),
    };
    std::fs::create_dir_all(variant_dir)
        .with_context(|| format!("creating {}", variant_dir.display()))?;
    let half = tempfile::tempdir_in(variant_dir)
        .with_context(|| format!("creating a folder in {}", variant_dir.display()))?;
    write(&half.path().join("spec_bg.wasm"), &wasm)?;
    write(&half.path().join("spec.js"), glue)?;
    if let Some(moves) = moves {
        write(
            &half.path().join(lines::FILE),
            lines.map(&moves, workspace)?,
        )?;
    }
    write(
        &half.path().join("bundle.json"),
        serde_json::to_vec(&bundle)?,
    )?;
    // Nobody ever finds half a bundle: not when we are killed, and not when two bind the same
    // wasm at once.
    if std::fs::rename(half.path(), &dir).is_err() && made_before().is_none() {
        std::fs::remove_dir_all(&dir).with_context(|| format!("removing {}", dir.display()))?;
        std::fs::rename(half.path(), &dir).with_context(|| format!("making {}", dir.display()))?;
    }
    forget_old(variant_dir);
    Ok(Bound::Ready(bundle))
}

/// The glue as a module whose default export makes it anew at each call. Glue keeps its
/// instance in a variable; each test has an instance of its own, and a call costs far less
/// than loading a module again.
///
/// Where the wasm imports from another module than the glue, the glue asks `require` for that, which
/// no browser has. Here nobody supplies it, so that the engine says what is missing, by its name.
fn factory(glue: &str) -> String {
    let require = "const require = () => undefined;";
    format!("export default () => {{\n{require}\n{glue}\nreturn wasm_bindgen;\n}};\n")
}

/// Removes all but the newest bundles of a variant, and no young one.
fn forget_old(variant_dir: &Path) {
    let Ok(entries) = variant_dir.read_dir() else {
        return;
    };
    let mut dirs: Vec<_> = entries
        .flatten()
        .filter_map(|entry| Some((entry.metadata().ok()?.modified().ok()?, entry.path())))
        .collect();
    dirs.sort();
    let is_old = |made: &SystemTime| made.elapsed().is_ok_and(|age| age > YOUNG);
    let old = dirs.iter().rev().skip(KEPT);
    for (_, dir) in old.filter(|(made, _)| is_old(made)) {
        // What cannot be removed now is removed another time.
        let _ = std::fs::remove_dir_all(dir);
    }
}

fn read(dir: &Path) -> Option<Bundle> {
    let text = std::fs::read(dir.join("bundle.json")).ok()?;
    let bundle: Bundle = serde_json::from_slice(&text).ok()?;
    Some(Bundle {
        dir: dir.to_owned(),
        ..bundle
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_bundle_goes_that_somebody_may_be_about_to_load() {
        let dir = tempfile::tempdir().unwrap();
        let age = |n: u64| match n {
            0..3 => YOUNG * 2,
            _ => Duration::ZERO,
        };
        for n in 0..10 {
            let bundle = dir.path().join(n.to_string());
            std::fs::create_dir(&bundle).unwrap();
            let made = SystemTime::now() - age(n);
            File::open(&bundle).unwrap().set_modified(made).unwrap();
        }
        forget_old(dir.path());
        for n in 0..10 {
            let is_there = dir.path().join(n.to_string()).is_dir();
            assert_eq!(is_there, age(n) < YOUNG, "{n}");
        }
    }
}
