//! Somebody else's system: Wasmtime's, the crate `wasi-common`, in wasmi.

use crate::Ran;
use crate::guests::Case;
use wasmi::{Engine, Linker, Module, Store};
use wasmi_wasi::wasi_common::pipe::WritePipe;
use wasmi_wasi::{WasiCtx, WasiCtxBuilder, add_to_linker};

pub fn run(module: &[u8], case: &Case) -> Ran {
    let [stdout, stderr] = [(); 2].map(|()| WritePipe::new_in_memory());
    let system: WasiCtx = WasiCtxBuilder::new()
        .args(&case.args)
        .unwrap()
        .envs(&case.environ)
        .unwrap()
        .stdout(Box::new(stdout.clone()))
        .stderr(Box::new(stderr.clone()))
        .build();
    let engine = Engine::default();
    let module = Module::new(&engine, module).unwrap();
    let mut store = Store::new(&engine, system);
    let mut linker = Linker::new(&engine);
    add_to_linker(&mut linker, |system| system).unwrap();
    let instance = linker.instantiate_and_start(&mut store, &module).unwrap();
    let start = instance.get_typed_func::<(), ()>(&store, "_start").unwrap();
    let code = match start.call(&mut store, ()) {
        Ok(()) => Some(0),
        Err(error) => error.i32_exit_status().map(i32::cast_unsigned).or_else(|| {
            assert!(error.as_trap_code().is_some(), "{error}");
            None
        }),
    };
    // The system has the other end of the pipes.
    drop(store);
    let [stdout, stderr] = [stdout, stderr].map(|pipe| pipe.try_into_inner().unwrap().into_inner());
    Ran {
        stdout,
        stderr,
        code,
    }
}
