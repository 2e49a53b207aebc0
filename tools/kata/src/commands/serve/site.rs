//! The book's HTML, rebuilt in a new folder and shown when it is whole.

use crate::paths::state_dir;
use anyhow::Context;
use kata_book::{Mode, SiteOptions, build_site};
use kata_zones::Workspace;
use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};
use tempfile::TempDir;

/// The current build and, until the next, why the last one failed.
pub struct Site {
    parent: PathBuf,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    current: Option<TempDir>,
    builds: u64,
    problem: Option<String>,
}

impl Site {
    pub fn new(ws: &Workspace) -> anyhow::Result<Self> {
        let parent = state_dir(ws).join("serve");
        std::fs::create_dir_all(&parent)
            .with_context(|| format!("creating {}", parent.display()))?;
        Ok(Self {
            parent,
            state: Mutex::default(),
        })
    }

    /// Builds the book again. The last good build stays until this one is whole.
    pub fn rebuild(&self, ws: &Workspace) -> anyhow::Result<()> {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.builds += 1;
        let build_id = format!("serve-{}", state.builds);
        let built = tempfile::tempdir_in(&self.parent)
            .context("making a folder for the book")
            .and_then(|dir| {
                let options = SiteOptions {
                    out: &dir.path().join("site"),
                    mode: Mode::Serve,
                    build_id: &build_id,
                };
                build_site(ws, &options).map(|()| dir)
            });
        match built {
            Ok(dir) => {
                state.current = Some(dir);
                state.problem = None;
                Ok(())
            }
            Err(error) => {
                state.problem = Some(format!("{error:#}"));
                Err(error)
            }
        }
    }

    /// The folder of the last good build.
    pub fn folder(&self) -> Option<PathBuf> {
        let state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.current.as_ref().map(|dir| dir.path().join("site"))
    }

    /// Why the last build failed, if it did.
    pub fn problem(&self) -> Option<String> {
        self.state
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .problem
            .clone()
    }
}
