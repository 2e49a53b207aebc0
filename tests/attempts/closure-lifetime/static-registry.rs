//! Subscriptions to JavaScript's events that end when they are dropped.

use std::{cell::RefCell, collections::HashMap};

use js_sys::Function;
use wasm_bindgen::prelude::*;
use web_sys::{Event, EventTarget};

thread_local! {
    /// All callbacks that are subscribed, so that each lives as long as it must.
    static REGISTRY: RefCell<Registry> = RefCell::default();
}

#[derive(Default)]
struct Registry {
    next: u64,
    callbacks: HashMap<u64, Box<dyn FnMut(Event)>>,
}

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
    let id = REGISTRY.with_borrow_mut(|registry| {
        registry.next += 1;
        registry.callbacks.insert(registry.next, Box::new(on_event));
        registry.next
    });
    let closure = Closure::<dyn Fn(Event)>::new(move |event| {
        REGISTRY.with_borrow_mut(|registry| {
            if let Some(on_event) = registry.callbacks.get_mut(&id) {
                on_event(event);
            }
        });
    });
    let listener: &Function = closure.as_ref().unchecked_ref();
    target.add_event_listener_with_callback(kind, listener)?;
    Ok(Subscription {
        target: target.clone(),
        kind: kind.to_owned(),
        closure,
        id,
    })
}

/// A running subscription. Dropping it ends it and frees what its callback captured.
#[must_use = "a subscription ends when it is dropped; bind it to a name that lives on"]
pub struct Subscription {
    target: EventTarget,
    kind: String,
    closure: Closure<dyn Fn(Event)>,
    id: u64,
}

impl Drop for Subscription {
    fn drop(&mut self) {
        let listener: &Function = self.closure.as_ref().unchecked_ref();
        // Removing cannot fail where adding did not.
        let _ = self
            .target
            .remove_event_listener_with_callback(&self.kind, listener);
        REGISTRY.with_borrow_mut(|registry| registry.callbacks.remove(&self.id));
    }
}
