//! The guests' bytes are what their texts are assembled to, and they end under an engine that is no browser's as they do in one.
#![cfg(not(target_family = "wasm"))]
// In a test a panic is the verdict.
#![allow(clippy::unwrap_used)]

use std::time::Duration;

use contract::{End, Limits, cap, meter};
use wasmi::{
    AsContextMut, Caller, Config, Engine, Error, Global, Linker, Module, Mutability, Store,
    StoreLimits, StoreLimitsBuilder, TrapCode, Val,
};

#[allow(dead_code, reason = "the spec uses the rest")]
#[path = "../../../tests/specs/hostile_module/guests.rs"]
mod guests;

#[test]
fn the_bytes_are_the_texts() {
    for guest in guests::WRITTEN {
        let bytes = wat::parse_str(guest.text).unwrap();
        assert!(
            guest.bytes == bytes,
            "guests.rs holds other bytes for {} than its text is assembled to:\n{}",
            guest.name,
            bytes.escape_ascii()
        );
    }
}

/// The engine counts, and the engine limits.
#[test]
fn the_twelve_end_the_same_under_an_engine_with_limits() {
    for (name, module, end) in guests::twelve() {
        assert_eq!(limited(&module), Err(end), "{name}");
        assert_eq!(limited(guests::FRIEND.bytes), Ok(42), "after {name}");
    }
}

/// The engine knows no limits, and what was built into the guests holds.
#[test]
fn the_twelve_end_the_same_by_what_was_built_into_them() {
    for (name, module, end) in guests::twelve() {
        assert_eq!(built_in(&module), Err(end), "{name}");
    }
    assert_eq!(built_in(guests::FRIEND.bytes), Ok(42));
    assert_eq!(built_in(guests::FULL.bytes), Ok(161_000));
    assert_eq!(built_in(guests::MODEST.bytes), Ok(-99));
}

/// A module that names a global which it does not have is not valid. It must not become valid, and name its own tank,
/// because one was put in.
#[test]
fn no_guest_reaches_its_tank_by_number() {
    for (have, name) in [(0, 0), (0, 1), (1, 1), (1, 2), (1, 3)] {
        let global = "(global (mut i64) (i64.const 0))".repeat(have);
        let text = format!(
            "(module {global} (func (export \"run\") (result i32)
               (global.set {name} (i64.const 9)) (i32.const 1)))"
        );
        let module = wat::parse_str(text).unwrap();
        assert_eq!(
            meter(&module),
            Err(End::Malformed),
            "{have} globals, and it sets {name}"
        );
        assert_eq!(cap(&module, &limits()), Err(End::Malformed));
    }
}

/// What takes memory that no page counts, or waits for another thread, is none of a guest's.
#[test]
fn what_no_limit_counts_is_refused() {
    for text in [
        "(module (type (array i32)))",
        "(module (tag))",
        "(module (memory i64 1))",
        "(module (memory 1 1 shared))",
        "(module (memory 1) (memory 1))",
    ] {
        let module = wat::parse_str(text).unwrap();
        assert_eq!(cap(&module, &limits()), Err(End::Malformed), "{text}");
    }
    // Tables share.
    let tables = |text: &str| cap(&wat::parse_str(text).unwrap(), &limits()).map(drop);
    assert_eq!(
        tables("(module (table 600 600 funcref) (table 400 funcref))"),
        Ok(())
    );
    assert_eq!(
        tables("(module (table 600 600 funcref) (table 401 funcref))"),
        Err(End::Table)
    );
}

fn limits() -> Limits {
    Limits {
        bytes: 1 << 16,
        pages: 16,
        elements: 1000,
        fuel: 1_000_000,
        time: Duration::MAX,
    }
}

/// What the host functions know.
#[derive(Default)]
struct State {
    limits: StoreLimits,
    inside: bool,
    reentered: bool,
}

/// Runs a guest with these limits of the engine's.
fn start(linker: &Linker<State>, store: &mut Store<State>, module: &Module) -> Result<i32, Error> {
    let instance = linker.instantiate_and_start(store.as_context_mut(), module)?;
    let run = instance.get_typed_func::<(), i32>(&*store, "run")?;
    run.call(store, ())
}

fn linker(engine: &Engine) -> Linker<State> {
    let mut linker = Linker::new(engine);
    linker
        .func_wrap("host", "wait", |_: i32| ())
        .unwrap()
        .func_wrap("host", "call_back", |mut caller: Caller<'_, State>| {
            if std::mem::replace(&mut caller.data_mut().inside, true) {
                caller.data_mut().reentered = true;
                return Err(Error::new("called from inside a call"));
            }
            let back = caller.get_export("back").and_then(|back| back.into_func());
            let back = back.ok_or_else(|| Error::new("there is no `back`"))?;
            let answer = back.typed::<(), i32>(&caller)?.call(&mut caller, ())?;
            caller.data_mut().inside = false;
            Ok(answer)
        })
        .unwrap();
    linker
}

/// What a module imports that nobody granted.
fn not_granted(module: &Module) -> Option<End> {
    let granted = [
        "host.wait",
        "host.call_back",
        "limits.fuel",
        "limits.memory",
        "limits.table",
    ];
    module.imports().find_map(|import| {
        let (module, name) = (import.module().to_owned(), import.name().to_owned());
        let refused = !granted.contains(&format!("{module}.{name}").as_str());
        refused.then_some(End::NotGranted { module, name })
    })
}

/// The classes that any engine has.
fn class(error: &Error, state: &State) -> Option<End> {
    match error.as_trap_code() {
        _ if state.reentered => Some(End::Reentered),
        Some(TrapCode::OutOfFuel) => Some(End::OutOfFuel),
        Some(TrapCode::StackOverflow) => Some(End::StackExhausted),
        Some(TrapCode::GrowthOperationLimited) | None => None,
        Some(_) => Some(End::Trapped),
    }
}

/// With fuel and limits of the engine's own.
fn limited(bytes: &[u8]) -> Result<i32, End> {
    let limits = limits();
    if bytes.len() > limits.bytes {
        return Err(End::TooLarge(bytes.len()));
    }
    let mut config = Config::default();
    config.consume_fuel(true);
    let engine = Engine::new(&config);
    let module = Module::new(&engine, bytes).map_err(|_| End::Malformed)?;
    if let Some(end) = not_granted(&module) {
        return Err(end);
    }
    let run = |pages: u32| {
        let state = State {
            limits: StoreLimitsBuilder::new()
                .memory_size(pages as usize * 65_536)
                .table_elements(limits.elements as usize)
                .trap_on_grow_failure(true)
                .build(),
            ..State::default()
        };
        let mut store = Store::new(&engine, state);
        store.limiter(|state| &mut state.limits);
        store.set_fuel(limits.fuel).unwrap();
        start(&linker(&engine), &mut store, &module).map_err(|error| class(&error, store.data()))
    };
    // Which limit was met, this engine does not say. So the guest gets another try, with more memory.
    run(limits.pages).map_err(|end| {
        end.unwrap_or_else(|| match run(2000) {
            Err(None) => End::Table,
            _ => End::Memory,
        })
    })
}

/// With nothing but what `cap` and `meter` have built into the guest.
fn built_in(bytes: &[u8]) -> Result<i32, End> {
    let limits = limits();
    if bytes.len() > limits.bytes {
        return Err(End::TooLarge(bytes.len()));
    }
    let bytes = meter(&cap(bytes, &limits)?)?;
    let engine = Engine::default();
    let module = Module::new(&engine, &bytes).unwrap();
    if let Some(end) = not_granted(&module) {
        return Err(end);
    }
    let mut store = Store::new(&engine, State::default());
    let mut gauge = |value| Global::new(&mut store, value, Mutability::Var);
    let fuel = gauge(Val::I64(limits.fuel as i64));
    let (memory, table) = (gauge(Val::I32(0)), gauge(Val::I32(0)));
    let mut linker = linker(&engine);
    linker.define("limits", "fuel", fuel).unwrap();
    linker.define("limits", "memory", memory).unwrap();
    linker.define("limits", "table", table).unwrap();
    start(&linker, &mut store, &module).map_err(|error| {
        if fuel.get(&store).i64().unwrap() < 0 {
            End::OutOfFuel
        } else if memory.get(&store).i32() == Some(-1) {
            End::Memory
        } else if table.get(&store).i32() == Some(-1) {
            End::Table
        } else {
            class(&error, store.data()).unwrap()
        }
    })
}
