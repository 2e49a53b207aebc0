//! A store that notices what happens to its resources.

use contract::Store;
use std::{cell::RefCell, collections::BTreeSet, rc::Rc};

/// Resources by number. A released number is the next to be handed out again, as memory
/// and file descriptors do it: whoever releases too much hits a stranger.
#[derive(Default)]
pub struct Shelf {
    state: RefCell<State>,
    visit: RefCell<Option<Visit>>,
}

/// What the store does in the middle of a call.
struct Visit {
    on: Call,
    act: Box<dyn FnOnce()>,
}

/// A call of the store's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Call {
    Acquire,
    Release,
}

#[derive(Default)]
struct State {
    taken: BTreeSet<u32>,
    free: Vec<u32>,
    /// The number of the next that is made.
    made: u32,
    /// The first resource that was released twice.
    released_twice: Option<u32>,
}

impl Store for Shelf {
    fn acquire(&self) -> u32 {
        self.visit(Call::Acquire);
        let mut state = self.state.borrow_mut();
        let resource = match state.free.pop() {
            Some(released) => released,
            None => {
                let next = state.made.wrapping_add(1);
                std::mem::replace(&mut state.made, next)
            }
        };
        state.taken.insert(resource);
        resource
    }

    fn release(&self, resource: u32) {
        let mut state = self.state.borrow_mut();
        if state.taken.remove(&resource) {
            state.free.push(resource);
        } else {
            state.released_twice.get_or_insert(resource);
        }
        drop(state);
        self.visit(Call::Release);
    }
}

/// A store that leads to a shelf and belongs to whoever gets it: the test keeps the shelf alone.
pub struct Counter(pub Rc<Shelf>);

impl Store for Counter {
    fn acquire(&self) -> u32 {
        self.0.acquire()
    }

    fn release(&self, resource: u32) {
        self.0.release(resource);
    }
}

impl Shelf {
    /// A shelf whose first resource has this number.
    pub fn starting_at(made: u32) -> Self {
        let state = State {
            made,
            ..State::default()
        };
        Self {
            state: RefCell::new(state),
            ..Self::default()
        }
    }

    /// In the next call of this kind the store does something else too, once.
    pub fn visit_on(&self, on: Call, act: impl FnOnce() + 'static) {
        let act = Box::new(act);
        self.visit.replace(Some(Visit { on, act }));
    }

    /// Whether that call has not come yet.
    pub fn is_waiting(&self) -> bool {
        self.visit.borrow().is_some()
    }

    /// How many resources are out.
    pub fn taken(&self) -> usize {
        self.state.borrow().taken.len()
    }

    /// Whether this resource is out.
    pub fn has_out(&self, resource: u32) -> bool {
        self.state.borrow().taken.contains(&resource)
    }

    /// Fails unless exactly so many resources are out and none was released twice.
    pub fn expect(&self, taken: usize, when: &str, lesson: &str) {
        // A finalizer may come later, so nothing is borrowed while this fails.
        let released_twice = self.state.borrow().released_twice;
        if let Some(resource) = released_twice {
            panic!("{when}: resource {resource} was released twice. {lesson}");
        }
        let found = self.taken();
        assert!(
            found == taken,
            "{when}: resources out: expected {taken}, found {found}. {lesson}"
        );
    }

    fn visit(&self, call: Call) {
        let visit = self.visit.borrow_mut().take_if(|visit| visit.on == call);
        if let Some(visit) = visit {
            (visit.act)();
        }
    }
}
