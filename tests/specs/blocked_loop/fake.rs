//! A clock that the spec turns. While it is installed, time passes only when it
//! fires the next timer, so that a wait of 100 days takes a moment.
//!
//! Code under test that panics meanwhile leaves it installed. So every test asks
//! for a short wait first, and nothing is asserted before it is gone.

use std::{
    cell::{Cell, RefCell},
    pin::{Pin, pin},
    rc::Rc,
    task::Poll,
};

use js_sys::{Array, Date, Function, Object, Proxy, Reflect};
use wasm_bindgen::prelude::*;

use super::clock::{alarm, ms, now};
use super::tasks::poll_once;
use crate::zone::wait;

/// What looking at the clock takes. A loop that spins must come to its end.
const LOOK_MS: f64 = 0.001;

/// What came of a task for which the spec's clock was turned.
pub struct Told<T> {
    /// Its answer; none if nothing would wake it any more, or only timer after timer.
    pub answer: Option<T>,
    /// How long that took, on the spec's clock.
    pub ms: f64,
    /// How many timers fired.
    pub fired: usize,
    /// How many timers were left when the task had been dropped.
    pub left: usize,
}

/// Runs the task that `make` makes, and turns the clock until it is done, but fires no more than `most` timers.
///
/// None if the zone's waits do not use `setTimeout`: then this clock has no say.
pub async fn told<F: Future>(most: usize, make: impl FnOnce() -> F) -> Option<Told<F::Output>> {
    told_with_wall_clock_set(0.0, most, make).await
}

/// The same, and when the task has begun, somebody sets the clock on the wall.
pub async fn told_with_wall_clock_set<F: Future>(
    by_ms: f64,
    most: usize,
    make: impl FnOnce() -> F,
) -> Option<Told<F::Output>> {
    let clock = FakeClock::install();
    if !clock.drives_a_wait() {
        return None;
    }
    let start = clock.time.ms.get();
    let answer = {
        let mut task = pin!(make());
        match poll_once(task.as_mut()) {
            Poll::Ready(answer) => Some(answer),
            Poll::Pending => {
                clock.time.moved_ms.set(by_ms);
                clock.turn(task, most).await
            }
        }
    };
    Some(Told {
        answer,
        ms: clock.time.ms.get() - start,
        fired: clock.time.fired.get(),
        left: clock.time.timers.borrow().len(),
    })
}

/// What the stand-ins of the clock share.
#[derive(Default)]
struct Time {
    /// Since the clock was installed.
    ms: Cell<f64>,
    /// How far the clock on the wall was moved.
    moved_ms: Cell<f64>,
    timers: RefCell<Vec<Timer>>,
    last_id: Cell<u32>,
    fired: Cell<usize>,
}

struct Timer {
    id: u32,
    due: f64,
    callback: Function,
}

/// Stands in for the engine's clocks and timers until it is dropped.
struct FakeClock {
    time: Rc<Time>,
    before: Vec<(JsValue, &'static str, JsValue)>,
    // Held for as long as JavaScript may call them.
    _stand_ins: Vec<Box<dyn std::any::Any>>,
}

impl FakeClock {
    fn install() -> Self {
        let mut clock = Self {
            time: Rc::default(),
            before: Vec::new(),
            _stand_ins: Vec::new(),
        };
        let global: JsValue = js_sys::global().into();
        let performance = Reflect::get(&global, &"performance".into()).unwrap();
        let date = Reflect::get(&global, &"Date".into()).unwrap();
        let steady_start = now();
        let wall_start = Date::now();

        let time = Rc::clone(&clock.time);
        let set = move |callback: Function, delay: JsValue| time.set(callback, &delay);
        clock.put::<dyn Fn(Function, JsValue) -> u32>(&global, "setTimeout", Closure::new(set));
        let time = Rc::clone(&clock.time);
        let clear = move |id: JsValue| time.clear(&id);
        clock.put::<dyn Fn(JsValue)>(&global, "clearTimeout", Closure::new(clear));
        let time = Rc::clone(&clock.time);
        let steady = move || steady_start + time.look();
        clock.put::<dyn Fn() -> f64>(&performance, "now", Closure::new(steady));

        let time = Rc::clone(&clock.time);
        let wall = move || wall_start + time.moved_ms.get() + time.look();
        clock.put::<dyn Fn() -> f64>(&date, "now", Closure::new(wall.clone()));
        // `new Date()` without an argument asks the same clock.
        let construct = move |date: Function, arguments: Array| {
            if arguments.length() == 0 {
                arguments.push(&wall().into());
            }
            Reflect::construct(&date, &arguments).unwrap_throw()
        };
        let handler = Object::new();
        clock.put::<dyn Fn(Function, Array) -> JsValue>(
            &handler,
            "construct",
            Closure::new(construct),
        );
        clock.replace(&global, "Date", &Proxy::new(&date, &handler));
        clock
    }

    fn put<F: ?Sized + wasm_bindgen::closure::WasmClosure + 'static>(
        &mut self,
        object: &JsValue,
        name: &'static str,
        stand_in: Closure<F>,
    ) {
        self.replace(object, name, stand_in.as_ref());
        self._stand_ins.push(Box::new(stand_in));
    }

    fn replace(&mut self, object: &JsValue, name: &'static str, value: &JsValue) {
        let before = Reflect::get(object, &name.into()).unwrap();
        Reflect::set(object, &name.into(), value).unwrap();
        self.before.push((object.clone(), name, before));
    }

    /// Is a wait one of this clock's timers?
    fn drives_a_wait(&self) -> bool {
        let begins = poll_once(pin!(wait(ms(1)))).is_pending();
        // By now the wait is dropped; what is left of it is for another test to judge.
        let set = self.time.last_id.get() > 0;
        self.time.timers.borrow_mut().clear();
        begins && set
    }

    /// Fires one timer after the other until `task` is done.
    async fn turn<F: Future>(&self, mut task: Pin<&mut F>, most: usize) -> Option<F::Output> {
        for _ in 0..most {
            if !self.time.fire_next() {
                return None;
            }
            // The real event loop tells the task what its promises have come to.
            alarm(0).await;
            if let Poll::Ready(answer) = poll_once(task.as_mut()) {
                return Some(answer);
            }
        }
        None
    }
}

impl Drop for FakeClock {
    fn drop(&mut self) {
        for (object, name, before) in self.before.drain(..).rev() {
            Reflect::set(&object, &name.into(), &before).unwrap();
        }
    }
}

impl Time {
    fn look(&self) -> f64 {
        self.ms.set(self.ms.get() + LOOK_MS);
        self.ms.get()
    }

    fn set(&self, callback: Function, delay: &JsValue) -> u32 {
        let id = self.last_id.get() + 1;
        self.last_id.set(id);
        // As an engine takes it: a signed 32-bit number, and what is below 0 is 0.
        let delay = delay.as_f64().map_or(0, |ms| ms as i64 as i32).max(0);
        self.timers.borrow_mut().push(Timer {
            id,
            due: self.ms.get() + f64::from(delay),
            callback,
        });
        id
    }

    fn clear(&self, id: &JsValue) {
        let id = id.as_f64();
        let is_other = |timer: &Timer| id != Some(f64::from(timer.id));
        self.timers.borrow_mut().retain(is_other);
    }

    /// Goes on to the moment of the next timer and fires it. False if there is none.
    fn fire_next(&self) -> bool {
        let next = {
            let mut timers = self.timers.borrow_mut();
            let dues = timers.iter().map(|timer| timer.due).enumerate();
            let Some((at, _)) = dues.min_by(|a, b| a.1.total_cmp(&b.1)) else {
                return false;
            };
            timers.remove(at)
        };
        self.ms.set(self.ms.get().max(next.due));
        self.fired.set(self.fired.get() + 1);
        let fired = next.callback.call0(&JsValue::UNDEFINED);
        fired.map(|_| ()).unwrap_throw();
        true
    }
}
