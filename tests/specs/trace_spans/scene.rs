//! A tracer on a clock that the spec turns, and futures that the spec polls by hand.

use std::{
    cell::Cell,
    future::poll_fn,
    pin::{Pin, pin},
    rc::Rc,
    task::{Context, Poll, Waker},
};

use crate::zone::Tracer;
use contract::{Clock, Log, Record, Status};
use js_sys::Promise;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;

/// The step of the spec's clock in most tests, in milliseconds.
pub const STEP: f64 = 1.0;

/// A tracer, its log, and the time that its clock shows.
pub struct Scene {
    pub tracer: Tracer,
    pub log: Log,
    time: Rc<Cell<f64>>,
}

impl Scene {
    /// The clock stands still until it is turned.
    pub fn new() -> Self {
        Self::with_step(STEP)
    }

    pub fn with_step(step: f64) -> Self {
        let time = Rc::new(Cell::new(1_000.0));
        let clock = Clock::new(
            {
                let time = Rc::clone(&time);
                move || time.get()
            },
            step,
        );
        Self::on(clock, time)
    }

    /// Each reading is a step later than the one before.
    pub fn ticking() -> Self {
        let time = Rc::new(Cell::new(1_000.0));
        let clock = Clock::new(
            {
                let time = Rc::clone(&time);
                move || time.replace(time.get() + STEP)
            },
            STEP,
        );
        Self::on(clock, time)
    }

    /// The browser's own clock.
    pub fn real() -> Self {
        Self::on(Clock::performance(), Rc::default())
    }

    fn on(clock: Clock, time: Rc<Cell<f64>>) -> Self {
        let log = Log::new(clock);
        let tracer = Tracer::new(log.clone());
        Self { tracer, log, time }
    }

    /// Lets so many milliseconds go by.
    pub fn pass(&self, millis: f64) {
        self.time.set(self.time.get() + millis);
    }

    pub fn set(&self, reading: f64) {
        self.time.set(reading);
    }

    /// The one span of this name.
    pub fn span(&self, name: &str) -> Record {
        let records = self.log.records();
        let mut found = records.iter().filter(|record| record.name == name);
        let record = found.next().unwrap_or_else(|| {
            let names: Vec<_> = records.iter().map(|record| &record.name).collect();
            panic!("there is no span {name:?} in the log, only {names:?}: open it when the work is first polled")
        });
        assert!(
            found.next().is_none(),
            "the log has two spans {name:?} for one piece of work: it is opened once, not at each poll"
        );
        record.clone()
    }

    /// How the span of this name ended; `None` while it is open.
    pub fn status(&self, name: &str) -> Option<Status> {
        self.span(name).closed.map(|(_, status)| status)
    }

    /// What the parent of this span is called.
    pub fn parent(&self, name: &str) -> Option<String> {
        let parent = self.span(name).parent?;
        let records = self.log.records();
        let found = records.iter().find(|record| record.id == parent);
        Some(found.map_or_else(
            || "a span of another log".into(),
            |record| record.name.clone(),
        ))
    }
}

/// Polls once; nobody needs to be woken, for the spec polls again by itself.
pub fn poll_once<F: Future>(task: Pin<&mut F>) -> Poll<F::Output> {
    task.poll(&mut Context::from_waker(Waker::noop()))
}

/// Polls a task that cannot be done yet.
pub fn begin<F: Future>(task: Pin<&mut F>) {
    assert!(
        poll_once(task).is_pending(),
        "work that waits has an answer: poll the work, and pass on what it says"
    );
}

/// Polls a task that must be done now.
pub fn end<F: Future>(task: Pin<&mut F>) -> F::Output {
    match poll_once(task) {
        Poll::Ready(answer) => answer,
        Poll::Pending => panic!(
            "the work was ready at its last poll, and the span's future is not: each poll must poll the work"
        ),
    }
}

/// Is pending once, so that the spec has a turn.
pub async fn turn() {
    let mut begun = false;
    poll_fn(|_| {
        if begun {
            return Poll::Ready(());
        }
        begun = true;
        Poll::Pending
    })
    .await;
}

/// Does `work` and lets the clock go by in it.
pub async fn turns(count: usize) {
    for _ in 0..count {
        turn().await;
    }
}

/// Polls two tasks in turns until both are done.
pub async fn both(a: impl Future<Output = ()>, b: impl Future<Output = ()>) {
    let (mut a, mut b) = (pin!(a), pin!(b));
    let (mut a_done, mut b_done) = (false, false);
    poll_fn(|cx| {
        a_done = a_done || a.as_mut().poll(cx).is_ready();
        b_done = b_done || b.as_mut().poll(cx).is_ready();
        if a_done && b_done {
            return Poll::Ready(());
        }
        Poll::Pending
    })
    .await;
}

/// A timer of the browser.
pub async fn timer(millis: i32) {
    let promise = Promise::new(&mut |resolve, _| {
        later(&resolve, millis);
    });
    JsFuture::from(promise).await.unwrap();
}

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_name = setTimeout)]
    fn later(callback: &js_sys::Function, millis: i32) -> JsValue;
}
