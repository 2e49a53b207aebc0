//! What a line between two threads must do: lose no addition and no message, never block the thread that
//! waits, end when it is closed, and do the same by mail where there is no shared memory.
//!
//! Races are not left to chance. [`Words::watched`] gives the other end a turn before each access of the
//! code under test, and each rule tries every place where the other may step in. Where the page may share
//! memory, a real second thread in plain JavaScript is at the other end as well.

#![allow(clippy::unwrap_used, clippy::expect_used)]

#[path = "shared_memory/total.rs"]
mod total;

#[path = "shared_memory/ring.rs"]
mod ring;

#[path = "shared_memory/waiting.rs"]
mod waiting;

#[path = "shared_memory/end.rs"]
mod end;

#[path = "shared_memory/ways.rs"]
mod ways;

#[path = "shared_memory/show.rs"]
mod show;
#[path = "shared_memory/stage.rs"]
mod stage;
#[path = "shared_memory/thread.rs"]
mod thread;

use crate::zone::Line;
use contract::Ticket;
use js_sys::Array;
use wasm_bindgen::prelude::*;
use wasm_bindgen_test::*;

wasm_bindgen_test_configure!(run_in_dedicated_worker);

/// What the page draws: rows of (`certain` or `free`, additions, lost) and of (`way`, words).
#[wasm_bindgen]
pub async fn show() -> Array {
    show::rows().await
}

/// A line and its ticket.
fn opened(capacity: u32) -> (Line, Ticket) {
    Line::open(capacity).unwrap_or_else(|thrown| {
        panic!(
            "there is always one way or the other, but `open` answered Err({}): whether the page is \
             isolated does not say what the engine has",
            stage::words_of(&thrown)
        )
    })
}
