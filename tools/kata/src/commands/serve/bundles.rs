//! Bundles that are compiled when a page asks, and in the background otherwise.

use super::{App, News};
use crate::builder::{Builder, Built, Profile, Request};
use kata_zones::{Variant, Workspace};
use std::collections::{BTreeMap, VecDeque};
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::Notify;

type Key = (String, Variant);

/// What is known of one bundle.
#[derive(Debug, Clone)]
pub enum Status {
    /// It waits or is being compiled; what happens right now.
    Building(String),
    /// Its files are there.
    Ready,
    /// It did not compile, and why.
    Failed(String),
}

/// The state of every bundle and the queue of those to build.
#[derive(Default)]
pub struct Bundles {
    state: Mutex<State>,
    wake: Notify,
}

#[derive(Default)]
struct State {
    known: BTreeMap<Key, Status>,
    /// Where the last good bundle of each is: a page that began to load it goes on
    /// while the next is compiled.
    files: BTreeMap<Key, PathBuf>,
    queue: VecDeque<(Key, bool)>,
    /// What is being compiled, and how to tell that its sources are older than the files.
    running: Option<(Key, Arc<Notify>)>,
}

impl Bundles {
    /// What is known of a bundle that a page asks for. One that was never built is
    /// put at the head of the queue.
    pub fn ask(&self, slug: &str, variant: &Variant) -> Status {
        let key = (slug.to_owned(), variant.clone());
        let mut state = self.lock();
        match state.known.get(&key) {
            Some(status) => {
                let status = status.clone();
                if let Status::Building(_) = status
                    && let Some(at) = state.queue.iter().position(|(queued, _)| *queued == key)
                    && let Some(entry) = state.queue.remove(at)
                {
                    state.queue.push_front(entry);
                }
                status
            }
            None => {
                let status = Status::Building("waiting for its turn".to_owned());
                state.known.insert(key.clone(), status.clone());
                state.queue.push_front((key, false));
                drop(state);
                self.wake.notify_one();
                status
            }
        }
    }

    /// Builds these again, before anything else; `edited` tells the pages when it is done. A build
    /// of an older text is ended: it might have no end.
    pub fn refresh(&self, keys: Vec<Key>, edited: bool) {
        let mut state = self.lock();
        for key in keys.into_iter().rev() {
            state.queue.retain(|(queued, _)| *queued != key);
            if let Some((running, outdated)) = &state.running
                && *running == key
            {
                outdated.notify_one();
            }
            state.known.insert(
                key.clone(),
                Status::Building("waiting for its turn".to_owned()),
            );
            state.queue.push_front((key, edited));
        }
        drop(state);
        self.wake.notify_one();
    }

    /// Puts what nobody has asked for at the end of the queue.
    fn fill(&self, keys: Vec<Key>) {
        let mut state = self.lock();
        for key in keys {
            if !state.known.contains_key(&key) {
                state.known.insert(
                    key.clone(),
                    Status::Building("waiting for its turn".to_owned()),
                );
                state.queue.push_back((key, false));
            }
        }
    }

    /// The folder of the last good bundle, if there ever was one.
    pub fn files(&self, slug: &str, variant: &Variant) -> Option<PathBuf> {
        let key = (slug.to_owned(), variant.clone());
        self.lock().files.get(&key).cloned()
    }

    fn keep(&self, key: &Key, dir: PathBuf) {
        self.lock().files.insert(key.clone(), dir);
    }

    fn set(&self, key: &Key, status: Status) {
        let mut state = self.lock();
        // A newer edit may be waiting already; its turn decides.
        if !state.queue.iter().any(|(queued, _)| queued == key) {
            state.known.insert(key.clone(), status);
        }
    }

    /// What to build next, whether pages want to hear of it, and what tells that it is outdated.
    async fn next(&self) -> (Key, bool, Arc<Notify>) {
        loop {
            let waiting = self.wake.notified();
            if let Some(job) = self.take() {
                return job;
            }
            waiting.await;
        }
    }

    fn take(&self) -> Option<(Key, bool, Arc<Notify>)> {
        let mut state = self.lock();
        let (key, edited) = state.queue.pop_front()?;
        let outdated = Arc::new(Notify::new());
        state.running = Some((key.clone(), outdated.clone()));
        Some((key, edited, outdated))
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Every variant of every zone that can be read: katas first.
pub fn all_keys(ws: &Workspace) -> Vec<Key> {
    let zones: Vec<_> = ws
        .slugs()
        .unwrap_or_default()
        .iter()
        .filter_map(|slug| ws.zone(slug).ok())
        .collect();
    let mut keys: Vec<Key> = zones
        .iter()
        .flat_map(|zone| zone.variants().into_iter().map(|v| (zone.slug.clone(), v)))
        .collect();
    keys.sort_by_key(|(_, variant)| variant.clone());
    keys
}

/// Builds one bundle after the other, for as long as the server runs.
pub async fn work(app: Arc<App>) {
    app.bundles.fill(all_keys(&app.ws));
    let ws = app.ws.clone();
    let builder = match tokio::task::spawn_blocking(move || Builder::new(&ws)).await {
        Ok(Ok(builder)) => Ok(builder),
        Ok(Err(error)) => Err(format!("{error:#}")),
        Err(error) => Err(error.to_string()),
    };
    let mut first = true;
    loop {
        let (key, edited, outdated) = app.bundles.next().await;
        let step = if first {
            "compiling what all katas need (once)"
        } else {
            "compiling"
        };
        app.bundles.set(&key, Status::Building(step.to_owned()));
        let status = match &builder {
            Ok(builder) => tokio::select! {
                status = build(&app, builder, &key) => status,
                // It is in the queue again.
                () = outdated.notified() => continue,
            },
            Err(why) => Status::Failed(why.clone()),
        };
        first = false;
        let word = if matches!(status, Status::Ready) {
            "ready"
        } else {
            "failed"
        };
        app.bundles.set(&key, status);
        if edited {
            let (slug, variant) = key;
            app.tell(News::Bundle {
                slug,
                variant: variant.to_string(),
                status: word,
            });
        }
    }
}

async fn build(app: &App, builder: &Builder, key: &Key) -> Status {
    let (slug, variant) = key;
    let built = match app.ws.zone(slug) {
        Ok(zone) => {
            let request = Request::variant(&zone, variant.clone());
            builder
                .build(std::slice::from_ref(&request), Profile::Quick)
                .await
        }
        Err(error) => Err(error),
    };
    match built.map(|mut built| built.pop()) {
        Ok(Some(Built::Ready(bundle))) => {
            app.bundles.keep(key, bundle.dir);
            Status::Ready
        }
        Ok(Some(Built::Refused(diagnostics))) => Status::Failed(diagnostics),
        Ok(Some(Built::TimedOut(limit))) => Status::Failed(format!(
            "the build did not end within {} s",
            limit.as_secs()
        )),
        Ok(None) => Status::Failed("nothing was built".to_owned()),
        Err(error) => Status::Failed(format!("{error:#}")),
    }
}
