//! The servers of this run: one that any page may read, and one of another origin that permits nothing.

use std::pin::pin;
use std::task::Poll;

use js_sys::{Function, JsString, Promise, Reflect};
use wasm_bindgen::prelude::*;
use web_sys::{RequestInit, Response};

/// How long anything here may take, in milliseconds.
const PATIENCE: f64 = 8_000.0;

/// The two origins.
pub struct Lab {
    base: String,
    /// The origin that permits nothing: `http://host:port`.
    pub second: String,
}

impl Lab {
    /// Finds both. Without the second one nothing can be judged.
    pub async fn find() -> Self {
        let base = base();
        let Ok(info) = json(&format!("{base}/info")).await else {
            unjudged(
                &format!("nobody can be reached at {base}"),
                "Is the server that should be there still running?",
            );
        };
        match field(&info, "second").as_string() {
            Some(second) => Self { base, second },
            None if field(&info, "kind").as_string().as_deref() == Some("service-worker") => {
                unjudged(
                    "a second origin takes a second server, and a static site has none",
                    "In a clone of this book, `cargo kata serve` has one.",
                )
            }
            None => unjudged(
                "through the book's own port no second origin can be had",
                "A browser on the machine that runs `cargo kata serve` can reach it.",
            ),
        }
    }

    /// The way to the second origin past the browser's rules: the first one fetches `path` there.
    pub fn bridged(&self, path: &str) -> String {
        format!("{}/bridge{path}", self.base)
    }

    /// How many requests, and how many preflights, came with this id.
    pub async fn seen(&self, id: &str) -> (f64, f64) {
        let report = json(&format!("{}/seen?id={id}", self.base))
            .await
            .expect("the lab answers /seen");
        let count = |name| field(&report, name).as_f64().unwrap_or(0.0);
        (count("requests"), count("preflights"))
    }
}

/// An id under which nobody has counted yet.
pub fn fresh_id() -> String {
    format!("proxy-bridge-{}", js_sys::Math::random())
}

/// What `fetch` comes to, and no later than in eight seconds.
pub async fn ask(url: &str, init: &RequestInit) -> Result<Response, JsValue> {
    in_time(spec_fetch(url, init)).await
}

/// The body of an answer, as text.
pub async fn text(answer: &Response) -> Result<String, JsValue> {
    let text = in_time(answer.text()?).await?;
    Ok(text.as_string().unwrap_or_default())
}

async fn json(url: &str) -> Result<JsValue, JsValue> {
    let answer = ask(url, &RequestInit::new()).await?;
    in_time(answer.json()?).await
}

/// Waits for a promise, but not for ever.
async fn in_time<T>(promise: impl IntoFuture<Output = Result<T, JsValue>>) -> Result<T, JsValue> {
    let timer = Promise::new(&mut |resolve: Function, _reject: Function| {
        spec_timeout(&resolve, PATIENCE);
    });
    let (mut work, mut timer) = (pin!(promise.into_future()), pin!(timer.into_future()));
    std::future::poll_fn(|context| {
        if let Poll::Ready(outcome) = work.as_mut().poll(context) {
            return Poll::Ready(outcome);
        }
        let late = || Err(JsValue::from("no answer in eight seconds"));
        timer.as_mut().poll(context).map(|_| late())
    })
    .await
}

/// Ends the test without a verdict, and says what could be done. The page's host knows the first words.
fn unjudged(why: &str, way_out: &str) -> ! {
    panic!("could not be judged here: {why}. {way_out}")
}

/// Our own host says where the lab is. Under plain `cargo test` it sits on the port after the test page's.
fn base() -> String {
    let global = js_sys::global();
    if let Some(base) = field(&global, "__kataLab").as_string() {
        return base;
    }
    let location = field(&global, "location");
    let text = |name: &str| field(&location, name).as_string().unwrap_or_default();
    let port: u16 = text("port").parse().unwrap_or(0);
    format!("http://{}:{}", text("hostname"), port.wrapping_add(1))
}

/// A property of an object; `undefined` if there is none.
fn field(object: &JsValue, name: &str) -> JsValue {
    Reflect::get(object, &JsString::from(name)).unwrap_or(JsValue::UNDEFINED)
}

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_name = fetch)]
    fn spec_fetch(url: &str, init: &RequestInit) -> Promise<Response>;
    #[wasm_bindgen(js_name = setTimeout)]
    fn spec_timeout(callback: &Function, milliseconds: f64) -> JsValue;
}
