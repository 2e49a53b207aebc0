//! One builder for everything that runs in a browser.
//!
//! Katas, solutions, wrong attempts and graded files are all the same thing: a
//! zone and the text of a `lib.rs`. Each is staged as a package of a workspace
//! of its own, compiled together with the zone's spec, bound by wasm-bindgen and
//! handed back as a bundle: glue, wasm, and what is known about them.
#![cfg(not(target_family = "wasm"))]
#![warn(missing_docs)]

mod asked;
mod bind;
mod compile;
mod confine;
mod diagnostic;
mod files;
mod lines;
mod meter;
mod paths;
pub mod process;
mod profile;
mod source;
mod stage;
pub mod toolchain;

pub use diagnostic::{Diagnostic, Level, Place};
pub use lines::FILE as LINES;
pub use paths::state_dir;
pub use source::{Edited, Source};

use anyhow::Context;
use bind::Bound;
use confine::Confinement;
use kata_zones::{Bundle, Variant, Workspace, Zone};
use stage::Stage;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};
use std::thread::available_parallelism;
use std::time::Duration;
use tokio::sync::Semaphore;
use tokio::sync::mpsc::unbounded_channel;
use tokio::task::{JoinHandle, spawn_blocking};

/// How a bundle is compiled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Profile {
    /// For the shortest wait between an edit and its verdict. No reader edits a solution or a wrong attempt: they are
    /// built as the site publishes them here, too.
    Quick,
    /// What the site publishes and what `check` proves.
    Release,
}

impl Profile {
    /// The name in folders and in `bundle.json`.
    pub fn name(self) -> &'static str {
        match self {
            Profile::Quick => "quick",
            Profile::Release => "release",
        }
    }

    /// What a source is compiled as when this is asked for.
    fn of(self, source: &Source) -> Self {
        match source {
            Source::Variant(Variant::Solution | Variant::Attempt(_)) => Profile::Release,
            Source::Proof(_) => Profile::Quick,
            Source::Variant(_) | Source::Graded(_) | Source::Posted(_) => self,
        }
    }
}

/// One thing to build.
#[derive(Debug, Clone)]
pub struct Request {
    /// The zone whose spec judges the source.
    pub zone: Zone,
    /// Where the source comes from.
    pub source: Source,
}

impl Request {
    /// A variant of the repository.
    pub fn variant(zone: &Zone, variant: Variant) -> Self {
        Self {
            zone: zone.clone(),
            source: Source::Variant(variant),
        }
    }
}

/// What became of a request.
#[derive(Debug)]
pub enum Built {
    /// It compiled and was bound.
    Ready(Bundle),
    /// rustc or wasm-bindgen refused it; their diagnostics.
    Refused(String),
    /// The build was still running at its limit and was ended.
    TimedOut(Duration),
}

/// What became of a text, and what rustc said of it.
#[derive(Debug)]
pub struct Answer {
    /// The bundle, or why there is none.
    pub built: Built,
    /// Errors and warnings, in rustc's order.
    pub diagnostics: Vec<Diagnostic>,
}

/// Stages, compiles and binds. Only one builder works at a time on one target
/// folder: the stage is locked while a build runs.
#[derive(Debug, Clone)]
pub struct Builder {
    stage: Stage,
    bundles: PathBuf,
    binders: Arc<Semaphore>,
    confinement: Arc<OnceLock<Confinement>>,
    limit: Duration,
}

/// A cold build compiles wasm-bindgen and its macros first.
const DEFAULT_LIMIT: Duration = Duration::from_secs(600);

impl Builder {
    /// A builder for the repository. Adds the wasm target if it is missing, and says so if the first
    /// build is going to take its time.
    ///
    /// # Errors
    /// When the target cannot be added or the state folder cannot be made.
    pub fn new(ws: &Workspace) -> anyhow::Result<Self> {
        toolchain::ensure_wasm_target(ws.root())?;
        let state = state_dir(ws);
        let stage = Stage::new(ws, &state)?;
        if !stage.target().is_dir() {
            eprintln!("The first build compiles what all katas need: a minute or more, once.");
        }
        Ok(Self {
            stage,
            bundles: state.join("bundles"),
            binders: Arc::new(Semaphore::new(
                available_parallelism().map_or(1, usize::from),
            )),
            confinement: Arc::default(),
            limit: DEFAULT_LIMIT,
        })
    }

    /// The same builder with another time limit for a build.
    #[must_use]
    pub fn with_limit(mut self, limit: Duration) -> Self {
        self.limit = limit;
        self
    }

    /// The folder that holds the bundles of all profiles.
    pub fn bundles_root(&self) -> &Path {
        &self.bundles
    }

    /// Builds all requests and answers them in order.
    ///
    /// # Errors
    /// When staging, Cargo or wasm-bindgen itself fails; a source that does not
    /// compile is no error but [`Built::Refused`].
    pub async fn build(
        &self,
        requests: &[Request],
        profile: Profile,
    ) -> anyhow::Result<Vec<Built>> {
        let mut all = Vec::new();
        self.build_each(requests, profile, |built| all.push(built))
            .await?;
        Ok(all)
    }

    /// Builds all requests, one zone after the other, and hands each over in order as
    /// soon as it is bound: whoever judges need not wait for the last. A zone is bound
    /// while the next one is compiled.
    ///
    /// # Errors
    /// Those of [`Builder::build`]. What was handed over before is good.
    pub async fn build_each(
        &self,
        requests: &[Request],
        profile: Profile,
        mut hand_over: impl FnMut(Built),
    ) -> anyhow::Result<()> {
        if requests.is_empty() {
            return Ok(());
        }
        let lock = self.stage.lock().await?;
        let packages = requests
            .iter()
            .map(|request| lock.put(&request.zone, &request.source))
            .collect::<anyhow::Result<Vec<_>>>()?;
        for (zone, packages) in by_zone(requests, &packages) {
            lock.finish(zone, packages, profile)?;
        }

        let (done, mut compiled) = unbounded_channel();
        let compiling = async move {
            // One zone at a time also because Cargo unites the features of what it builds together: other company
            // would make other wasm of the same sources.
            let of_zones = by_zone(requests, &packages);
            for (requests, (zone, these)) in requests.chunk_by(same_zone).zip(of_zones) {
                let compiled =
                    compile::run(&self.stage, &zone.slug, these, self.limit, None).await?;
                // Whoever binds listens to the end, or has failed and says why.
                let _ = done.send((requests, compiled));
            }
            Ok(())
        };
        let binding = async {
            while let Some((requests, compiled)) = compiled.recv().await {
                let all = requests.iter().zip(compiled);
                let binding: Vec<_> = all
                    .map(|(request, compiled)| self.bind(request, compiled.outcome, profile))
                    .collect();
                for bound in binding {
                    hand_over(bound.await.context("binding came to no end")??);
                }
            }
            Ok(())
        };
        tokio::try_join!(compiling, binding).map(|_| ())
    }

    /// What a text from elsewhere is compiled within, asked for once.
    fn confinement(&self) -> anyhow::Result<&Confinement> {
        match self.confinement.get() {
            Some(known) => Ok(known),
            None => {
                let new = Confinement::of(&self.stage)?;
                Ok(self.confinement.get_or_init(|| new))
            }
        }
    }

    /// Builds a kata with another text of its `lib.rs`, the quick way and confined: it may be anybody's. A build that is dropped is ended.
    ///
    /// # Errors
    /// Those of [`Builder::build`].
    pub async fn answer(&self, zone: &Zone, text: &str) -> anyhow::Result<Answer> {
        let request = Request {
            zone: zone.clone(),
            source: Source::Posted(text.to_owned()),
        };
        let lock = self.stage.lock().await?;
        let package = lock.put(&request.zone, &request.source)?;
        let packages = std::slice::from_ref(&package);
        lock.finish(zone, packages, Profile::Quick)?;
        let confinement = self.confinement()?;
        let compiling = compile::run(
            &self.stage,
            &zone.slug,
            packages,
            self.limit,
            Some(confinement),
        );
        let mut compiled = compiling.await?;
        let compiled = compiled.pop().context("cargo answered nothing")?;
        let file = self.stage.lib(&package);
        let said = compiled.said.iter();
        let mut diagnostics: Vec<Diagnostic> = said
            .filter_map(|said| Diagnostic::read(said, &file, text))
            .collect();
        let binding = self.bind(&request, compiled.outcome, Profile::Quick);
        let built = binding.await.context("binding came to no end")??;
        match &built {
            Built::Refused(words) if diagnostics.iter().all(|d| d.level != Level::Error) => {
                diagnostics.push(Diagnostic::of_all(words));
            }
            _ => {}
        }
        Ok(Answer { built, diagnostics })
    }

    /// Starts to bind what Cargo made of a request, beside whatever else goes on: as many at a time as there are cores, since
    /// each holds a whole module in its parts.
    fn bind(
        &self,
        request: &Request,
        outcome: compile::Outcome,
        profile: Profile,
    ) -> JoinHandle<anyhow::Result<Built>> {
        let (request, limit) = (request.clone(), self.limit);
        let profile = profile.of(&request.source);
        let dir = self.bundle_dir(&request, profile);
        let stage = self.stage.of_zone(&request.zone.slug);
        let binders = Arc::clone(&self.binders);
        let bind = move || {
            let wasm = match outcome {
                compile::Outcome::Wasm(wasm) => wasm,
                compile::Outcome::Refused(diagnostics) => return Ok(Built::Refused(diagnostics)),
                compile::Outcome::TimedOut => return Ok(Built::TimedOut(limit)),
            };
            let bound = bind::bind(&request, &wasm, &stage, &dir, profile).with_context(|| {
                format!(
                    "binding {} of {}",
                    request.source.label(),
                    request.zone.slug
                )
            })?;
            Ok(match bound {
                Bound::Ready(bundle) => Built::Ready(bundle),
                Bound::Refused(words) => Built::Refused(words),
            })
        };
        tokio::spawn(async move {
            let _turn = binders.acquire().await?;
            spawn_blocking(bind)
                .await
                .context("binding came to no end")?
        })
    }

    fn bundle_dir(&self, request: &Request, profile: Profile) -> PathBuf {
        self.bundles
            .join(profile.name())
            .join(&request.zone.slug)
            .join(request.source.label())
    }
}

fn same_zone(one: &Request, other: &Request) -> bool {
    one.zone.slug == other.zone.slug
}

/// The packages of each zone, for requests that stand zone by zone.
fn by_zone<'a>(
    requests: &'a [Request],
    mut packages: &'a [stage::Package],
) -> impl Iterator<Item = (&'a Zone, &'a [stage::Package])> {
    requests.chunk_by(same_zone).map(move |of_zone| {
        let (these, others) = packages.split_at(of_zone.len());
        packages = others;
        (&of_zone[0].zone, these)
    })
}

/// Writes a file and makes its folder; says which file when it fails.
fn write(path: &Path, contents: impl AsRef<[u8]>) -> anyhow::Result<()> {
    if let Some(dir) = path.parent() {
        std::fs::create_dir_all(dir).with_context(|| format!("creating {}", dir.display()))?;
    }
    std::fs::write(path, contents).with_context(|| format!("writing {}", path.display()))
}
