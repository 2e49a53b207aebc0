//! What is given: where events come from, and how a listener is attached there and taken away.

use js_sys::Function;
use wasm_bindgen::prelude::*;
use web_sys::EventTarget;

/// Where events come from: a target, and the kind of event that is wanted there.
#[derive(Debug, Clone)]
pub struct Source {
    target: EventTarget,
    kind: String,
}

impl Source {
    /// Events of this kind at this target.
    pub fn new(target: &EventTarget, kind: &str) -> Self {
        Self {
            target: target.clone(),
            kind: kind.to_owned(),
        }
    }

    /// Has the engine call `listener` for each event from now on.
    ///
    /// The target keeps JavaScript's function alive. It knows nothing of a Rust closure behind it.
    ///
    /// # Errors
    /// What JavaScript throws if the target is no event target after all.
    pub fn attach(&self, listener: &Function) -> Result<(), JsValue> {
        self.target
            .add_event_listener_with_callback(&self.kind, listener)
    }

    /// Takes away the very function that was attached. It hears no event from now on, not even the
    /// rest of one that is under way. A function that is not attached changes nothing.
    pub fn detach(&self, listener: &Function) {
        // Removing cannot fail where adding did not.
        let _ = self
            .target
            .remove_event_listener_with_callback(&self.kind, listener);
    }
}
