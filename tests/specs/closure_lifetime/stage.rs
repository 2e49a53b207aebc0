//! A real event target that knows which listeners are attached to it, and what the engine
//! reported of those that threw.

use std::{cell::RefCell, rc::Rc};

use js_sys::{Array, Function, Object, Reflect};
use wasm_bindgen::prelude::*;
use web_sys::{Event, EventTarget};

/// The kind of all events in this spec.
pub const KIND: &str = "tick";

/// `addEventListener` and `removeEventListener`: kind, listener, options.
type Call = Closure<dyn Fn(JsValue, JsValue, JsValue)>;

/// Open until dropped.
pub struct Stage {
    target: EventTarget,
    attached: Rc<RefCell<Vec<Listener>>>,
    errors: Rc<RefCell<Vec<String>>>,
    // Held for as long as JavaScript may call them.
    _stand_ins: [Call; 2],
    on_error: Closure<dyn Fn(Object)>,
}

/// A listener as it was attached.
struct Listener {
    kind: JsValue,
    function: JsValue,
    capture: bool,
    signal: JsValue,
}

impl Listener {
    /// What the arguments of either call describe.
    fn of(kind: &JsValue, function: &JsValue, options: &JsValue) -> Self {
        let capture = match options.is_object() {
            true => get(options, "capture"),
            false => options.clone(),
        };
        Self {
            kind: kind.clone(),
            function: function.clone(),
            capture: capture.is_truthy(),
            signal: get(options, "signal"),
        }
    }

    /// The DOM's rule for two calls that mean the same listener.
    fn is(&self, other: &Self) -> bool {
        (&self.kind, &self.function, self.capture) == (&other.kind, &other.function, other.capture)
    }
}

impl Stage {
    pub fn open() -> Self {
        let target = EventTarget::new().unwrap();
        let attached = Rc::<RefCell<Vec<Listener>>>::default();
        let stand_ins = [
            stand_in(&target, "addEventListener", {
                let attached = Rc::clone(&attached);
                move |listener| {
                    let mut attached = attached.borrow_mut();
                    if !attached.iter().any(|other| other.is(&listener)) {
                        attached.push(listener);
                    }
                }
            }),
            stand_in(&target, "removeEventListener", {
                let attached = Rc::clone(&attached);
                move |listener| attached.borrow_mut().retain(|other| !other.is(&listener))
            }),
        ];
        let errors = Rc::<RefCell<Vec<String>>>::default();
        let on_error = Closure::<dyn Fn(Object)>::new({
            let errors = Rc::clone(&errors);
            move |event: Object| {
                let message = get(&event, "message").as_string().unwrap_or_default();
                errors.borrow_mut().push(message);
                event.unchecked_ref::<Event>().prevent_default();
            }
        });
        global()
            .add_event_listener_with_callback("error", on_error.as_ref().unchecked_ref())
            .unwrap();
        Self {
            target,
            attached,
            errors,
            _stand_ins: stand_ins,
            on_error,
        }
    }

    pub fn target(&self) -> &EventTarget {
        &self.target
    }

    /// Fires an event. It comes back when all listeners have been called.
    pub fn fire(&self) {
        fire(&self.target);
    }

    /// How many listeners are attached.
    pub fn attached(&self) -> usize {
        let gone = |listener: &&Listener| get(&listener.signal, "aborted").is_truthy();
        self.attached
            .borrow()
            .iter()
            .filter(|listener| !gone(listener))
            .count()
    }

    /// How many listeners threw.
    pub fn errors(&self) -> usize {
        self.errors.borrow().len()
    }

    /// What the engine reported last, for a message.
    pub fn last_error(&self) -> String {
        match self.errors.borrow().last() {
            Some(error) => format!("the engine reported {error:?}"),
            None => "the engine reported no error".into(),
        }
    }
}

impl Drop for Stage {
    fn drop(&mut self) {
        for name in ["addEventListener", "removeEventListener"] {
            Reflect::delete_property(self.target.unchecked_ref::<Object>(), &name.into()).unwrap();
        }
        global()
            .remove_event_listener_with_callback("error", self.on_error.as_ref().unchecked_ref())
            .unwrap();
    }
}

/// Fires an event at a target.
pub fn fire(target: &EventTarget) {
    fire_kind(target, KIND);
}

/// Fires an event of this kind, whose default can be prevented, and gives it back when all
/// listeners have been called.
pub fn fire_kind(target: &EventTarget, kind: &str) -> Event {
    let init = Object::new();
    Reflect::set(&init, &"cancelable".into(), &true.into()).unwrap();
    let class: Function = get(&js_sys::global(), "Event").unchecked_into();
    let event: Event = Reflect::construct(&class, &Array::of2(&kind.into(), &init))
        .unwrap()
        .unchecked_into();
    target.dispatch_event(&event).unwrap();
    event
}

/// Puts a function of the target's own before the engine's, which takes note and passes on.
fn stand_in(target: &EventTarget, name: &str, note: impl Fn(Listener) + 'static) -> Call {
    let real: Function = get(target, name).unchecked_into();
    let owner = target.clone();
    let call = Call::new(move |kind: JsValue, function: JsValue, options: JsValue| {
        note(Listener::of(&kind, &function, &options));
        real.call3(&owner, &kind, &function, &options)
            .unwrap_throw();
    });
    Reflect::set(target, &name.into(), call.as_ref()).unwrap();
    call
}

fn global() -> EventTarget {
    js_sys::global().unchecked_into()
}

/// A property; `undefined` if there is none, or nothing to have it.
fn get(object: &JsValue, name: &str) -> JsValue {
    match object.is_object() {
        true => Reflect::get(object, &name.into()).unwrap_or_default(),
        false => JsValue::UNDEFINED,
    }
}
