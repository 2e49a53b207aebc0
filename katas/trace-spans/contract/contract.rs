//! What is given: a clock, a log of spans with its exports, and a way to meet a panic.
//! And what a `Tracer` must keep to.
//!
//! `run(name, work)` makes a future that does `work` within a span of this name, and answers what
//! `work` answers. `call(name, work)` does the same for a closure.
//!
//! - The span begins when the work does: at the first poll. A future that is never polled leaves none.
//! - It ends when the work does, and says how ([`Status`]). Whatever is `Ready` or returned is
//!   [`Status::Done`], be it by `?` or an early return. A future that is dropped before is
//!   [`Status::Cancelled`]. Work that panics is [`Status::Panicked`], and so is all work that the panic goes through on its way
//!   to whoever catches it; what JavaScript throws counts as one. It goes on as it is. Nobody polls again what panicked.
//! - Its parent is the span that was running where `run` or `call` was *called*, in this tracer or a clone of
//!   it. A span runs while its closure does, or while its future is being polled, and not in between. So
//!   futures that are polled in turns, or handed to an executor, keep their parents.
//! - A span ends no earlier than its children that live inside its work, even if all are dropped at once, or if the
//!   work still holds them when it is ready.
//!
//! `length(record)` says how long a span took, or that the clock is too coarse to tell: it has not moved ([`Length`]).
//! `None` says that the span is open.

use std::{cell::RefCell, num::NonZeroU32, rc::Rc};

use js_sys::{Array, JSON, Object, Reflect};
use wasm_bindgen::prelude::*;

/// How a span ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    /// The work came to its end, with whatever answer.
    Done,
    /// The work was dropped before its end.
    Cancelled,
    /// The work panicked.
    Panicked,
}

/// How long a span took.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Length {
    /// So many milliseconds, give or take one step of the clock.
    Millis(f64),
    /// The clock did not step meanwhile: it took less than that, or no time at all.
    BelowResolution,
}

/// Which span, in its log. They count from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct SpanId(NonZeroU32);

/// A span, as it is logged.
#[derive(Debug, Clone, PartialEq)]
pub struct Record {
    /// Which span.
    pub id: SpanId,
    /// The span that it is a child of, if it is one.
    pub parent: Option<SpanId>,
    /// What the work is called. Several spans may have the same name.
    pub name: String,
    /// The clock's reading when it was opened, in milliseconds.
    pub start: f64,
    /// The clock's reading when it was closed, in milliseconds, and how it ended; `None` while it is open.
    pub closed: Option<(f64, Status)>,
}

/// A clock in milliseconds, and its step.
#[derive(Clone)]
pub struct Clock {
    now: Rc<dyn Fn() -> f64>,
    step: f64,
}

impl Clock {
    /// A clock that reads `now` and moves in steps of `step` milliseconds. Each reading is a multiple of the
    /// step, but for the rounding of `f64`: 0.2 and 0.3 are one step of 0.1 apart.
    pub fn new(now: impl Fn() -> f64 + 'static, step: f64) -> Self {
        Self {
            now: Rc::new(now),
            step,
        }
    }

    /// `performance.now()`, with the step that it has here and now: the smallest of a few that it makes. Where it
    /// does not move while code runs, the step is infinite: there it may still move while code waits.
    ///
    /// It spins for nine steps, which is 9 ms where a step is 1 ms. So make one clock, and not one for each span.
    pub fn performance() -> Self {
        Self::new(now, measured_step())
    }

    /// Milliseconds since some moment.
    pub fn now(&self) -> f64 {
        (self.now)()
    }

    /// The least by which two different readings differ.
    pub fn step(&self) -> f64 {
        self.step
    }
}

fn measured_step() -> f64 {
    const STEPS: usize = 8;
    // Of one and the same time: ten milliseconds or so, and more than a step of any browser's.
    const READINGS: usize = 50_000;
    let (mut least, mut seen, mut last, mut same) = (f64::INFINITY, 0, now(), 0);
    while seen <= STEPS && same < READINGS {
        let reading = now();
        same += 1;
        if reading > last {
            // The first one may have begun before.
            if seen > 0 {
                least = least.min(reading - last);
            }
            (seen, last, same) = (seen + 1, reading, 0);
        }
    }
    least
}

/// All spans, in the order in which they were opened. A clone is the same log. It keeps each of them for ever.
#[derive(Clone)]
pub struct Log {
    clock: Clock,
    records: Rc<RefCell<Vec<Record>>>,
}

impl Log {
    /// An empty one, which reads this clock.
    pub fn new(clock: Clock) -> Self {
        Self {
            clock,
            records: Rc::default(),
        }
    }

    /// The clock that it reads.
    pub fn clock(&self) -> &Clock {
        &self.clock
    }

    /// Opens a span now.
    pub fn open(&self, name: &str, parent: Option<SpanId>) -> SpanId {
        let start = self.clock.now();
        let mut records = self.records.borrow_mut();
        let count = u32::try_from(records.len()).unwrap_or(u32::MAX);
        let id = SpanId(NonZeroU32::MIN.saturating_add(count));
        records.push(Record {
            id,
            parent,
            name: name.to_owned(),
            start,
            closed: None,
        });
        id
    }

    /// Closes a span now, and makes it a measure of the browser's User Timing. The first time counts: a span that
    /// is closed stays as it is.
    pub fn close(&self, span: SpanId, status: Status) {
        let end = self.clock.now();
        let mut records = self.records.borrow_mut();
        let index = usize::try_from(span.0.get() - 1).unwrap_or(usize::MAX);
        let Some(record) = records.get_mut(index) else {
            return;
        };
        if record.closed.is_none() {
            record.closed = Some((end, status));
            let detail = object(&details(record));
            let range = [
                ("start", record.start.into()),
                ("end", end.into()),
                ("detail", detail.into()),
            ];
            // A browser without User Timing shows none; the log has them all the same.
            let _ = measure(&record.name, &object(&range));
        }
    }

    /// What is logged so far.
    pub fn records(&self) -> Vec<Record> {
        self.records.borrow().clone()
    }

    /// The closed spans as JSON in Chrome's trace event format, which Perfetto and `chrome://tracing` open.
    ///
    /// Times are in whole microseconds there. The events of one thread must nest, and spans of interleaved tasks do not. So each
    /// span stands in its parent's lane if it fits in there, or in a lane of its own: what a `tid` is here.
    pub fn chrome_trace(&self) -> String {
        let mut records = self.records();
        records.retain(|record| record.closed.is_some());
        let events = Array::new();
        for (record, lane) in records.iter().zip(lanes(&records)) {
            let (start, end) = micros(record);
            events.push(&object(&[
                ("name", record.name.as_str().into()),
                ("cat", "span".into()),
                ("ph", "X".into()),
                ("ts", start.into()),
                ("dur", (end - start).into()),
                ("pid", 1.into()),
                ("tid", lane.into()),
                ("args", object(&details(record)).into()),
            ]));
        }
        let trace = object(&[
            ("traceEvents", events.into()),
            ("displayTimeUnit", "ms".into()),
        ]);
        // Cannot fail: there are only numbers and texts in it.
        JSON::stringify(&trace).map_or_else(|_| String::new(), String::from)
    }
}

/// The lane of each span, counted from 1: its parent's if it fits in there, or one that is free.
fn lanes(records: &[Record]) -> Vec<u32> {
    // The spans of each lane that are not over yet, the innermost last.
    let mut lanes: Vec<Vec<(f64, SpanId)>> = Vec::new();
    let mut chosen = Vec::with_capacity(records.len());
    for record in records {
        let (start, end) = micros(record);
        for lane in &mut lanes {
            while lane.last().is_some_and(|&(to, _)| to <= start) {
                lane.pop();
            }
        }
        let parents = lanes.iter().position(|lane| {
            let innermost = lane.last();
            innermost.is_some_and(|&(to, id)| end <= to && record.parent == Some(id))
        });
        let fits = parents.or_else(|| lanes.iter().position(Vec::is_empty));
        let lane = fits.unwrap_or_else(|| {
            lanes.push(Vec::new());
            lanes.len() - 1
        });
        lanes[lane].push((end, record.id));
        chosen.push(u32::try_from(lane).map_or(u32::MAX, |lane| lane + 1));
    }
    chosen
}

fn micros(record: &Record) -> (f64, f64) {
    let end = record.closed.map_or(record.start, |(end, _)| end);
    ((record.start * 1000.0).round(), (end * 1000.0).round())
}

fn details(record: &Record) -> [(&'static str, JsValue); 3] {
    let parent = record.parent.map(|parent| parent.0.get());
    let status = record.closed.map(|(_, status)| format!("{status:?}"));
    [
        ("span", record.id.0.get().into()),
        ("parent", parent.map_or(JsValue::NULL, JsValue::from)),
        ("status", status.map_or(JsValue::NULL, JsValue::from)),
    ]
}

fn object(fields: &[(&str, JsValue)]) -> Object {
    let object = Object::new();
    for (name, value) in fields {
        // Cannot fail: the object is plain and new.
        let _ = Reflect::set(&object, &(*name).into(), value);
    }
    object
}

/// Does `work` and answers what it answers, or what it threw.
///
/// A panic ends in a trap here, and nothing is unwound: the functions between the panic and the browser's
/// event loop do not return, and no `Drop` of theirs runs. But JavaScript can catch a trap, so `work` is called
/// by way of JavaScript. Whoever is not the one to handle it hands it on by [`wasm_bindgen::throw_val`].
///
/// # Errors
/// The exception: a `WebAssembly.RuntimeError` after a panic, anything at all if JavaScript threw it.
pub fn caught<T>(work: impl FnOnce() -> T) -> Result<T, JsValue> {
    let mut work = Some(work);
    let mut answer = None;
    let mut once = || answer = work.take().map(|work| work());
    apply(&mut once, &JsValue::UNDEFINED, &Array::new())?;
    answer.ok_or(JsValue::UNDEFINED)
}

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_namespace = performance)]
    fn now() -> f64;

    #[wasm_bindgen(catch, js_namespace = performance)]
    fn measure(name: &str, range: &Object) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(catch, js_namespace = Reflect)]
    fn apply(work: &mut dyn FnMut(), this: &JsValue, arguments: &Array)
    -> Result<JsValue, JsValue>;
}
