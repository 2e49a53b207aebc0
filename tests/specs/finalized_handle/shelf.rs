//! A store that notices what happens to its resources.

use crate::zone::Store;
use std::cell::RefCell;
use std::collections::BTreeSet;

/// Resources by number. A released number is the next to be handed out again, as memory
/// and file descriptors do it: whoever releases too much hits a stranger.
#[derive(Default)]
pub struct Shelf(RefCell<State>);

#[derive(Default)]
struct State {
    taken: BTreeSet<u32>,
    free: Vec<u32>,
    made: u32,
    /// The first resource that was released twice.
    released_twice: Option<u32>,
}

impl Store for Shelf {
    fn acquire(&self) -> u32 {
        let mut state = self.0.borrow_mut();
        let resource = state.free.pop().unwrap_or(state.made);
        state.made = state.made.max(resource + 1);
        state.taken.insert(resource);
        resource
    }

    fn release(&self, resource: u32) {
        let mut state = self.0.borrow_mut();
        if state.taken.remove(&resource) {
            state.free.push(resource);
        } else {
            state.released_twice.get_or_insert(resource);
        }
    }
}

impl Shelf {
    /// How many resources are out.
    pub fn taken(&self) -> usize {
        self.0.borrow().taken.len()
    }

    /// Whether this resource is out.
    pub fn has_out(&self, resource: u32) -> bool {
        self.0.borrow().taken.contains(&resource)
    }

    /// Fails unless exactly so many resources are out and none was released twice.
    pub fn expect(&self, taken: usize, when: &str, lesson: &str) {
        let state = self.0.borrow();
        if let Some(resource) = state.released_twice {
            panic!("{when}: resource {resource} was released twice. {lesson}");
        }
        let found = state.taken.len();
        assert!(
            found == taken,
            "{when}: resources out: expected {taken}, found {found}. {lesson}"
        );
    }
}
