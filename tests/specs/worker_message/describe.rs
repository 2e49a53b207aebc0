//! What arrived, in words: the worker describes each value that it gets, so that nothing but the trip
//! can change it.

use super::{
    client,
    stage::{asked, get, list, object},
};
use crate::zone::Client;
use js_sys::{Array, Map};
use wasm_bindgen::prelude::*;

/// Describes a value, or sends it back. An object that was met before is `#` and its number.
const HANDLER: &str = r##"({ job, value }) => {
  if (job === "echo") return value;
  const met = [];
  const entries = (pairs) => [...pairs].map(([key, value]) => `${key}: ${text(value)}`).join(", ");
  const text = (value) => {
    if (typeof value === "bigint") return `${value}n`;
    if (typeof value === "string") return JSON.stringify(value);
    if (Object.is(value, -0)) return "-0";
    if (typeof value !== "object" || value === null) return String(value);
    if (met.includes(value)) return `#${met.indexOf(value)}`;
    met.push(value);
    const kind = Object.getPrototypeOf(value)?.constructor.name ?? "null";
    if (value instanceof Date) return `Date ${+value}`;
    if (value instanceof RegExp) return `RegExp ${value} at ${value.lastIndex}`;
    if (value instanceof Error) return `${kind} ${value.name}: ${value.message}`;
    if (value instanceof Map)
      return `Map { ${[...value].map(([key, item]) => `${text(key)} => ${text(item)}`).join(", ")} }`;
    if (value instanceof Set) return `Set { ${[...value].map(text).join(", ")} }`;
    if (value instanceof ArrayBuffer) return `ArrayBuffer [${new Uint8Array(value).join(" ")}]`;
    if (ArrayBuffer.isView(value)) {
      const items = value instanceof DataView ? "" : ` [${[...value].map(text).join(" ")}]`;
      return `${kind}${items} at ${value.byteOffset}, ${value.byteLength} bytes of ${text(value.buffer)}`;
    }
    if (value instanceof Boolean || value instanceof Number || value instanceof String)
      return `${kind} object ${text(value.valueOf())}`;
    if (Array.isArray(value)) return `Array of ${value.length} { ${entries(Object.entries(value))} }`;
    return `${kind} { ${entries(Object.entries(value))} }`;
  };
  return text(value);
}"##;

/// Sends each value there, and there and back and there again; each must arrive as described.
pub async fn arrives<const N: usize>(cases: [(&str, JsValue, &str); N]) {
    let client = client(HANDLER);
    for (what, value, description) in cases {
        let there = describe(&client, what, &value).await;
        assert!(
            there == description,
            "{what} was sent as\n{description}\nand arrived in the worker as\n{there}"
        );
        let back = ask(&client, what, "echo", &value).await;
        let again = describe(&client, what, &back).await;
        assert!(
            again == description,
            "{what} was sent as\n{description}\nand arrived in the worker so. Sent back, it came as\n{again}"
        );
    }
}

async fn describe(client: &Client, what: &str, value: &JsValue) -> String {
    let answer = ask(client, what, "describe", value).await;
    answer.as_string().unwrap_or_else(|| {
        panic!("{what}: the worker was asked to describe it and answered with a text; what came is {answer:?}")
    })
}

async fn ask(client: &Client, what: &str, job: &str, value: &JsValue) -> JsValue {
    let message = object([("job", job.into()), ("value", value.clone())]);
    asked(what, client, &message, &Array::new())
        .await
        .unwrap_or_else(|error| {
            panic!(
                "{what}: structured clone knows how to send this, but the call ended with `{error}`"
            )
        })
}

/// A deep value: each of `values` at the end of a chain of objects, arrays and maps.
pub fn nested(depth: usize, innermost: &JsValue) -> JsValue {
    (0..depth).fold(innermost.clone(), |inner, level| match level % 3 {
        0 => object([("in", inner)]),
        1 => list([level.into(), inner]).into(),
        _ => {
            let map = Map::new();
            map.set(&"in".into(), &inner);
            map.into()
        }
    })
}

/// Follows such a chain as far as it goes: how many levels, and what is there.
pub fn innermost(depth: usize, value: &JsValue) -> (usize, JsValue) {
    let mut value = value.clone();
    for level in (0..depth).rev() {
        let inner = match (level % 3, value.dyn_ref::<Map>()) {
            (0, None) => get(&value, "in"),
            (1, None) => get(&value, "1"),
            (2, Some(map)) => map.get(&"in".into()),
            _ => return (depth - level, value),
        };
        if inner.is_undefined() {
            return (depth - level, value);
        }
        value = inner;
    }
    (depth, value)
}
