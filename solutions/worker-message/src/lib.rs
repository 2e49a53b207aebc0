//! A client of a worker: values go there, answers come back.
//!
//! Three things can go wrong with a message, and each has one place here. It cannot be
//! sent: `postMessage` throws, and the call has its error. Its answer comes before that of
//! an earlier one: answers find their calls by id. It is never answered, because the
//! worker crashed: whoever hears of the crash tells all that wait.

#[doc(inline)]
pub use contract::*;

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::rc::Rc;

use futures_channel::oneshot;
use js_sys::Array;
use wasm_bindgen::prelude::*;
use web_sys::Worker;

/// A worker of its own, and calls to it. Dropping it ends the worker.
pub struct Client {
    handler: String,
    next: Cell<u32>,
    line: Rc<Line>,
}

/// What the worker's events change.
#[derive(Default)]
struct Line {
    end: RefCell<Option<End>>,
    /// By their ids. A call that was dropped stays here until its answer comes, or the worker's end.
    waiting: RefCell<HashMap<u32, oneshot::Sender<Result<JsValue, CallError>>>>,
}

/// The far end of the line. Nobody else ends a worker: not its handle, not its crash.
struct End {
    worker: Worker,
    _listener: Listener,
}

impl Drop for End {
    fn drop(&mut self) {
        self.worker.terminate();
    }
}

impl Client {
    /// Starts a worker that answers each call with `handler(value, move)`, which is
    /// JavaScript; see [`start`].
    ///
    /// # Errors
    /// [`CallError::Crashed`] where no worker may start.
    pub fn new(handler: &str) -> Result<Self, CallError> {
        let client = Self {
            handler: handler.to_owned(),
            next: Cell::new(0),
            line: Rc::default(),
        };
        client.worker()?;
        Ok(client)
    }

    /// Sends `value`, and answers what the handler makes of it. The objects in `transfer`
    /// move instead of being copied: nothing of them is left here.
    ///
    /// # Errors
    /// See [`CallError`]. Every call settles.
    pub async fn call(&self, value: &JsValue, transfer: &Array) -> Result<JsValue, CallError> {
        let worker = self.worker()?;
        let id = self.next.replace(self.next.get().wrapping_add(1));
        worker
            .post_message_with_transfer(&message(id, value), transfer)
            .map_err(|error| refusal(&error, value, transfer))?;
        let (sender, answer) = oneshot::channel();
        self.line.waiting.borrow_mut().insert(id, sender);
        answer
            .await
            .unwrap_or_else(|_| Err(CallError::Crashed("its client is gone".to_owned())))
    }

    /// The worker that runs, or a new one if there is none or it has crashed.
    fn worker(&self) -> Result<Worker, CallError> {
        let mut end = self.line.end.borrow_mut();
        if let Some(end) = &*end {
            return Ok(end.worker.clone());
        }
        let worker = start(&self.handler)?;
        // Weak, or the line would own itself and never be dropped.
        let line = Rc::downgrade(&self.line);
        let listener = listen(&worker, move |event| {
            if let Some(line) = line.upgrade() {
                line.hear(event);
            }
        });
        *end = Some(End {
            worker: worker.clone(),
            _listener: listener,
        });
        Ok(worker)
    }
}

impl Line {
    fn hear(&self, event: Event) {
        match event {
            Event::Answer { id, outcome } => {
                // Nobody waits if the call was dropped.
                if let Some(call) = self.waiting.borrow_mut().remove(&id) {
                    let _ = call.send(outcome);
                }
            }
            Event::Crash(error) => {
                // An error does not end a worker, and this one is not to be trusted any more.
                drop(self.end.take());
                for call in self.waiting.take().into_values() {
                    let _ = call.send(Err(error.clone()));
                }
            }
        }
    }
}
