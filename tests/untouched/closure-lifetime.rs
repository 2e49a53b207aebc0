//! Subscriptions to JavaScript's events that end when they are dropped.

#[doc(inline)]
pub use contract::*;

use js_sys::Function;
use wasm_bindgen::prelude::*;
use web_sys::{Event, EventTarget};

/// Calls `on_event` for each event of this kind that reaches `target`, for as long as the
/// [`Subscription`] lives.
///
/// `on_event` is called while the event is under way, with the event itself: it may prevent
/// the default, or stop the event. It may subscribe, end any subscription, its own included,
/// and fire events, which may call it again before it returns, many deep. That is why it is
/// an `Fn`. It may panic, and hears the next event all the same; only what it has captured
/// may be lost then, for on this target a panic runs no destructor.
///
/// # Errors
/// What JavaScript throws if `target` is no event target after all. Nothing is left of the
/// attempt.
pub fn subscribe(
    target: &EventTarget,
    kind: &str,
    on_event: impl Fn(Event) + 'static,
) -> Result<Subscription, JsValue> {
    let source = Source::new(target, kind);
    let closure = Closure::<dyn FnMut(Event)>::new(on_event);
    // A clone, so that the listener outlives this call.
    let listener: Function = closure.as_ref().unchecked_ref::<Function>().clone();
    source.attach(&listener)?;
    Ok(Subscription { source, listener })
}

/// A running subscription. Dropping it ends it and frees what its callback captured: at
/// once or, if that callback is just running, when it returns. First the listener goes, so
/// that what is freed may fire events. Nothing stays behind, neither in Rust nor at the target.
#[must_use = "a subscription ends when it is dropped; bind it to a name that lives on"]
#[derive(Debug)]
pub struct Subscription {
    source: Source,
    listener: Function,
}

impl Drop for Subscription {
    fn drop(&mut self) {
        self.source.detach(&self.listener);
    }
}
