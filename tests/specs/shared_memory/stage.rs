//! Words that two ends share on one thread, turns for the other end, and a thread that may not block.

use std::{
    cell::{Cell, RefCell},
    future::poll_fn,
    pin::{Pin, pin},
    rc::Rc,
    task::{Context, Poll, Waker},
};

use contract::{CLOSED, EVENTS, SENT, TAKEN, Words};
use js_sys::{Array, Error, Function, Object, Promise, Proxy, Reflect, TypeError};
use wasm_bindgen::prelude::*;

use crate::zone::Line;

/// How long the spec waits for what should come at once, in milliseconds.
pub const PATIENCE: i32 = 2_000;

/// Accesses of one end in a test, at most. Who makes more does not wait but ask again and again.
const SPIN: usize = 50_000;

/// Places in one operation where the other end may step in, at most.
const MOST: usize = 200;

/// An access that is never reached: nobody steps in.
pub const NEVER: usize = usize::MAX;

thread_local! {
    /// `SharedArrayBuffer`.
    static CLASS: Function = class();
}

/// Even where the class has no name and nothing can be posted, a shared WebAssembly memory has a buffer of
/// it: enough for one thread. But such a memory takes much of the address space, so one must do.
fn class() -> Function {
    let named = get(&js_sys::global(), "SharedArrayBuffer");
    if let Ok(class) = named.dyn_into() {
        return class;
    }
    let options = object(&[
        ("initial", 1.into()),
        ("maximum", 1.into()),
        ("shared", true.into()),
    ]);
    let memory: Function = get(&get(&js_sys::global(), "WebAssembly"), "Memory").unchecked_into();
    let Ok(memory) = Reflect::construct(&memory, &Array::of1(&options)) else {
        panic!("could not be judged here: this browser has no shared memory at all");
    };
    get(&get(&memory, "buffer"), "constructor").unchecked_into()
}

/// New words with that many slots.
pub fn words(capacity: u32) -> Words {
    Words::of(&shared_buffer(4 * (contract::SLOTS + capacity))).unwrap()
}

/// Shared memory of so many bytes.
pub fn shared_buffer(bytes: u32) -> JsValue {
    let buffer = CLASS.with(|class| Reflect::construct(class, &Array::of1(&bytes.into())));
    buffer.unwrap()
}

/// How often words were accessed, and whether the other end has had its turn.
#[derive(Clone, Default)]
pub struct Watch {
    accesses: Rc<Cell<usize>>,
    stepped_in: Rc<Cell<bool>>,
}

impl Watch {
    pub fn accesses(&self) -> usize {
        self.accesses.get()
    }

    /// Whether the other end has had its turn. If not, the operation was over before.
    pub fn stepped_in(&self) -> bool {
        self.stepped_in.get()
    }
}

/// The same words; before access number `at` (from 0) the other end does what it does.
pub fn step_in(words: &Words, at: usize, other: impl FnOnce() + 'static) -> (Words, Watch) {
    assert!(
        at < MOST || at == NEVER,
        "one operation has made more than {MOST} accesses: whoever asks again and again does not wait. Await \
         `changed`"
    );
    let watch = Watch::default();
    let other = RefCell::new(Some(other));
    let watched = words.watched({
        let watch = watch.clone();
        move || {
            let access = watch.accesses.replace(watch.accesses() + 1);
            assert!(
                access < SPIN,
                "{SPIN} accesses and no end: whoever asks again and again does not wait, and nothing else \
                 runs on this thread meanwhile. Await `changed`"
            );
            if access == at
                && let Some(other) = other.take()
            {
                watch.stepped_in.set(true);
                other();
            }
        }
    });
    (watched, watch)
}

/// An end over these words that may not ask again and again.
pub fn end_of(words: &Words) -> Line {
    Line::on(step_in(words, NEVER, || ()).0)
}

/// The other end, as the layout in the contract has it.
#[derive(Clone)]
pub struct Peer(pub Words);

impl Peer {
    pub fn send(&self, value: i32) {
        let sent = self.0.load(SENT);
        self.0.store(self.0.slot(sent), value);
        self.0.store(SENT, sent.wrapping_add(1));
        self.tell();
    }

    pub fn take(&self) -> Option<i32> {
        let taken = self.0.load(TAKEN);
        if self.0.load(SENT) == taken {
            return None;
        }
        let value = self.0.load(self.0.slot(taken));
        self.0.store(TAKEN, taken.wrapping_add(1));
        self.tell();
        Some(value)
    }

    pub fn close(&self) {
        self.0.store(CLOSED, 1);
        self.tell();
    }

    pub fn tell(&self) {
        self.0.add(EVENTS, 1);
        self.0.notify(EVENTS);
    }
}

/// While it lives, this thread is like the main one of a page: `Atomics.wait` throws.
pub struct MainThread {
    wait: JsValue,
    _stand_in: Closure<dyn Fn()>,
}

impl MainThread {
    pub fn enter() -> Self {
        let stand_in = Closure::<dyn Fn()>::new(|| {
            wasm_bindgen::throw_val(
                TypeError::new(
                    "Atomics.wait cannot be called in this context: the main thread may not block. While it \
                     sleeps it neither paints nor hears a click. Await `changed`",
                )
                .into(),
            )
        });
        let wait = get(&atomics(), "wait");
        set(&atomics(), "wait", stand_in.as_ref());
        Self {
            wait,
            _stand_in: stand_in,
        }
    }
}

impl Drop for MainThread {
    fn drop(&mut self) {
        set(&atomics(), "wait", &self.wait);
    }
}

/// The functions of `Atomics` that reach a word, and all but the first write it.
const ATOMICS: [&str; 9] = [
    "load",
    "store",
    "add",
    "sub",
    "and",
    "or",
    "xor",
    "exchange",
    "compareExchange",
];

/// While it lives, it notes which words are reached by `Atomics`.
pub struct Noted {
    reached: Rc<RefCell<Vec<(u32, bool)>>>,
    originals: [JsValue; ATOMICS.len()],
    _apply: Closure<dyn Fn(Function, JsValue, Array) -> Result<JsValue, JsValue>>,
}

impl Noted {
    pub fn begin() -> Self {
        let reached = Rc::<RefCell<Vec<(u32, bool)>>>::default();
        let noted = Rc::clone(&reached);
        let apply = Closure::new(move |function: Function, this: JsValue, arguments: Array| {
            let at = arguments.get(1).as_f64().unwrap_or(f64::NAN) as u32;
            let writes = function.name() != "load";
            noted.borrow_mut().push((at, writes));
            Reflect::apply(&function, &this, &arguments)
        });
        let handler = object(&[("apply", apply.as_ref().clone())]);
        let originals = ATOMICS.map(|name| {
            let original = get(&atomics(), name);
            set(&atomics(), name, &Proxy::new(&original, &handler));
            original
        });
        Self {
            reached,
            originals,
            _apply: apply,
        }
    }

    /// Whether a word was reached by `Atomics`, and written so if it must be.
    pub fn has(&self, at: u32, must_write: bool) -> bool {
        let reached = self.reached.borrow();
        (reached.iter()).any(|&(word, writes)| word == at && (writes || !must_write))
    }
}

impl Drop for Noted {
    fn drop(&mut self) {
        for (name, original) in ATOMICS.iter().zip(&self.originals) {
            set(&atomics(), name, original);
        }
    }
}

/// While it lives, this place is like a page that is not isolated.
pub struct NotIsolated(JsValue);

impl NotIsolated {
    pub fn enter() -> Self {
        let global = js_sys::global();
        let class = get(&global, "SharedArrayBuffer");
        Reflect::delete_property(&global, &"SharedArrayBuffer".into()).unwrap();
        let no = object(&[("value", false.into()), ("configurable", true.into())]);
        Object::define_property(&global, &"crossOriginIsolated".into(), &no);
        Self(class)
    }
}

impl Drop for NotIsolated {
    fn drop(&mut self) {
        let global = js_sys::global();
        if !self.0.is_undefined() {
            let class = object(&[
                ("value", self.0.clone()),
                ("configurable", true.into()),
                ("writable", true.into()),
            ]);
            Object::define_property(&global, &"SharedArrayBuffer".into(), &class);
        }
        Reflect::delete_property(&global, &"crossOriginIsolated".into()).unwrap();
    }
}

/// What a task comes to within `ms` milliseconds; `None` if it is still waiting then.
pub async fn within<F: Future>(ms: i32, task: F) -> Option<F::Output> {
    let (mut task, mut limit) = (pin!(task), pin!(pause(ms)));
    poll_fn(|cx| match task.as_mut().poll(cx) {
        Poll::Ready(answer) => Poll::Ready(Some(answer)),
        Poll::Pending => limit.as_mut().poll(cx).map(|()| None),
    })
    .await
}

/// Runs two tasks side by side and answers when both are done.
pub async fn both<A: Future, B: Future>(a: A, b: B) -> (A::Output, B::Output) {
    let (mut a, mut b) = (pin!(a), pin!(b));
    let (mut from_a, mut from_b) = (None, None);
    poll_fn(|cx| {
        if from_a.is_none()
            && let Poll::Ready(answer) = a.as_mut().poll(cx)
        {
            from_a = Some(answer);
        }
        if from_b.is_none()
            && let Poll::Ready(answer) = b.as_mut().poll(cx)
        {
            from_b = Some(answer);
        }
        match (from_a.is_some(), from_b.is_some()) {
            (true, true) => Poll::Ready(from_a.take().zip(from_b.take()).unwrap()),
            _ => Poll::Pending,
        }
    })
    .await
}

/// Polls once, as a task that has more to do.
pub fn poll_once<F: Future>(task: Pin<&mut F>) -> Poll<F::Output> {
    task.poll(&mut Context::from_waker(Waker::noop()))
}

/// Lets other tasks run for so long.
pub async fn pause(milliseconds: i32) {
    let timer = Promise::new(&mut |resolve, _reject| spec_later(&resolve, milliseconds));
    timer.await.expect("a timer does not fail");
}

// A name of its own keeps it from clashing with an import of the code under test.
#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_name = setTimeout)]
    fn spec_later(callback: &JsValue, milliseconds: i32);
}

/// What was thrown, in words.
pub fn words_of(thrown: &JsValue) -> String {
    match thrown.dyn_ref::<Error>() {
        Some(error) => format!("{}: {}", error.name(), error.message()),
        None => format!("{thrown:?}"),
    }
}

pub fn get(object: &JsValue, name: &str) -> JsValue {
    Reflect::get(object, &name.into()).unwrap_or_default()
}

fn set(object: &JsValue, name: &str, value: &JsValue) {
    Reflect::set(object, &name.into(), value).unwrap();
}

/// Whether the engine has `Atomics.waitAsync`.
pub fn has_wait_async() -> bool {
    get(&atomics(), "waitAsync").is_function()
}

fn atomics() -> JsValue {
    get(&js_sys::global(), "Atomics")
}

fn object(fields: &[(&str, JsValue)]) -> Object {
    let object = Object::new();
    for (name, value) in fields {
        set(&object, name, value);
    }
    object
}
