//! What only a script in a document can make: a function of sloppy JavaScript, and a page with a policy of its own.

use contract::Realm;
use js_sys::{Function, Object, Promise, Reflect, encode_uri_component};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;

use super::expect::sleep;
use super::host::{get, put};

/// Runs in the test's own document. The code in a page is strict wherever it is a module, and a page of the book allows no
/// code from text, so this is a classic script with an address.
const HERE: &str = r#"
globalThis.importGate = {
  // A call without a `this` gives it the whole page.
  sloppy: function () { return this; },

  // A document with this policy, and what `WebAssembly` comes to in it.
  async realmUnder(policy, script) {
    const frame = document.createElement("iframe");
    frame.hidden = true;
    frame.srcdoc = `<meta http-equiv="Content-Security-Policy" content="${policy}"><script src="${script}"></` + "script>";
    const loaded = new Promise((resolve) => { frame.onload = resolve; });
    document.body.append(frame);
    await loaded;
    const ask = (question) => new Promise((resolve, reject) => {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = ({ data: { answer, name, message } }) => {
        port1.close();
        if (name === undefined) return resolve(answer);
        // A clone of an error has lost its class.
        reject(new (WebAssembly[name] ?? globalThis[name] ?? Error)(message));
      };
      frame.contentWindow.postMessage(question, "*", [port2]);
    });
    const numbers = new Map();
    return {
      frame,
      async compile(bytes) {
        const number = await ask({ bytes });
        const module = await WebAssembly.compile(bytes);
        numbers.set(module, number);
        return module;
      },
      async instantiate(module, imports) {
        await ask({ number: numbers.get(module) });
        return WebAssembly.instantiate(module, imports);
      },
    };
  },
};
"#;

/// Runs in the document with the policy, and asks its engine. The modules stay there, and functions cannot come over.
const THERE: &str = r#"
const modules = [];
addEventListener("message", async ({ data: { bytes, number }, ports: [port] }) => {
  try {
    if (bytes) {
      modules.push(await WebAssembly.compile(bytes));
    } else {
      const imports = {};
      for (const { module, name } of WebAssembly.Module.imports(modules[number])) (imports[module] ??= {})[name] = () => {};
      await WebAssembly.instantiate(modules[number], imports);
    }
    port.postMessage({ answer: modules.length - 1 });
  } catch ({ name, message }) {
    port.postMessage({ name, message });
  }
});
"#;

/// A script's text as its address.
fn address(text: &str) -> String {
    format!("data:text/javascript,{}", encode_uri_component(text))
}

/// What the script in this document offers. Where its policy does not let such a script run, nothing can be
/// judged.
async fn here() -> JsValue {
    let global = js_sys::global();
    let document = get(&global, "document");
    let script = call(&document, "createElement", &["script".into()]);
    let loaded = Promise::new(&mut |resolve, reject| {
        put(&script, "onload", &resolve);
        put(&script, "onerror", &reject);
    });
    put(&script, "src", &address(HERE).into());
    call(
        &get(&document, "head"),
        "append",
        std::slice::from_ref(&script),
    );
    let loaded = JsFuture::from(loaded).await;
    call(&script, "remove", &[]);
    let offered = get(&global, "importGate");
    if loaded.is_err() || !offered.is_object() {
        unjudged("the policy of this page lets no script from a data: URL run");
    }
    offered
}

/// `function () { return this; }`, in sloppy JavaScript.
pub async fn sloppy() -> Function {
    get(&here().await, "sloppy").unchecked_into()
}

/// A page with a policy, open until dropped.
pub struct Page {
    realm: Object,
}

impl Page {
    /// Opens one. Scripts from data: URLs must be allowed in it.
    pub async fn open(policy: &str) -> Self {
        let here = here().await;
        let opened = call(&here, "realmUnder", &[policy.into(), address(THERE).into()]);
        let realm = JsFuture::from(Promise::from(opened)).await.unwrap();
        let page = Self {
            realm: realm.unchecked_into(),
        };
        page.answers().await;
        page
    }

    /// What `WebAssembly` comes to there.
    pub fn realm(&self) -> Realm {
        self.realm.clone().unchecked_into()
    }

    /// Waits for an answer, whatever it is. A frame in which no script runs gives none.
    async fn answers(&self) {
        let page = self.realm();
        let asked = async move {
            let _ = page.compile(b"\0asm\x01\0\0\0").await;
        };
        let clock = async {
            sleep(5_000).await;
            unjudged("the policy of this page lets no script run in a frame")
        };
        super::expect::first(asked, clock).await;
    }
}

impl Drop for Page {
    fn drop(&mut self) {
        call(&get(&self.realm, "frame"), "remove", &[]);
    }
}

fn call(object: &JsValue, method: &str, arguments: &[JsValue]) -> JsValue {
    let method: Function = get(object, method).unchecked_into();
    Reflect::apply(&method, object, &arguments.iter().collect()).unwrap()
}

/// Says that a test cannot be judged in this place.
pub fn unjudged(why: &str) -> ! {
    panic!("could not be judged here: {why}. In a clone of this book, `cargo kata test` judges it.")
}
