//! The book's HTML, rebuilt in a new folder and shown when it is whole.

use super::folder::Folder;
use anyhow::{Context, bail};
use kata_book::{Mode, SiteOptions, build_site};
use kata_builder::state_dir;
use kata_zones::Workspace;
use std::path::PathBuf;
use std::sync::{Mutex, MutexGuard, PoisonError};
use tempfile::TempDir;

/// The current build and, until the next, why the last one failed.
pub struct Site {
    /// Where builds are made, and how many there were. Held during a build: there is one
    /// at a time, and none begins once the folder is gone.
    workshop: Mutex<(Option<Folder>, u64)>,
    shown: Mutex<Shown>,
}

#[derive(Default)]
struct Shown {
    current: Option<TempDir>,
    problem: Option<String>,
}

impl Site {
    pub fn new(ws: &Workspace) -> anyhow::Result<Self> {
        let folder = Folder::create(&state_dir(ws).join("serve"))?;
        Ok(Self {
            workshop: Mutex::new((Some(folder), 0)),
            shown: Mutex::default(),
        })
    }

    /// Builds the book again. Readers see the last good build until this one is whole.
    pub fn rebuild(&self, ws: &Workspace) -> anyhow::Result<()> {
        let mut workshop = lock(&self.workshop);
        let (Some(folder), builds) = &mut *workshop else {
            bail!("the server is ending");
        };
        *builds += 1;
        let build_id = format!("serve-{builds}");
        let built = tempfile::tempdir_in(folder.path())
            .context("making a folder for the book")
            .and_then(|dir| {
                let options = SiteOptions {
                    out: &dir.path().join("site"),
                    mode: Mode::Serve,
                    build_id: &build_id,
                    compile_service: None,
                };
                build_site(ws, &options).map(|()| dir)
            });
        let mut shown = lock(&self.shown);
        match built {
            Ok(dir) => {
                shown.current = Some(dir);
                shown.problem = None;
                Ok(())
            }
            Err(error) => {
                shown.problem = Some(format!("{error:#}"));
                Err(error)
            }
        }
    }

    /// Removes every file, after the build that may be under way, and builds no more.
    pub fn close(&self) {
        let mut workshop = lock(&self.workshop);
        lock(&self.shown).current = None;
        workshop.0 = None;
    }

    /// The folder of the last good build.
    pub fn folder(&self) -> Option<PathBuf> {
        let shown = lock(&self.shown);
        shown.current.as_ref().map(|dir| dir.path().join("site"))
    }

    /// Why the last build failed, if it did.
    pub fn problem(&self) -> Option<String> {
        lock(&self.shown).problem.clone()
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
