//! A cache that nobody holds while waiting

use std::{
    cell::Cell,
    future::{pending, ready},
    pin::pin,
};

use wasm_bindgen_test::*;

use super::bounded::{cached, must_load, pages_grown_by_20};
use super::clock::alarm;
use super::tasks::{after, both, loaded_twice, poll_once, within};
use crate::zone::Cache;

/// Two tasks that load different keys at once both finish, and both values stay.
#[wasm_bindgen_test]
async fn two_tasks_share_the_cache() {
    let cache = Cache::default();
    let prices = both(
        cached(&cache, "tea", after(30, 3)),
        cached(&cache, "cake", after(20, 4)),
    )
    .await;
    assert_eq!(
        prices,
        (3, 4),
        "each task must get the value of its own key"
    );

    let again = both(
        cached(&cache, "tea", loaded_twice("tea")),
        cached(&cache, "cake", loaded_twice("cake")),
    )
    .await;
    assert_eq!(again, (3, 4), "both values must still be in the cache");
}

/// Two tasks that want the same key at once both get its value, and so do three.
#[wasm_bindgen_test]
async fn two_tasks_may_want_the_same_key() {
    let cache = Cache::default();
    let prices = both(
        cached(&cache, "tea", after(30, 3)),
        cached(&cache, "tea", after(20, 3)),
    )
    .await;
    assert_eq!(prices, (3, 3), "both tasks must get the value of the key");

    let cache = Cache::default();
    // Each task has a waker of its own, and the first one's load takes longest to end.
    let task = || cached(&cache, "cake", after(40, 4));
    let prices = both(task(), both(task(), task())).await;
    assert_eq!(
        prices,
        (4, (4, 4)),
        "all three tasks must get the value of the key"
    );

    // The first in the queue leaves before the load is done.
    let cache = Cache::default();
    let first = cached(&cache, "milk", after(40, 5));
    let leaves = async {
        let mut asks = pin!(cache.get_or_load("milk", pending()));
        assert!(
            poll_once(asks.as_mut()).is_pending(),
            "nobody has a value yet"
        );
        alarm(10).await;
    };
    let next = cached(&cache, "milk", after(50, 5));
    let (price, ((), next)) = both(first, both(leaves, next)).await;
    assert_eq!(
        (price, next),
        (5, 5),
        "who stays must get the value, though another left the queue"
    );
}

/// While one load does not end, other keys are served: nobody holds the cache meanwhile.
#[wasm_bindgen_test]
async fn a_stuck_load_holds_up_no_other_key() {
    let cache = Cache::default();
    must_load(&cache, "cake", 4).await;
    let mut stuck = pin!(cache.get_or_load("tea", pending()));
    assert!(
        poll_once(stuck.as_mut()).is_pending(),
        "a load that never ends cannot have a value"
    );
    let cake = cached(&cache, "cake", loaded_twice("cake")).await;
    assert_eq!(cake, 4, "the cache has a value for this key");
    must_load(&cache, "milk", 5).await;
}

/// A value that is there is not loaded again.
#[wasm_bindgen_test]
async fn a_cached_value_is_not_loaded_again() {
    let cache = Cache::default();
    must_load(&cache, "tea", 3).await;
    assert_eq!(
        cached(&cache, "tea", loaded_twice("tea")).await,
        3,
        "the second task must get what the first loaded"
    );
    let keys: Vec<String> = (0..1_000).map(|number| format!("key {number}")).collect();
    for (value, key) in (0..).zip(&keys) {
        must_load(&cache, key, value).await;
    }
    for (value, key) in (0..).zip(&keys) {
        assert_eq!(
            cached(&cache, key, loaded_twice(key)).await,
            value,
            "a cache of 1,000 values has each under its own key"
        );
    }
}

/// A load that is given up halfway leaves the cache usable for the next task.
#[wasm_bindgen_test]
async fn a_dropped_load_leaves_the_cache_usable() {
    let cache = Cache::default();
    must_load(&cache, "cake", 4).await;
    assert!(
        poll_once(pin!(cache.get_or_load("tea", pending()))).is_pending(),
        "a load that never ends cannot have a value"
    );
    // The task above is gone; its load was dropped before it was done.
    must_load(&cache, "tea", 3).await;
    let cake = cached(&cache, "cake", loaded_twice("cake")).await;
    assert_eq!(
        cake, 4,
        "a dropped load must not lose what was in the cache"
    );

    let cache = &Cache::default();
    let next = Cell::new(0);
    let grown = pages_grown_by_20(async || {
        for _ in 0..500 {
            next.set(next.get() + 1);
            let key = format!("key {}", next.get());
            let gone = poll_once(pin!(cache.get_or_load(&key, pending())));
            assert!(
                gone.is_pending(),
                "a load that never ends cannot have a value"
            );
        }
    })
    .await;
    must_load(cache, "tea", 3).await;
    assert!(
        grown <= 2,
        "10,000 loads that were given up left {grown} more pages of 64 KiB: what a task notes \
         about its load must go when the task goes"
    );
}

/// A task that waits for another's load goes on when that load is given up.
#[wasm_bindgen_test]
async fn a_dropped_load_wakes_whoever_waits_for_it() {
    let cache = Cache::default();
    let mut stuck = Box::pin(cache.get_or_load("tea", pending()));
    assert!(
        poll_once(stuck.as_mut()).is_pending(),
        "a load that never ends cannot have a value"
    );
    let give_up = async {
        alarm(20).await;
        drop(stuck);
    };
    let lesson = "it waited for the load of another task, which gave up and told nobody. If a task \
                  may wait for another's load, wake it when that load is dropped";
    let next = within(2_000, cache.get_or_load("tea", ready(3)), lesson);
    let (price, ()) = both(next, give_up).await;
    assert_eq!(price, 3, "whoever loads a value must get it");

    // Now three wait. The first of them leaves before the load is given up.
    let cache = Cache::default();
    let mut stuck = Box::pin(cache.get_or_load("cake", pending()));
    let mut leaves = Box::pin(cache.get_or_load("cake", pending()));
    assert!(
        poll_once(stuck.as_mut()).is_pending() && poll_once(leaves.as_mut()).is_pending(),
        "a load that never ends cannot have a value"
    );
    let give_up = async {
        alarm(10).await;
        drop(leaves);
        alarm(10).await;
        drop(stuck);
    };
    let lesson = "two tasks waited for the load of another, and a third had been in front of them, \
                  but left. When the load was given up, not both of them were woken: the wake-up \
                  call of one that has left must go to the next";
    let next = || within(2_000, cache.get_or_load("cake", after(10, 4)), lesson);
    let (prices, ()) = both(both(next(), next()), give_up).await;
    assert_eq!(prices, (4, 4), "whoever loads a value must get it");
}

/// A load may use the cache itself, for other keys.
#[wasm_bindgen_test]
async fn a_load_may_use_the_cache() {
    let cache = Cache::default();
    let with_cake = async {
        let cake = cached(&cache, "cake", after(10, 4)).await;
        // Once it is there, too.
        cake + cached(&cache, "cake", loaded_twice("cake")).await
    };
    let price = cached(&cache, "tea with two cakes", with_cake).await;
    assert_eq!(price, 8, "the load asked for another key, and got twice 4");
    let again = both(
        cached(
            &cache,
            "tea with two cakes",
            loaded_twice("tea with two cakes"),
        ),
        cached(&cache, "cake", loaded_twice("cake")),
    )
    .await;
    assert_eq!(again, (8, 4), "both values must still be in the cache");
}
