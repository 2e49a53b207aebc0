//! Spans around work, so that one sees where the time goes.

#[doc(inline)]
pub use contract::*;

use std::cell::{Cell, RefCell};

use wasm_bindgen::throw_val;

thread_local! {
    /// The spans that are open, the innermost last.
    static OPEN: RefCell<Vec<SpanId>> = const { RefCell::new(Vec::new()) };
}

/// Does work within spans. A clone is the same tracer.
#[derive(Clone)]
pub struct Tracer {
    log: Log,
}

impl Tracer {
    /// A tracer that writes to this log.
    pub fn new(log: Log) -> Self {
        Self { log }
    }

    /// Does `work` within a span, a child of the one that is running where `run`
    /// is called.
    ///
    /// The span begins at the first poll. If the future is dropped after that, it
    /// is [`Status::Cancelled`].
    ///
    /// # Panics
    /// If `work` does; the span is [`Status::Panicked`] then.
    pub fn run<F: Future>(&self, name: &str, work: F) -> impl Future<Output = F::Output> + use<F> {
        let tracer = self.clone();
        let name = name.to_owned();
        async move {
            let span = tracer.open(&name);
            let answer = work.await;
            span.status.set(Status::Done);
            answer
        }
    }

    /// Does `work` within a span, a child of the one that is running.
    ///
    /// # Panics
    /// If `work` does; the span is [`Status::Panicked`] then.
    pub fn call<T>(&self, name: &str, work: impl FnOnce() -> T) -> T {
        let span = self.open(name);
        match caught(work) {
            Ok(answer) => {
                span.status.set(Status::Done);
                answer
            }
            Err(thrown) => {
                span.status.set(Status::Panicked);
                drop(span);
                throw_val(thrown)
            }
        }
    }

    /// How long a span took, or `None` while it is open.
    pub fn length(&self, record: &Record) -> Option<Length> {
        let (end, _) = record.closed?;
        Some(if end > record.start {
            Length::Millis(end - record.start)
        } else {
            Length::BelowResolution
        })
    }

    fn open(&self, name: &str) -> Open {
        let parent = OPEN.with_borrow(|open| open.last().copied());
        let id = self.log.open(name, parent);
        OPEN.with_borrow_mut(|open| open.push(id));
        Open {
            log: self.log.clone(),
            id,
            status: Cell::new(Status::Cancelled),
        }
    }
}

/// An open span. It ends when it is dropped.
struct Open {
    log: Log,
    id: SpanId,
    status: Cell<Status>,
}

impl Drop for Open {
    fn drop(&mut self) {
        OPEN.with_borrow_mut(|open| open.retain(|id| *id != self.id));
        self.log.close(self.id, self.status.get());
    }
}
