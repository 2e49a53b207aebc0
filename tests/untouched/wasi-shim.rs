//! Answers a program that was compiled for `wasm32-wasip1`, and expects a system around it.

use std::cell::OnceCell;
use std::ffi::NulError;

#[doc(inline)]
pub use contract::*;

/// A guest's system.
#[derive(Debug)]
pub struct Shim<H: Host> {
    host: H,
    memory: OnceCell<H::View>,
    args: Vec<String>,
    environ: Vec<String>,
}

impl<H: Host> Shim<H> {
    /// A system with these arguments, the program's name among them, and these variables, each a name and a
    /// value.
    ///
    /// # Errors
    /// If there is a NUL in one of the texts. For the guest, the text would end there.
    pub fn new(host: H, args: &[String], environ: &[(String, String)]) -> Result<Self, NulError> {
        let environ = environ.iter();
        Ok(Self {
            host,
            memory: OnceCell::new(),
            args: args.to_vec(),
            environ: environ
                .map(|(name, value)| format!("{name}={value}"))
                .collect(),
        })
    }

    /// Answers a call. It neither panics nor throws, whatever the guest asks, and a call that is refused has
    /// written nothing and put nothing out.
    ///
    /// # Errors
    /// [`Exit`] if the guest is to end here.
    pub fn call(&self, call: Call) -> Result<Errno, Exit> {
        // With the first call the guest is there, and so is its memory.
        let memory = self.memory.get_or_init(|| self.host.memory());
        match call {
            Call::ArgsSizesGet { count, size } => put_sizes(memory, &self.args, count, size),
            Call::ArgsGet { list, bytes } => put_texts(memory, &self.args, list, bytes),
            Call::EnvironSizesGet { count, size } => put_sizes(memory, &self.environ, count, size),
            Call::EnvironGet { list, bytes } => put_texts(memory, &self.environ, list, bytes),
            Call::ClockTimeGet { clock, time } => {
                let clock = match clock {
                    0 => Clock::Realtime,
                    1 => Clock::Monotonic,
                    _ => return Ok(Errno::Inval),
                };
                let nanoseconds = self.host.now(clock).as_nanos() as u64;
                memory.write(time, &nanoseconds.to_le_bytes());
            }
            Call::RandomGet { bytes, len } => {
                let mut random = vec![0; len as usize];
                self.host.random(&mut random);
                memory.write(bytes, &random);
            }
            Call::FdWrite {
                fd,
                list,
                count,
                written,
            } => {
                let stream = match fd {
                    2 => Stream::Stderr,
                    _ => Stream::Stdout,
                };
                let mut total = 0;
                for index in 0..count {
                    let [at, len] = [0, 4].map(|half| get(memory, list + index * 8 + half));
                    let mut bytes = vec![0; len as usize];
                    memory.read(at, &mut bytes);
                    self.host.write(stream, &bytes);
                    total += len;
                }
                memory.write(written, &total.to_le_bytes());
            }
            Call::ProcExit { code } => return Err(Exit(code)),
            Call::OtherFd { .. } | Call::Other => unimplemented!("{call:?}"),
        }
        Ok(Errno::Success)
    }
}

/// An integer of four bytes.
fn get(memory: &impl View, at: u32) -> u32 {
    let mut bytes = [0; 4];
    memory.read(at, &mut bytes);
    u32::from_le_bytes(bytes)
}

/// How many texts there are, and how many bytes they take.
fn put_sizes(memory: &impl View, texts: &[String], count: u32, size: u32) {
    let bytes: usize = texts.iter().map(|text| text.chars().count()).sum();
    memory.write(count, &(texts.len() as u32).to_le_bytes());
    memory.write(size, &(bytes as u32).to_le_bytes());
}

/// The texts, one behind the other, and the address of each.
fn put_texts(memory: &impl View, texts: &[String], list: u32, bytes: u32) {
    let (mut entry, mut at) = (list, bytes);
    for text in texts {
        memory.write(entry, &at.to_le_bytes());
        memory.write(at, format!("{text}\0").as_bytes());
        entry += 4;
        at += text.len() as u32 + 1;
    }
}
