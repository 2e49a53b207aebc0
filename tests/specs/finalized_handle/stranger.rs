//! Never a stranger's

use super::World;
use contract::HandleError;
use js_sys::{Object, Proxy, Reflect};
use wasm_bindgen::prelude::*;
use wasm_bindgen_test::*;

/// A second close does not release what has a new owner by then.
#[wasm_bindgen_test]
fn a_second_close_spares_the_next_owner() {
    let world = World::new();
    let old = world.pool.open();
    let resource = world.resource(&old);
    world.pool.close(&old);
    let next = world.pool.open();
    assert_eq!(
        world.resource(&next),
        resource,
        "the spec's store hands a released number out again"
    );
    world.pool.close(&old);
    assert!(
        world.shelf.has_out(resource),
        "closing an old handle again released resource {resource}, which belongs to another handle by \
         now. Numbers come back, as addresses and file descriptors do, so a stale one points at a \
         stranger."
    );
}

/// The finalizer of a closed handle releases nothing, least of all the next owner's resource.
#[wasm_bindgen_test]
fn the_finalizer_after_close_releases_nothing() {
    let world = World::new();
    let old = world.pool.open();
    let resource = world.resource(&old);
    world.pool.close(&old);
    let next = world.pool.open();
    world.collector.collect(&old);
    assert!(
        world.shelf.has_out(resource),
        "the finalizer of a closed handle released resource {resource}, which belongs to another \
         handle by now. Close must unregister, or the finalizer must see that it came too late."
    );
    world.pool.close(&next);
    world
        .shelf
        .expect(0, "after closing both", "Every resource goes back once.");
}

/// Use after close is a typed error, never somebody else's resource.
#[wasm_bindgen_test]
fn use_after_close_is_an_error() {
    let world = World::new();
    let handle = world.pool.open();
    world.pool.close(&handle);
    let _stranger = world.pool.open();
    let answer = world.pool.borrow(&handle).map(|borrow| borrow.resource());
    assert!(
        answer == Err(HandleError::Closed),
        "a closed handle was used: expected Err(Closed), came {answer:?}. What it once stood for is \
         somebody else's now."
    );
}

/// What is no handle of this pool is refused: other objects, other pools' handles, no object at all.
#[wasm_bindgen_test]
fn a_foreign_object_is_refused() {
    let (world, other) = (World::new(), World::new());
    let _ours = world.pool.open();
    refuses(&world, "an empty object", &Object::new());
    refuses(&world, "a handle of another pool", &other.pool.open());
    // JavaScript's callers have no types.
    for (what, value) in [
        ("undefined", JsValue::UNDEFINED),
        ("null", JsValue::NULL),
        ("a number", JsValue::from(0)),
    ] {
        refuses(&world, what, value.unchecked_ref());
    }
    world.shelf.expect(
        1,
        "after closing what is not ours",
        "Nothing of ours may have been released.",
    );
}

/// What only looks like a handle is none: a copy, a twin with all its properties, an heir, a proxy.
#[wasm_bindgen_test]
fn a_likeness_of_a_handle_is_foreign() {
    let world = World::new();
    let handle = world.pool.open();
    let prototype = Object::get_prototype_of(&handle);
    let heir = Object::create(&handle);
    let twin = Object::create(&prototype);
    for key in Reflect::own_keys(&handle).unwrap_or_default().iter() {
        let property = Reflect::get_own_property_descriptor(&handle, &key).unwrap();
        Reflect::define_property(&twin, &key, property.unchecked_ref()).unwrap();
    }
    let proxy = Proxy::new(&handle, &Object::new());
    for (what, object) in [
        (
            "a copy of a handle",
            &Object::assign(&Object::new(), &handle),
        ),
        ("a twin of a handle, with all its properties", &twin),
        ("an heir of a handle", &heir),
        ("a proxy of a handle", proxy.unchecked_ref()),
    ] {
        refuses(&world, what, object);
    }
    world.shelf.expect(
        1,
        "after closing what looks like a handle",
        "The handle itself was not closed.",
    );
}

/// A long-lived handle keeps its own resource while thousands come and go.
#[wasm_bindgen_test]
fn a_long_lived_handle_is_not_mistaken() {
    const OTHERS: usize = 70_000;
    let world = World::new();
    let kept = world.pool.open();
    let resource = world.resource(&kept);
    for other in 0..OTHERS {
        world.pool.close(&world.pool.open());
        if other % 100 == 0 {
            world.collector.finalize_all_but(&kept);
        }
    }
    let found = world.pool.borrow(&kept).map(|borrow| borrow.resource());
    assert!(
        found == Ok(resource) && world.shelf.has_out(resource),
        "a handle was kept open while {OTHERS} others came and went. It should still lead to resource \
         {resource}; `borrow` answers {found:?}, and that resource is out: {}. A number that comes again \
         leads to a stranger: count in 64 bits.",
        world.shelf.has_out(resource),
    );
}

fn refuses(world: &World, what: &str, object: &Object) {
    let answer = world.pool.borrow(object).map(|borrow| borrow.resource());
    assert!(
        answer == Err(HandleError::Foreign),
        "{what} is no handle of this pool: expected Err(Foreign), came {answer:?}. Properties can be \
         copied, inherited and forged; identity cannot."
    );
    assert!(
        !world.pool.close(object),
        "{what} cannot be closed here: expected false"
    );
}
