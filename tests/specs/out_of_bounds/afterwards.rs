//! What a refused request leaves

use super::SIZE;
use super::expect::{copies, peek, poke, reads, run, tell, untouched, writes};
use super::guest::*;
use super::stage::{Host, stage};
use wasm_bindgen_test::*;

/// A store that does not fit writes nothing, not even the bytes that would fit.
#[wasm_bindgen_test]
fn a_refused_store_writes_nothing() {
    let stage = stage();
    let before = stage.bytes();
    for store in STORES {
        for addr in (SIZE - store.width + 1)..SIZE {
            let answer = poke(&stage, store, addr, u64::MAX);
            assert!(
                matches!(answer, Some(Err(_))),
                "`{}` at {addr} does not fit, and came {}",
                store.name,
                tell(&answer),
            );
            untouched(
                &stage,
                &before,
                &format!("`{}` at {addr} does not fit", store.name),
            );
        }
    }
}

/// The guest works after each kind of fault, with the state that it had: a trap ends a call, not a guest.
#[wasm_bindgen_test]
fn the_guest_works_after_a_fault() {
    let stage = stage();
    let mut begun = 0;
    let tasks = TRAPS.map(|(task, _)| task);
    for task in tasks.into_iter().chain([THROW, CALL_HOST, RECURSE]) {
        stage.host(Host::Throws("no".into()));
        run(&stage, task);
        peek(&stage, LOAD64, SIZE - 1);
        peek(&stage, LOAD32_BY_TABLE, 0);
        begun += 1;
        stage.host(Host::Returns);
        let answer = run(&stage, BEGIN);
        begun += 1;
        assert!(
            answer == Some(Ok(())) && stage.count() == begun,
            "after `{}` had failed, the guest was to begin task {begun}: it came to {}, and the guest counts {}. \
             A trap undoes nothing, and breaks nothing.",
            task.0,
            tell(&answer),
            stage.count(),
        );
        reads(&stage, LOAD64, SIZE - 8);
        copies(&stage, 0, SIZE);
    }
    writes(&stage, STORE8, 0, 0xff);
}
