//! A shim with a memory that a test can look into, and a host that does the same every time.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::time::Duration;

use super::PAGE;
use crate::zone::Shim;
use contract::{Browser, Clock, Host, Stream};
use js_sys::{Object, Reflect, Uint8Array, WebAssembly::Memory};

/// What the clocks say. In nanoseconds, the first has more digits than an `f64` holds.
pub const REALTIME: Duration = Duration::new(1_795_867_200, 123_456_789);
pub const MONOTONIC: Duration = Duration::new(5, 7);

/// Of each stream, so many bytes are kept.
const KEPT: usize = 1 << 20;

/// The host: a memory as in the browser, and everything else foreseen.
#[derive(Debug, Clone, Default)]
pub struct Desk {
    browser: Browser,
    taken: Rc<RefCell<Taken>>,
    /// How many random bytes were asked for, in all.
    drawn: Rc<Cell<u64>>,
}

/// What was put out.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Taken {
    pub stdout: Vec<u8>,
    pub stderr: Vec<u8>,
    /// Of both streams, kept or not.
    pub bytes: u64,
}

impl Host for Desk {
    type View = <Browser as Host>::View;

    fn memory(&self) -> Self::View {
        self.browser.memory()
    }

    fn now(&self, clock: Clock) -> Duration {
        match clock {
            Clock::Realtime => REALTIME,
            Clock::Monotonic => MONOTONIC,
        }
    }

    fn random(&self, bytes: &mut [u8]) {
        for (index, byte) in bytes.iter_mut().enumerate() {
            *byte = 252 + (index % 4) as u8;
        }
        self.drawn.set(self.drawn.get() + bytes.len() as u64);
    }

    fn write(&self, stream: Stream, bytes: &[u8]) {
        let mut taken = self.taken.borrow_mut();
        taken.bytes += bytes.len() as u64;
        let stream = match stream {
            Stream::Stdout => &mut taken.stdout,
            Stream::Stderr => &mut taken.stderr,
        };
        let room = KEPT.saturating_sub(stream.len());
        stream.extend_from_slice(&bytes[..bytes.len().min(room)]);
    }
}

/// Whether a byte comes from the host's entropy. None that stands in the memory before looks like that.
pub fn by_chance(byte: u8) -> bool {
    byte >= 252
}

pub struct Stage {
    pub shim: Shim<Desk>,
    desk: Desk,
    memory: Option<Memory>,
}

/// A guest's memory of one page, each byte another than its neighbours and none of them 0, and
/// a shim with these arguments and these variables.
pub fn stage(args: &[&str], environ: &[(&str, &str)]) -> Stage {
    let mut stage = empty(args, environ);
    stage.attach(1);
    stage
}

/// The same before there is a guest.
pub fn empty(args: &[&str], environ: &[(&str, &str)]) -> Stage {
    let desk = Desk::default();
    let (args, environ) = owned(args, environ);
    let shim = Shim::new(desk.clone(), &args, &environ).expect("none of the texts holds a NUL");
    Stage {
        shim,
        desk,
        memory: None,
    }
}

/// Texts as the shim wants them.
pub fn owned(args: &[&str], environ: &[(&str, &str)]) -> (Vec<String>, Vec<(String, String)>) {
    let pairs = environ.iter();
    (
        args.iter().map(|arg| arg.to_string()).collect(),
        pairs
            .map(|(name, value)| (name.to_string(), value.to_string()))
            .collect(),
    )
}

/// What stands at an address before somebody writes there.
fn pattern(addr: u32) -> u8 {
    (addr % 251 + 1) as u8
}

impl Stage {
    /// Gives the guest a memory of so many pages.
    pub fn attach(&mut self, pages: u32) {
        let limits = Object::new();
        Reflect::set(&limits, &"initial".into(), &pages.into()).unwrap();
        let memory = Memory::new(&limits).unwrap();
        let bytes: Vec<u8> = (0..pages * PAGE).map(pattern).collect();
        Uint8Array::new(&memory.buffer()).copy_from(&bytes);
        self.desk.browser.attach(memory.clone());
        self.memory = Some(memory);
    }

    /// How many bytes the memory has.
    pub fn size(&self) -> u32 {
        self.view().length()
    }

    /// The whole memory.
    pub fn bytes(&self) -> Vec<u8> {
        self.view().to_vec()
    }

    /// An integer of four bytes.
    pub fn number(&self, at: u32) -> u32 {
        u32::from_le_bytes(
            self.view()
                .subarray(at, at + 4)
                .to_vec()
                .try_into()
                .unwrap(),
        )
    }

    /// Writes, as the guest would.
    pub fn set(&self, at: u32, bytes: &[u8]) {
        self.view()
            .subarray(at, at + bytes.len() as u32)
            .copy_from(bytes);
    }

    /// Lets the guest grow its memory.
    pub fn grow(&self, pages: u32) {
        self.memory.as_ref().unwrap().grow(pages);
    }

    /// What was put out so far.
    pub fn taken(&self) -> Taken {
        self.desk.taken.borrow().clone()
    }

    /// How many random bytes the host was asked for, in all.
    pub fn drawn(&self) -> u64 {
        self.desk.drawn.get()
    }

    /// Forgets what was put out, and keeps the room for it.
    pub fn forget(&self) {
        let mut taken = self.desk.taken.borrow_mut();
        taken.stdout.clear();
        taken.stderr.clear();
    }

    fn view(&self) -> Uint8Array {
        let memory = self.memory.as_ref().expect("there is a guest");
        Uint8Array::new(&memory.buffer())
    }
}
