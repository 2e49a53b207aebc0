//! What is given: what a guest may ask of its system, how it is answered, and a browser to answer with.
//!
//! The system is `wasi_snapshot_preview1`, the imports of every program that is compiled for
//! `wasm32-wasip1`. Errors are numbers there, texts end with a NUL, and all sizes are in bytes.
//!
//! A guest may have 2^32 bytes of memory, and ask for nearly as many in one call. A system answers that too, and holds a
//! MiB of its own for it at most: what its own memory has grown by for one call, it keeps for ever ([`pieces`]).

use std::cell::{Cell, RefCell};
use std::fmt::Debug;
use std::rc::Rc;
use std::time::Duration;

use js_sys::{
    Array, Date, Function, Object, Reflect, Uint8Array,
    WebAssembly::{Instance, Memory, Module},
};
use wasm_bindgen::prelude::*;

/// The module's name in a guest's imports.
pub const PREVIEW1: &str = "wasi_snapshot_preview1";

/// How a call ended, as the guest is told. Preview 1 knows 77 of these, and this shim needs five.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u16)]
pub enum Errno {
    /// It is done.
    Success = 0,
    /// No such descriptor is open.
    Badf = 8,
    /// Not all of the bytes that are to be read or written lie in the guest's memory.
    Fault = 21,
    /// An argument that makes no sense, such as a clock that nobody has.
    Inval = 28,
    /// This system does not offer the call.
    Nosys = 52,
}

/// The guest ends here, with this code. It does not come back from the call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Exit(pub u32);

/// A stream that is open: descriptor 1 or 2. No other descriptor is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stream {
    /// Output, descriptor 1.
    Stdout = 1,
    /// Errors, descriptor 2.
    Stderr = 2,
}

/// A clock that the system has. There is no other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Clock {
    /// Number 0: the time since 1970 began, in UTC.
    Realtime = 0,
    /// Number 1: the time since some moment. It never goes back.
    Monotonic = 1,
}

/// What a guest asks. Whatever is called an address here is a claim of the guest's.
///
/// Integers of four bytes are written with the lowest byte first, and so are those of eight.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Call {
    /// How many arguments there are, and how many bytes all of them take, each with its NUL: two
    /// integers of four bytes.
    ArgsSizesGet {
        /// Where the number of arguments goes.
        count: u32,
        /// Where the number of bytes goes.
        size: u32,
    },
    /// The arguments.
    ArgsGet {
        /// Where the address of each argument goes, four bytes each.
        list: u32,
        /// Where the arguments go, one behind the other, each with its NUL.
        bytes: u32,
    },
    /// As with the arguments, for the environment: texts such as `NAME=value`.
    EnvironSizesGet {
        /// Where the number of variables goes.
        count: u32,
        /// Where the number of bytes goes.
        size: u32,
    },
    /// The environment, as with the arguments.
    EnvironGet {
        /// Where the address of each text goes.
        list: u32,
        /// Where the texts go.
        bytes: u32,
    },
    /// The time, in nanoseconds: an integer of eight bytes. A clock that the system does not have is
    /// [`Errno::Inval`].
    ClockTimeGet {
        /// The number of the clock.
        clock: u32,
        /// Where the time goes.
        time: u32,
    },
    /// Random bytes.
    RandomGet {
        /// Where they go.
        bytes: u32,
        /// How many are asked for.
        len: u32,
    },
    /// Output: the bytes at several places, one place after the other. A system may take fewer than it is
    /// offered, as long as it takes some and says how many; the list and all its places must lie in the
    /// memory all the same. More than an integer of four bytes can count is [`Errno::Inval`], if it does
    /// not take fewer.
    FdWrite {
        /// The descriptor.
        fd: u32,
        /// Where the list of places is. Each entry is an address and a length, four bytes each.
        list: u32,
        /// How many places there are.
        count: u32,
        /// Where the number of bytes goes that were taken.
        written: u32,
    },
    /// The end.
    ProcExit {
        /// The code that the program ends with.
        code: u32,
    },
    /// Something else that is asked of a descriptor, such as to read from it or to name a folder. No
    /// descriptor can do it, but one that is not open is [`Errno::Badf`] all the same: a guest
    /// looks for its folders from 3 on, until it hears that.
    OtherFd {
        /// The descriptor.
        fd: u32,
    },
    /// Something else that is not offered.
    Other,
}

impl Call {
    /// What a guest asks that calls the import of this name with these parameters.
    pub fn new(name: &str, params: &[u64]) -> Self {
        // The parameters that count are all of 32 bits; one that is missing is 0.
        let p = |index: usize| params.get(index).copied().unwrap_or_default() as u32;
        let [a, b, c, d] = [p(0), p(1), p(2), p(3)];
        match name {
            "args_sizes_get" => Self::ArgsSizesGet { count: a, size: b },
            "args_get" => Self::ArgsGet { list: a, bytes: b },
            "environ_sizes_get" => Self::EnvironSizesGet { count: a, size: b },
            "environ_get" => Self::EnvironGet { list: a, bytes: b },
            // The second is the precision that would do, which is of no use.
            "clock_time_get" => Self::ClockTimeGet { clock: a, time: c },
            "random_get" => Self::RandomGet { bytes: a, len: b },
            "fd_write" => Self::FdWrite {
                fd: a,
                list: b,
                count: c,
                written: d,
            },
            "proc_exit" => Self::ProcExit { code: a },
            _ if name.starts_with("fd_") => Self::OtherFd { fd: a },
            _ => Self::Other,
        }
    }
}

/// A view of a guest's memory.
pub trait View: Debug {
    /// How many bytes the memory had when the view was made, 2^32 at most. Once the guest has grown its memory, the
    /// view is detached, and has none.
    fn size(&self) -> u64;

    /// Reads as many bytes as there is room for.
    ///
    /// # Panics
    /// If the view does not have all of them: JavaScript throws then, a `RangeError` or a
    /// `TypeError`.
    fn read(&self, at: u32, into: &mut [u8]);

    /// Writes bytes.
    ///
    /// # Panics
    /// As with [`read`](Self::read).
    fn write(&self, at: u32, bytes: &[u8]);
}

/// The address and the length that stand in an entry of a list of places.
///
/// # Panics
/// As with [`View::read`].
pub fn place(memory: &impl View, at: u32) -> (u32, u32) {
    let mut entry = [0; 8];
    memory.read(at, &mut entry);
    let [a, b, c, d, e, f, g, h] = entry;
    (
        u32::from_le_bytes([a, b, c, d]),
        u32::from_le_bytes([e, f, g, h]),
    )
}

/// So many bytes in pieces of 64 KiB at most: where each of them begins, and how long it is.
pub fn pieces(at: u32, len: u32) -> impl Iterator<Item = (u32, usize)> {
    const PIECE: u32 = 1 << 16;
    (0..len)
        .step_by(PIECE as usize)
        .map(move |done| (at.wrapping_add(done), PIECE.min(len - done) as usize))
}

/// What a shim works with.
pub trait Host {
    /// A view of the guest's memory.
    type View: View;

    /// The guest's memory as it is now. That copies nothing, and takes no time to speak of. As long as there
    /// is no guest, its memory has no bytes.
    fn memory(&self) -> Self::View;

    /// What a clock says.
    fn now(&self, clock: Clock) -> Duration;

    /// Fills this with random bytes, however many.
    fn random(&self, bytes: &mut [u8]);

    /// Takes output, all of it.
    fn write(&self, stream: Stream, bytes: &[u8]);
}

/// The browser as a host. Its clones are the same host.
///
/// It keeps all output, so a guest that never stops talking takes all the memory that there is.
#[derive(Debug, Clone, Default)]
pub struct Browser(Rc<Inside>);

#[derive(Debug, Default)]
struct Inside {
    memory: RefCell<Option<Memory>>,
    stdout: RefCell<Vec<u8>>,
    stderr: RefCell<Vec<u8>>,
}

impl Browser {
    /// Names the guest's memory. [`Guest::start`] does it.
    pub fn attach(&self, memory: Memory) {
        *self.0.memory.borrow_mut() = Some(memory);
    }

    /// All that a stream has taken so far.
    pub fn output(&self, stream: Stream) -> Vec<u8> {
        self.stream(stream).borrow().clone()
    }

    fn stream(&self, stream: Stream) -> &RefCell<Vec<u8>> {
        match stream {
            Stream::Stdout => &self.0.stdout,
            Stream::Stderr => &self.0.stderr,
        }
    }
}

impl Host for Browser {
    type View = Bytes;

    fn memory(&self) -> Bytes {
        let memory = self.0.memory.borrow();
        let bytes = memory.as_ref().map(|memory| memory.buffer());
        Bytes(bytes.map_or_else(
            || Uint8Array::new_with_length(0),
            |buffer| Uint8Array::new(&buffer),
        ))
    }

    fn now(&self, clock: Clock) -> Duration {
        let milliseconds = match clock {
            Clock::Realtime => Date::now(),
            Clock::Monotonic => performance_now(),
        };
        // Whole microseconds are exact in an `f64`, and finer than any browser's clock. Seconds would not be exact.
        Duration::from_micros((milliseconds * 1000.0).round() as u64)
    }

    fn random(&self, bytes: &mut [u8]) {
        // Of more at a time the standard wants nothing to know: a QuotaExceededError.
        for piece in bytes.chunks_mut(65_536) {
            let random = Uint8Array::new_with_length(piece.len() as u32);
            get_random_values(&random);
            random.copy_to(piece);
        }
    }

    fn write(&self, stream: Stream, bytes: &[u8]) {
        self.stream(stream).borrow_mut().extend_from_slice(bytes);
    }
}

/// A view as JavaScript has it.
#[derive(Debug)]
pub struct Bytes(Uint8Array);

impl Bytes {
    /// Some of the bytes, or an exception if they are not all there.
    fn part(&self, at: u32, len: usize) -> Uint8Array {
        Uint8Array::new_with_byte_offset_and_length(&self.0.buffer(), at, len as u32)
    }
}

impl View for Bytes {
    fn size(&self) -> u64 {
        // `length()` has 32 bits, and a memory may have 2^32 bytes.
        let length = Reflect::get(&self.0, &"length".into());
        length
            .ok()
            .and_then(|length| length.as_f64())
            .unwrap_or(0.0) as u64
    }

    fn read(&self, at: u32, into: &mut [u8]) {
        self.part(at, into.len()).copy_to(into);
    }

    fn write(&self, at: u32, bytes: &[u8]) {
        self.part(at, bytes.len()).copy_from(bytes);
    }
}

/// How a guest came to its end.
#[derive(Debug, Clone)]
pub enum End {
    /// With this code. A program that returns from `_start` has ended with 0.
    Exited(u32),
    /// Something was thrown: the guest trapped, or the shim threw through it.
    Threw(JsValue),
}

/// A program that is ready to run in this browser.
#[derive(Debug)]
pub struct Guest {
    exports: Object,
    code: Rc<Cell<u32>>,
    /// What `proc_exit` throws, for this guest alone.
    exit: JsValue,
    _imports: Vec<Import>,
}

type Import = Closure<dyn Fn(JsValue, JsValue, JsValue, JsValue) -> Result<u32, JsValue>>;

impl Guest {
    /// Makes a program ready, from a module in WebAssembly's binary format. Each of its imports from
    /// [`PREVIEW1`] is met, and asks `answer`.
    ///
    /// It compiles at once, as only a worker may: on a page's thread some engines refuse a module that is large.
    ///
    /// # Errors
    /// What the engine throws if it refuses the module.
    pub fn start(
        module: &[u8],
        browser: &Browser,
        answer: impl Fn(Call) -> Result<Errno, Exit> + 'static,
    ) -> Result<Self, JsValue> {
        let module = Module::new(&Uint8Array::from(module))?;
        let answer: Rc<dyn Fn(Call) -> Result<Errno, Exit>> = Rc::new(answer);
        let (code, exit) = (Rc::new(Cell::new(0)), JsValue::from(Object::new()));
        let functions = Object::new();
        let mut imports = Vec::new();
        for import in Module::imports(&module).iter() {
            if Reflect::get(&import, &"module".into())? != PREVIEW1 {
                continue;
            }
            let name = Reflect::get(&import, &"name".into())?;
            let text = name.as_string().unwrap_or_default();
            let (answer, code, exit) = (Rc::clone(&answer), Rc::clone(&code), exit.clone());
            // Four parameters are enough for what is offered; JavaScript ignores those behind.
            let function = Import::new(move |a: JsValue, b, c, d| {
                let params = [a, b, c, d].map(|param| param.as_f64().unwrap_or(0.0) as i64 as u64);
                match answer(Call::new(&text, &params)) {
                    Ok(errno) => Ok(errno as u32),
                    Err(Exit(with)) => {
                        code.set(with);
                        Err(exit.clone())
                    }
                }
            });
            Reflect::set(&functions, &name, function.as_ref())?;
            imports.push(function);
        }
        let all = Object::new();
        Reflect::set(&all, &PREVIEW1.into(), &functions)?;
        let exports = Instance::new(&module, &all)?.exports();
        browser.attach(Reflect::get(&exports, &"memory".into())?.dyn_into()?);
        Ok(Self {
            exports,
            code,
            exit,
            _imports: imports,
        })
    }

    /// Lets the program run, to its end.
    pub fn run(&self) -> End {
        let start = Reflect::get(&self.exports, &"_start".into());
        let ended = start
            .and_then(|start| start.dyn_into::<Function>())
            .and_then(|start| start.apply(&JsValue::UNDEFINED, &Array::new()));
        match ended {
            Ok(_) => End::Exited(0),
            Err(thrown) if Object::is(&thrown, &self.exit) => End::Exited(self.code.get()),
            Err(thrown) => End::Threw(thrown),
        }
    }
}

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_namespace = performance, js_name = now)]
    fn performance_now() -> f64;

    #[wasm_bindgen(js_namespace = crypto, js_name = getRandomValues)]
    fn get_random_values(bytes: &Uint8Array);
}
