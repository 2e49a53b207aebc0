//! What the tests are made of: runs that end, a heart, and an eye on what is left.

use std::cell::Cell;
use std::future::poll_fn;
use std::pin::pin;
use std::rc::Rc;
use std::task::Poll;
use std::time::Duration;

use super::guests::Guest;
use crate::zone;
use contract::{End, Limits};
use js_sys::{Function, Promise};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;

/// How long anything may take, on whatever machine, in milliseconds.
pub const PATIENCE: i32 = 20_000;

/// How long a worker may take to stop that was terminated.
const STOP: i32 = 4_000;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_name = setTimeout)]
    fn spec_timer(callback: &Function, milliseconds: i32);
    #[wasm_bindgen(js_name = setInterval)]
    fn spec_interval(callback: &Function, milliseconds: i32) -> i32;
    #[wasm_bindgen(js_name = clearInterval)]
    fn spec_clear(id: i32);
    #[wasm_bindgen(js_namespace = performance, js_name = now)]
    pub fn spec_now() -> f64;
}

/// What most guests may take. Of time they have plenty, so that no slow machine makes one late.
pub fn limits() -> Limits {
    Limits {
        bytes: 1 << 16,
        pages: 16,
        elements: 1000,
        fuel: 20_000_000,
        time: Duration::from_millis(PATIENCE as u64),
    }
}

/// Lets other tasks run for so long.
pub async fn sleep(milliseconds: i32) {
    let timer = Promise::with_resolvers();
    let fired: JsFuture = timer.promise().into();
    spec_timer(&timer.resolve().unchecked_into(), milliseconds);
    fired.await.expect("a timer does not fail");
}

/// What a run comes to.
pub async fn run(what: &str, module: &[u8], limits: &Limits) -> Result<i32, End> {
    let (mut work, mut over) = (
        pin!(zone::run(module, limits)),
        pin!(sleep(PATIENCE + 1_000)),
    );
    let outcome = poll_fn(|context| match work.as_mut().poll(context) {
        Poll::Ready(outcome) => Poll::Ready(Some(outcome)),
        Poll::Pending => over.as_mut().poll(context).map(|()| None),
    });
    outcome.await.unwrap_or_else(|| {
        panic!(
            "{what}: `run` has not settled, a second after all of its time was up. Nothing that a guest does, or does \
             not do, may keep it waiting"
        )
    })
}

/// A run that must end so.
pub async fn ends(guest: Guest, limits: &Limits, end: End, lesson: &str) {
    let came = run(guest.name, guest.bytes, limits).await;
    assert!(
        came == Err(end.clone()),
        "{}: its end is Err({end:?}), and came {came:?}. {lesson}",
        guest.name,
    );
}

/// A run that must answer this.
pub async fn answers(guest: Guest, limits: &Limits, answer: i32, lesson: &str) {
    let came = run(guest.name, guest.bytes, limits).await;
    assert!(
        came == Ok(answer),
        "{}: its answer is {answer}, and came {came:?}. {lesson}",
        guest.name,
    );
}

/// How many workers run, ended ones that have not stopped included.
pub async fn running() -> usize {
    contract::running().await.unwrap_or_else(|| {
        panic!(
            "could not be judged here: this page may hold no locks, by which workers are counted"
        )
    })
}

/// Over when no worker is left.
pub async fn alone(after: &str) {
    let start = spec_now();
    loop {
        let left = running().await;
        if left == 0 {
            return;
        }
        assert!(
            spec_now() - start < f64::from(STOP),
            "{after}: {} s later, {left} of its workers are still there. A worker lives until it is terminated, whatever becomes \
             of its handle",
            STOP / 1000,
        );
        sleep(5).await;
    }
}

/// A timer that beats every 5 ms, as long as the thread lets it.
pub struct Heart {
    id: i32,
    state: Rc<State>,
    _beat: Closure<dyn Fn()>,
}

struct State {
    beats: Cell<u32>,
    last: Cell<f64>,
    longest: Cell<f64>,
}

impl State {
    fn look(&self) {
        let now = spec_now();
        let gap = now - self.last.replace(now);
        self.longest.set(self.longest.get().max(gap));
    }
}

impl Heart {
    pub fn start() -> Self {
        let state = Rc::new(State {
            beats: Cell::new(0),
            last: Cell::new(spec_now()),
            longest: Cell::new(0.0),
        });
        let beating = Rc::clone(&state);
        let beat = Closure::<dyn Fn()>::new(move || {
            beating.beats.set(beating.beats.get() + 1);
            beating.look();
        });
        Self {
            id: spec_interval(beat.as_ref().unchecked_ref(), 5),
            state,
            _beat: beat,
        }
    }

    pub fn beats(&self) -> u32 {
        self.state.beats.get()
    }

    /// The longest time between two beats, or since the last one, in milliseconds.
    pub fn stood_still(&self) -> f64 {
        self.state.look();
        self.state.longest.get()
    }
}

impl Drop for Heart {
    fn drop(&mut self) {
        spec_clear(self.id);
    }
}
