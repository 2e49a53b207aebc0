//! A client of a worker: values go there, answers come back.

#[doc(inline)]
pub use contract::*;

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::rc::Rc;

use futures_channel::oneshot;
use js_sys::Array;
use wasm_bindgen::prelude::*;
use web_sys::Worker;

/// A worker of its own, and calls to it. Dropping it ends the worker.
pub struct Client {
    worker: Worker,
    next: Cell<u32>,
    waiting: Rc<Waiting>,
    _listener: Listener,
}

/// The calls that wait, the oldest first.
type Waiting = RefCell<VecDeque<oneshot::Sender<Result<JsValue, CallError>>>>;

impl Client {
    /// Starts a worker that answers each call with `handler(value, move)`, which is
    /// JavaScript; see [`start`].
    ///
    /// # Errors
    /// [`CallError::Crashed`] where no worker may start.
    pub fn new(handler: &str) -> Result<Self, CallError> {
        let worker = start(handler)?;
        let waiting = Rc::<Waiting>::default();
        let calls = Rc::clone(&waiting);
        let listener = listen(&worker, move |event| match event {
            Event::Answer { outcome, .. } => {
                if let Some(call) = calls.borrow_mut().pop_front() {
                    // Nobody waits if the call was dropped.
                    let _ = call.send(outcome);
                }
            }
            Event::Crash(error) => log(&error.to_string()),
        });
        Ok(Self {
            worker,
            next: Cell::new(0),
            waiting,
            _listener: listener,
        })
    }

    /// Sends `value`, and answers what the handler makes of it. The objects in `transfer`
    /// move instead of being copied: nothing of them is left here.
    ///
    /// # Errors
    /// See [`CallError`]. Every call settles.
    pub async fn call(&self, value: &JsValue, transfer: &Array) -> Result<JsValue, CallError> {
        let (sender, answer) = oneshot::channel();
        self.waiting.borrow_mut().push_back(sender);
        let id = self.next.replace(self.next.get().wrapping_add(1));
        if let Err(error) = self.worker.post_message(&message(id, value)) {
            log(&refusal(&error, value, transfer).to_string());
        }
        // The listener has the other end, and sends what comes.
        answer
            .await
            .unwrap_or_else(|_| Err(CallError::Crashed("its client is gone".to_owned())))
    }
}

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_namespace = console, js_name = warn)]
    fn log(words: &str);
}
