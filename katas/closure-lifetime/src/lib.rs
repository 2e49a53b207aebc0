//! Subscriptions to JavaScript's events that end when they are dropped.

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
    let closure = Closure::<dyn FnMut(Event)>::new(on_event);
    // A clone, so that the listener outlives this call.
    let listener: Function = closure.as_ref().unchecked_ref::<Function>().clone();
    target.add_event_listener_with_callback(kind, &listener)?;
    Ok(Subscription {
        target: target.clone(),
        kind: kind.to_owned(),
        listener,
    })
}

/// A running subscription. Dropping it ends it and frees what its callback captured.
#[must_use = "a subscription ends when it is dropped; bind it to a name that lives on"]
#[derive(Debug)]
pub struct Subscription {
    target: EventTarget,
    kind: String,
    listener: Function,
}

impl Drop for Subscription {
    fn drop(&mut self) {
        // Removing cannot fail where adding did not.
        let _ = self
            .target
            .remove_event_listener_with_callback(&self.kind, &self.listener);
    }
}
