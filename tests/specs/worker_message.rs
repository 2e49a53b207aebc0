//! Probe.
#![allow(clippy::unwrap_used, clippy::expect_used)]
use crate::zone::Client;
use js_sys::*;
use wasm_bindgen::prelude::*;
use wasm_bindgen_test::*;

wasm_bindgen_test_configure!(run_in_dedicated_worker);

/// x
#[wasm_bindgen_test]
async fn probe() {
    let client = Client::new("(v, move) => { if (v === 'boom') { setTimeout(() => { throw new Error('boom') }); return new Promise(() => {}); } return v; }").unwrap();
    let got = client.call(&42.into(), &Array::new()).await;
    console_log!("{got:?}");
    let buffer = ArrayBuffer::new(16);
    let got = client.call(&buffer, &Array::of1(&buffer)).await;
    console_log!("{got:?} {}", buffer.byte_length());
    let o = Object::new();
    Reflect::set(&o, &"self".into(), &o).unwrap();
    Reflect::set(
        &o,
        &"list".into(),
        &Array::of3(
            &1.into(),
            &2.into(),
            &Reflect::get(&js_sys::global(), &"setTimeout".into()).unwrap(),
        ),
    )
    .unwrap();
    let got = client.call(&o, &Array::new()).await;
    console_log!("{got:?}");
    let m = wasm_bindgen::memory()
        .unchecked_into::<WebAssembly::Memory>()
        .buffer();
    let got = client.call(&m, &Array::of1(&m)).await;
    console_log!("{got:?}");
    let (a, b) = (ArrayBuffer::new(8), ArrayBuffer::new(8));
    let got = client.call(&a, &Array::of3(&a, &m, &b)).await;
    console_log!("{got:?} {} {}", a.byte_length(), b.byte_length());
    let got = client.call(&a, &Array::of2(&a, &a)).await;
    console_log!("{got:?} {}", a.byte_length());
    let got = client.call(&a, &Array::of2(&a, &buffer)).await;
    console_log!("{got:?} {}", a.byte_length());
    let got = client.call(&buffer, &Array::new()).await;
    console_log!("{got:?} {}", a.byte_length());
    let got = client.call(&"boom".into(), &Array::new()).await;
    console_log!("{got:?}");
    let got = client.call(&7.into(), &Array::new()).await;
    console_log!("{got:?}");
    let bad = Client::new("(((").unwrap();
    let got = bad.call(&7.into(), &Array::new()).await;
    console_log!("{got:?}");
    panic!("see");
}
