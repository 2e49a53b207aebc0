//! The run that the page draws.

use std::{pin::pin, task::Poll::Ready};

use js_sys::Array;
use wasm_bindgen::prelude::*;

use super::scene::{Scene, both, timer};
use contract::Length;

/// What the page draws: a run on the browser's own clock. First a row of ("step", the clock's step in ms), then for
/// each span its name, its parent's or "", its start, its end or -1, its status or "Open", and what is said of its length.
#[wasm_bindgen]
pub async fn show() -> Array {
    let scene = Scene::real();
    let (scene, tracer) = (&scene, &scene.tracer);
    let load = |name: &'static str, millis: i32| {
        tracer.run(name, async move {
            tracer.run(&format!("fetch {name}"), timer(millis)).await;
            tracer.call(&format!("parse {name}"), || spin(scene, 8.0));
        })
    };
    let page = async {
        both(load("text", 40), load("map", 70)).await;
        within(tracer.run("advert", timer(1_000)), timer(30)).await;
        tracer.call("tick", || ());
    };
    let start = scene.log.clock().now();
    tracer.run("page", page).await;
    let rows = Array::new();
    let step: [JsValue; 2] = ["step".into(), scene.log.clock().step().into()];
    rows.push(&step.into_iter().collect::<Array>());
    for record in scene.log.records() {
        let (end, status) = record
            .closed
            .map_or((-1.0, "Open".into()), |(end, status)| {
                (end - start, format!("{status:?}"))
            });
        let length = match tracer.length(&record) {
            None => "still open".into(),
            Some(Length::BelowResolution) => "below resolution".into(),
            Some(Length::Millis(millis)) => format!("{millis:.1} ms"),
        };
        let row: [JsValue; 6] = [
            record.name.as_str().into(),
            scene.parent(&record.name).unwrap_or_default().into(),
            (record.start - start).into(),
            end.into(),
            status.into(),
            length.into(),
        ];
        rows.push(&row.into_iter().collect::<Array>());
    }
    rows
}

/// Computes for so long.
fn spin(scene: &Scene, millis: f64) {
    let clock = scene.log.clock();
    let end = clock.now() + millis;
    while clock.now() < end {
        std::hint::spin_loop();
    }
}

/// Gives up `work` when the `limit` is over.
async fn within(work: impl Future<Output = ()>, limit: impl Future<Output = ()>) {
    let (mut work, mut limit) = (pin!(work), pin!(limit));
    std::future::poll_fn(|cx| {
        if work.as_mut().poll(cx).is_ready() {
            return Ready(());
        }
        limit.as_mut().poll(cx)
    })
    .await;
}
