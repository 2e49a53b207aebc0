//! What the lab saw, per `id`: how a spec finds out whether a request was really cancelled.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use serde_json::{Value, json};

/// Ids remembered. With one more, the oldest is forgotten.
pub(crate) const MAX_IDS: usize = 4096;

/// The counters of all ids.
#[derive(Debug, Default)]
pub(crate) struct Seen(Mutex<Book>);

#[derive(Debug, Default)]
struct Book {
    by_id: HashMap<String, Arc<Mutex<Counts>>>,
    oldest_first: VecDeque<String>,
}

/// The counters of one id. `requests` is always the sum of the four that follow it.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Counts {
    requests: u64,
    open: u64,
    finished: u64,
    closed_by_client: u64,
    ended_by_lab: u64,
    preflights: u64,
}

/// How a request ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum End {
    /// The lab sent all that it meant to send.
    Finished,
    /// The client closed the connection before that.
    ClosedByClient,
    /// The connection's lifetime was over, or the lab stopped.
    EndedByLab,
}

/// One request in the book. It counts as open until it is settled or dropped.
#[derive(Debug)]
pub(crate) struct Entry {
    counts: Option<Arc<Mutex<Counts>>>,
    end: Option<End>,
}

impl Seen {
    /// Enters a request. Without an id nothing is counted.
    pub(crate) fn enter(&self, id: Option<&str>) -> Entry {
        let counts = id.map(|id| self.counts(id));
        if let Some(counts) = &counts {
            let mut counts = lock(counts);
            counts.requests += 1;
            counts.open += 1;
        }
        Entry { counts, end: None }
    }

    /// Counts a CORS preflight, which is no request of the page's own.
    pub(crate) fn preflight(&self, id: Option<&str>) {
        if let Some(id) = id {
            lock(&self.counts(id)).preflights += 1;
        }
    }

    /// The counters of `id` as JSON; all zero for an id that was never seen.
    pub(crate) fn report(&self, id: &str) -> Value {
        let counts = lock(&self.0)
            .by_id
            .get(id)
            .map(|counts| *lock(counts))
            .unwrap_or_default();
        json!({
            "requests": counts.requests,
            "open": counts.open,
            "finished": counts.finished,
            "closed_by_client": counts.closed_by_client,
            "ended_by_lab": counts.ended_by_lab,
            "preflights": counts.preflights,
        })
    }

    fn counts(&self, id: &str) -> Arc<Mutex<Counts>> {
        let mut book = lock(&self.0);
        if let Some(counts) = book.by_id.get(id) {
            return Arc::clone(counts);
        }
        if book.oldest_first.len() == MAX_IDS
            && let Some(oldest) = book.oldest_first.pop_front()
        {
            book.by_id.remove(&oldest);
        }
        let counts = Arc::<Mutex<Counts>>::default();
        book.oldest_first.push_back(id.to_owned());
        book.by_id.insert(id.to_owned(), Arc::clone(&counts));
        counts
    }
}

impl Entry {
    /// Says how the request ended. A later call corrects an earlier one: "finished" has to be written down before the last
    /// byte goes out, because the client may ask for the counters as soon as it has that byte.
    pub(crate) fn settle(&mut self, end: End) {
        if let Some(counts) = &self.counts {
            let mut counts = lock(counts);
            match self.end {
                None => counts.open -= 1,
                Some(before) => *counts.of(before) -= 1,
            }
            *counts.of(end) += 1;
        }
        self.end = Some(end);
    }
}

impl Drop for Entry {
    fn drop(&mut self) {
        if self.end.is_none() {
            self.settle(End::EndedByLab);
        }
    }
}

impl Counts {
    fn of(&mut self, end: End) -> &mut u64 {
        match end {
            End::Finished => &mut self.finished,
            End::ClosedByClient => &mut self.closed_by_client,
            End::EndedByLab => &mut self.ended_by_lab,
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    // Nothing panics while it holds one of these locks, so what they guard is whole even if the lock says otherwise.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_oldest_id_is_forgotten_and_its_open_request_harms_nobody() {
        let seen = Seen::default();
        let mut first = seen.enter(Some("id-0"));
        for n in 1..=MAX_IDS {
            seen.enter(Some(&format!("id-{n}"))).settle(End::Finished);
        }
        assert_eq!(
            seen.report("id-0")["requests"],
            0,
            "id-0 was the oldest of {} ids",
            MAX_IDS + 1
        );
        assert_eq!(
            seen.report("id-1")["requests"],
            1,
            "id-1 must still be known"
        );

        let second = seen.enter(Some("id-0"));
        first.settle(End::ClosedByClient);
        let report = seen.report("id-0");
        assert_eq!(report["open"], 1, "only the new request is open: {report}");
        assert_eq!(
            report["closed_by_client"], 0,
            "the forgotten request must not count: {report}"
        );
        drop(second);
    }

    #[test]
    fn a_correction_moves_the_request() {
        let seen = Seen::default();
        let mut entry = seen.enter(Some("x"));
        entry.settle(End::Finished);
        entry.settle(End::ClosedByClient);
        let report = seen.report("x");
        assert_eq!(report["finished"], 0, "{report}");
        assert_eq!(report["closed_by_client"], 1, "{report}");
        assert_eq!(report["requests"], 1, "{report}");
    }
}
