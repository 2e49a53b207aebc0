//! What the picture shows: additions that were lost, where it is certain and where it is chance.

use contract::{SLOTS, TOTAL, Way, Words};
use js_sys::{Array, Atomics, Int32Array};
use wasm_bindgen::prelude::*;

use super::stage::{pause, step_in, words};
use super::thread::Thread;
use crate::zone::Line;

/// Additions of each end between two samples.
const ADDITIONS: u32 = 50_000;
const SAMPLES: u32 = 8;

/// Rows of (`certain`, place, additions, lost): the other end steps in at each place once. Then of (`free`,
/// additions of both so far, lost so far): a second thread that nobody stops. And (`way`, words).
pub async fn rows() -> Array {
    let rows = Array::new();
    for at in 0.. {
        let words = words(4);
        let other = Line::on(words.clone());
        let (watched, watch) = step_in(&words, at, move || other.add(1));
        Line::on(watched).add(1);
        if !watch.stepped_in() {
            break;
        }
        rows.push(&row([
            "certain".into(),
            at.into(),
            2.into(),
            (2 - words.load(TOTAL)).into(),
        ]));
    }
    let Ok((line, ticket)) = Line::open(4) else {
        rows.push(&row([
            "way".into(),
            "none: it does not open".into(),
            0.into(),
            0.into(),
        ]));
        return rows;
    };
    let way = match line.way() {
        Way::Shared => "shared memory",
        Way::Messages => "messages",
    };
    rows.push(&row(["way".into(), way.into(), 0.into(), 0.into()]));
    let Some(words) = Words::of(&ticket.value) else {
        return rows;
    };
    let mut lost = 0;
    for sample in 1..=SAMPLES {
        let array = Int32Array::new(&ticket.value);
        for at in [TOTAL, SLOTS] {
            Atomics::store(&array, at, 0).unwrap();
        }
        let thread = Thread::start("race", ADDITIONS, &words.ticket()).await;
        Atomics::store(&array, SLOTS, 1).unwrap();
        Atomics::notify(&array, SLOTS).unwrap();
        (0..ADDITIONS).for_each(|_| line.add(1));
        while thread.says().await.as_deref() != Some("added") {
            pause(1).await;
        }
        lost += 2 * ADDITIONS.cast_signed() - Atomics::load(&array, TOTAL).unwrap();
        let additions = sample * 2 * ADDITIONS;
        rows.push(&row([
            "free".into(),
            additions.into(),
            lost.into(),
            0.into(),
        ]));
    }
    rows
}

fn row(cells: [JsValue; 4]) -> Array {
    cells.into_iter().collect()
}
