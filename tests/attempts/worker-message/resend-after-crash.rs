//! A client of a worker: values go there, answers come back.
//!
//! Nobody needs to know that a worker crashed: a new one is started, and gets all that was not answered.

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
    next: Cell<u32>,
    line: Rc<Line>,
}

/// What the worker's events change.
struct Line {
    handler: String,
    end: RefCell<Option<End>>,
    waiting: RefCell<HashMap<u32, Waiting>>,
}

/// A call, and what it had sent.
struct Waiting {
    message: JsValue,
    sender: oneshot::Sender<Result<JsValue, CallError>>,
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
            next: Cell::new(0),
            line: Rc::new(Line {
                handler: handler.to_owned(),
                end: RefCell::default(),
                waiting: RefCell::default(),
            }),
        };
        client.line.worker()?;
        Ok(client)
    }

    /// Sends `value`, and answers what the handler makes of it. The objects in `transfer`
    /// move instead of being copied: nothing of them is left here.
    ///
    /// # Errors
    /// See [`CallError`]. Every call settles.
    pub async fn call(&self, value: &JsValue, transfer: &Array) -> Result<JsValue, CallError> {
        let worker = self.line.worker()?;
        let id = self.next.replace(self.next.get().wrapping_add(1));
        let message = message(id, value);
        worker
            .post_message_with_transfer(&message, transfer)
            .map_err(|error| refusal(&error, value, transfer))?;
        let (sender, answer) = oneshot::channel();
        self.line
            .waiting
            .borrow_mut()
            .insert(id, Waiting { message, sender });
        answer
            .await
            .unwrap_or_else(|_| Err(CallError::Crashed("its client is gone".to_owned())))
    }
}

impl Line {
    /// The worker that runs, or a new one if there is none or it has crashed.
    fn worker(self: &Rc<Self>) -> Result<Worker, CallError> {
        let mut end = self.end.borrow_mut();
        if let Some(end) = &*end {
            return Ok(end.worker.clone());
        }
        let worker = start(&self.handler)?;
        // Weak, or the line would own itself and never be dropped.
        let line = Rc::downgrade(self);
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

    fn hear(self: &Rc<Self>, event: Event) {
        match event {
            Event::Answer { id, outcome } => {
                // Nobody waits if the call was dropped.
                if let Some(call) = self.waiting.borrow_mut().remove(&id) {
                    let _ = call.sender.send(outcome);
                }
            }
            Event::Crash(_) => {
                drop(self.end.take());
                let Ok(worker) = self.worker() else { return };
                for call in self.waiting.borrow().values() {
                    // What was moved is gone, so there is nothing to list.
                    let _ = worker.post_message(&call.message);
                }
            }
        }
    }
}
