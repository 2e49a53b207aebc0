//! A guest with the largest memory that there can be, of which only what is not 0 takes room.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::rc::Rc;
use std::time::Duration;

use crate::zone::Shim;
use contract::{Clock, Host, Stream, View};

/// Writes of more bytes than that are counted and forgotten.
const SHORT: usize = 64;

/// The memory, and a host to it. Its clones are the same.
#[derive(Debug, Clone, Default)]
pub struct Vast {
    bytes: Rc<RefCell<BTreeMap<u32, u8>>>,
    moved: Rc<Cell<u64>>,
}

impl Vast {
    /// A shim for it, with these arguments.
    pub fn shim(&self, args: &[&str]) -> Shim<Self> {
        let args: Vec<String> = args.iter().map(|arg| arg.to_string()).collect();
        Shim::new(self.clone(), &args, &[]).expect("none of the texts holds a NUL")
    }

    /// Writes, as the guest would. What lies outside is left out.
    pub fn set(&self, at: u32, bytes: &[u8]) {
        let places = at..=u32::MAX;
        self.bytes
            .borrow_mut()
            .extend(places.zip(bytes.iter().copied()));
    }

    /// How many bytes the shim has written or put out.
    pub fn moved(&self) -> u64 {
        self.moved.get()
    }

    fn count(&self, bytes: usize) {
        self.moved.set(self.moved.get() + bytes as u64);
    }
}

/// Panics as a view of JavaScript's would throw.
fn must_hold(at: u32, len: usize) {
    assert!(
        u64::from(at) + len as u64 <= 1 << 32,
        "{len} bytes at {at:#x} do not all lie in a memory of 2^32 bytes"
    );
}

impl View for Vast {
    fn size(&self) -> u64 {
        1 << 32
    }

    fn read(&self, at: u32, into: &mut [u8]) {
        must_hold(at, into.len());
        into.fill(0);
        let Some(last) = into.len().checked_sub(1) else {
            return;
        };
        for (place, byte) in self.bytes.borrow().range(at..=at + last as u32) {
            into[(place - at) as usize] = *byte;
        }
    }

    fn write(&self, at: u32, bytes: &[u8]) {
        must_hold(at, bytes.len());
        self.count(bytes.len());
        if bytes.len() <= SHORT {
            self.set(at, bytes);
        }
    }
}

impl Host for Vast {
    type View = Self;

    fn memory(&self) -> Self {
        self.clone()
    }

    fn now(&self, _: Clock) -> Duration {
        Duration::from_secs(7)
    }

    fn random(&self, bytes: &mut [u8]) {
        bytes.fill(255);
    }

    fn write(&self, _: Stream, bytes: &[u8]) {
        self.count(bytes.len());
    }
}
