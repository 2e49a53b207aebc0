//! What is given, and what `run` must keep to.
//!
//! `run(guest, limits)` runs a module that nobody here has read: it is started, its `run` is called once, and
//! the answer is what that returned, or an [`End`].
//!
//! - The limits hold from the guest's first instruction on. A start function is one of its functions.
//! - While it runs, everything else on this thread goes on.
//! - What it asks for beyond a limit it does not get, not for a moment. What is within the limits, the limits
//!   themselves included, it gets.
//! - Each run begins anew, and may have others beside it.
//! - When `run` has settled, or has been dropped, nothing of the guest is left: no worker, no memory.
//!
//! A guest is a core module of WebAssembly 2.0. It exports `run`, which takes nothing and gives an `i32`. What it
//! may import are two functions of `host`: `wait(ms: i32)` holds its thread for so long, as a host function does that
//! asks somebody else, and `call_back() -> i32` has the host call what the guest exports as `back`, and gives what that
//! gives. It is not to be called from inside such a call: the host is busy then.

use std::cell::{Cell, RefCell};
use std::future::poll_fn;
use std::pin::pin;
use std::rc::Rc;
use std::task::Poll;
use std::time::Duration;

use js_sys::WebAssembly::{Global, Instance, Module};
use js_sys::{Array, BigInt, Error, Function, JsString, Object, Promise, Reflect, Uint8Array};
use thiserror::Error;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use wasm_encoder::reencode::{self, Reencode, utils};
use wasm_encoder::{BlockType, EntityType, GlobalType, ImportSection, SectionId, ValType};
use wasmparser::{FunctionBody, Operator, Parser, Validator, WasmFeatures};
use web_sys::{Blob, MessageEvent, Url, Worker};

/// What a guest may take.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of the module itself. It is read and rewritten on the thread that calls `run`, so this bounds how long that stands still.
    pub bytes: usize,
    /// Pages of memory, of 64 KiB each.
    pub pages: u32,
    /// Elements of its tables, all together.
    pub elements: u32,
    /// Instructions, as [`meter`] counts them.
    pub fuel: u64,
    /// Time, from the call of `run` on.
    pub time: Duration,
}

/// How a guest ended that gave no answer.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum End {
    /// The module is larger than it may be. Nobody has looked inside.
    #[error("the module has {0} bytes, which are too many")]
    TooLarge(usize),
    /// It is no module, or uses what none may use here, or exports no `run`.
    #[error("this is no module that could run here")]
    Malformed,
    /// It imports what nobody granted. Nothing of it has run.
    #[error("it imports `{module}.{name}`, which it was not granted")]
    NotGranted {
        /// The import's first name.
        module: String,
        /// The import's second name.
        name: String,
    },
    /// It asked for more memory than it may have.
    #[error("it asked for more memory than it may have")]
    Memory,
    /// It asked for larger tables than it may have.
    #[error("it asked for larger tables than it may have")]
    Table,
    /// It ran out of fuel.
    #[error("it ran out of fuel")]
    OutOfFuel,
    /// Its calls went too deep. (An engine that has not the memory which a module declares says the same.)
    #[error("its calls went too deep")]
    StackExhausted,
    /// It trapped by itself.
    #[error("it trapped")]
    Trapped,
    /// It called the host from inside a call that the host made.
    #[error("it called the host from inside the host's call")]
    Reentered,
    /// Its time was up.
    #[error("its time was up")]
    Late,
    /// There was nowhere to run it. The guest is not to blame.
    #[error("there is nowhere to run it: {0}")]
    NoCage(String),
}

/// Has every function and every loop of a module pay for its instructions before it runs them.
///
/// The module that comes out imports a counter, which whoever runs it must provide: see [`Here`] and [`Cage`].
/// When that falls below zero, the module traps. The price of an instruction is 1, and that of one which
/// works on a whole range of memory or table is [`BULK`]. An `if` pays for both of its branches.
///
/// # Errors
/// [`End::Malformed`]; [`End::NotGranted`] if it imports that counter already.
pub fn meter(module: &[u8]) -> Result<Vec<u8>, End> {
    rewrite(module, Rewriter::new(&[("fuel", ValType::I64)], None))
}

/// The price of an instruction that works on a range.
pub const BULK: i64 = 1000;

/// Gives every memory and table of a module a maximum, as the limits have it. One that asks for more at the
/// beginning is refused here, and one that asks later traps. (In a module that has a maximum of its own, no higher
/// than that, growth beyond it fails in WebAssembly's way: it gives -1, and the guest goes on.) The first table without a maximum takes
/// all that is left, so of several tables all but the last need one.
///
/// # Errors
/// [`End::Memory`] and [`End::Table`]; [`End::Malformed`] and [`End::NotGranted`] as with [`meter`].
pub fn cap(module: &[u8], limits: &Limits) -> Result<Vec<u8>, End> {
    let gauges = [("memory", ValType::I32), ("table", ValType::I32)];
    rewrite(module, Rewriter::new(&gauges, Some(limits)))
}

/// What a guest may use: nothing that takes memory which no limit counts (objects, exceptions), nothing that
/// waits for another thread.
const FEATURES: WasmFeatures = WasmFeatures::WASM2;

fn rewrite(module: &[u8], mut rewriter: Rewriter) -> Result<Vec<u8>, End> {
    let mut validator = Validator::new_with_features(FEATURES);
    validator.validate_all(module).map_err(|_| End::Malformed)?;
    let mut out = wasm_encoder::Module::new();
    match rewriter.parse_core_module(&mut out, Parser::new(0), module) {
        Ok(()) => Ok(out.finish()),
        Err(reencode::Error::UserError(end)) => Err(end),
        Err(_) => Err(End::Malformed),
    }
}

/// The module's name of all that watches over a guest.
const LIMITS: &str = "limits";

type Rewritten<T> = Result<T, reencode::Error<End>>;

/// Copies a module, with gauges in front of its globals.
struct Rewriter<'a> {
    gauges: &'a [(&'static str, ValType)],
    imported: bool,
    /// What to cap it to; otherwise it is to be metered.
    limits: Option<&'a Limits>,
    /// How many elements are given away.
    elements: u64,
    /// Whether the memory's maximum is ours.
    capped_memory: bool,
    /// The same of each table.
    capped_tables: Vec<bool>,
}

impl<'a> Rewriter<'a> {
    fn new(gauges: &'a [(&'static str, ValType)], limits: Option<&'a Limits>) -> Self {
        Self {
            gauges,
            imported: false,
            limits,
            elements: 0,
            capped_memory: false,
            capped_tables: Vec::new(),
        }
    }

    /// The gauge that notes what this comes to, if it may meet a maximum of ours.
    fn grows_to_a_cap(&self, operator: &Operator<'_>) -> Option<u32> {
        let capped = |table: &u32| self.capped_tables.get(*table as usize) == Some(&true);
        match operator {
            Operator::MemoryGrow { .. } if self.capped_memory => Some(0),
            Operator::TableGrow { table } if capped(table) => Some(1),
            _ => None,
        }
    }

    fn import_gauges(&mut self, imports: &mut ImportSection) {
        self.imported = true;
        for (name, val_type) in self.gauges {
            let global = GlobalType {
                val_type: *val_type,
                mutable: true,
                shared: false,
            };
            imports.import(LIMITS, name, EntityType::Global(global));
        }
    }
}

impl Reencode for Rewriter<'_> {
    type Error = End;

    /// The gauges come first, so a guest's own numbers reach none of them.
    fn global_index(&mut self, global: u32) -> Rewritten<u32> {
        Ok(global + self.gauges.len() as u32)
    }

    fn parse_import_section(
        &mut self,
        imports: &mut ImportSection,
        section: wasmparser::ImportSectionReader<'_>,
    ) -> Rewritten<()> {
        self.import_gauges(imports);
        for import in section.clone().into_imports() {
            let import = import?;
            let ours = |(name, _): &(&str, _)| import.module == LIMITS && import.name == *name;
            if self.gauges.iter().any(ours) {
                let (module, name) = (import.module.to_owned(), import.name.to_owned());
                return Err(reencode::Error::UserError(End::NotGranted { module, name }));
            }
        }
        utils::parse_import_section(self, imports, section)
    }

    /// A module that imports nothing has no such section.
    fn intersperse_section_hook(
        &mut self,
        module: &mut wasm_encoder::Module,
        _after: Option<SectionId>,
        before: Option<SectionId>,
    ) -> Rewritten<()> {
        let early = matches!(
            before,
            Some(SectionId::Type | SectionId::Import | SectionId::Custom)
        );
        if !self.imported && !early {
            let mut imports = ImportSection::new();
            self.import_gauges(&mut imports);
            module.section(&imports);
        }
        Ok(())
    }

    /// Names and other notes, which no engine needs.
    fn parse_custom_section(
        &mut self,
        _module: &mut wasm_encoder::Module,
        _section: wasmparser::CustomSectionReader<'_>,
    ) -> Rewritten<()> {
        Ok(())
    }

    fn memory_type(
        &mut self,
        memory: wasmparser::MemoryType,
    ) -> Rewritten<wasm_encoder::MemoryType> {
        let mut memory = utils::memory_type(self, memory);
        if let Some(limits) = self.limits {
            // A memory has no more than that, and a maximum beyond it is not valid.
            let most = u64::from(limits.pages).min(1 << 16);
            let (maximum, capped) = capped(memory.minimum, memory.maximum, most, End::Memory)?;
            memory.maximum = Some(maximum);
            self.capped_memory = capped;
        }
        Ok(memory)
    }

    /// The tables share: each takes its maximum, and one that has none takes all that is left.
    fn table_type(&mut self, table: wasmparser::TableType) -> Rewritten<wasm_encoder::TableType> {
        let mut table = utils::table_type(self, table)?;
        if let Some(limits) = self.limits {
            let most = u64::from(limits.elements) - self.elements;
            let (maximum, capped) = capped(table.minimum, table.maximum, most, End::Table)?;
            table.maximum = Some(maximum);
            self.elements += maximum;
            self.capped_tables.push(capped);
        }
        Ok(table)
    }

    fn parse_function_body(
        &mut self,
        code: &mut wasm_encoder::CodeSection,
        body: FunctionBody<'_>,
    ) -> Rewritten<()> {
        let mut function = self.new_function_with_parsed_locals(&body)?;
        let operators: Vec<_> = body
            .get_operators_reader()?
            .into_iter()
            .collect::<Result<_, _>>()?;
        let mut prices = prices(&operators).into_iter();
        if self.limits.is_none() {
            pay(&mut function, prices.next().unwrap_or_default());
        }
        for operator in operators {
            let (is_loop, grown) = (
                matches!(operator, Operator::Loop { .. }),
                self.grows_to_a_cap(&operator),
            );
            function.instruction(&self.instruction(operator)?);
            if let Some(gauge) = grown {
                check(&mut function, gauge);
            }
            if is_loop && self.limits.is_none() {
                pay(&mut function, prices.next().unwrap_or_default());
            }
        }
        code.function(&function);
        Ok(())
    }
}

/// The maximum of something that has this minimum and perhaps a maximum of its own, and whether it is ours.
fn capped(minimum: u64, maximum: Option<u64>, most: u64, end: End) -> Rewritten<(u64, bool)> {
    match maximum {
        _ if minimum > most => Err(reencode::Error::UserError(end)),
        Some(maximum) if maximum <= most => Ok((maximum, false)),
        _ => Ok((most, true)),
    }
}

/// What a function's own instructions cost, and those of each loop in it, without those of the loops inside.
fn prices(operators: &[Operator<'_>]) -> Vec<i64> {
    let mut prices = vec![0];
    // For each block that is open, whose instructions it holds.
    let mut open = vec![0];
    for operator in operators {
        let payer = open.last().copied().unwrap_or_default();
        prices[payer] += match operator {
            Operator::MemoryCopy { .. }
            | Operator::MemoryFill { .. }
            | Operator::MemoryInit { .. }
            | Operator::MemoryGrow { .. }
            | Operator::TableCopy { .. }
            | Operator::TableFill { .. }
            | Operator::TableInit { .. }
            | Operator::TableGrow { .. } => BULK,
            _ => 1,
        };
        match operator {
            Operator::Loop { .. } => {
                open.push(prices.len());
                prices.push(0);
            }
            Operator::Block { .. } | Operator::If { .. } => open.push(payer),
            Operator::End => {
                open.pop();
            }
            _ => {}
        }
    }
    prices
}

/// `fuel -= price; if fuel < 0 { unreachable }`. The fuel is the first of all globals.
fn pay(function: &mut wasm_encoder::Function, price: i64) {
    function
        .instructions()
        .global_get(0)
        .i64_const(price)
        .i64_sub()
        .global_set(0)
        .global_get(0)
        .i64_const(0)
        .i64_lt_s()
        .if_(BlockType::Empty)
        .unreachable()
        .end();
}

/// What growth came to is noted, and if that is -1 the guest ends.
fn check(function: &mut wasm_encoder::Function, gauge: u32) {
    function
        .instructions()
        .global_set(gauge)
        .global_get(gauge)
        .i32_const(-1)
        .i32_eq()
        .if_(BlockType::Empty)
        .unreachable()
        .end()
        .global_get(gauge);
}

/// What is watched of a guest that runs on this thread.
#[derive(Debug, Clone)]
struct Gauges {
    fuel: Global,
    memory: Global,
    table: Global,
}

impl Gauges {
    fn new() -> Result<Self, JsValue> {
        let gauge = |of: &str, value: &JsValue| {
            let kind = object(&[("value", &of.into()), ("mutable", &true.into())])?;
            Global::new(&kind, value)
        };
        Ok(Self {
            fuel: gauge("i64", &BigInt::from(i64::MAX))?,
            memory: gauge("i32", &0.into())?,
            table: gauge("i32", &0.into())?,
        })
    }

    /// How a guest ended that threw this, or had it thrown.
    fn end(&self, thrown: &JsValue) -> End {
        let is = |gauge: &Global, value: f64| gauge.value().as_f64() == Some(value);
        let empty = i64::try_from(self.fuel.value()).is_ok_and(|fuel| fuel < 0);
        let error = thrown.dyn_ref::<Error>().map(Error::name);
        match error.map(String::from).as_deref() {
            _ if empty => End::OutOfFuel,
            _ if is(&self.memory, -1.0) => End::Memory,
            _ if is(&self.table, -1.0) => End::Table,
            Some("RangeError" | "InternalError") => End::StackExhausted,
            Some("CompileError" | "LinkError") => End::Malformed,
            _ => End::Trapped,
        }
    }
}

type CallBack = dyn Fn() -> Result<JsValue, JsValue>;

/// Runs one guest on this very thread.
///
/// It gives a guest what it imports of `host` and of `limits`. Until [`fill`](Self::fill) says otherwise there is no end
/// of fuel.
#[derive(Debug)]
pub struct Here {
    gauges: Gauges,
    host: Object,
    instance: Rc<RefCell<Option<Instance>>>,
    _wait: Closure<dyn Fn(f64)>,
    _call_back: Closure<CallBack>,
}

impl Here {
    /// Room for a guest.
    ///
    /// # Errors
    /// [`End::NoCage`] where there is no WebAssembly.
    pub fn new() -> Result<Self, End> {
        Self::make().map_err(|error| End::NoCage(words(&error)))
    }

    fn make() -> Result<Self, JsValue> {
        let instance = Rc::<RefCell<Option<Instance>>>::default();
        let guest = Rc::clone(&instance);
        let wait = Closure::<dyn Fn(f64)>::new(|milliseconds| {
            let start = now();
            while now() - start < milliseconds {}
        });
        let call_back = Closure::<CallBack>::new(move || {
            let instance = guest.borrow().clone().ok_or("it has not started yet")?;
            export(&instance, "back")?.call0(&JsValue::UNDEFINED)
        });
        Ok(Self {
            gauges: Gauges::new()?,
            host: object(&[("wait", wait.as_ref()), ("call_back", call_back.as_ref())])?,
            instance,
            _wait: wait,
            _call_back: call_back,
        })
    }

    /// Sets the fuel that is left.
    pub fn fill(&self, fuel: u64) {
        self.gauges.fuel.set_value(&tank(fuel).into());
    }

    /// Compiles a module and starts it: if it has a start function, that runs now.
    ///
    /// # Errors
    /// How the guest ended, if it did. What it may not import it is refused before anything of it runs.
    pub fn load(&self, module: &[u8]) -> Result<(), End> {
        let module = Module::new(&Uint8Array::from(module)).map_err(|_| End::Malformed)?;
        for import in Module::imports(&module).iter() {
            let text = |key: &str| Reflect::get(&import, &key.into()).ok()?.as_string();
            let [first, second, kind] =
                ["module", "name", "kind"].map(|key| text(key).unwrap_or_default());
            let granted = GRANTS.contains(&(first.as_str(), second.as_str(), kind.as_str()));
            if !granted {
                return Err(End::NotGranted {
                    module: first,
                    name: second,
                });
            }
        }
        let gauges = &self.gauges;
        let instance = || {
            let limits = object(&[
                ("fuel", &gauges.fuel),
                ("memory", &gauges.memory),
                ("table", &gauges.table),
            ])?;
            Instance::new(
                &module,
                &object(&[("host", &self.host), (LIMITS, &limits)])?,
            )
        };
        let instance = instance().map_err(|thrown| gauges.end(&thrown))?;
        *self.instance.borrow_mut() = Some(instance);
        Ok(())
    }

    /// Calls the guest's `run`.
    ///
    /// # Errors
    /// How the guest ended, if it did.
    pub fn call(&self) -> Result<i32, End> {
        let instance = self.instance.borrow().clone().ok_or(End::Malformed)?;
        let run = export(&instance, "run").map_err(|_| End::Malformed)?;
        let answer = run.call0(&JsValue::UNDEFINED);
        let answer = answer.map_err(|thrown| self.gauges.end(&thrown))?;
        Ok(answer.as_f64().ok_or(End::Malformed)? as i32)
    }
}

/// What a guest may import: two functions, and its gauges.
const GRANTS: [(&str, &str, &str); 5] = [
    ("host", "wait", "function"),
    ("host", "call_back", "function"),
    (LIMITS, "fuel", "global"),
    (LIMITS, "memory", "global"),
    (LIMITS, "table", "global"),
];

/// The same in a worker. `LOCK` is put in front. A lock is held for as long as the thread lives, so one can see
/// whether it does.
const SCRIPT: &str = r#"
const locked = new Promise((locked) => {
  if (!self.navigator.locks) return locked();
  // In a sandboxed frame they are there and refused.
  navigator.locks.request(LOCK, () => (locked(), new Promise(() => {}))).catch(locked);
});
const gauge = (value, first) => new WebAssembly.Global({ value, mutable: true }, first);
const limits = { fuel: gauge("i64", 2n ** 63n - 1n), memory: gauge("i32", 0), table: gauge("i32", 0) };
const reentered = new Error("called from inside a call");
let instance;
let inside = false;
const host = {
  wait(milliseconds) {
    const start = performance.now();
    while (performance.now() - start < milliseconds);
  },
  call_back() {
    if (inside) throw reentered;
    if (!instance) throw new Error("it has not started yet");
    inside = true;
    const answer = instance.exports.back();
    inside = false;
    return answer;
  },
};
const kinds = { host: "function", limits: "global" };
const commands = {
  load(bytes) {
    const compiled = new WebAssembly.Module(bytes);
    for (const { module, name, kind } of WebAssembly.Module.imports(compiled)) {
      const granted = Object.hasOwn(kinds, module) && kinds[module] === kind && Object.hasOwn({ host, limits }[module], name);
      if (!granted) throw { end: "import", module, name };
    }
    instance = new WebAssembly.Instance(compiled, { host, limits });
  },
  call() {
    if (typeof instance.exports.run !== "function") throw { end: "malformed" };
    return instance.exports.run();
  },
};
function endOf(error) {
  if (limits.fuel.value < 0n) return { end: "fuel" };
  if (limits.memory.value === -1) return { end: "memory" };
  if (limits.table.value === -1) return { end: "table" };
  if (error === reentered) return { end: "reentered" };
  if (error.end) return error;
  if (error instanceof RangeError || error.name === "InternalError") return { end: "stack" };
  if (error instanceof WebAssembly.CompileError || error instanceof WebAssembly.LinkError) return { end: "malformed" };
  return { end: "trapped" };
}
self.onmessage = async ({ data: [command, value] }) => {
  await locked;
  if (command === "fill") {
    limits.fuel.value = value;
    return;
  }
  try {
    self.postMessage({ value: commands[command](value) });
  } catch (error) {
    self.postMessage(endOf(error));
  }
};
"#;

/// Runs one guest in a worker: another thread, with a memory of its own.
///
/// It gives a guest what [`Here`] gives, and does not let it re-enter. The worker runs until it is terminated: dropping a
/// `Cage` only lets go of a handle, as dropping a [`Worker`] does. And to terminate is not to stop: a thread that is
/// inside WebAssembly may go on for a while, or for ever, as its engine likes.
#[derive(Debug)]
pub struct Cage {
    worker: Worker,
}

impl Cage {
    /// Starts a worker.
    ///
    /// # Errors
    /// [`End::NoCage`] where none may start.
    pub fn open() -> Result<Self, End> {
        let open = || {
            let name = JsString::from(format!("{}{}", lock(), js_sys::Math::random()));
            let script = format!("\"use strict\";\nconst LOCK = \"{name}\";{SCRIPT}");
            let blob = Blob::new_with_str_sequence(&Array::of1(&script.into()))?;
            let url = Url::create_object_url_with_blob(&blob)?;
            let worker = Worker::new(&url);
            // The worker has its script, and a page that starts many must not keep them all.
            Url::revoke_object_url(&url)?;
            worker
        };
        let worker = open().map_err(|error| End::NoCage(words(&error)))?;
        Ok(Self { worker })
    }

    /// Sets the fuel that is left. Until then there is no end of it.
    pub fn fill(&self, fuel: u64) {
        // A string and a number can always be sent.
        let _ = self.post("fill", &tank(fuel).into());
    }

    /// Has the worker compile a module and start it: if it has a start function, that runs now.
    ///
    /// # Errors
    /// How the guest ended, if it did. What it may not import it is refused before anything of it runs.
    pub async fn load(&self, module: &[u8]) -> Result<(), End> {
        self.ask("load", &Uint8Array::from(module)).await.map(drop)
    }

    /// Has it call the guest's `run`.
    ///
    /// # Errors
    /// How the guest ended, if it did.
    pub async fn call(&self) -> Result<i32, End> {
        let answer = self.ask("call", &JsValue::UNDEFINED).await?;
        Ok(answer.as_f64().ok_or(End::Malformed)? as i32)
    }

    /// Terminates the worker.
    pub fn terminate(&self) {
        self.worker.terminate();
    }

    fn post(&self, command: &str, value: &JsValue) -> Result<(), JsValue> {
        self.worker
            .post_message(&Array::of2(&command.into(), value))
    }

    async fn ask(&self, command: &str, value: &JsValue) -> Result<JsValue, End> {
        let answer = Promise::with_resolvers();
        let heard: JsFuture = answer.promise().into();
        // A promise that never settles would keep what waits for it.
        let settle = Settle(answer.resolve().unchecked_into());
        self.worker.set_onmessage(Some(&settle.0));
        self.worker.set_onerror(Some(&settle.0));
        self.post(command, value)
            .map_err(|error| End::NoCage(words(&error)))?;
        let event = heard.await.unwrap_or_default();
        let Some(event) = event.dyn_ref::<MessageEvent>() else {
            return Err(End::NoCage("the worker could not start".to_owned()));
        };
        let (data, text) = (event.data(), |key: &str| {
            Reflect::get(&event.data(), &key.into()).ok()?.as_string()
        });
        Err(match text("end").as_deref() {
            None => return Ok(Reflect::get(&data, &"value".into()).unwrap_or_default()),
            Some("fuel") => End::OutOfFuel,
            Some("memory") => End::Memory,
            Some("table") => End::Table,
            Some("reentered") => End::Reentered,
            Some("stack") => End::StackExhausted,
            Some("malformed") => End::Malformed,
            Some("import") => End::NotGranted {
                module: text("module").unwrap_or_default(),
                name: text("name").unwrap_or_default(),
            },
            Some(_) => End::Trapped,
        })
    }
}

/// How many workers live that this thread has opened as a [`Cage`], those among them that were terminated and have not
/// stopped. `None` where the page may not hold locks, by which they are counted.
pub async fn running() -> Option<usize> {
    let navigator = Reflect::get(&js_sys::global(), &"navigator".into()).ok()?;
    let locks = Reflect::get(&navigator, &"locks".into()).ok()?;
    let query: Function = Reflect::get(&locks, &"query".into())
        .ok()?
        .dyn_into()
        .ok()?;
    let state: Promise = query.call0(&locks).ok()?.dyn_into().ok()?;
    let state = JsFuture::from(state).await.ok()?;
    let held: Array = Reflect::get(&state, &"held".into()).ok()?.dyn_into().ok()?;
    let ours = |held: &JsValue| {
        let name = Reflect::get(held, &"name".into()).ok()?.as_string()?;
        name.starts_with(&lock()).then_some(())
    };
    Some(held.iter().filter_map(|held| ours(&held)).count())
}

/// What `work` comes to, or `None` if it does not come to an end in time. Then it has been dropped.
pub async fn within<W: Future>(time: Duration, work: W) -> Option<W::Output> {
    struct Timer(JsValue);
    impl Drop for Timer {
        fn drop(&mut self) {
            clear_timeout(&self.0);
        }
    }
    let over = Promise::with_resolvers();
    let fired: JsFuture = over.promise().into();
    let milliseconds = time.as_secs_f64() * 1e3;
    let settle = Settle(over.resolve().unchecked_into());
    let longest = f64::from(i32::MAX);
    let _timer = Timer(set_timeout(&settle.0, milliseconds.ceil().min(longest)));
    let (mut work, mut fired) = (pin!(work), pin!(fired));
    poll_fn(|context| match work.as_mut().poll(context) {
        Poll::Ready(output) => Poll::Ready(Some(output)),
        Poll::Pending => fired.as_mut().poll(context).map(|_| None),
    })
    .await
}

/// Settles a promise at the latest when it is dropped.
struct Settle(Function);

impl Drop for Settle {
    fn drop(&mut self) {
        let _ = self.0.call0(&JsValue::UNDEFINED);
    }
}

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_namespace = performance)]
    fn now() -> f64;
    #[wasm_bindgen(js_name = setTimeout)]
    fn set_timeout(callback: &Function, milliseconds: f64) -> JsValue;
    #[wasm_bindgen(js_name = clearTimeout)]
    fn clear_timeout(id: &JsValue);
}

/// How the names of this thread's locks begin.
fn lock() -> String {
    thread_local! {
        static THREAD: Cell<f64> = Cell::new(js_sys::Math::random());
    }
    format!("cage {} ", THREAD.get())
}

/// Fuel as a counter that goes below zero.
fn tank(fuel: u64) -> i64 {
    i64::try_from(fuel).unwrap_or(i64::MAX)
}

fn export(instance: &Instance, name: &str) -> Result<Function, JsValue> {
    Reflect::get(&instance.exports(), &name.into())?.dyn_into()
}

fn object(entries: &[(&str, &JsValue)]) -> Result<Object, JsValue> {
    let entry = |(name, value): &(&str, &JsValue)| Array::of2(&(*name).into(), value);
    Object::from_entries(&entries.iter().map(entry).collect::<Array>())
}

fn words(error: &JsValue) -> String {
    let error = error.dyn_ref::<Error>();
    error.map_or("not allowed".to_owned(), |error| {
        String::from(error.message())
    })
}
