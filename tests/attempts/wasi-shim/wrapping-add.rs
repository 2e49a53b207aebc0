//! Answers a program that was compiled for `wasm32-wasip1`, and expects a system around it.

use std::ffi::{CString, NulError};

#[doc(inline)]
pub use contract::*;

/// A guest's system.
#[derive(Debug)]
pub struct Shim<H: Host> {
    host: H,
    args: Vec<CString>,
    environ: Vec<CString>,
}

impl<H: Host> Shim<H> {
    /// A system with these arguments, the program's name among them, and these variables, each a name and a
    /// value.
    ///
    /// # Errors
    /// If there is a NUL in one of the texts. For the guest, the text would end there.
    pub fn new(host: H, args: &[String], environ: &[(String, String)]) -> Result<Self, NulError> {
        let args = args.iter().map(|arg| CString::new(arg.as_str()));
        let environ = environ
            .iter()
            .map(|(name, value)| CString::new(format!("{name}={value}")));
        Ok(Self {
            host,
            args: args.collect::<Result<_, _>>()?,
            environ: environ.collect::<Result<_, _>>()?,
        })
    }

    /// Answers a call. It neither panics nor throws, whatever the guest asks, and a call that is refused has
    /// written nothing and put nothing out.
    ///
    /// # Errors
    /// [`Exit`] if the guest is to end here.
    pub fn call(&self, call: Call) -> Result<Errno, Exit> {
        // Never older than the call: whenever the guest runs, its memory may grow.
        let memory = &self.host.memory();
        let done = match call {
            Call::ArgsSizesGet { count, size } => put_sizes(memory, &self.args, count, size),
            Call::ArgsGet { list, bytes } => put_texts(memory, &self.args, list, bytes),
            Call::EnvironSizesGet { count, size } => put_sizes(memory, &self.environ, count, size),
            Call::EnvironGet { list, bytes } => put_texts(memory, &self.environ, list, bytes),
            Call::ClockTimeGet { clock, time } => self.clock_time_get(memory, clock, time),
            Call::RandomGet { bytes, len } => self.random_get(memory, bytes, len),
            Call::FdWrite {
                fd,
                list,
                count,
                written,
            } => self.fd_write(memory, fd, (list, count), written),
            Call::ProcExit { code } => return Err(Exit(code)),
            Call::OtherFd { fd } => stream(fd).and(Err(Errno::Nosys)),
            Call::Other => Err(Errno::Nosys),
        };
        Ok(done.err().unwrap_or(Errno::Success))
    }

    fn clock_time_get(&self, memory: &H::View, clock: u32, time: u32) -> Result<(), Errno> {
        let clock = match clock {
            0 => Clock::Realtime,
            1 => Clock::Monotonic,
            _ => return Err(Errno::Inval),
        };
        // No loss: 64 bits of nanoseconds last until 2554.
        let nanoseconds = self.host.now(clock).as_nanos() as u64;
        put(memory, &[(time, &nanoseconds.to_le_bytes())])
    }

    fn random_get(&self, memory: &H::View, bytes: u32, len: u32) -> Result<(), Errno> {
        within(memory, bytes, len)?;
        for (at, len) in pieces(bytes, len) {
            let mut random = vec![0; len];
            self.host.random(&mut random);
            memory.write(at, &random);
        }
        Ok(())
    }

    fn fd_write(
        &self,
        memory: &H::View,
        fd: u32,
        (list, count): (u32, u32),
        written: u32,
    ) -> Result<(), Errno> {
        let stream = stream(fd)?;
        within(memory, written, 4)?;
        within(memory, list, count.wrapping_mul(8))?;
        let places = || (0..count).map(|index| place(memory, list + index * 8));
        let mut total = 0;
        for (at, len) in places() {
            within(memory, at, len)?;
            total += u64::from(len);
        }
        // The places may overlap, so it is not the memory that limits this.
        let total = u32::try_from(total).map_err(|_| Errno::Inval)?;
        for (at, len) in places().flat_map(|(at, len)| pieces(at, len)) {
            let mut bytes = vec![0; len];
            memory.read(at, &mut bytes);
            self.host.write(stream, &bytes);
        }
        put(memory, &[(written, &total.to_le_bytes())])
    }
}

/// The stream behind a descriptor.
fn stream(fd: u32) -> Result<Stream, Errno> {
    match fd {
        1 => Ok(Stream::Stdout),
        2 => Ok(Stream::Stderr),
        _ => Err(Errno::Badf),
    }
}

/// Refuses bytes that do not all lie in the memory.
fn within(memory: &impl View, at: u32, len: u32) -> Result<(), Errno> {
    if u64::from(at.wrapping_add(len)) <= memory.size() {
        Ok(())
    } else {
        Err(Errno::Fault)
    }
}

/// Writes all parts, each at its address, or none of them.
fn put(memory: &impl View, parts: &[(u32, &[u8])]) -> Result<(), Errno> {
    for (at, bytes) in parts {
        within(memory, *at, bytes.len() as u32)?;
    }
    for (at, bytes) in parts {
        memory.write(*at, bytes);
    }
    Ok(())
}

/// How many texts there are, and how many bytes they take.
fn put_sizes(memory: &impl View, texts: &[CString], count: u32, size: u32) -> Result<(), Errno> {
    let bytes: usize = texts
        .iter()
        .map(|text| text.as_bytes_with_nul().len())
        .sum();
    let [number, bytes] = [texts.len(), bytes].map(|number| (number as u32).to_le_bytes());
    put(memory, &[(count, &number), (size, &bytes)])
}

/// The texts, one behind the other, and the address of each.
fn put_texts(memory: &impl View, texts: &[CString], list: u32, bytes: u32) -> Result<(), Errno> {
    let (mut addresses, mut all) = (Vec::new(), Vec::new());
    for text in texts {
        // If this wraps, then `put` refuses all of it.
        let address = bytes.wrapping_add(all.len() as u32);
        addresses.extend(address.to_le_bytes());
        all.extend(text.as_bytes_with_nul());
    }
    put(memory, &[(list, &addresses), (bytes, &all)])
}
