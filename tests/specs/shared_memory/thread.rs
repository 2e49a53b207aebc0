//! A real second thread: a worker in plain JavaScript at the other end of a line.

use std::{cell::RefCell, collections::VecDeque, rc::Rc};

use contract::Ticket;
use js_sys::Array;
use wasm_bindgen::prelude::*;
use web_sys::{Blob, BlobPropertyBag, MessageEvent, Url, Worker};

use super::stage::{pause, words_of};

/// How long a worker may take, in milliseconds: the machine may be busy.
const LIMIT: i32 = 6_000;

/// Its first message is [what to do, ticket]; what it answers are strings.
const SCRIPT: &str = r#"
const [TOTAL, EVENTS, SENT, TAKEN, CLOSED, SLOTS] = [0, 1, 2, 3, 4, 5];
const tell = (a) => (Atomics.add(a, EVENTS, 1), Atomics.notify(a, EVENTS));
const shared = {
  // Adds 10 each time that the word behind the ring's first slot goes up, and says so in the next.
  add(a, times) {
    for (let round = 1; round <= times; round += 1) {
      while (Atomics.load(a, SLOTS) < round) Atomics.wait(a, SLOTS, round - 1, 1000);
      Atomics.add(a, TOTAL, 10);
      Atomics.store(a, SLOTS + 1, round);
      Atomics.notify(a, SLOTS + 1);
    }
  },
  // Adds as fast as it can.
  race(a, times) {
    while (Atomics.load(a, SLOTS) === 0) Atomics.wait(a, SLOTS, 0, 1000);
    for (let round = 0; round < times; round += 1) Atomics.add(a, TOTAL, 1);
    postMessage("added");
  },
  send(a, times) {
    for (let value = 0; value < times; ) {
      const events = Atomics.load(a, EVENTS);
      const sent = Atomics.load(a, SENT);
      const room = a.length - SLOTS - ((sent - Atomics.load(a, TAKEN)) | 0);
      if (room === 0) {
        if (Atomics.wait(a, EVENTS, events, 4000) === "timed-out") return postMessage("slept");
        continue;
      }
      Atomics.store(a, SLOTS + (sent % (a.length - SLOTS)), value);
      Atomics.store(a, SENT, sent + 1);
      tell(a);
      value += 1;
    }
    Atomics.store(a, CLOSED, 1);
    tell(a);
  },
  receive(a) {
    for (;;) {
      const events = Atomics.load(a, EVENTS);
      const closed = Atomics.load(a, CLOSED);
      const taken = Atomics.load(a, TAKEN);
      if (Atomics.load(a, SENT) !== taken) {
        const value = Atomics.load(a, SLOTS + (taken % (a.length - SLOTS)));
        Atomics.store(a, TAKEN, taken + 1);
        tell(a);
        postMessage(`took ${value}`);
      } else if (closed) {
        return postMessage("closed");
      } else if (Atomics.wait(a, EVENTS, events, 4000) === "timed-out") {
        return postMessage("slept");
      }
    }
  },
};
const byMail = {
  add(port, times) {
    for (let round = 0; round < times; round += 1) port.postMessage(["add", 10]);
  },
  send(port, times, room) {
    let value = 0;
    const on = () => {
      for (; room > 0 && value < times; room -= 1, value += 1) port.postMessage(["send", value]);
      if (value === times) port.postMessage(["close", 0]);
    };
    port.onmessage = ({ data: [kind] }) => kind === "taken" && ((room += 1), on());
    on();
  },
  receive(port) {
    port.onmessage = ({ data: [kind, value] }) => {
      if (kind === "send") (postMessage(`took ${value}`), port.postMessage(["taken", 1]));
      if (kind === "close") postMessage("closed");
    };
  },
};
onmessage = ({ data: [what, times, ticket] }) => {
  postMessage("ready");
  if (Array.isArray(ticket)) byMail[what](ticket[0], times, ticket[1]);
  else shared[what](new Int32Array(ticket), times);
};
"#;

/// Lives until it is dropped.
pub struct Thread {
    worker: Worker,
    said: Rc<RefCell<VecDeque<String>>>,
    _heard: Closure<dyn Fn(MessageEvent)>,
}

impl Thread {
    /// Starts a thread at the other end, and waits until it is there.
    pub async fn start(what: &str, times: u32, ticket: &Ticket) -> Self {
        let bag = BlobPropertyBag::new();
        bag.set_type("text/javascript");
        let parts = Array::of1(&SCRIPT.into());
        let script = Blob::new_with_str_sequence_and_options(&parts, &bag).unwrap();
        let url = Url::create_object_url_with_blob(&script).unwrap();
        let Ok(worker) = Worker::new(&url) else {
            panic!("could not be judged here: this place lets a worker start no other");
        };
        let said = Rc::<RefCell<VecDeque<String>>>::default();
        let heard = Closure::<dyn Fn(MessageEvent)>::new({
            let said = Rc::clone(&said);
            move |event: MessageEvent| {
                said.borrow_mut()
                    .push_back(event.data().as_string().unwrap_or_default());
            }
        });
        worker.set_onmessage(Some(heard.as_ref().unchecked_ref()));
        let message = Array::of3(&what.into(), &times.into(), &ticket.value);
        if let Err(thrown) = worker.post_message_with_transfer(&message, &ticket.transfer) {
            panic!(
                "the ticket could not be posted to a worker: {}. Whoever cannot post its memory cannot share it",
                words_of(&thrown)
            );
        }
        let thread = Self {
            worker,
            said,
            _heard: heard,
        };
        if thread.says().await.as_deref() != Some("ready") {
            panic!("could not be judged here: a second worker did not start");
        }
        Url::revoke_object_url(&url).unwrap();
        thread
    }

    /// The next thing that the thread says; `None` if it says nothing for long.
    pub async fn says(&self) -> Option<String> {
        for _ in 0..LIMIT / 5 {
            let said = self.said.borrow_mut().pop_front();
            if said.is_some() {
                return said;
            }
            pause(5).await;
        }
        None
    }
}

impl Drop for Thread {
    fn drop(&mut self) {
        self.worker.terminate();
    }
}
