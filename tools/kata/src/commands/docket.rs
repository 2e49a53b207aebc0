//! The docket: verdicts that lie beside the bundles that they judge.
//!
//! `test` and `check` judge the same solutions and attempts: the same wasm, in the same browsers, by the
//! same page. Where one has just run, as in CI, the other may take its word.

use kata_engines::Engine;
use kata_judge::Verdict;
use kata_zones::Bundle;
use serde::{Deserialize, Serialize};
use std::path::PathBuf;
use std::time::Duration;

/// How long verdicts are taken for those of this run.
const FRESH: Duration = Duration::from_secs(60 * 60);

/// What one engine said of one bundle.
#[derive(Serialize, Deserialize)]
struct Entry {
    /// The engine's name and version.
    version: String,
    verdicts: Vec<Verdict>,
}

fn file(bundle: &Bundle, engine: Engine) -> PathBuf {
    bundle.dir.join(format!("{engine}.json"))
}

/// Keeps what an engine said. A folder that takes nothing is no fault: then it will be asked again.
pub fn keep(bundle: &Bundle, engine: Engine, version: &str, verdicts: &[Verdict]) {
    let entry = Entry {
        version: version.to_owned(),
        verdicts: verdicts.to_vec(),
    };
    if let Ok(text) = serde_json::to_vec(&entry) {
        let _ = std::fs::write(file(bundle, engine), text);
    }
}

/// What this version of an engine said of this bundle within the last hour, of all its tests.
pub fn kept(bundle: &Bundle, engine: Engine, version: &str) -> Option<Vec<Verdict>> {
    let file = file(bundle, engine);
    let age = file.metadata().ok()?.modified().ok()?.elapsed().ok()?;
    let entry: Entry = serde_json::from_slice(&std::fs::read(file).ok()?).ok()?;
    let is_ours = age < FRESH
        && entry.version == version
        && entry.verdicts.iter().map(|v| &v.test).eq(&bundle.tests);
    is_ours.then_some(entry.verdicts)
}

#[cfg(test)]
mod tests {
    use super::*;
    use kata_judge::Outcome;
    use kata_zones::Host;
    use std::fs::File;
    use std::time::SystemTime;

    fn bundle(dir: PathBuf) -> Bundle {
        Bundle {
            status: "ready".into(),
            zone: "zone".into(),
            variant: "solution".into(),
            host: Host::Worker,
            tests: vec!["one".into(), "two".into()],
            profile: "release".into(),
            wasm_bytes: 0,
            glue_bytes: 0,
            lines: false,
            hash: String::new(),
            dir,
        }
    }

    fn verdict(test: &str) -> Verdict {
        Verdict {
            zone: "zone".into(),
            variant: "solution".into(),
            engine: "chromium".into(),
            test: test.into(),
            outcome: Outcome::Passed,
            message: String::new(),
            ms: 1.0,
            location: None,
            stack: Vec::new(),
        }
    }

    #[test]
    fn only_fresh_whole_verdicts_of_this_very_engine_are_taken() {
        let dir = tempfile::tempdir().unwrap();
        let bundle = bundle(dir.path().to_owned());
        let both = [verdict("one"), verdict("two")];
        let taken = |version| kept(&bundle, Engine::Chromium, version);
        assert!(taken("Chromium 1").is_none());
        keep(&bundle, Engine::Chromium, "Chromium 1", &both);
        assert_eq!(taken("Chromium 1").as_deref(), Some(&both[..]));
        assert!(taken("Chromium 2").is_none());
        assert!(kept(&bundle, Engine::Firefox, "Chromium 1").is_none());

        let long_ago = SystemTime::now() - 2 * FRESH;
        let file = File::options()
            .write(true)
            .open(file(&bundle, Engine::Chromium))
            .unwrap();
        file.set_modified(long_ago).unwrap();
        assert!(taken("Chromium 1").is_none());

        keep(&bundle, Engine::Chromium, "Chromium 1", &both[..1]);
        assert!(taken("Chromium 1").is_none());
    }
}
