//! The twelve as a board of lamps, and five hundred in random order.

use super::guests::{FRIEND, twelve};
use super::stage::{Heart, limits, running, sleep, spec_now};
use crate::zone;
use contract::{End, Limits};
use js_sys::Array;
use wasm_bindgen::prelude::*;

/// The name of a class, without what stands in it.
fn class(came: &Result<i32, End>) -> String {
    let text = match came {
        Ok(answer) => return format!("answered {answer}"),
        Err(end) => format!("{end:?}"),
    };
    text.split([' ', '(', '{'])
        .next()
        .unwrap_or_default()
        .to_owned()
}

/// A row for each guest, and one for the friend who comes last.
pub async fn rows() -> Array {
    let rows = Array::new();
    let mut guests = twelve();
    guests.push((FRIEND.name, FRIEND.bytes.to_vec(), End::Trapped));
    let count = guests.len();
    for (place, (name, module, end)) in guests.into_iter().enumerate() {
        let expected = match place + 1 == count {
            true => Ok(42),
            false => Err(end),
        };
        let heart = Heart::start();
        sleep(12).await;
        let start = spec_now();
        let came = zone::run(&module, &limits()).await;
        let took = spec_now() - start;
        let still = heart.stood_still();
        let values: [JsValue; 5] = [
            name.into(),
            class(&expected).into(),
            class(&came).into(),
            took.into(),
            still.into(),
        ];
        rows.push(&values.iter().collect::<Array>());
    }
    rows
}

/// How many guests the stress has.
const MANY: u32 = 500;

pub async fn stress() -> Array {
    let mut guests: Vec<_> = twelve()
        .into_iter()
        .map(|(_, module, end)| (module, Err(end)))
        .collect();
    guests.push((FRIEND.bytes.to_vec(), Ok(42)));
    let limits = Limits {
        fuel: 5_000_000,
        ..limits()
    };
    let pages = || core::arch::wasm32::memory_size(0) as f64;
    // What is made once has been made when the count begins.
    for (module, _) in &guests {
        let _ = zone::run(module, &limits).await;
    }
    let (before, start, heart) = (pages(), spec_now(), Heart::start());
    let (mut seed, mut wrong) = (20_261_128_u32, 0);
    for _ in 0..MANY {
        // Marsaglia's xorshift.
        seed ^= seed << 13;
        seed ^= seed >> 17;
        seed ^= seed << 5;
        let (module, expected) = &guests[seed as usize % guests.len()];
        wrong += i32::from(zone::run(module, &limits).await != *expected);
    }
    let (took, still) = (spec_now() - start, heart.stood_still());
    let added = pages() - before;
    let mut left = running().await;
    // An engine may take a moment.
    for _ in 0..200 {
        if left == 0 {
            break;
        }
        sleep(10).await;
        left = running().await;
    }
    let values = [f64::from(wrong), left as f64, added, took, still];
    values.into_iter().map(JsValue::from).collect()
}
