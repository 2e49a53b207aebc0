//! The spec's own clock, timer and heartbeat. They share nothing with the zone
//! under test, and a [`super::ledger`] does not see them.

use std::{
    cell::{Cell, RefCell},
    pin::Pin,
    rc::Rc,
    task::{Context, Poll, Waker},
    time::Duration,
};

use js_sys::{Function, Reflect};
use wasm_bindgen::prelude::*;

/// A busy machine can spoil a round of a timing test, but hardly three in a row.
pub const ROUNDS: usize = 3;

/// Milliseconds between two beats of a [`Heartbeat`].
pub const BEAT_MS: u32 = 10;

/// The engine's own functions, looked up by name: an `extern` block here could
/// clash with one of the same name in the zone, which is the same package.
pub struct Real {
    performance: JsValue,
    now: Function,
    pub set_timeout: Function,
    pub clear_timeout: Function,
    pub set_interval: Function,
    pub clear_interval: Function,
}

thread_local! {
    /// Looked up once, before anything replaces them.
    static REAL: Rc<Real> = {
        let global = js_sys::global().into();
        let performance = get(&global, "performance");
        Rc::new(Real {
            now: get(&performance, "now").unchecked_into(),
            performance,
            set_timeout: get(&global, "setTimeout").unchecked_into(),
            clear_timeout: get(&global, "clearTimeout").unchecked_into(),
            set_interval: get(&global, "setInterval").unchecked_into(),
            clear_interval: get(&global, "clearInterval").unchecked_into(),
        })
    };
}

fn get(object: &JsValue, name: &str) -> JsValue {
    Reflect::get(object, &name.into()).unwrap()
}

/// The engine's functions, whatever stands in for them now.
pub fn real() -> Rc<Real> {
    REAL.with(Rc::clone)
}

/// Milliseconds on the engine's steady clock.
pub fn now() -> f64 {
    let real = real();
    let millis = real.now.call0(&real.performance).unwrap();
    millis.as_f64().unwrap()
}

/// A future that the spec's own timer completes.
pub struct Alarm {
    state: Rc<(Cell<bool>, RefCell<Option<Waker>>)>,
    id: JsValue,
    _ring: Closure<dyn FnMut()>,
}

/// Rings after `millis`; the time counts from this call.
pub fn alarm(millis: u32) -> Alarm {
    let state = Rc::new((Cell::new(false), RefCell::new(None::<Waker>)));
    let ring = Closure::<dyn FnMut()>::new({
        let state = Rc::clone(&state);
        move || {
            state.0.set(true);
            if let Some(waker) = state.1.take() {
                waker.wake();
            }
        }
    });
    let id = real()
        .set_timeout
        .call2(&JsValue::UNDEFINED, ring.as_ref(), &millis.into())
        .unwrap();
    Alarm {
        state,
        id,
        _ring: ring,
    }
}

impl Future for Alarm {
    type Output = ();

    fn poll(self: Pin<&mut Self>, cx: &mut Context) -> Poll<()> {
        if self.state.0.get() {
            return Poll::Ready(());
        }
        self.state.1.replace(Some(cx.waker().clone()));
        Poll::Pending
    }
}

impl Drop for Alarm {
    fn drop(&mut self) {
        let _ = real().clear_timeout.call1(&JsValue::UNDEFINED, &self.id);
    }
}

/// Beats every 10 ms, as long as the event loop gets to run.
pub struct Heartbeat {
    beats: Rc<RefCell<Vec<f64>>>,
    id: JsValue,
    _beat: Closure<dyn FnMut()>,
}

impl Heartbeat {
    pub fn start() -> Self {
        let beats = Rc::new(RefCell::new(Vec::new()));
        let beat = Closure::<dyn FnMut()>::new({
            let beats = Rc::clone(&beats);
            move || beats.borrow_mut().push(now())
        });
        let id = real()
            .set_interval
            .call2(&JsValue::UNDEFINED, beat.as_ref(), &BEAT_MS.into())
            .unwrap();
        Self {
            beats,
            id,
            _beat: beat,
        }
    }

    /// When it beat, in [`now`]'s milliseconds.
    pub fn times(&self) -> Vec<f64> {
        self.beats.borrow().clone()
    }
}

impl Drop for Heartbeat {
    fn drop(&mut self) {
        let _ = real().clear_interval.call1(&JsValue::UNDEFINED, &self.id);
    }
}

/// How often a heartbeat beats while `work` runs.
pub async fn beats_during(work: impl Future) -> usize {
    let heartbeat = Heartbeat::start();
    work.await;
    heartbeat.times().len()
}

/// How many milliseconds `work` takes.
pub async fn millis_of(work: impl Future) -> f64 {
    let start = now();
    work.await;
    now() - start
}

/// Shorthand for the spec's many durations.
pub const fn ms(millis: u64) -> Duration {
    Duration::from_millis(millis)
}
