//! The browser's clocks, console, generator and network, played or watched by the spec.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use js_sys::{Array, Date, Function, Object, Promise, Proxy, Reflect, TypeError, Uint8Array};
use wasm_bindgen::prelude::*;
use web_sys::{Response, ResponseInit};

use super::stage::{StandIns, field, object};

/// Both of the browser's clocks, which stand still until they are set. The one on the wall shows whole milliseconds.
pub struct Clocks {
    steady: Rc<Cell<f64>>,
    wall: Rc<Cell<f64>>,
    _stand_ins: StandIns,
}

impl Clocks {
    /// What they show at first.
    pub fn play(steady_ms: f64, wall_ms: f64) -> Self {
        let steady = Rc::new(Cell::new(steady_ms));
        let wall = Rc::new(Cell::new(wall_ms));
        let global: JsValue = js_sys::global().into();
        let date = field(&global, "Date");
        let mut stand_ins = StandIns::default();
        stand_ins.put::<dyn Fn() -> f64>(&field(&global, "performance"), "now", {
            let steady = Rc::clone(&steady);
            Closure::new(move || steady.get())
        });
        stand_ins.put::<dyn Fn() -> f64>(&date, "now", {
            let wall = Rc::clone(&wall);
            Closure::new(move || wall.get().floor())
        });
        // `new Date()` without an argument asks the same clock.
        let handler = Object::new();
        stand_ins.put::<dyn Fn(Function, Array) -> JsValue>(&handler, "construct", {
            let wall = Rc::clone(&wall);
            Closure::new(move |date: Function, arguments: Array| {
                if arguments.length() == 0 {
                    arguments.push(&wall.get().floor().into());
                }
                Reflect::construct(&date, &arguments).unwrap_throw()
            })
        });
        stand_ins.replace(&global, "Date", &Proxy::new(&date, &handler));
        Self {
            steady,
            wall,
            _stand_ins: stand_ins,
        }
    }

    /// Lets so much time pass, on both.
    pub fn pass(&self, ms: f64) {
        self.steady.set(self.steady.get() + ms);
        self.wall.set(self.wall.get() + ms);
    }

    /// Sets the one on the wall.
    pub fn set_wall(&self, ms: f64) {
        self.wall.set(ms);
    }
}

/// An entry of the console: the method's name, and the text as a console shows it.
pub type Entry = (&'static str, String);

/// What reaches the console.
pub struct Console {
    entries: Rc<RefCell<Vec<Entry>>>,
    _stand_ins: StandIns,
}

impl Console {
    pub fn watch() -> Self {
        let entries = Rc::<RefCell<Vec<Entry>>>::default();
        let console = field(&js_sys::global(), "console");
        let mut stand_ins = StandIns::default();
        for method in ["log", "info", "debug", "warn", "error", "trace"] {
            let original: Function = field(&console, method).unchecked_into();
            let heard = Closure::<dyn FnMut(Array)>::new({
                let entries = Rc::clone(&entries);
                move |arguments: Array| {
                    let text = shown(&arguments);
                    // A panic of the code under test is for the page to tell.
                    if text.starts_with("panicked at ") {
                        let _ = original.apply(&JsValue::UNDEFINED, &arguments);
                    }
                    entries.borrow_mut().push((method, text));
                }
            });
            // A closure has a fixed number of arguments; a trap of a proxy gets them in an array.
            let handler = Object::new();
            let apply = Closure::<dyn FnMut(JsValue, JsValue, Array)>::new({
                let heard: Function = heard.as_ref().clone().unchecked_into();
                move |_, _, arguments: Array| {
                    let _ = heard.call1(&JsValue::UNDEFINED, &arguments);
                }
            });
            stand_ins.put(&handler, "heard", heard);
            stand_ins.put(&handler, "apply", apply);
            let method_itself = field(&console, method);
            stand_ins.replace(&console, method, &Proxy::new(&method_itself, &handler));
        }
        Self {
            entries,
            _stand_ins: stand_ins,
        }
    }

    /// What has reached it so far.
    pub fn entries(&self) -> Vec<Entry> {
        self.entries.borrow().clone()
    }
}

/// What a console makes of its arguments: a first one with `%` is a format if there are more.
fn shown(arguments: &Array) -> String {
    let mut rest = arguments.iter().map(|value| spec_text(&value));
    let first = rest.next().unwrap_or_default();
    let mut text = String::new();
    if arguments.length() > 1 {
        let mut chars = first.chars().peekable();
        while let Some(char) = chars.next() {
            match (char, chars.peek()) {
                ('%', Some('s' | 'd' | 'i' | 'f' | 'o' | 'O')) => {
                    chars.next();
                    text += &rest.next().unwrap_or_default();
                }
                ('%', Some('c')) => {
                    chars.next();
                    rest.next();
                }
                _ => text.push(char),
            }
        }
    } else {
        text = first;
    }
    for more in rest {
        text.push(' ');
        text += &more;
    }
    text
}

/// The browser's generator for secrets, and what was drawn from it.
pub struct Generator {
    bits: Rc<Cell<u32>>,
    _stand_ins: StandIns,
}

impl Generator {
    /// Counts the bits that it gives away.
    pub fn watch() -> Self {
        Self::stand_in(false)
    }

    /// Makes it refuse, as if the system had no randomness left.
    pub fn refuse() -> Self {
        Self::stand_in(true)
    }

    /// Takes it away, and counts what is drawn from it all the same.
    pub fn hide() -> Self {
        let mut watched = Self::watch();
        let global: JsValue = js_sys::global().into();
        watched
            ._stand_ins
            .replace(&global, "crypto", &JsValue::UNDEFINED);
        watched
    }

    fn stand_in(refuses: bool) -> Self {
        let bits = Rc::new(Cell::new(0));
        let crypto = field(&js_sys::global(), "crypto");
        let mut stand_ins = StandIns::default();
        for (name, uuid) in [("getRandomValues", false), ("randomUUID", true)] {
            let Some(original) = field(&crypto, name).dyn_ref::<Function>().cloned() else {
                continue;
            };
            let bits = Rc::clone(&bits);
            let crypto_itself = crypto.clone();
            let give = move |array: JsValue| -> Result<JsValue, JsValue> {
                if refuses {
                    return Err(TypeError::new("no randomness left").into());
                }
                // A UUID of version 4 has 122 random bits.
                let bytes = field(&array, "byteLength").as_f64().unwrap_or(0.0) as u32;
                bits.set(bits.get() + if uuid { 122 } else { 8 * bytes });
                original.call1(&crypto_itself, &array)
            };
            stand_ins.put::<dyn Fn(JsValue) -> Result<JsValue, JsValue>>(
                &crypto,
                name,
                Closure::new(give),
            );
        }
        Self {
            bits,
            _stand_ins: stand_ins,
        }
    }

    /// How many bits it has given away.
    pub fn bits(&self) -> u32 {
        self.bits.get()
    }
}

/// What the network does with a request.
#[derive(Clone)]
pub enum Play {
    /// It answers with this status and this body.
    Answer(u16, &'static [u8]),
    /// It answers so, after a pause of so many milliseconds.
    Late(f64, &'static [u8]),
    /// It answers with status 200, and the body comes in these pieces.
    Pieces(&'static [&'static [u8]]),
    /// It fails: no such host, no connection, forbidden.
    Fail,
    /// It fails in the middle of the body.
    BreakOff(&'static [u8]),
}

/// `fetch`, played.
pub struct Network {
    asked: Rc<RefCell<Vec<String>>>,
    _stand_ins: StandIns,
}

impl Network {
    pub fn play(play: Play) -> Self {
        let asked = Rc::<RefCell<Vec<String>>>::default();
        let mut stand_ins = StandIns::default();
        let global: JsValue = js_sys::global().into();
        stand_ins.put::<dyn Fn(JsValue) -> Promise>(&global, "fetch", {
            let asked = Rc::clone(&asked);
            Closure::new(move |input: JsValue| {
                // `fetch` takes an address, or a `Request` that holds one.
                let address = input.as_string();
                let address = address.or_else(|| field(&input, "url").as_string());
                asked.borrow_mut().push(address.unwrap_or_default());
                let play = play.clone();
                wasm_bindgen_futures::future_to_promise(async move { answer(play).await })
            })
        });
        Self {
            asked,
            _stand_ins: stand_ins,
        }
    }

    /// The addresses that were asked for.
    pub fn asked(&self) -> Vec<String> {
        self.asked.borrow().clone()
    }
}

async fn answer(play: Play) -> Result<JsValue, JsValue> {
    let (status, body) = match play {
        // By definition this one has no body.
        Play::Answer(304, _) => (304, JsValue::NULL),
        Play::Answer(status, body) => (status, bytes(body)),
        Play::Late(ms, body) => {
            super::stage::pause(ms).await;
            (200, bytes(body))
        }
        Play::Fail => return Err(TypeError::new("no connection").into()),
        Play::Pieces(pieces) => (200, in_pieces(pieces.to_vec(), false)),
        Play::BreakOff(body) => (200, in_pieces(vec![body], true)),
    };
    let init = ResponseInit::new();
    init.set_status(status);
    Ok(SpecResponse::spec_new(&body, &init).into())
}

fn bytes(body: &[u8]) -> JsValue {
    Uint8Array::from(body).into()
}

/// A body that comes in these pieces, and may break off behind them.
fn in_pieces(pieces: Vec<&'static [u8]>, breaks_off: bool) -> JsValue {
    let mut rest = pieces.into_iter();
    // Each call wants one chunk.
    let pull = Closure::<dyn FnMut(SpecController)>::new(move |controller: SpecController| {
        match rest.next() {
            Some(bytes) => controller.spec_enqueue(&Uint8Array::from(bytes)),
            None if breaks_off => controller.spec_error(&TypeError::new("connection reset")),
            None => controller.spec_close(),
        }
    });
    SpecStream::spec_stream(&object("pull", pull.into_js_value())).into()
}

/// The date that JavaScript's own `Date` makes of an ISO 8601 text, in milliseconds since 1970.
pub fn date(iso: &str) -> f64 {
    Date::parse(iso)
}

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_name = String)]
    fn spec_text(value: &JsValue) -> String;
    #[wasm_bindgen(js_name = Response, extends = Response)]
    type SpecResponse;
    #[wasm_bindgen(constructor, js_class = "Response")]
    fn spec_new(body: &JsValue, init: &ResponseInit) -> SpecResponse;
    #[wasm_bindgen(js_name = ReadableStream)]
    type SpecStream;
    #[wasm_bindgen(constructor, js_class = "ReadableStream")]
    fn spec_stream(source: &Object) -> SpecStream;
    type SpecController;
    #[wasm_bindgen(method, js_name = enqueue)]
    fn spec_enqueue(this: &SpecController, chunk: &Uint8Array);
    #[wasm_bindgen(method, js_name = error)]
    fn spec_error(this: &SpecController, why: &JsValue);
    #[wasm_bindgen(method, js_name = close)]
    fn spec_close(this: &SpecController);
}
