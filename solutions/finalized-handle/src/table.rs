//! Who has a resource, who uses it, and when it goes back: the one place that decides.

use super::Counts;
use js_sys::Object;
use std::collections::HashMap;

/// The number of a handle. Each is used once; JavaScript's numbers hold it up to 2^53.
pub type Key = u64;

/// A resource that has not gone back yet.
pub struct Entry {
    /// Its number in the store.
    pub resource: u32,
    /// What the registry knows it by.
    pub token: Object,
    /// How many borrows there are.
    pub borrows: usize,
    /// Whether its handle may still be used.
    pub is_open: bool,
}

/// How a handle ends.
#[derive(Clone, Copy)]
pub enum End {
    Closed,
    Finalized,
    TornDown,
}

/// All entries, by key.
#[derive(Default)]
pub struct Table {
    entries: HashMap<Key, Entry>,
    next: Key,
    closed: usize,
    finalized: usize,
}

impl Table {
    pub fn insert(&mut self, entry: Entry) -> Key {
        let key = self.next;
        self.next += 1;
        self.entries.insert(key, entry);
        key
    }

    /// Counts a borrow and answers the resource, if the handle is open.
    pub fn borrow(&mut self, key: Key) -> Option<u32> {
        let entry = self.entries.get_mut(&key).filter(|entry| entry.is_open)?;
        entry.borrows += 1;
        Some(entry.resource)
    }

    /// Ends a borrow. Answers the resource if it is to be released now.
    pub fn give_back(&mut self, key: Key) -> Option<u32> {
        self.entries.get_mut(&key)?.borrows -= 1;
        self.remove_unused(key)
    }

    /// Ends a handle, once. Answers its token, and its resource if it is to be released now.
    pub fn end(&mut self, key: Key, how: End) -> Option<(Object, Option<u32>)> {
        let entry = self.entries.get_mut(&key).filter(|entry| entry.is_open)?;
        entry.is_open = false;
        let token = entry.token.clone();
        match how {
            End::Closed => self.closed += 1,
            End::Finalized => self.finalized += 1,
            End::TornDown => {}
        }
        Some((token, self.remove_unused(key)))
    }

    /// The keys of all open handles.
    pub fn open(&self) -> Vec<Key> {
        let open = self.entries.iter().filter(|(_, entry)| entry.is_open);
        open.map(|(key, _)| *key).collect()
    }

    pub fn counts(&self) -> Counts {
        Counts {
            live: self.entries.values().filter(|entry| entry.is_open).count(),
            closed: self.closed,
            finalized: self.finalized,
        }
    }

    fn remove_unused(&mut self, key: Key) -> Option<u32> {
        let entry = self.entries.get(&key)?;
        if entry.is_open || entry.borrows > 0 {
            return None;
        }
        self.entries.remove(&key).map(|entry| entry.resource)
    }
}
