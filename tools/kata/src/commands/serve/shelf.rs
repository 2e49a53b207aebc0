//! The bundles of texts that pages have sent, kept for the pages that are about to load them, and
//! forgotten when others need the room.

use std::collections::VecDeque;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

/// Bytes of all bundles together.
const ROOM: usize = 128 << 20;

/// The files of a bundle that a page runs.
pub struct Files {
    pub glue: Vec<u8>,
    pub wasm: Vec<u8>,
}

impl Files {
    fn bytes(&self) -> usize {
        self.glue.len() + self.wasm.len()
    }
}

/// Bundles by their names, the newest last.
#[derive(Default)]
pub struct Shelf(Mutex<VecDeque<(String, Arc<Files>)>>);

impl Shelf {
    /// Keeps the files of a bundle's folder under a name.
    pub async fn put(&self, name: String, dir: &Path) -> std::io::Result<()> {
        let files = Files {
            glue: tokio::fs::read(dir.join("spec.js")).await?,
            wasm: tokio::fs::read(dir.join("spec_bg.wasm")).await?,
        };
        self.keep(name, files);
        Ok(())
    }

    /// The files of a bundle that is still there.
    pub fn get(&self, name: &str) -> Option<Arc<Files>> {
        let all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let found = all.iter().find(|(other, _)| other == name);
        found.map(|(_, files)| files.clone())
    }

    fn keep(&self, name: String, files: Files) {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.retain(|(other, _)| *other != name);
        all.push_back((name, Arc::new(files)));
        let mut bytes: usize = all.iter().map(|(_, files)| files.bytes()).sum();
        // The newest stays, however large it is: somebody is about to load it.
        while bytes > ROOM && all.len() > 1 {
            bytes -= all.pop_front().map_or(0, |(_, files)| files.bytes());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(bytes: usize) -> Files {
        Files {
            glue: Vec::new(),
            wasm: vec![0; bytes],
        }
    }

    #[test]
    fn the_oldest_makes_room_and_the_newest_is_there() {
        let shelf = Shelf::default();
        for name in ["one", "two", "one", "three"] {
            shelf.keep(name.to_owned(), of(ROOM / 2 - 1));
        }
        assert!(shelf.get("two").is_none(), "nothing is forgotten");
        assert!(shelf.get("one").is_some() && shelf.get("three").is_some());
        shelf.keep("huge".to_owned(), of(ROOM + 1));
        assert!(shelf.get("huge").is_some());
        assert!(shelf.get("one").is_none() && shelf.get("three").is_none());
    }
}
