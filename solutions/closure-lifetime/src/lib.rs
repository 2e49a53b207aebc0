//! Subscriptions to JavaScript's events that end when they are dropped.
//!
//! A [`Closure`] is two things: a JavaScript function, which the garbage collector owns,
//! and the Rust closure behind it, which somebody in Rust must own. Drop it, and the
//! function throws when it is called. Forget it, and what it captured is never freed. So
//! it belongs into the value that says how long it is needed: the [`Subscription`].

use js_sys::Function;
use wasm_bindgen::prelude::*;
use web_sys::{Event, EventTarget};

/// Calls `on_event` for each event of this kind that reaches `target`, for as long as the
/// [`Subscription`] lives.
///
/// `on_event` may subscribe, end any subscription, its own included, and fire events,
/// which may call it again before it returns. That is why it is an `Fn`.
///
/// # Errors
/// What JavaScript throws if `target` is no event target after all.
pub fn subscribe(
    target: &EventTarget,
    kind: &str,
    on_event: impl Fn(Event) + 'static,
) -> Result<Subscription, JsValue> {
    let subscription = Subscription {
        target: target.clone(),
        kind: kind.to_owned(),
        closure: Closure::new(on_event),
    };
    target.add_event_listener_with_callback(kind, subscription.listener())?;
    Ok(subscription)
}

/// A running subscription. Dropping it ends it and frees what its callback captured: at
/// once or, if that callback is just running, when it returns.
#[must_use = "a subscription ends when it is dropped; bind it to a name that lives on"]
#[derive(Debug)]
pub struct Subscription {
    target: EventTarget,
    kind: String,
    // Owns the callback. JavaScript's side of it does not keep it alive.
    closure: Closure<dyn Fn(Event)>,
}

impl Subscription {
    fn listener(&self) -> &Function {
        self.closure.as_ref().unchecked_ref()
    }
}

impl Drop for Subscription {
    fn drop(&mut self) {
        // First the listener goes, here, and then the closure, when the fields are dropped.
        // The other way round an event could meet a function that throws. Removing cannot
        // fail where adding did not.
        let _ = self
            .target
            .remove_event_listener_with_callback(&self.kind, self.listener());
    }
}
