//! The system that is tested, in wasmi.

use std::cell::RefCell;
use std::rc::Rc;
use std::sync::LazyLock;
use std::time::{Duration, Instant, SystemTime};

use crate::Ran;
use crate::guests::Case;
use solution_wasi_shim::{Call, Clock, Errno, Exit, Host, PREVIEW1, Shim, Stream, View};
use wasmi::{Caller, Engine, Error, Extern, Func, Instance, Linker, Memory, Module, Store, Val};

/// The guest's memory while a call is answered, and what it has put out.
#[derive(Debug, Clone, Default)]
struct Machine {
    memory: Rc<RefCell<Vec<u8>>>,
    stdout: Rc<RefCell<Vec<u8>>>,
    stderr: Rc<RefCell<Vec<u8>>>,
}

#[derive(Debug)]
struct Bytes(Rc<RefCell<Vec<u8>>>);

impl View for Bytes {
    fn size(&self) -> u64 {
        self.0.borrow().len() as u64
    }

    fn read(&self, at: u32, into: &mut [u8]) {
        into.copy_from_slice(&self.0.borrow()[at as usize..][..into.len()]);
    }

    fn write(&self, at: u32, bytes: &[u8]) {
        self.0.borrow_mut()[at as usize..][..bytes.len()].copy_from_slice(bytes);
    }
}

impl Host for Machine {
    type View = Bytes;

    fn memory(&self) -> Bytes {
        Bytes(Rc::clone(&self.memory))
    }

    fn now(&self, clock: Clock) -> Duration {
        static START: LazyLock<Instant> = LazyLock::new(Instant::now);
        match clock {
            Clock::Realtime => SystemTime::UNIX_EPOCH.elapsed().unwrap(),
            Clock::Monotonic => START.elapsed(),
        }
    }

    fn random(&self, bytes: &mut [u8]) {
        // Not random, but good enough for a hash map: no two runs of this are alike.
        let mut state = SystemTime::UNIX_EPOCH.elapsed().unwrap().as_nanos() as u64;
        for byte in bytes {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1);
            *byte = (state >> 56) as u8;
        }
    }

    fn write(&self, stream: Stream, bytes: &[u8]) {
        let stream = match stream {
            Stream::Stdout => &self.stdout,
            Stream::Stderr => &self.stderr,
        };
        stream.borrow_mut().extend_from_slice(bytes);
    }
}

/// What a guest's store holds: its system, and the host of that.
type Inside = (Shim<Machine>, Machine);

/// The guest has ended, with this code.
#[derive(Debug)]
struct Ended(u32);

impl std::fmt::Display for Ended {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "the guest ended with {}", self.0)
    }
}

impl wasmi::errors::HostError for Ended {}

/// How many functions a guest imports.
pub fn imports(module: &[u8]) -> usize {
    let module = Module::new(&Engine::default(), module).unwrap();
    module.imports().count()
}

pub fn run(module: &[u8], case: &Case) -> Ran {
    let machine = Machine::default();
    let shim = Shim::new(machine.clone(), &case.args, &case.environ).unwrap();
    let engine = Engine::default();
    let module = Module::new(&engine, module).unwrap();
    let mut store = Store::new(&engine, (shim, machine.clone()));
    let mut linker = Linker::new(&engine);
    for import in module.imports() {
        assert_eq!(import.module(), PREVIEW1, "a guest's only imports");
        let name = import.name().to_owned();
        let function = Func::new(
            &mut store,
            import.ty().func().unwrap().clone(),
            move |mut caller: Caller<'_, Inside>, params: &[Val], results: &mut [Val]| {
                let Some(Extern::Memory(memory)) = caller.get_export("memory") else {
                    return Err(Error::new("the guest exports no memory"));
                };
                let errno = answer(&mut caller, memory, &name, params)
                    .map_err(|Exit(code)| Error::host(Ended(code)))?;
                if let [result] = results {
                    *result = Val::I32(errno as i32);
                }
                Ok(())
            },
        );
        linker.define(PREVIEW1, import.name(), function).unwrap();
    }
    let instance: Instance = linker.instantiate_and_start(&mut store, &module).unwrap();
    let start = instance.get_typed_func::<(), ()>(&store, "_start").unwrap();
    let code = match start.call(&mut store, ()) {
        Ok(()) => Some(0),
        Err(error) => match error.downcast_ref::<Ended>() {
            Some(Ended(code)) => Some(*code),
            None => {
                assert!(error.as_trap_code().is_some(), "{error}");
                None
            }
        },
    };
    Ran {
        stdout: machine.stdout.take(),
        stderr: machine.stderr.take(),
        code,
    }
}

/// Lets the shim answer, with a copy of the guest's memory that is written back.
fn answer(
    caller: &mut Caller<'_, Inside>,
    memory: Memory,
    name: &str,
    params: &[Val],
) -> Result<Errno, Exit> {
    let params: Vec<u64> = params
        .iter()
        .map(|param| match param {
            Val::I32(value) => u64::from(value.cast_unsigned()),
            Val::I64(value) => value.cast_unsigned(),
            _ => panic!("{name} takes no {param:?}"),
        })
        .collect();
    let bytes = memory.data(&*caller).to_vec();
    let (shim, machine) = caller.data();
    let place = Rc::clone(&machine.memory);
    *place.borrow_mut() = bytes;
    let errno = shim.call(Call::new(name, &params));
    memory.data_mut(caller).copy_from_slice(&place.borrow());
    errno
}
