//! The engine's own collector, where it lets a test ask for it.

use js_sys::{Function, Object, Promise, Reflect};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_name = setTimeout)]
    fn later(callback: &JsValue, milliseconds: i32);
}

/// Chromium's `gc`, which exists if the browser was started with `--js-flags=--expose-gc`.
pub struct Gc(Function);

impl Gc {
    /// The function, if there is one.
    pub fn find() -> Option<Self> {
        let gc = Reflect::get(&js_sys::global(), &"gc".into()).ok()?;
        gc.dyn_into().ok().map(Self)
    }

    /// Collects everything that nobody holds, from a fresh task, so that no stack is in the way;
    /// then waits for the finalizers, which have a task of their own.
    pub async fn collect(&self) {
        let options = Object::new();
        for (name, value) in [("type", "major"), ("execution", "async")] {
            Reflect::set(&options, &name.into(), &value.into())
                .expect("a plain object takes properties");
        }
        let done = self
            .0
            .call1(&JsValue::UNDEFINED, &options)
            .expect("gc does not throw");
        JsFuture::from(Promise::<JsValue>::resolve(&done))
            .await
            .expect("gc does not fail");
        pause(20).await;
    }
}

/// Lets other tasks run for so long.
pub async fn pause(milliseconds: i32) {
    let timer = Promise::new(&mut |resolve, _reject| later(&resolve, milliseconds));
    JsFuture::from(timer).await.expect("a timer does not fail");
}

/// Says that a test has shown nothing.
pub fn not_proved() {
    wasm_bindgen_test::console_log!(
        "NOT PROVED HERE: this engine lets no test ask for a collection (there is no globalThis.gc), so \
         this test has shown nothing. Chromium with --js-flags=--expose-gc runs it in full."
    );
}
