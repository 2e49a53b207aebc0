//! The misbehaving server: where it is, what it can play, what it saw.

#![allow(clippy::expect_used)]

use js_sys::{JSON, JsString, Promise, Reflect};
use wasm_bindgen::prelude::*;
use web_sys::Response;

use super::clock::{First, now, race, sleep};

/// The lab of this run.
pub struct Lab {
    base: String,
    /// A port at which nobody listens. A service worker has none.
    refused: Option<String>,
    /// Does a service worker play this lab?
    played: bool,
}

/// What became of the requests that carried one id.
pub struct Seen {
    pub requests: f64,
    pub closed_by_client: f64,
    report: String,
}

impl Lab {
    /// Finds the lab. Without one nothing can be judged.
    pub async fn find() -> Self {
        let base = base();
        match race(json(&format!("{base}/info")), sleep(3000.0)).await {
            First::Left(Ok(info)) => Self {
                refused: field(&info, "refused").as_string(),
                played: field(&info, "kind").as_string().as_deref() == Some("service-worker"),
                base,
            },
            First::Left(Err(_)) => unjudged(
                &format!("nobody can be reached at {base}"),
                "Is the server that should be there still running?",
            ),
            // A right `get` leaves nothing behind that could hold an answer up.
            First::Right(()) => panic!(
                "nobody answers at {base}/info within 3 s. A browser opens six connections to one server: \
                 requests that nobody ended may hold them all."
            ),
        }
    }

    /// An endpoint, marked with a fresh id.
    pub fn at(&self, endpoint: &str) -> Target {
        let id = format!("silent-fetch-{}", js_sys::Math::random());
        let joint = if endpoint.contains('?') { '&' } else { '?' };
        Target {
            url: format!("{}{endpoint}{joint}id={id}", self.base),
            name: endpoint.to_owned(),
            id,
        }
    }

    /// A port at which nobody listens. Without one the test cannot be judged.
    pub fn refusing(&self) -> Target {
        match (self.nobody(), self.played) {
            (Some(target), _) => target,
            (None, true) => unjudged("a service worker cannot refuse a connection", SERVE),
            (None, false) => unjudged(
                "through the book's own port no connection can be refused",
                "A browser on the machine that serves the book can reach the others, too.",
            ),
        }
    }

    /// A port at which nobody listens, if this lab has one.
    pub fn nobody(&self) -> Option<Target> {
        self.refused.as_ref().map(|url| Target {
            url: url.clone(),
            name: "a port at which nobody listens".to_owned(),
            id: String::new(),
        })
    }

    /// Asks the lab what became of the requests with this id.
    pub async fn seen(&self, id: &str) -> Seen {
        let report = json(&format!("{}/seen?id={id}", self.base))
            .await
            .expect("the lab answers /seen");
        if let Some(why) = field(&report, "why").as_string() {
            unjudged(&why, SERVE);
        }
        let count = |name| field(&report, name).as_f64().unwrap_or(0.0);
        Seen {
            requests: count("requests"),
            closed_by_client: count("closed_by_client"),
            report: JSON::stringify(&report)
                .map(String::from)
                .unwrap_or_default(),
        }
    }

    /// Waits for up to 2 s until the server has seen the connection close. If it has not, what it sees instead.
    pub async fn wait_until_closed(&self, target: &Target) -> Result<(), String> {
        self.wait_until_seen(target, |seen| seen.closed_by_client > 0.0)
            .await
    }

    /// Waits for up to 2 s until the server has the request. If it has not, what it sees instead.
    pub async fn wait_until_asked(&self, target: &Target) -> Result<(), String> {
        self.wait_until_seen(target, |seen| seen.requests > 0.0)
            .await
    }

    async fn wait_until_seen(
        &self,
        target: &Target,
        enough: fn(&Seen) -> bool,
    ) -> Result<(), String> {
        let started = now();
        loop {
            let seen = self.seen(&target.id).await;
            if enough(&seen) {
                return Ok(());
            }
            if now() - started > 2_000.0 {
                // Chromium tells a service worker when a client gives up on a body. Firefox 153 does not.
                if self.played {
                    let why = "a service worker is not always told that a client has gone";
                    unjudged(why, SERVE);
                }
                return Err(seen.report);
            }
            sleep(25.0).await;
        }
    }
}

/// The way out where a service worker plays the lab.
const SERVE: &str = "In a clone of this book, `cargo kata serve` has a server that can do it.";

/// Ends the test without a verdict, and says what could be done. The page's host knows the first words.
fn unjudged(why: &str, way_out: &str) -> ! {
    panic!("could not be judged here: {why}. {way_out}")
}

/// Where a request goes.
pub struct Target {
    pub url: String,
    /// What a message calls it.
    pub name: String,
    /// What the lab counts it under.
    pub id: String,
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

async fn json(url: &str) -> Result<JsValue, JsValue> {
    spec_fetch(url).await?.json()?.await
}

/// A property of an object; `undefined` if there is none.
pub fn field(object: &JsValue, name: &str) -> JsValue {
    Reflect::get(object, &JsString::from(name)).unwrap_or(JsValue::UNDEFINED)
}

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_name = fetch)]
    fn spec_fetch(url: &str) -> Promise<Response>;
}
