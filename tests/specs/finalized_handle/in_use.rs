//! Not while it is used

use super::World;
use contract::HandleError;
use wasm_bindgen_test::*;

/// The finalizer of a handle in use waits until the last borrow ends.
#[wasm_bindgen_test]
fn the_finalizer_waits_for_a_borrow() {
    let world = World::new();
    let handle = world.pool.open();
    let first = world.pool.borrow(&handle).unwrap();
    let second = world.pool.borrow(&handle).unwrap();
    world.forget(&handle, "while its resource is in use");
    let lesson = "JavaScript may drop a handle while Rust still works with its resource, across an \
                  await for instance. Releasing it then is a use after free.";
    world
        .shelf
        .expect(1, "after the finalizer, with two borrows", lesson);
    drop(first);
    world
        .shelf
        .expect(1, "after the finalizer, with one borrow left", lesson);
    drop(second);
    world.shelf.expect(
        0,
        "after the last borrow",
        "What waited must not be forgotten: now it goes back.",
    );
}

/// Closing a handle in use ends it at once and releases it at the end of the last borrow.
#[wasm_bindgen_test]
fn closing_waits_for_a_borrow() {
    let world = World::new();
    let handle = world.pool.open();
    let borrow = world.pool.borrow(&handle).unwrap();
    assert!(
        world.pool.close(&handle),
        "closing a handle in use ends it: expected true"
    );
    let lesson = "Whoever borrowed it before is still at work with it.";
    world.shelf.expect(1, "after close, with a borrow", lesson);
    let answer = world.pool.borrow(&handle).map(|borrow| borrow.resource());
    assert!(
        answer == Err(HandleError::Closed),
        "closed is closed, even if a borrow is not over: expected Err(Closed), came {answer:?}"
    );
    assert!(
        !world.pool.close(&handle),
        "it is closed already: expected false"
    );
    drop(borrow);
    world.shelf.expect(
        0,
        "after the borrow",
        "What waited must not be forgotten: now it goes back.",
    );
    world.collector.collect(&handle);
    world.shelf.expect(
        0,
        "after all that and the finalizer",
        "It went back already.",
    );
}

/// A handle has ended when it is closed or forgotten, though its resource may still be in use.
#[wasm_bindgen_test]
fn counts_do_not_wait_for_borrows() {
    let world = World::new();
    let (closed, forgotten) = (world.pool.open(), world.pool.open());
    let borrows = [&closed, &forgotten].map(|handle| world.pool.borrow(handle).unwrap());
    world.pool.close(&closed);
    world.forget(&forgotten, "while its resource is in use");
    let counted = |when: &str| {
        let counts = world.pool.counts();
        let found = (counts.live, counts.closed, counts.finalized);
        assert!(
            found == (0, 1, 1),
            "{when}: one handle was closed and one forgotten: expected 0 live, 1 closed, 1 finalized, \
             came {found:?}. Live are the handles that can be used, not the resources that are out."
        );
    };
    counted("while both resources are in use");
    drop(borrows);
    counted("after the last borrow");
}
