//! What a right design must do.
//!
//! - `wait` leaves the thread to others, lasts as long as it should, and leaves
//!   nothing behind.
//! - `with_deadline` answers the job's value or a typed error, in time, and drops
//!   the job that it gives up.
//! - A `Cache` can be used by many tasks at once: nobody holds it while waiting.
//!
//! How that is done is free. Timing is judged against what the same machine does
//! in the same test, and a slow round may be tried again; a design that blocks
//! fails each round. What takes days is judged by a clock that the spec turns.

#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::time::Duration;

use wasm_bindgen_test::*;

#[path = "blocked_loop/bounded.rs"]
mod bounded;
#[path = "blocked_loop/clock.rs"]
mod clock;
#[path = "blocked_loop/fair.rs"]
mod fair;
#[path = "blocked_loop/fake.rs"]
mod fake;
#[path = "blocked_loop/ledger.rs"]
mod ledger;
#[path = "blocked_loop/show.rs"]
mod show;
#[path = "blocked_loop/tasks.rs"]
mod tasks;

#[path = "blocked_loop/waiting.rs"]
mod waiting;

#[path = "blocked_loop/lasting.rs"]
mod lasting;

#[path = "blocked_loop/deadline.rs"]
mod deadline;

#[path = "blocked_loop/cache.rs"]
mod cache;

#[path = "blocked_loop/leftovers.rs"]
mod leftovers;

wasm_bindgen_test_configure!(run_in_dedicated_worker);

/// Longer than one JavaScript timer can take: that is 24.8 days.
const MONTH: Duration = days(30);

const MS_PER_DAY: f64 = 24.0 * 60.0 * 60.0 * 1000.0;

/// So many days.
const fn days(days: u64) -> Duration {
    Duration::from_secs(days * 24 * 60 * 60)
}
