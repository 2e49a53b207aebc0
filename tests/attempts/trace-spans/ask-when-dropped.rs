//! Spans around work, so that one sees where the time goes.

#[doc(inline)]
pub use contract::*;

use std::{cell::Cell, future::poll_fn, pin::pin, rc::Rc, thread};

/// Does work within spans. A clone is the same tracer.
#[derive(Clone)]
pub struct Tracer {
    log: Log,
    /// The span that is running right now.
    current: Rc<Cell<Option<SpanId>>>,
}

impl Tracer {
    /// A tracer that writes to this log.
    pub fn new(log: Log) -> Self {
        Self {
            log,
            current: Rc::default(),
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
        let tracer = self.clone();
        let name = name.to_owned();
        let parent = self.current.get();
        async move {
            // Before `work`, which ends within: children end first.
            let span = tracer.open(&name, parent);
            let answer = {
                let mut work = pin!(work);
                poll_fn(|cx| span.enter(|| work.as_mut().poll(cx))).await
            };
            span.close(Status::Done);
            answer
        }
    }

    /// Does `work` within a span, a child of the one that is running.
    ///
    /// # Panics
    /// If `work` does; the span is [`Status::Panicked`] then.
    pub fn call<T>(&self, name: &str, work: impl FnOnce() -> T) -> T {
        let span = self.open(name, self.current.get());
        let answer = span.enter(work);
        span.close(Status::Done);
        answer
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

    fn open(&self, name: &str, parent: Option<SpanId>) -> Open<'_> {
        Open {
            tracer: self,
            id: self.log.open(name, parent),
        }
    }
}

/// An open span. It is closed when it is dropped, at the latest.
struct Open<'a> {
    tracer: &'a Tracer,
    id: SpanId,
}

impl Open<'_> {
    /// Does `step` with this span as the current one.
    fn enter<T>(&self, step: impl FnOnce() -> T) -> T {
        let current = &self.tracer.current;
        let outer = current.replace(Some(self.id));
        let answer = step();
        current.set(outer);
        answer
    }

    fn close(&self, status: Status) {
        self.tracer.log.close(self.id, status);
    }
}

impl Drop for Open<'_> {
    fn drop(&mut self) {
        // Changes nothing if the work has ended: the first status counts.
        self.close(if thread::panicking() {
            Status::Panicked
        } else {
            Status::Cancelled
        });
    }
}
