//! Subscriptions to JavaScript's events that end when they are dropped.

use std::{cell::RefCell, rc::Rc};

use js_sys::Function;
use wasm_bindgen::prelude::*;
use web_sys::{Event, EventTarget};

/// The callback, until its subscription ends.
type Slot = Rc<RefCell<Option<Box<dyn Fn(Event)>>>>;

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
    let slot: Slot = Rc::new(RefCell::new(Some(Box::new(on_event))));
    let closure = Closure::<dyn Fn(Event)>::new({
        let slot = Rc::clone(&slot);
        move |event| {
            if let Some(on_event) = &*slot.borrow() {
                on_event(event);
            }
        }
    });
    let listener: &Function = closure.as_ref().unchecked_ref();
    target.add_event_listener_with_callback(kind, listener)?;
    Ok(Subscription {
        target: target.clone(),
        kind: kind.to_owned(),
        closure,
        slot,
    })
}

/// A running subscription. Dropping it ends it and frees what its callback captured.
#[must_use = "a subscription ends when it is dropped; bind it to a name that lives on"]
pub struct Subscription {
    target: EventTarget,
    kind: String,
    closure: Closure<dyn Fn(Event)>,
    slot: Slot,
}

impl Drop for Subscription {
    fn drop(&mut self) {
        let listener: &Function = self.closure.as_ref().unchecked_ref();
        // Removing cannot fail where adding did not.
        let _ = self
            .target
            .remove_event_listener_with_callback(&self.kind, listener);
        // Whoever still has the closure: the captures are freed here and now.
        self.slot.borrow_mut().take();
    }
}
