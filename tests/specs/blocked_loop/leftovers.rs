//! What is left: no timer, no memory

use std::future::pending;

use wasm_bindgen_test::*;

use super::bounded::{
    begin_and_drop_500, ends_within_50_ms, finish_500_jobs_in_time, finish_500_waits, in_time,
    must_let_the_job_go_on, must_return_to_the_event_loop, pages_grown_by_20, waited,
};
use super::clock::{alarm, ms};
use super::days;
use super::fake::told;
use super::ledger::Ledger;
use crate::zone::{wait, with_deadline};

/// Dropping a wait clears its timer, and a wait that ends leaves none.
#[wasm_bindgen_test]
async fn dropping_a_wait_clears_its_timer() {
    must_return_to_the_event_loop().await;
    let ledger = Ledger::open();
    assert!(
        !ends_within_50_ms(wait(ms(5_000))).await,
        "a wait of 5 s was over within 50 ms"
    );
    assert_eq!(
        ledger.armed(),
        0,
        "a dropped wait of 5 s left its timer armed: it still fires, into whatever is there by \
         then. Clear it when the future is dropped"
    );
    waited(20).await;
    assert_eq!(ledger.armed(), 0, "a wait that was over left a timer armed");
    drop(ledger);
    // One timer fires, and the wait is dropped while the next one runs.
    if let Some(run) = told(1, || wait(days(50))).await {
        assert_eq!(
            run.left, 0,
            "a wait of 50 days was dropped after its first timer had fired, and left another armed"
        );
    }
}

/// A deadline's timer is cleared when the job ends, and when the caller gives up.
#[wasm_bindgen_test]
async fn a_deadline_leaves_no_timer_behind() {
    must_return_to_the_event_loop().await;
    let ledger = Ledger::open();
    let answer = in_time(ms(600), alarm(20)).await;
    assert_eq!(
        answer,
        Ok(()),
        "a job that needs a 20 ms timer missed a deadline of 600 ms"
    );
    assert_eq!(
        ledger.armed(),
        0,
        "the job is done, but the timer of its deadline is still armed"
    );
    assert!(
        !ends_within_50_ms(with_deadline(ms(5_000), pending::<()>())).await,
        "a deadline of 5 s came within 50 ms"
    );
    assert_eq!(
        ledger.armed(),
        0,
        "the whole call was dropped, but the timer of its deadline is still armed"
    );
}

/// Ten thousand waits that begin and are dropped leave memory as it was.
#[wasm_bindgen_test]
async fn ten_thousand_dropped_waits_leave_memory_flat() {
    must_return_to_the_event_loop().await;
    let grown = pages_grown_by_20(|| begin_and_drop_500(|| wait(ms(60_000)))).await;
    assert!(
        grown <= 2,
        "10,000 dropped waits left {grown} more pages of 64 KiB: something is kept for each of \
         them. A closure that is never called, or a JsFuture whose promise never settles, is not \
         freed"
    );
}

/// Ten thousand waits that come to their end leave memory as it was.
#[wasm_bindgen_test]
async fn ten_thousand_finished_waits_leave_memory_flat() {
    must_return_to_the_event_loop().await;
    let grown = pages_grown_by_20(finish_500_waits).await;
    assert!(
        grown <= 1,
        "10,000 waits that were over left {grown} more pages of 64 KiB: something is kept for each \
         of them. What is forgotten, be it a guard or a closure, is never freed"
    );
}

/// Ten thousand deadlines of jobs that are dropped leave memory as it was.
#[wasm_bindgen_test]
async fn ten_thousand_dropped_deadlines_leave_memory_flat() {
    must_let_the_job_go_on().await;
    let grown =
        pages_grown_by_20(|| begin_and_drop_500(|| with_deadline(ms(60_000), pending::<()>())))
            .await;
    assert!(
        grown <= 2,
        "10,000 deadlines that were dropped left {grown} more pages of 64 KiB: something is kept \
         for each of them"
    );
}

/// Ten thousand jobs that end before their deadlines leave memory as it was.
#[wasm_bindgen_test]
async fn ten_thousand_jobs_in_time_leave_memory_flat() {
    must_let_the_job_go_on().await;
    let grown = pages_grown_by_20(finish_500_jobs_in_time).await;
    assert!(
        grown <= 2,
        "10,000 jobs that ended in time left {grown} more pages of 64 KiB: something is kept for \
         each deadline that did not come. Whoever wins the race, the other must let go of all it has"
    );
}
