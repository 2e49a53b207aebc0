//! What is known of every bundle, and which are built next.
//!
//! What a page waits for comes first, alone. What nobody waits for is built in the background, a
//! zone at a time: Cargo's start costs more than finding that nothing has changed.

use kata_zones::{Variant, Workspace};
use std::collections::{BTreeMap, VecDeque};
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::Notify;

/// A zone's slug and one of its variants.
pub type Key = (String, Variant);

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

/// A good bundle.
#[derive(Debug, Clone)]
pub struct Made {
    /// The folder of its files.
    pub dir: PathBuf,
    /// SHA-256 of the `lib.rs` that it was made of.
    pub source: String,
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
    files: BTreeMap<Key, Made>,
    queue: VecDeque<Wish>,
    running: Option<Running>,
}

/// A bundle that is to be built.
struct Wish {
    key: Key,
    /// Whether pages want to hear when it is done.
    edited: bool,
    /// Whether somebody waits for it.
    urgent: bool,
}

/// What is being compiled.
struct Running {
    keys: Vec<Key>,
    urgent: bool,
    outdated: Arc<Notify>,
}

/// Bundles to build in one go, all of one zone.
pub struct Job {
    /// Which.
    pub keys: Vec<Key>,
    /// Whether pages want to hear when it is done.
    pub edited: bool,
    /// Tells that it is to be ended: its sources have changed, or a page waits for another bundle.
    pub outdated: Arc<Notify>,
}

impl Bundles {
    /// What is known of a bundle that a page asks for. One that is not there comes next, and what
    /// is compiled for nobody makes way.
    pub fn ask(&self, slug: &str, variant: &Variant) -> Status {
        let key = (slug.to_owned(), variant.clone());
        let mut state = self.lock();
        let status = state.known.entry(key.clone()).or_insert_with(waiting);
        let status = status.clone();
        if matches!(status, Status::Building(_)) {
            state.hurry(key);
            drop(state);
            self.wake.notify_one();
        }
        status
    }

    /// Builds these again, before anything else; `edited` tells the pages when it is done. A build
    /// of an older text is ended: it might have no end. An edit ends what is built for nobody, too.
    pub fn refresh(&self, keys: Vec<Key>, edited: bool) {
        let mut state = self.lock();
        for key in keys.into_iter().rev() {
            state.queue.retain(|wish| wish.key != key);
            if let Some(running) = &state.running
                && (running.keys.contains(&key) || edited && !running.urgent)
            {
                running.outdated.notify_one();
            }
            state.known.insert(key.clone(), waiting());
            state.queue.push_front(Wish {
                key,
                edited,
                urgent: edited,
            });
        }
        drop(state);
        self.wake.notify_one();
    }

    /// What is compiled for nobody is ended: somebody waits for what is no bundle of the book.
    pub fn make_way(&self) {
        let state = self.lock();
        if let Some(running) = &state.running
            && !running.urgent
        {
            running.outdated.notify_one();
        }
    }

    /// Puts what nobody has asked for at the end of the queue.
    pub fn fill(&self, keys: Vec<Key>) {
        let mut state = self.lock();
        for key in keys {
            if !state.known.contains_key(&key) {
                state.known.insert(key.clone(), waiting());
                state.queue.push_back(Wish {
                    key,
                    edited: false,
                    urgent: false,
                });
            }
        }
    }

    /// The last good bundle, if there ever was one.
    pub fn files(&self, slug: &str, variant: &Variant) -> Option<Made> {
        let key = (slug.to_owned(), variant.clone());
        self.lock().files.get(&key).cloned()
    }

    /// Keeps where a good bundle is.
    pub fn keep(&self, key: &Key, made: Made) {
        self.lock().files.insert(key.clone(), made);
    }

    /// What is known of a bundle, for whoever does not wait for it.
    pub fn status(&self, key: &Key) -> Option<Status> {
        self.lock().known.get(key).cloned()
    }

    /// Says what has become of a bundle, or what happens to it now.
    pub fn set(&self, key: &Key, status: Status) {
        let mut state = self.lock();
        // A newer edit may be waiting already; its turn decides.
        if !state.queue.iter().any(|wish| wish.key == *key) {
            state.known.insert(key.clone(), status);
        }
    }

    /// Puts back what was ended before it was built.
    pub fn put_back(&self, job: Job) {
        let mut state = self.lock();
        for key in job.keys {
            let is_built = !matches!(state.known.get(&key), Some(Status::Building(_)));
            if is_built || state.queue.iter().any(|wish| wish.key == key) {
                continue;
            }
            state.known.insert(key.clone(), waiting());
            state.queue.push_back(Wish {
                key,
                edited: job.edited,
                urgent: false,
            });
        }
    }

    /// What to build next. `alone` asks for one bundle that no page can end: the first, with
    /// which everything is compiled that all of them need.
    pub async fn next(&self, alone: bool) -> Job {
        loop {
            let woken = self.wake.notified();
            if let Some(job) = self.lock().take(alone) {
                return job;
            }
            woken.await;
        }
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    /// Somebody waits for a bundle that is not there.
    fn hurry(&mut self, key: Key) {
        if let Some(running) = &mut self.running {
            if running.keys == [key.clone()] && !self.queue.iter().any(|wish| wish.key == key) {
                running.urgent = true;
                return;
            }
            if !running.urgent {
                running.outdated.notify_one();
            }
        }
        let queued = self.queue.iter().position(|wish| wish.key == key);
        let edited = queued.and_then(|at| self.queue.remove(at));
        self.queue.push_front(Wish {
            key,
            edited: edited.is_some_and(|wish| wish.edited),
            urgent: true,
        });
    }

    fn take(&mut self, alone: bool) -> Option<Job> {
        self.running = None;
        let first = self.queue.pop_front()?;
        let urgent = first.urgent || alone;
        let mut keys = vec![first.key];
        if !urgent {
            let slug = keys[0].0.clone();
            self.queue.retain(|wish| {
                let joins = !wish.urgent && wish.key.0 == slug;
                if joins {
                    keys.push(wish.key.clone());
                }
                !joins
            });
        }
        let outdated = Arc::new(Notify::new());
        self.running = Some(Running {
            keys: keys.clone(),
            urgent,
            outdated: outdated.clone(),
        });
        Some(Job {
            keys,
            edited: first.edited,
            outdated,
        })
    }
}

fn waiting() -> Status {
    Status::Building("waiting for its turn".to_owned())
}

/// Every variant of every zone that can be read.
pub fn all_keys(ws: &Workspace) -> Vec<Key> {
    let slugs = ws.slugs().unwrap_or_default();
    let zones = slugs.iter().filter_map(|slug| ws.zone(slug).ok());
    zones
        .flat_map(|zone| {
            let key = |variant| (zone.slug.clone(), variant);
            zone.variants().into_iter().map(key).collect::<Vec<_>>()
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(slug: &str, variant: Variant) -> Key {
        (slug.to_owned(), variant)
    }

    fn of_zone(slug: &str) -> Vec<Key> {
        vec![
            key(slug, Variant::Kata),
            key(slug, Variant::Solution),
            key(slug, Variant::Attempt("wrong".to_owned())),
        ]
    }

    fn filled() -> Bundles {
        let bundles = Bundles::default();
        bundles.fill([of_zone("one"), of_zone("two")].concat());
        bundles
    }

    fn take(bundles: &Bundles) -> Job {
        bundles.lock().take(false).unwrap()
    }

    fn is_told(notify: &Notify) -> bool {
        let told = std::pin::pin!(notify.notified());
        told.poll(&mut std::task::Context::from_waker(std::task::Waker::noop()))
            .is_ready()
    }

    #[test]
    fn what_nobody_waits_for_is_built_zone_by_zone() {
        let bundles = filled();
        assert_eq!(take(&bundles).keys, of_zone("one"));
        assert_eq!(take(&bundles).keys, of_zone("two"));
        assert!(bundles.lock().take(false).is_none());
    }

    #[test]
    fn what_a_page_waits_for_is_next_and_alone_and_the_rest_makes_way() {
        let bundles = filled();
        let job = take(&bundles);
        assert!(!is_told(&job.outdated));
        let wanted = Variant::Attempt("wrong".to_owned());
        assert!(matches!(bundles.ask("two", &wanted), Status::Building(_)));
        assert!(
            is_told(&job.outdated),
            "the page waits for what nobody waits for"
        );
        bundles.put_back(job);
        assert_eq!(take(&bundles).keys, [key("two", wanted)]);
        assert_eq!(take(&bundles).keys, of_zone("two")[..2]);
        assert_eq!(take(&bundles).keys, of_zone("one"));
    }

    #[test]
    fn one_of_a_zone_that_is_being_built_comes_before_the_others() {
        let bundles = filled();
        let job = take(&bundles);
        bundles.set(&job.keys[0], Status::Ready);
        bundles.ask("one", &Variant::Solution);
        assert!(is_told(&job.outdated));
        bundles.put_back(job);
        assert_eq!(take(&bundles).keys, [key("one", Variant::Solution)]);
        assert_eq!(take(&bundles).keys, of_zone("two"));
        // What was built is not built again.
        assert_eq!(take(&bundles).keys, of_zone("one")[2..]);
    }

    #[test]
    fn a_page_that_asks_again_and_again_ends_nothing_that_a_page_waits_for() {
        let bundles = filled();
        bundles.ask("two", &Variant::Kata);
        let job = take(&bundles);
        for _ in 0..3 {
            bundles.ask("two", &Variant::Kata);
            bundles.ask("one", &Variant::Kata);
        }
        assert!(!is_told(&job.outdated));
        assert_eq!(take(&bundles).keys, [key("one", Variant::Kata)]);
    }

    #[test]
    fn what_all_bundles_need_is_compiled_to_the_end() {
        let bundles = filled();
        let job = bundles.lock().take(true).unwrap();
        assert_eq!(job.keys, of_zone("one")[..1]);
        bundles.ask("two", &Variant::Kata);
        assert!(!is_told(&job.outdated), "a page ends the very first build");
    }

    #[test]
    fn what_a_page_waits_for_makes_no_way() {
        let bundles = filled();
        let job = take(&bundles);
        bundles.make_way();
        assert!(is_told(&job.outdated));
        bundles.put_back(job);
        bundles.ask("two", &Variant::Kata);
        let job = take(&bundles);
        bundles.make_way();
        assert!(!is_told(&job.outdated));
    }

    #[test]
    fn an_edit_waits_for_nothing_that_nobody_waits_for() {
        let bundles = filled();
        let job = take(&bundles);
        bundles.refresh(of_zone("two"), false);
        assert!(
            !is_told(&job.outdated),
            "nobody waits for the new ones either"
        );
        bundles.refresh(vec![key("two", Variant::Kata)], true);
        assert!(is_told(&job.outdated));
        bundles.put_back(job);
        assert_eq!(take(&bundles).keys, [key("two", Variant::Kata)]);
        assert_eq!(take(&bundles).keys, of_zone("two")[1..]);
        assert_eq!(take(&bundles).keys, of_zone("one"));
    }

    #[test]
    fn an_edit_ends_the_build_of_the_older_text() {
        let bundles = filled();
        bundles.ask("one", &Variant::Kata);
        let job = take(&bundles);
        bundles.refresh(job.keys.clone(), true);
        assert!(is_told(&job.outdated));
        bundles.put_back(job);
        let job = take(&bundles);
        assert_eq!(job.keys, [key("one", Variant::Kata)]);
        assert!(job.edited);
        bundles.set(&job.keys[0], Status::Ready);
        assert!(matches!(bundles.ask("one", &Variant::Kata), Status::Ready));
    }
}
