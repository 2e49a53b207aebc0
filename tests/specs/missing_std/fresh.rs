//! Fresh instances of this very module, bare: nobody has given their imports a meaning.
//!
//! They run in a worker of their own, so that one that traps or spins harms nobody. The
//! worker counts how often an instance calls an import, which is its only way to reach
//! anything outside.

use std::cell::RefCell;
use std::panic;
use std::rc::Rc;
use std::sync::Mutex;

use js_sys::Array;
use wasm_bindgen::prelude::*;
use web_sys::{Blob, MessageEvent, Url, Worker};

use super::stage::{field, pause, steady};

/// What the worker does with each export that it is asked to call: a fresh instance, one call, and
/// what the module has put down by then, even if it trapped.
const WORKER: &str = r#"
onmessage = ({ data: [module, jobs] }) => {
  for (const [name, argument] of jobs) {
    let asked = 0;
    const imports = {};
    for (const { module: from, name: what } of WebAssembly.Module.imports(module)) {
      imports[from] ??= {};
      imports[from][what] = () => { asked += 1; };
    }
    const { exports } = new WebAssembly.Instance(module, imports);
    postMessage(null);
    let code = null, trap = "";
    asked = 0;
    try { code = exports[name](argument); } catch (error) { trap = String(error?.message ?? error); }
    const words = new Uint8Array(exports.memory.buffer, exports.spec_words(), exports.spec_words_len()).slice();
    postMessage([code, new TextDecoder().decode(words), trap, asked]);
  }
};
"#;

/// How an instance's work is watched.
#[derive(Clone, Copy)]
pub enum Way {
    /// It is expected to end, and may take long on a busy machine.
    Quick,
    /// It may spin, and gets less patience, in a worker for itself.
    MaySpin,
}

/// What one call in a fresh instance came to.
#[derive(Debug, Clone)]
pub struct Answer {
    /// What it returned; none if it trapped or did not end.
    pub code: Option<u32>,
    /// What it put down: its answer in words, or its panic's.
    pub words: String,
    /// The engine's own words for a trap.
    pub trap: String,
    /// How often it called an import.
    pub asked: u32,
    /// Whether it had to be stopped.
    pub spins: bool,
}

impl Answer {
    /// No answer.
    pub fn none() -> Self {
        Self {
            code: None,
            words: String::new(),
            trap: String::new(),
            asked: 0,
            spins: false,
        }
    }
}

/// Whether a worker that spins in wasm can be ended. WebKit's goes on, and keeps a core busy, until its whole
/// process ends; so there nobody should begin it.
pub fn can_be_ended() -> bool {
    let navigator = field(&js_sys::global(), "navigator");
    let agent = field(&navigator, "userAgent").as_string();
    let agent = agent.unwrap_or_default();
    !agent.contains("AppleWebKit") || agent.contains("Chrome")
}

/// Calls each of these exports with its argument, in an instance of its own, one after the other. After one that
/// has to be stopped there are no more answers.
pub async fn run(jobs: &[(&str, u32)], way: Way) -> Vec<Answer> {
    let patience = match way {
        Way::Quick => 15_000.0,
        Way::MaySpin => 1_000.0,
    };
    let worker = Bench::start();
    let jobs: Array = jobs
        .iter()
        .map(|(name, argument)| Array::of2(&(*name).into(), &(*argument).into()))
        .collect();
    let wanted = jobs.length() as usize;
    worker.send(&Array::of2(&wasm_bindgen::module(), &jobs));
    loop {
        pause(5.0).await;
        let mut heard = worker.heard.borrow_mut();
        if let Some(error) = heard.error.take() {
            panic!("could not be judged here: no worker can be started ({error})");
        }
        let quiet = steady() - heard.at;
        if heard.begun == heard.answers.len() && quiet > 15_000.0 {
            panic!("could not be judged here: the spec's worker did not start within 15 s");
        }
        if heard.begun > heard.answers.len() && quiet > patience {
            heard.answers.push(Answer {
                spins: true,
                ..Answer::none()
            });
            return heard.answers.clone();
        }
        if heard.answers.len() == wanted {
            return heard.answers.clone();
        }
    }
}

/// A worker, ended when this is dropped.
struct Bench {
    worker: Worker,
    heard: Rc<RefCell<Heard>>,
    _on_message: Closure<dyn FnMut(MessageEvent)>,
    _on_error: Closure<dyn FnMut(JsValue)>,
}

/// What a worker has said.
struct Heard {
    begun: usize,
    answers: Vec<Answer>,
    /// When it said something last.
    at: f64,
    error: Option<String>,
}

impl Bench {
    fn start() -> Self {
        let blob = Blob::new_with_str_sequence(&Array::of1(&WORKER.into()));
        let url = blob.and_then(|blob| Url::create_object_url_with_blob(&blob));
        let url = url.expect("a text becomes a blob");
        let worker = Worker::new(&url).unwrap_or_else(|error| {
            panic!("could not be judged here: no worker can be started ({error:?})")
        });
        let heard = Rc::new(RefCell::new(Heard {
            begun: 0,
            answers: Vec::new(),
            at: steady(),
            error: None,
        }));
        let on_message = Closure::new({
            let heard = Rc::clone(&heard);
            move |event: MessageEvent| heard.borrow_mut().hear(&event.data())
        });
        let on_error = Closure::new({
            let heard = Rc::clone(&heard);
            move |event: JsValue| {
                let message = field(&event, "message").as_string();
                heard.borrow_mut().error = Some(message.unwrap_or_default());
            }
        });
        worker.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
        worker.set_onerror(Some(on_error.as_ref().unchecked_ref()));
        Self {
            worker,
            heard,
            _on_message: on_message,
            _on_error: on_error,
        }
    }

    fn send(&self, message: &JsValue) {
        let sent = self.worker.post_message(message);
        sent.expect("a module can be sent to a worker");
    }
}

impl Drop for Bench {
    fn drop(&mut self) {
        self.worker.set_onmessage(None);
        self.worker.set_onerror(None);
        self.worker.terminate();
    }
}

impl Heard {
    fn hear(&mut self, message: &JsValue) {
        self.at = steady();
        let Some(answer) = message.dyn_ref::<Array>() else {
            self.begun += 1;
            return;
        };
        let text = |at| answer.get(at).as_string().unwrap_or_default();
        self.answers.push(Answer {
            code: answer.get(0).as_f64().map(|code| code as u32),
            words: text(1),
            trap: text(2),
            asked: answer.get(3).as_f64().unwrap_or(0.0) as u32,
            spins: false,
        });
    }
}

/// What an instance has put down. The worker reads it from its memory.
static WORDS: Mutex<String> = Mutex::new(String::new());

/// Runs `work` in a fresh instance: its code is returned, its words are put down, and so are those of a panic.
pub fn answer(work: impl FnOnce() -> (u32, String)) -> u32 {
    panic::set_hook(Box::new(|info| {
        // A failed assertion goes on for more lines.
        let words = info.payload_as_str().and_then(|words| words.lines().next());
        put_down(words.unwrap_or("a panic without words"));
    }));
    let (code, words) = work();
    put_down(&words);
    code
}

fn put_down(words: &str) {
    if let Ok(mut place) = WORDS.lock() {
        words.clone_into(&mut place);
    }
}

/// The address of what was put down.
#[wasm_bindgen]
pub fn spec_words() -> u32 {
    WORDS.lock().map_or(0, |words| words.as_ptr() as u32)
}

/// And its length in bytes.
#[wasm_bindgen]
pub fn spec_words_len() -> u32 {
    WORDS.lock().map_or(0, |words| words.len() as u32)
}
