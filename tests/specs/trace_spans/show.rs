//! The run that the page draws.

use js_sys::{Array, JSON};
use wasm_bindgen::prelude::*;

use super::scene::{Scene, both, timer};
use contract::Length;

/// What the page draws: a run on the browser's own clock. First a row of ("step", the clock's step in ms), then for
/// each span its name, its parent's, its start, its end or nothing, its status or "Open", and what is said of its length.
#[wasm_bindgen]
pub async fn show() -> Array {
    let scene = Scene::real();
    let (scene, tracer) = (&scene, &scene.tracer);
    let load = |name: &'static str, millis: i32| {
        tracer.run(name, async move {
            tracer.run(&format!("fetch {name}"), timer(millis)).await;
            tracer.call(&format!("parse {name}"), || spin(scene, 6.0));
        })
    };
    let page = async {
        both(load("text", 40), load("map", 70)).await;
        let mut late = Box::pin(tracer.run("advert", timer(10_000)));
        let _ = either(late.as_mut(), timer(30)).await;
        drop(late);
        tracer.call("tick", || ());
    };
    let start = scene.log.clock().now();
    tracer.run("page", page).await;
    let step = scene.log.clock().step();
    let rows = Array::of1(&Array::of2(&"step".into(), &step.into()));
    for record in scene.log.records() {
        let parent = scene.parent(&record.name);
        let end = record.closed.map(|(end, _)| end - start);
        let status = record
            .closed
            .map_or("Open".into(), |(_, status)| format!("{status:?}"));
        let length = match tracer.length(&record) {
            None => "open".into(),
            Some(Length::BelowResolution) => "below resolution".into(),
            Some(Length::Millis(millis)) => format!("{millis:.1} ms"),
        };
        let row: [JsValue; 6] = [
            record.name.as_str().into(),
            parent.map_or(JsValue::NULL, JsValue::from),
            (record.start - start).into(),
            end.map_or(JsValue::NULL, JsValue::from),
            status.into(),
            length.into(),
        ];
        rows.push(&row.into_iter().collect::<Array>());
    }
    // Rows hold plain values only.
    let plain = JSON::stringify(&rows).unwrap();
    JSON::parse(&String::from(plain)).unwrap().into()
}

/// Computes for so long.
fn spin(scene: &Scene, millis: f64) {
    let clock = scene.log.clock();
    let end = clock.now() + millis;
    while clock.now() < end {
        std::hint::spin_loop();
    }
}

/// Ends when either does.
async fn either<A: Future + Unpin>(mut a: A, b: impl Future<Output = ()>) {
    let mut b = std::pin::pin!(b);
    std::future::poll_fn(|cx| {
        use std::task::Poll::Ready;
        if let Ready(_) = std::pin::Pin::new(&mut a).poll(cx) {
            return Ready(());
        }
        b.as_mut().poll(cx)
    })
    .await;
}
