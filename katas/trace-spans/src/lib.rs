//! Spans around work, so that one sees where the time goes.

#[doc(inline)]
pub use contract::*;

use std::{cell::RefCell, rc::Rc};

/// Does work within spans. A clone is the same tracer.
#[derive(Clone)]
pub struct Tracer {
    log: Log,
    /// The spans that are running, the innermost last.
    running: Rc<RefCell<Vec<SpanId>>>,
}

impl Tracer {
    /// A tracer that writes to this log.
    pub fn new(log: Log) -> Self {
        Self {
            log,
            running: Rc::default(),
        }
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
        self.call(name, || work)
    }

    /// Does `work` within a span, a child of the one that is running.
    ///
    /// # Panics
    /// If `work` does; the span is [`Status::Panicked`] then.
    pub fn call<T>(&self, name: &str, work: impl FnOnce() -> T) -> T {
        let parent = self.running.borrow().last().copied();
        let span = self.log.open(name, parent);
        self.running.borrow_mut().push(span);
        let answer = work();
        self.running.borrow_mut().pop();
        self.log.close(span, Status::Done);
        answer
    }

    /// How long a span took, or `None` while it is open.
    pub fn length(&self, record: &Record) -> Option<Length> {
        let (end, _) = record.closed?;
        Some(Length::Millis(end - record.start))
    }
}
