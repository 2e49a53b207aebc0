//! Once, and by whom

use super::{Shelf, World};
use js_sys::Object;
use wasm_bindgen_test::*;

/// Closing a handle releases its resource, at once and once.
#[wasm_bindgen_test]
fn close_releases_once() {
    let world = World::new();
    let (first, second) = (world.pool.open(), world.pool.open());
    world.shelf.expect(
        2,
        "after two opens",
        "Each handle has a resource of its own.",
    );
    assert!(
        world.resource(&first) != world.resource(&second),
        "two handles share resource {}: each must have its own",
        world.resource(&first)
    );
    let resource = world.resource(&first);
    assert!(
        world.pool.close(&first),
        "the first close of a handle ends it and says so: true"
    );
    world.shelf.expect(
        1,
        "after close",
        "Closing is how a program says that it is done.",
    );
    assert!(
        !world.shelf.has_out(resource),
        "after close resource {resource} is still out: the wrong one went back"
    );
}

/// Closing twice is fine, and does nothing the second time.
#[wasm_bindgen_test]
fn closing_twice_is_fine() {
    let world = World::new();
    let handle = world.pool.open();
    world.pool.close(&handle);
    let again = world.pool.close(&handle);
    world.shelf.expect(
        0,
        "after a second close",
        "Whoever cleans up in two places will do it; the second time there is nothing to release.",
    );
    assert!(!again, "a second close ends nothing: it must answer false");
}

/// The finalizer releases what JavaScript has forgotten.
#[wasm_bindgen_test]
fn the_finalizer_releases_a_forgotten_handle() {
    let world = World::new();
    let (forgotten, kept) = (world.pool.open(), world.pool.open());
    let resource = world.resource(&kept);
    world.forget(&forgotten, "after the handle was forgotten");
    world.shelf.expect(
        1,
        "after the finalizer",
        "A forgotten handle is released by its finalizer.",
    );
    assert_eq!(
        world.resource(&kept),
        resource,
        "the other handle must not have changed"
    );
}

/// A thousand forgotten handles give a thousand resources back.
#[wasm_bindgen_test]
fn a_thousand_forgotten_handles_are_reclaimed() {
    let world = World::new();
    let handles: Vec<Object> = (0..1_000).map(|_| world.pool.open()).collect();
    for handle in handles.iter().rev() {
        world.forget(handle, "after a thousand handles were forgotten");
    }
    world.shelf.expect(
        0,
        "after a thousand finalizers",
        "Each releases its own resource.",
    );
}

/// The counts say how each handle ended, and every handle is counted once.
#[wasm_bindgen_test]
fn counts_tell_how_handles_ended() {
    let world = World::new();
    let handles: Vec<Object> = (0..10).map(|_| world.pool.open()).collect();
    for handle in &handles[..3] {
        world.pool.close(handle);
        world.pool.close(handle);
        world.collector.collect(handle);
    }
    for handle in &handles[3..5] {
        world.collector.collect(handle);
        world.pool.close(handle);
    }
    let counts = world.pool.counts();
    let found = (counts.live, counts.closed, counts.finalized);
    assert!(
        found == (5, 3, 2),
        "of ten handles three were closed (twice, and then finalized) and two were forgotten (and then \
         closed): expected 5 live, 3 closed, 2 finalized, came {found:?}"
    );
}

/// A resource may have any number, the largest too.
#[wasm_bindgen_test]
fn a_resource_may_have_any_number() {
    for number in [0, (1 << 24) + 1, i32::MAX as u32 + 2, u32::MAX] {
        let world = World::over(Shelf::starting_at(number));
        let (closed, forgotten) = (world.pool.open(), world.pool.open());
        let resource = world.resource(&closed);
        assert!(
            resource == number,
            "the store handed out resource {number}, and the handle leads to {resource}. A number that \
             passes through a smaller type comes out as another."
        );
        world.pool.close(&closed);
        world.forget(
            &forgotten,
            "after its resource was numbered at the end of the range",
        );
        world.shelf.expect(
            0,
            &format!("after resource {number} and the next were closed and forgotten"),
            "The very number that was acquired must go back.",
        );
    }
}
