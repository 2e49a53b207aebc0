//! What the tests are made of: values, waits that end, and an eye on the workers.

use std::cell::{Cell, RefCell};
use std::future::poll_fn;
use std::pin::{Pin, pin};
use std::rc::Rc;
use std::task::Poll;

use crate::zone::Client;
use contract::CallError;
use js_sys::{Array, Error, Function, Object, Promise, Proxy, Reflect};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{BroadcastChannel, Worker};

/// What a call comes to.
pub type Outcome = Result<JsValue, CallError>;

/// A handler that sends back what it gets.
pub const ECHO: &str = "(value) => value";

/// How long a call may take that has to go to a worker and back, in milliseconds.
const PATIENCE: i32 = 5_000;
/// How long the end of something may take that needs no worker any more.
const SOON: i32 = 250;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_name = setTimeout)]
    fn spec_timer(callback: &Function, milliseconds: i32);
    #[wasm_bindgen(js_namespace = performance, js_name = now)]
    pub fn spec_now() -> f64;
}

/// Lets other tasks run for so long.
pub async fn sleep(milliseconds: i32) {
    /// Dropped too soon, a promise that has not settled would keep Rust's callbacks.
    struct Settle(Function);
    impl Drop for Settle {
        fn drop(&mut self) {
            let _ = self.0.call0(&JsValue::UNDEFINED);
        }
    }
    let timer = Promise::with_resolvers();
    let fired: JsFuture = timer.promise().into();
    let settle = Settle(timer.resolve().unchecked_into());
    spec_timer(&settle.0, milliseconds);
    fired.await.expect("a timer does not fail");
}

/// The output of `work`, or `None` when `over` is over first.
async fn unless<W: Future>(over: impl Future<Output = ()>, work: W) -> Option<W::Output> {
    let (mut work, mut over) = (pin!(work), pin!(over));
    poll_fn(|context| match work.as_mut().poll(context) {
        Poll::Ready(output) => Poll::Ready(Some(output)),
        Poll::Pending => over.as_mut().poll(context).map(|()| None),
    })
    .await
}

/// What a call comes to that needs its worker.
pub async fn asked(what: &str, client: &Client, value: &JsValue, transfer: &Array) -> Outcome {
    settled(what, client.call(value, transfer)).await
}

/// Waits for a call that needs its worker.
pub async fn settled(what: &str, call: impl Future<Output = Outcome>) -> Outcome {
    unless(sleep(PATIENCE), call).await.unwrap_or_else(|| {
        panic!(
            "{what}: the call is still waiting after {} s, and nothing is left that could end it",
            PATIENCE / 1000,
        )
    })
}

/// The outcome of a call, unless it takes three seconds. That is long for a worker that runs.
pub async fn soon(call: impl Future<Output = Outcome>) -> Option<Outcome> {
    unless(sleep(3_000), call).await
}

/// Waits for a call that `postMessage` refuses: no worker is asked.
pub async fn refused(what: &str, client: &Client, value: &JsValue, transfer: &Array) -> CallError {
    let call = client.call(value, transfer);
    match unless(sleep(SOON), call).await {
        Some(Err(error)) => error,
        Some(Ok(answer)) => panic!(
            "{what}: this cannot be sent, but the call was answered with {:.80}. So something else \
             was sent in its place, and nobody was told what it lacks",
            format!("{answer:?}"),
        ),
        None => panic!(
            "{what}: `postMessage` threw, so no answer can come, and the call waits for it. Every call \
             settles: this error is its end"
        ),
    }
}

/// An outcome for a message: what a call came to.
pub fn told(outcome: &Option<Outcome>) -> String {
    match outcome {
        Some(Ok(answer)) => format!("the answer {answer:?}"),
        Some(Err(error)) => format!("the error {error:?}"),
        None => "nothing: it still waits".to_owned(),
    }
}

/// The outcomes of calls that run side by side, or `None` for each that has not settled when `over` is
/// over.
pub async fn side_by_side(
    calls: Vec<Pin<Box<dyn Future<Output = Outcome> + '_>>>,
    over: impl Future<Output = ()>,
) -> Vec<Option<Outcome>> {
    let mut calls: Vec<_> = calls.into_iter().map(|call| (call, None)).collect();
    let all = poll_fn(|context| {
        for (call, outcome) in &mut calls {
            if outcome.is_none()
                && let Poll::Ready(ready) = call.as_mut().poll(context)
            {
                *outcome = Some(ready);
            }
        }
        match calls.iter().all(|(_, outcome)| outcome.is_some()) {
            true => Poll::Ready(()),
            false => Poll::Pending,
        }
    });
    unless(over, all).await;
    calls.into_iter().map(|(_, outcome)| outcome).collect()
}

/// The time that calls may take which need their worker.
pub async fn patience() {
    sleep(PATIENCE).await;
}

/// A plain object.
pub fn object<const N: usize>(properties: [(&str, JsValue); N]) -> JsValue {
    let object = Object::new();
    for (name, value) in properties {
        set(&object, name, &value);
    }
    object.into()
}

/// What `new` makes of a class: an object without properties of its own.
pub fn instance_of(class: &JsValue) -> JsValue {
    Object::<JsValue>::create(class.unchecked_ref()).into()
}

/// An array.
pub fn list<const N: usize>(values: [JsValue; N]) -> Array {
    values.iter().collect()
}

pub fn set(object: &JsValue, name: &str, value: &JsValue) {
    Reflect::set(object, &name.into(), value).expect("a plain object takes properties");
}

pub fn get(object: &JsValue, name: &str) -> JsValue {
    Reflect::get(object, &name.into()).expect("an object has properties")
}

/// Some function. JavaScript knows no way to send one.
pub fn a_function() -> JsValue {
    get(&js_sys::global(), "setTimeout")
}

/// The workers that are started while this lives, and what is heard of them.
pub struct Workers {
    original: JsValue,
    made: Rc<RefCell<Vec<Worker>>>,
    crashes: Rc<Cell<usize>>,
    forbidden: Rc<Cell<bool>>,
    _construct: Closure<dyn Fn(Function, Array) -> Result<JsValue, JsValue>>,
    _crash: Closure<dyn Fn()>,
}

impl Workers {
    /// Begins to watch.
    pub fn watch() -> Self {
        let made = Rc::<RefCell<Vec<Worker>>>::default();
        let crashes = Rc::<Cell<usize>>::default();
        let counted = Rc::clone(&crashes);
        let crash = Closure::<dyn Fn()>::new(move || counted.set(counted.get() + 1));
        let listener: Function = crash.as_ref().clone().unchecked_into();
        let started = Rc::clone(&made);
        let forbidden = Rc::<Cell<bool>>::default();
        let is_forbidden = Rc::clone(&forbidden);
        let construct = Closure::new(move |class: Function, arguments: Array| {
            if is_forbidden.get() {
                return Err(Error::new("no worker may start here").into());
            }
            let worker: Worker = Reflect::construct(&class, &arguments)?.unchecked_into();
            worker.add_event_listener_with_callback("error", &listener)?;
            started.borrow_mut().push(worker.clone());
            Ok(worker.into())
        });
        let global = js_sys::global();
        let original = get(&global, "Worker");
        let handler = object([("construct", construct.as_ref().clone())]);
        let watched = Proxy::new(&original, handler.unchecked_ref());
        set(&global, "Worker", &watched);
        Self {
            original,
            made,
            crashes,
            forbidden,
            _construct: construct,
            _crash: crash,
        }
    }

    /// From now on no worker may start, as on a page with a strict policy; or they may again.
    pub fn forbid(&self, forbidden: bool) {
        self.forbidden.set(forbidden);
    }

    /// How many were started.
    pub fn started(&self) -> usize {
        self.made.borrow().len()
    }

    /// Over when so many crashes have been heard of, and whoever else heard of them has had time to act.
    pub async fn crashed(&self, times: usize) {
        let start = spec_now();
        while self.crashes.get() < times && spec_now() - start < f64::from(PATIENCE) {
            sleep(5).await;
        }
        sleep(SOON).await;
    }
}

impl Drop for Workers {
    fn drop(&mut self) {
        set(&js_sys::global(), "Worker", &self.original);
    }
}

/// A worker's pulse: it beats on a channel of its own while it runs, whatever becomes of its client.
pub struct Pulse {
    beats: Rc<Cell<usize>>,
    name: String,
    channel: BroadcastChannel,
    _on_beat: Closure<dyn Fn()>,
}

impl Pulse {
    /// A handler that beats, and does what it is told. To spin is to beat and never come to rest, for at
    /// most ten seconds, so that a worker which nobody ends is no burden for long.
    pub const HANDLER: &'static str = r#"({ name, told }) => {
      const channel = new BroadcastChannel(name);
      setInterval(() => channel.postMessage(0), 10);
      if (told === "crash") {
        setTimeout(() => { throw new Error("out of steam"); });
        return new Promise(() => {});
      }
      if (told === "wait") return new Promise(() => {});
      if (told === "spin") setTimeout(() => {
        for (const end = Date.now() + 10000; Date.now() < end; ) {
          for (const next = Date.now() + 10; Date.now() < next; );
          channel.postMessage(0);
        }
      });
      return "beating";
    }"#;

    pub fn new() -> Self {
        let name = format!("pulse {}", js_sys::Math::random());
        let channel = BroadcastChannel::new(&name).expect("there are channels");
        let beats = Rc::<Cell<usize>>::default();
        let counted = Rc::clone(&beats);
        let on_beat = Closure::<dyn Fn()>::new(move || counted.set(counted.get() + 1));
        channel.set_onmessage(Some(on_beat.as_ref().unchecked_ref()));
        Self {
            beats,
            name,
            channel,
            _on_beat: on_beat,
        }
    }

    /// Calls the worker, and tells it what to do.
    pub async fn start(&self, client: &Client, told: &str) -> Outcome {
        let name = JsValue::from(self.name.as_str());
        let value = object([("name", name), ("told", told.into())]);
        client.call(&value, &Array::new()).await
    }

    /// Waits until the worker has been heard.
    pub async fn is_heard(&self) -> bool {
        for _ in 0..PATIENCE / 20 {
            if self.beats.get() > 3 {
                return true;
            }
            sleep(20).await;
        }
        false
    }

    /// Waits until the worker is silent, which is half a second without a beat, for at most four. Chromium
    /// lets a worker that never rests run on for two.
    pub async fn ends(&self) -> bool {
        for _ in 0..9 {
            let before = self.beats.get();
            // In slices: if this thread does not get to run, the worker's silence proves nothing.
            for _ in 0..25 {
                sleep(20).await;
            }
            if self.beats.get() == before {
                return true;
            }
        }
        false
    }
}

impl Drop for Pulse {
    fn drop(&mut self) {
        self.channel.close();
    }
}
