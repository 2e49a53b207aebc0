//! To the end

use super::{
    Shelf, World,
    engine::{Gc, not_proved},
    held,
};
use crate::zone::Pool;
use core::arch::wasm32;
use js_sys::{FinalizationRegistry, Object, WeakRef};
use std::rc::Rc;
use wasm_bindgen::externref_heap_live_count;
use wasm_bindgen_test::*;

/// Dropping the pool releases what is left, and what is in use as soon as it is not.
#[wasm_bindgen_test]
fn teardown_releases_the_rest() {
    let World {
        shelf,
        collector,
        pool,
    } = World::new();
    let handles: Vec<Object> = (0..10).map(|_| pool.open()).collect();
    pool.close(&handles[0]);
    collector.collect(&handles[1]);
    let borrow = pool.borrow(&handles[2]).unwrap();
    drop(pool);
    shelf.expect(
        1,
        "after the pool's end, with one borrow",
        "A finalizer need not run at all: engines promise none at the end of a page. What must be \
         released is released by its owner.",
    );
    drop(borrow);
    shelf.expect(
        0,
        "after the last borrow",
        "It outlived the pool, and still goes back.",
    );
}

/// The pool's end leaves a resource in use to its borrow, even if its handle had ended before.
#[wasm_bindgen_test]
fn teardown_waits_for_borrows_of_ended_handles() {
    let World {
        shelf,
        collector,
        pool,
    } = World::new();
    let (closed, forgotten) = (pool.open(), pool.open());
    let borrows = [&closed, &forgotten].map(|handle| pool.borrow(handle).unwrap());
    pool.close(&closed);
    collector.collect(&forgotten);
    drop(pool);
    let [first, second] = borrows;
    let lesson = "Their handles have ended and so has the pool, but somebody is still at work with \
                  the resources. The last borrow releases them, whatever ended in the meantime.";
    shelf.expect(2, "after the pool's end, with two resources in use", lesson);
    drop(first);
    shelf.expect(1, "after the first of two borrows", lesson);
    drop(second);
    shelf.expect(0, "after the second of two borrows", lesson);
}

/// A finalizer that comes after the pool's end releases nothing and throws nothing.
#[wasm_bindgen_test]
fn a_finalizer_after_teardown_is_harmless() {
    let World {
        shelf,
        collector,
        pool,
    } = World::new();
    let handles: Vec<Object> = (0..10).map(|_| pool.open()).collect();
    pool.close(&handles[0]);
    let borrow = pool.borrow(&handles[1]).unwrap();
    drop(pool);
    for handle in &handles {
        collector.collect(handle);
    }
    let lesson = "The pool has ended them. The registry does not know, unless it was told.";
    shelf.expect(
        1,
        "after the pool's end and its finalizers, with one borrow",
        lesson,
    );
    drop(borrow);
    shelf.expect(0, "after the last borrow", lesson);
}

/// Handles that have ended leave nothing behind in memory.
#[wasm_bindgen_test]
fn ended_handles_leave_memory_flat() {
    const CYCLES: usize = 2_000;
    let world = World::new();
    let cycle = || {
        let closed = world.pool.open();
        world.pool.close(&closed);
        world.collector.collect(&closed);
        world.forget(&world.pool.open(), "after a handle was forgotten");
        // The same, ended while they were in use.
        let (closed, forgotten) = (world.pool.open(), world.pool.open());
        let borrows = [&closed, &forgotten].map(|handle| world.pool.borrow(handle).unwrap());
        world.pool.close(&closed);
        world.forget(&forgotten, "while its resource is in use");
        drop(borrows);
        world.collector.collect(&closed);
    };
    (0..200).for_each(|_| cycle());
    let (before, held) = (wasm32::memory_size(0), externref_heap_live_count());
    (0..CYCLES).for_each(|_| cycle());
    let grown = wasm32::memory_size(0) - before;
    let more = externref_heap_live_count().saturating_sub(held);
    assert!(
        grown <= 1 && more < 100,
        "over {CYCLES} times two handles that were closed and two that were forgotten, half of them while \
         in use, memory grew by {grown} pages of 64 KiB, and Rust holds {more} values of JavaScript's \
         more: the books keep entries of handles that are gone"
    );
}

/// 150,000 handles, closed or forgotten, leave memory flat: not a byte may stay for each.
#[wasm_bindgen_test]
fn many_handles_leave_memory_flat() {
    const HANDLES: usize = 150_000;
    let world = World::new();
    let ten = || {
        for _ in 0..5 {
            world.pool.close(&world.pool.open());
            drop(world.pool.open());
        }
        world.collector.finalize_all();
    };
    (0..100).for_each(|_| ten());
    let before = wasm32::memory_size(0);
    (0..HANDLES / 10).for_each(|_| ten());
    let grown = wasm32::memory_size(0) - before;
    assert!(
        grown <= 1,
        "memory grew by {grown} pages of 64 KiB over {HANDLES} handles that were closed or forgotten. \
         Whatever is kept for each handle that has ended, a number or a flag, adds up for as long as the \
         page is open."
    );
}

/// Rust holds no handle, be it open or closed: what Rust holds, JavaScript cannot collect.
#[wasm_bindgen_test]
fn rust_holds_no_handle() {
    // With a registry of the engine's own: the spec's keeps its targets.
    let pool = Pool::new(Rc::new(Shelf::default()), FinalizationRegistry::new);
    let (open, closed) = (pool.open(), pool.open());
    drop(pool.borrow(&open));
    pool.close(&closed);
    for (what, handle) in [("an open", open), ("a closed", closed)] {
        let held = held::by_rust(&handle) - 1;
        assert!(
            held == 0,
            "the pool holds {what} handle as a JavaScript value, {held} times. It can never be collected, \
             and its finalizer never runs. Hold a number, and let a `WeakMap` lead from the handle to it."
        );
    }
}

/// With the engine's own registry, a real collection reclaims what is forgotten and spares what is not.
#[wasm_bindgen_test]
async fn a_real_collection_reclaims_forgotten_handles() {
    const FORGOTTEN: usize = 1_000;
    const KEPT: usize = 10;
    let Some(gc) = Gc::find() else {
        return not_proved();
    };
    let shelf = Rc::new(Shelf::default());
    let pool = Pool::new(shelf.clone(), FinalizationRegistry::new);
    let kept: Vec<Object> = (0..KEPT).map(|_| pool.open()).collect();
    for _ in 0..FORGOTTEN {
        drop(pool.open());
    }
    for _ in 0..20 {
        gc.collect().await;
        if shelf.taken() == KEPT {
            break;
        }
    }
    shelf.expect(
        KEPT,
        "after a thousand handles were forgotten and twenty real collections asked for",
        "Something still holds the handles: a held value, a table in Rust that keeps them as \
         JavaScript values, a closure. What holds them keeps them alive, and then no finalizer runs.",
    );
    for handle in &kept {
        assert!(
            pool.borrow(handle).is_ok(),
            "a handle that JavaScript still holds was finalized: that is a use after free"
        );
    }
}

/// A real collection takes handles that were closed.
#[wasm_bindgen_test]
async fn a_real_collection_takes_closed_handles() {
    const CLOSED: usize = 1_000;
    let Some(gc) = Gc::find() else {
        return not_proved();
    };
    let pool = Pool::new(Rc::new(Shelf::default()), FinalizationRegistry::new);
    let closed: Vec<WeakRef> = (0..CLOSED)
        .map(|_| {
            let handle = pool.open();
            pool.close(&handle);
            WeakRef::new(&handle)
        })
        .collect();
    let there = || {
        closed
            .iter()
            .filter(|handle| handle.deref().is_some())
            .count()
    };
    for _ in 0..20 {
        gc.collect().await;
        if there() == 0 {
            break;
        }
    }
    assert!(
        there() == 0,
        "{CLOSED} handles were closed and dropped, and after twenty real collections {} of them are still \
         there. Who remembers closed handles, in a `Set` or as the keys of a `Map`, keeps them for ever; a \
         `WeakMap` or a `WeakSet` does not.",
        there(),
    );
}
